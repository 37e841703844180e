import { Readable } from 'node:stream';
import type { HandlersOf } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { DataParts } from './parts.ts';

const TIMEOUT_MS = 30_000;
/** A file of a million rows takes longer than a page of them. */
const EXPORT_TIMEOUT_MS = 120_000;
/** The query and the reading of its file together. */
const HELD_MS = 600_000;
/** Each may take the memory that one query is allowed, in the engine and for its answer here. */
const AT_ONCE = 2;
const WAITING = 16;

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const;

export function sqlHandlers(
  { services }: Pick<DataParts, 'services'>,
  timeoutMs = TIMEOUT_MS,
): Pick<HandlersOf<'data'>, 'runSql' | 'exportSql'> {
  const turns = new Turns();
  return {
    runSql: ({ body, signal }) =>
      turns.take(signal, async () => {
        const warehouse = await services.warehouse();
        const { columns, rows, truncated, elapsedMs } = await warehouse.sql(body.query, {
          maxRows: body.max_rows,
          timeoutMs,
          signal,
          ...(body.parameters === undefined ? {} : { params: body.parameters }),
        });
        return { columns, rows, truncated, elapsed_ms: elapsedMs };
      }),
    exportSql: async ({ body: { query, format, max_rows, parameters, file_name }, signal }) => {
      const warehouse = await services.warehouse();
      const content = await turns.hold(signal, (over) =>
        warehouse.exportSql(query, {
          format,
          maxRows: max_rows,
          timeoutMs: EXPORT_TIMEOUT_MS,
          // Whoever takes the file in drops has its place, and what the engine holds for it, for no longer either.
          signal: AbortSignal.any([signal, over]),
          ...(parameters === undefined ? {} : { params: parameters }),
        }),
      );
      const name = file_name ?? `champion-${services.clock.now().toISOString().slice(0, 19).replace(/[:T]/g, '-')}`;
      return { fileName: `${name}.${format}`, mediaType: MEDIA_TYPES[format], bytes: null, content };
    },
  };
}

/** Some queries at a time, some more waiting. */
export class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws ChampionError BUSY when too many wait already, CANCELLED when the asker has gone */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** The same for an answer that is read later: its place is taken until it is read, or nobody reads it any more. */
  async hold(signal: AbortSignal, work: (over: AbortSignal) => Promise<Readable>): Promise<ReadableStream<Uint8Array>> {
    await this.#enter(signal);
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), HELD_MS);
    const end = () => {
      clearTimeout(timer);
      this.#leave();
    };
    let content: Readable;
    try {
      content = await work(over.signal);
    } catch (error) {
      end();
      throw error;
    }
    content.once('close', end);
    const stop = () => content.destroy();
    const gone = AbortSignal.any([signal, over.signal]);
    // What has aborted before tells nobody any more.
    if (gone.aborted) {
      stop();
      throw cancelled();
    }
    gone.addEventListener('abort', stop, { once: true });
    return Readable.toWeb(content) as ReadableStream<Uint8Array>;
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    if (this.#running < AT_ONCE) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= WAITING) throw busy();
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(cancelled());
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(begin);
    });
  }

  #leave(): void {
    // Whoever waits next takes this place over.
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}

function cancelled(): ChampionError {
  return new ChampionError('the query was cancelled', { code: 'CANCELLED' });
}

function busy(): ChampionError {
  return new ChampionError(`${WAITING + AT_ONCE} queries are being answered already`, {
    code: 'BUSY',
    retry: 'backoff',
    hint: 'Ask again in a moment.',
  });
}
