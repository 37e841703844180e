import { toErrorRecord } from '@champion/core';
import { readLocalFile } from '@champion/exchange';
import { absence, tooEarly } from '../publication.ts';
import type { RawReference } from '../references.ts';
import type { Session, SessionReference } from '../session.ts';

/** A published file, wherever it came from. */
interface SourceFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly url: string;
  readonly extension: string;
  /** HTTP status; 0 for a file of this machine. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetchedAt: Date;
}

/**
 * Gets the session's file from the exchange, or from this machine, and keeps its bytes.
 * @throws ChampionError NOT_PUBLISHED_YET, MISSING, BLOCKED, or what the transport throws
 */
export async function scrape(
  at: SessionReference & { readonly file: string | null },
  session: Session,
): Promise<RawReference> {
  const { lake, dataset, date, task } = session;
  const source = at.file === null ? await askExchange(session) : await readFromDisk(at.file, session);
  const raw = await lake.putRaw({
    dataset: dataset.name,
    date,
    extension: source.extension,
    bytes: source.bytes,
    sidecar: {
      url: source.url,
      fetched_at: source.fetchedAt.toISOString(),
      status: source.status,
      headers: source.headers,
    },
  });
  const revision = `revision ${raw.revision}${raw.isNew ? '' : ' (unchanged)'}`;
  task.log.info(`${source.fileName}: ${raw.bytes} bytes, ${revision}`, { url: source.url, sha256: raw.sha256 });
  return {
    trade_date: date,
    output_base_path: at.output_base_path,
    path: raw.path,
    file_name: source.fileName,
    url: source.url,
    bytes: raw.bytes,
    revision: raw.revision,
    fetched_at: raw.fetchedAt,
  };
}

/** Each of the dataset's requests in turn, the next only when one is not found. */
async function askExchange({ dataset, date, services, task }: Session): Promise<SourceFile> {
  const { calendar, clock, exchange } = services;
  const early = tooEarly(dataset, date, clock);
  if (early) throw early;
  const asked: string[] = [];
  for (const request of dataset.requests(date)) {
    try {
      const answer = await exchange.fetch(request, { signal: task.signal });
      const fileName = new URL(answer.url).pathname.split('/').at(-1) ?? answer.url;
      return { ...answer, fileName, extension: request.extension };
    } catch (error) {
      const { code, context } = toErrorRecord(error);
      if (code !== 'NOT_FOUND') throw error;
      asked.push(String(context.url));
      task.log.info(`not found: ${context.url}`);
    }
  }
  throw absence(dataset, date, asked, calendar, clock);
}

async function readFromDisk(file: string, { dataset, services }: Session): Promise<SourceFile> {
  const local = await readLocalFile(file);
  const extension = dataset.recognise(local.fileName)?.extension ?? 'bin';
  return { ...local, extension, status: 0, headers: {}, fetchedAt: services.clock.now() };
}
