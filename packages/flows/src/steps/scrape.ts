import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type SliceInput, type SourceFile, type SourceFiles, toErrorRecord } from '@champion/core';
import { readLocalFile } from '@champion/exchange';
import type { RawFile } from '@champion/lake';
import { absence, tooEarly } from '../publication.ts';
import type { RawFileReference, RawSlice } from '../references.ts';
import type { Session } from '../session.ts';

/** A published file, and how it was come by. */
interface Found extends SourceFile {
  readonly url: string;
  readonly extension: string;
  /** HTTP status; 0 for a file of this machine. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetchedAt: Date;
}

/** A file that is in the lake. */
interface Kept {
  readonly input: string;
  readonly file: SourceFile;
  readonly raw: RawFile;
}

/**
 * Gets the slice's files from the exchange, or one of them from this machine, and keeps their bytes.
 * @throws ChampionError NOT_PUBLISHED_YET, MISSING, BLOCKED, or what the transport throws
 */
export async function scrape(_: { readonly slice: string }, session: Session): Promise<RawSlice> {
  const { slice } = session;
  const kept: Kept[] = [];
  const keepAll = async (inputs: readonly SliceInput[]) => {
    for (const input of inputs) {
      const one = await keep(input, session);
      if (one) kept.push(one);
    }
  };
  await keepAll(slice.inputs);
  const files: SourceFiles = Object.fromEntries(kept.map(({ input, file }) => [input, file]));
  if (slice.follow) await keepAll(slice.follow(files));
  return {
    slice: slice.name,
    source: sourceOf(kept.map(({ raw }) => raw)),
    ingest_time: kept.reduce((latest, { raw }) => (raw.fetchedAt > latest ? raw.fetchedAt : latest), ''),
    files: kept.map(
      ({ input, file, raw }): RawFileReference => ({
        input,
        path: raw.path,
        file_name: file.fileName,
        bytes: raw.bytes,
        revision: raw.revision,
      }),
    ),
  };
}

/** One file names a revision by its path; with further ones, their bytes tell it from others of the same main file. */
function sourceOf([main, ...others]: readonly RawFile[]): string {
  if (main === undefined) return '';
  if (others.length === 0) return main.path;
  const hash = createHash('sha256');
  for (const { sha256 } of others) hash.update(sha256);
  return `${main.path}+${hash.digest('hex').slice(0, 12)}`;
}

async function keep(input: SliceInput, session: Session): Promise<Kept | undefined> {
  const { lake, date, task, request } = session;
  const found =
    request.file === null ? await askForInput(input, session) : await fromDisk(input, request.file, session);
  if (!found) return undefined;
  if ('raw' in found) return found;
  const raw = await lake.putRaw({
    dataset: input.name,
    date,
    extension: found.extension,
    bytes: found.bytes,
    sidecar: {
      url: found.url,
      fetched_at: found.fetchedAt.toISOString(),
      status: found.status,
      headers: found.headers,
    },
  });
  const revision = `revision ${raw.revision}${raw.isNew ? '' : ' (unchanged)'}`;
  task.log.info(`${found.fileName}: ${raw.bytes} bytes, ${revision}`, { url: found.url, sha256: raw.sha256 });
  return { input: input.name, file: found, raw };
}

/**
 * What the exchange has of an input. An optional one that can't be had is taken from the lake, if it was there before,
 * and is otherwise absent: it must not cost the slice its rows.
 */
async function askForInput(input: SliceInput, session: Session): Promise<Found | Kept | undefined> {
  if (!input.optional) return askExchange(input, session);
  const { task, again } = session;
  try {
    return (await askExchange(input, session)) ?? (await keptBefore(input, session));
  } catch (error) {
    const { code, message, retry } = toErrorRecord(error);
    if (task.signal.aborted || (again && retry !== 'never')) throw error;
    task.log.warn(`${input.name} is left out: ${message}`, { code });
    return keptBefore(input, session);
  }
}

/** The newest file of an input that the lake has of the day. */
async function keptBefore(input: SliceInput, { lake, date }: Session): Promise<Kept | undefined> {
  const raw = (await lake.rawRevisions(input.name, date)).at(-1);
  if (!raw) return undefined;
  return { input: input.name, raw, file: { bytes: await lake.readRaw(raw.path), fileName: basename(raw.path) } };
}

/** Each of the input's requests in turn, the next only when one is not found. */
async function askExchange(input: SliceInput, { dataset, date, services, task }: Session): Promise<Found | undefined> {
  const { calendar, clock, exchange } = services;
  const early = tooEarly(dataset, date, clock);
  if (early) throw early;
  const asked: string[] = [];
  for (const request of input.requests) {
    try {
      const answer = await exchange.fetch(request, { signal: task.signal, log: (message) => task.log.info(message) });
      const fileName = new URL(answer.url).pathname.split('/').at(-1) ?? answer.url;
      return { ...answer, fileName, extension: request.extension };
    } catch (error) {
      const { code, context } = toErrorRecord(error);
      if (code !== 'NOT_FOUND') throw error;
      asked.push(String(context.url));
      task.log.info(`not found: ${context.url}`);
    }
  }
  if (input.optional) return undefined;
  throw absence(dataset, date, asked, calendar, clock);
}

/**
 * The given file for the input that it is of; for the slice's other inputs what the lake has of the day. A file whose
 * name says nothing is taken for the main one.
 */
async function fromDisk(input: SliceInput, file: string, session: Session): Promise<Found | Kept | undefined> {
  const { dataset, slice, services } = session;
  const recognised = dataset.recognise(basename(file));
  if (input.name === (recognised?.input ?? slice.inputs[0].name)) {
    const local = await readLocalFile(file);
    const extension = recognised?.extension ?? 'bin';
    return { ...local, extension, status: 0, headers: {}, fetchedAt: services.clock.now() };
  }
  return (await keptBefore(input, session)) ?? (input.optional ? undefined : askExchange(input, session));
}
