import type { HandlersOf } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { DataParts } from './parts.ts';

const TIMEOUT_MS = 30_000;
/** Each may take the memory that one query is allowed, in the engine and for its answer here. */
const AT_ONCE = 2;
const WAITING = 16;

export function sqlHandlers(
  { services }: Pick<DataParts, 'services'>,
  timeoutMs = TIMEOUT_MS,
): Pick<HandlersOf<'data'>, 'runSql'> {
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
  };
}

/** Some queries at a time, some more waiting. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws ChampionError BUSY when too many wait already, CANCELLED when the asker has gone */
  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= WAITING) throw busy();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      if (signal.aborted) throw new ChampionError('the query was cancelled', { code: 'CANCELLED' });
      return await work();
    } finally {
      // Whoever waits next takes this place over.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

function busy(): ChampionError {
  return new ChampionError(`${WAITING + AT_ONCE} queries are being answered already`, {
    code: 'BUSY',
    retry: 'backoff',
    hint: 'Ask again in a moment.',
  });
}
