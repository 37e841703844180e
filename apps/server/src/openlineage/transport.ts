import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChampionError } from '@champion/core';
import { ask, refusedBy, type Service } from '../forwarding/ask.ts';
import type { RunEvent } from './event.ts';

/** The way of events to whoever wants them. */
export type Transport = (events: readonly RunEvent[], signal: AbortSignal) => Promise<void>;

/**
 * Posts events one after the other, as every receiver takes them. One that is refused for what it is keeps none behind it:
 * the end of a run must not go missing for one of its tasks. The first refusal is thrown when all the others are sent.
 * @param endpoint path behind the service's address
 */
export function overHttp(service: Service, endpoint: string): Transport {
  const path = `/${endpoint.replace(/^\/+/, '')}`;
  return async (events, signal) => {
    let refusal: ChampionError | undefined;
    for (const body of events) {
      const answer = await ask(service, { method: 'POST', path, body, signal });
      if (answer.status >= 200 && answer.status <= 299) continue;
      const error = refusedBy(service, path, answer);
      if (error.retry !== 'never') throw error;
      refusal ??= error;
    }
    if (refusal !== undefined) throw refusal;
  };
}

const FILE_BYTES = 64_000_000;
/** `events.jsonl.1` is the latest before the file itself. */
const OLDER_FILES = 4;

/** Writes events as lines of a file, which is put aside when it is full; of those put aside the oldest go. */
export function intoFile(path: string, limits = { bytes: FILE_BYTES, older: OLDER_FILES }): Transport {
  return async (events) => {
    if (events.length === 0) return;
    try {
      await mkdir(dirname(path), { recursive: true });
      await putAsideWhenFull(path, limits);
      const file = await open(path, 'a+');
      try {
        const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
        await file.appendFile((await endsBroken(file)) ? `\n${lines}` : lines);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw new ChampionError(`OpenLineage events can't be written to ${path}: ${(error as Error).message}`, {
        code: 'UNREACHABLE',
        retry: 'backoff',
        hint: 'It is tried again until it can; nothing is lost meanwhile.',
        context: { path },
        cause: error,
      });
    }
  };
}

async function putAsideWhenFull(path: string, { bytes, older }: { bytes: number; older: number }): Promise<void> {
  const size = await stat(path).then((found) => found.size, orMissing(0));
  if (size < bytes) return;
  for (let i = older - 1; i >= 1; i--) await rename(`${path}.${i}`, `${path}.${i + 1}`).catch(orMissing(undefined));
  await rename(path, `${path}.1`);
}

/** A process that died in the middle of a line left a part of it, which must not take the next with it. */
async function endsBroken(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

function orMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
