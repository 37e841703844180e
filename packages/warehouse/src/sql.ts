import { Readable } from 'node:stream';
import { ChampionError } from '@champion/core';
import { z } from 'zod';
import type { Adapter, ReadOnlySession } from './adapters/adapter.ts';
import { inWarehouse, warehouseError } from './errors.ts';
import { checkReadOnly } from './read-only.ts';
import { READ_SETTINGS } from './settings.ts';
import { type Tables, tableHint } from './tables.ts';

export interface SqlOptions {
  /** Values of the {name:Type} placeholders. */
  readonly params?: Record<string, unknown>;
  /** Rows given back at most; 10,000 unless said otherwise. */
  readonly maxRows?: number;
  /** 30,000 unless said otherwise. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface SqlExportOptions {
  readonly format: keyof typeof FORMATS;
  /** Values of the {name:Type} placeholders. */
  readonly params?: Record<string, unknown>;
  /** Up to 1,000,000. */
  readonly maxRows: number;
  /** 256 MiB unless said otherwise: as the engine holds them, and of the file. The embedded engine holds an answer whole. */
  readonly maxBytes?: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface SqlResult {
  /** Types as ClickHouse writes them. */
  readonly columns: { readonly name: string; readonly type: string }[];
  /** Decimals and 64-bit integers are strings with all their digits. */
  readonly rows: unknown[][];
  /** There were more rows than maxRows. */
  readonly truncated: boolean;
  readonly elapsedMs: number;
}

const MAX_ROWS = 1_000_000;
const MAX_TIMEOUT_MS = 600_000;
const MAX_MEMORY_BYTES = 2_000_000_000;
/** The engine stops itself at its limit; the caller stops waiting for it this much later. */
const GRACE_MS = 2_000;

/** With a line of names; nulls are empty fields. */
const FORMATS = { csv: 'CSVWithNames', parquet: 'Parquet' } as const;
const MAX_EXPORT_BYTES = 256 * 1024 * 1024;
const TOO_MANY_ROWS_OR_BYTES = 396;

const Answer = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
});

/** Runs a person's SQL without letting it change or reach anything but the warehouse. */
export class SqlRunner {
  readonly #adapter: Adapter;
  readonly #tables: Tables;
  #tableFunctions: Promise<string[]> | undefined;

  constructor(adapter: Adapter, tables: Tables) {
    this.#adapter = adapter;
    this.#tables = tables;
  }

  async run(text: string, options: SqlOptions = {}): Promise<SqlResult> {
    const maxRows = bounded('maxRows', options.maxRows ?? 10_000, MAX_ROWS);
    const timeoutMs = bounded('timeoutMs', options.timeoutMs ?? 30_000, MAX_TIMEOUT_MS);
    const deadline = AbortSignal.timeout(timeoutMs + GRACE_MS);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    const started = performance.now();
    try {
      const session = await this.#adapter.openReadOnly({
        ...(READ_SETTINGS as Record<string, number>),
        limit: maxRows + 1,
        max_execution_time: timeoutMs / 1000,
        max_memory_usage: MAX_MEMORY_BYTES,
      });
      try {
        checkReadOnly(await canonicalForm(session, text, signal), await this.#knownTableFunctions());
        const answer = readAnswer(await session.run(text, options.params ?? {}, signal));
        return {
          columns: answer.meta,
          // The engine's own limit does not bind EXPLAIN, and binds each side of a UNION ALL by itself.
          rows: answer.data.slice(0, maxRows),
          truncated: answer.data.length > maxRows,
          elapsedMs: performance.now() - started,
        };
      } finally {
        await session.close();
      }
    } catch (error) {
      if (deadline.aborted && !options.signal?.aborted) throw timedOut(timeoutMs, error);
      throw await this.#withTables(
        warehouseError(error, { doing: 'answer the query', fromPerson: true, signal: options.signal }),
      );
    }
  }

  /**
   * The whole answer in a file format; one with more rows or bytes than allowed is an error and not cut off. Errors come
   * before the first byte: only the connection can still break then, and the stream with it. Read it or destroy it.
   * @throws ChampionError INVALID_INPUT, TIMEOUT, CANCELLED
   */
  async export(text: string, options: SqlExportOptions): Promise<Readable> {
    const maxRows = bounded('maxRows', options.maxRows, MAX_ROWS);
    const maxBytes = bounded('maxBytes', options.maxBytes ?? MAX_EXPORT_BYTES, MAX_EXPORT_BYTES);
    const timeoutMs = bounded('timeoutMs', options.timeoutMs, MAX_TIMEOUT_MS);
    const deadline = AbortSignal.timeout(timeoutMs + GRACE_MS);
    const signal = AbortSignal.any([options.signal, deadline]);
    try {
      const session = await this.#adapter.openReadOnly({
        ...(READ_SETTINGS as Record<string, number>),
        max_result_rows: maxRows,
        max_result_bytes: maxBytes,
        result_overflow_mode: 'throw',
        output_format_parquet_compression_method: 'zstd',
        format_csv_null_representation: '',
        max_execution_time: timeoutMs / 1000,
        max_memory_usage: MAX_MEMORY_BYTES,
      });
      try {
        checkReadOnly(await canonicalForm(session, text, signal), await this.#knownTableFunctions());
        const answer = await session.stream(text, options.params ?? {}, FORMATS[options.format], signal);
        // A column that is the same in every row is nothing to the engine, and much in a file.
        const content = await begun(
          answer,
          atMost(answer, maxBytes, () => tooMuch({ maxRows, maxBytes })),
        );
        content.once('close', () => void session.close());
        return content;
      } catch (error) {
        await session.close();
        throw error;
      }
    } catch (error) {
      if (deadline.aborted && !options.signal.aborted) throw timedOut(timeoutMs, error);
      const known = warehouseError(error, { doing: 'answer the query', fromPerson: true, signal: options.signal });
      throw known.context.clickhouse_code === TOO_MANY_ROWS_OR_BYTES
        ? tooMuch({ maxRows, maxBytes }, known)
        : await this.#withTables(known);
    }
  }

  #knownTableFunctions(): Promise<string[]> {
    this.#tableFunctions ??= inWarehouse('list its table functions', async () => {
      const query = 'SELECT name FROM system.table_functions';
      const result = await this.#adapter.reader.query({ query, format: 'JSONEachRow' });
      return (await result.json<{ name: string }>()).map(({ name }) => name);
    }).catch((error: unknown) => {
      this.#tableFunctions = undefined;
      throw error;
    });
    return this.#tableFunctions;
  }

  /** An unknown table is best answered with the known ones. */
  async #withTables(error: ChampionError): Promise<ChampionError> {
    if (error.context.clickhouse_type !== 'UNKNOWN_TABLE') return error;
    return new ChampionError(error.message.replace(/\. Maybe you meant system\..*$/, ''), {
      code: error.code,
      retry: error.retry,
      hint: tableHint(await this.#tables.names()),
      context: error.context,
      cause: error.cause,
    });
  }
}

/** The one statement of the text as the engine prints it. */
async function canonicalForm(session: ReadOnlySession, text: string, signal: AbortSignal): Promise<string> {
  const answer = readAnswer(await session.run('SELECT formatQuerySingleLine({text:String})', { text }, signal));
  return String(answer.data[0]?.[0] ?? '');
}

function readAnswer(text: string): z.infer<typeof Answer> {
  // A statement without rows, such as SHOW on an empty database, may answer with nothing at all.
  if (text.trim() === '') return { meta: [], data: [] };
  return Answer.parse(JSON.parse(text));
}

function bounded(name: string, value: number, limit: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= limit) return value;
  throw new ChampionError(`${name} is ${value}; it must be a whole number from 1 to ${limit}`, {
    code: 'INVALID_INPUT',
  });
}

/** The stream once its first piece is there: what goes wrong before is thrown here. */
async function begun(answer: Readable, pieces: AsyncGenerator<Buffer>): Promise<Readable> {
  const first = await pieces.next();
  const content = Readable.from(
    (async function* () {
      if (first.done !== true) yield first.value;
      yield* pieces;
    })(),
    { objectMode: false },
  );
  // A generator that was never begun does not end what it would have read.
  return content.once('close', () => answer.destroy());
}

async function* atMost(content: Readable, maxBytes: number, refusal: () => ChampionError): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of content) {
    bytes += (piece as Buffer).byteLength;
    // Leaving the loop destroys the stream, and with it the request.
    if (bytes > maxBytes) throw refusal();
    yield piece as Buffer;
  }
}

function tooMuch(
  limits: { readonly maxRows: number; readonly maxBytes: number },
  cause?: ChampionError,
): ChampionError {
  const rows = limits.maxRows.toLocaleString('en-US');
  const megabytes = (limits.maxBytes / 1024 / 1024).toFixed(0);
  return new ChampionError(`the answer has more than ${rows} rows, or more than ${megabytes} MiB`, {
    code: 'INVALID_INPUT',
    hint: 'Nothing was exported. Select fewer columns or sessions, or export month by month.',
    context: { max_rows: limits.maxRows, max_bytes: limits.maxBytes },
    cause,
  });
}

function timedOut(timeoutMs: number, cause: unknown): ChampionError {
  return new ChampionError(`the query took longer than ${timeoutMs / 1000} s`, {
    code: 'TIMEOUT',
    hint: 'Ask for fewer sessions or columns, or allow more time.',
    cause,
  });
}
