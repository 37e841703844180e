import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Session } from 'chdb';
import { stoppable } from '../adapters/stoppable.ts';
import { bodyText, bodyToFile } from './body.ts';
import { Refusal } from './failure.ts';
import { Slots } from './slots.ts';

const MAX_STATEMENT_BYTES = 1024 * 1024;
const MAX_ROWS_BYTES = 16 * 1024 * 1024;
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Node runs native work on four threads: one stays free for files and for the owner's own statements. */
const AT_ONCE = 3;
/** Of these, for what people ask: loads go on beside slow questions. */
const PEOPLE_AT_ONCE = 2;

/** Bounds for requests that set none: no longer than clients wait, and answers are held in memory whole. */
const LIMITS = ['max_execution_time = 300', 'max_memory_usage = 2000000000'];

/** What the HTTP handler itself reads, and what concerns only HTTP; all other parameters are settings. */
const HANDLER_PARAMETERS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'readonly',
]);

export interface Answer {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
  readonly seconds: number;
}

/** Runs the statements that requests bring, each in a session of its own, as each request to a server has its context. */
export class StatementRunner {
  readonly #open: () => Session;
  readonly #uploads: string;
  readonly #all = new Slots(AT_ONCE);
  readonly #people = new Slots(PEOPLE_AT_ONCE);

  /** @param uploads folder for files that are on their way into the engine */
  constructor(open: () => Session, uploads: string) {
    this.#open = open;
    this.#uploads = uploads;
  }

  /** @param signal aborts when nobody waits for the answer any more: reading stops, an insert that began is finished */
  async run(request: IncomingMessage, parameters: URLSearchParams, signal: AbortSignal): Promise<Answer> {
    if (request.headers['content-encoding'] !== undefined) {
      throw new Refusal(48, 'NOT_IMPLEMENTED', 'Compressed requests are not taken here');
    }
    const query = parameters.get('query');
    if (query === null) {
      const text = await bodyText(request, MAX_STATEMENT_BYTES);
      const reads = /^[\s(]*(SELECT|WITH)\b/i.test(text) || parameters.has('readonly');
      return this.#inSession(parameters, signal, (session, tag) => {
        const running = session.queryAsync(text, { format: parameters.get('default_format') ?? 'TabSeparated' });
        return stoppable(this.#open, tag, reads ? signal : undefined, running);
      });
    }
    const insert = /^\s*INSERT\s+INTO\s+(\S+)\s+(?:\(([^)]*)\)\s+)?FORMAT\s+(\w+)\s*$/i.exec(query);
    const [, table = '', columns, format] = insert ?? [];
    if (format === 'JSONEachRow') {
      const rows = await bodyText(request, MAX_ROWS_BYTES);
      return this.#inSession(parameters, signal, (session) => session.queryAsync(`${query}\n${rows}`));
    }
    if (format === 'Parquet' && columns !== undefined) {
      const file = join(this.#uploads, `${randomUUID()}.parquet`);
      try {
        await bodyToFile(request, file, MAX_FILE_BYTES, signal);
        return await this.#inSession(parameters, signal, (session) => insertFile(session, table, columns, file));
      } finally {
        await rm(file, { force: true });
      }
    }
    throw new Refusal(48, 'NOT_IMPLEMENTED', `Rows are taken as INSERT INTO t (…) FORMAT Parquet, not as ${query}`);
  }

  async #inSession(
    parameters: URLSearchParams,
    signal: AbortSignal,
    work: (session: Session, tag: string) => Promise<{ bytes(): Uint8Array; rowsRead: number; elapsed: number }>,
  ): Promise<Answer> {
    const tag = randomUUID();
    const prelude = settingsOf(parameters, tag);
    const givePeoples = parameters.has('readonly') ? await this.#people.take(signal) : () => {};
    try {
      const give = await this.#all.take(signal);
      try {
        const session = this.#open();
        try {
          await session.queryAsync(prelude);
          const result = await work(session, tag);
          return { bytes: result.bytes(), rowsRead: result.rowsRead, seconds: result.elapsed };
        } finally {
          session.close();
        }
      } finally {
        give();
      }
    } finally {
      givePeoples();
    }
  }
}

/** Database, settings and parameters of one request, as statements. */
function settingsOf(parameters: URLSearchParams, tag: string): string {
  const settings = [...LIMITS];
  for (const [name, value] of parameters) {
    if (HANDLER_PARAMETERS.has(name)) continue;
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new Refusal(36, 'BAD_ARGUMENTS', `${name} is not the name of a setting`);
    settings.push(`${name} = ${literal(value)}`);
  }
  settings.push(`log_comment = '${tag}'`);
  // Given together, the settings of one request are judged by the mode before it; read-only binds what comes after.
  const readonly = parameters.get('readonly');
  if (readonly !== null) settings.push(`readonly = ${literal(readonly)}`);
  const database = parameters.get('database');
  return `${database === null ? '' : `USE ${identifier(database)}; `}SET ${settings.join(', ')}`;
}

/** The engine cannot stream Parquet, so it reads a file. Types from the table make it check as a server checks. */
async function insertFile(session: Session, table: string, columns: string, file: string) {
  const described = await session.queryAsync(`DESCRIBE TABLE ${table}`, { format: 'JSONCompact' });
  const { data } = JSON.parse(described.text()) as { data: [string, string][] };
  const structure = columns
    .split(',')
    .map((column) => column.trim().replaceAll('`', ''))
    .map((wanted) => `${identifier(wanted)} ${data.find(([name]) => name === wanted)?.[1] ?? 'String'}`);
  return session.queryAsync(
    `INSERT INTO ${table} (${columns})
      SELECT ${columns} FROM file(${literal(file)}, Parquet, ${literal(structure.join(', '))})`,
  );
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function identifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
