/**
 * A ClickHouse server for tests on machines that have none: the real engine (chDB) behind ClickHouse's HTTP protocol,
 * as far as the client uses it. It runs as a process of its own, because the engine holds one folder per process.
 *
 * Start it with `fork(bundled, [folder, username, password])`; it sends `{ port }` when it listens and ends when the parent goes away.
 */
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Session } from 'chdb';

/** What the HTTP handler itself reads; all other parameters are settings. */
const HANDLER_PARAMETERS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
]);

interface Failure {
  readonly code: number;
  readonly text: string;
}

const [, , folder = '', username = '', password = ''] = process.argv;
// The engine stays while one connection does; each request has its own, as each request to a server has its context.
const keepOpen = new Session(folder);

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    const failure = failureOf(error);
    response.writeHead(STATUS.get(failure.code) ?? 500, { 'X-ClickHouse-Exception-Code': String(failure.code) });
    response.end(`${failure.text}\n`);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => {
  server.close();
  server.closeAllConnections();
  keepOpen.close();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  checkLogin(request);
  const inUrl = url.searchParams.get('query');
  const query = inUrl ?? body.toString('utf8');
  const session = new Session(folder);
  try {
    const database = url.searchParams.get('database');
    if (database !== null) await session.queryAsync(`USE \`${database}\``);
    await oneStatement(session, query);
    await applyParameters(session, url.searchParams);
    const result =
      inUrl === null
        ? await session.queryAsync(query, { format: url.searchParams.get('default_format') ?? 'TabSeparated' })
        : await insert(session, query, body);
    reply(request, response, url, result);
  } finally {
    session.close();
  }
}

function checkLogin(request: IncomingMessage): void {
  const expected = Buffer.from(`${username}:${password}`).toString('base64');
  if (request.headers.authorization === `Basic ${expected}`) return;
  throw new Error(
    'Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no user with such name. ' +
      '(AUTHENTICATION_FAILED)',
  );
}

/** A server parses one statement per request; the embedded engine would run several. */
async function oneStatement(session: Session, query: string): Promise<void> {
  if (/^\s*INSERT\b/i.test(query)) return;
  await session.queryBindAsync('SELECT formatQuerySingleLine({query:String})', { query });
}

async function applyParameters(session: Session, parameters: URLSearchParams): Promise<void> {
  const settings: string[] = [];
  for (const [name, value] of parameters) {
    if (HANDLER_PARAMETERS.has(name) || name === 'readonly') continue;
    settings.push(`${name} = ${literal(value)}`);
  }
  // Given together, the settings of one request are judged by the mode before it; read-only binds what comes after.
  const readonly = parameters.get('readonly');
  if (readonly !== null) settings.push(`readonly = ${literal(readonly)}`);
  if (settings.length > 0) await session.queryAsync(`SET ${settings.join(', ')}`);
}

/** `INSERT INTO t FORMAT JSONEachRow` with rows as the body, or `INSERT INTO t (a, b) FORMAT Parquet` with the file as the body. The declared types make the reader do what it does there. */
async function insert(session: Session, query: string, body: Buffer) {
  if (/^INSERT INTO \S+ FORMAT JSONEachRow\s*$/.test(query.trim())) {
    return session.queryAsync(`${query.trim()}\n${body.toString('utf8')}`);
  }
  const parts = /^INSERT INTO (\S+) \(([^)]+)\) FORMAT Parquet\s*$/.exec(query.trim());
  if (!parts) throw new Error(`Code: 48. DB::Exception: The double cannot run ${query} (NOT_IMPLEMENTED)`);
  const [, table = '', columns = ''] = parts;
  const described = await session.queryAsync(`DESCRIBE TABLE ${table}`, { format: 'JSONCompact' });
  const rows = (JSON.parse(described.text()) as { data: [string, string][] }).data;
  const wanted = columns.split(',').map((column) => column.trim().replaceAll('`', ''));
  const structure = wanted.map((name) => `\`${name}\` ${rows.find(([column]) => column === name)?.[1]}`).join(', ');
  const file = join(folder, `body-${randomUUID()}.parquet`);
  await writeFile(file, body);
  try {
    return await session.queryAsync(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM file(${literal(file)}, Parquet, ${literal(structure)})`,
    );
  } finally {
    await rm(file);
  }
}

function reply(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  result: { bytes(): Uint8Array; rowsRead: number; elapsed: number },
): void {
  const bytes = result.bytes();
  const zipped =
    url.searchParams.get('enable_http_compression') === '1' &&
    String(request.headers['accept-encoding'] ?? '').includes('gzip');
  response.writeHead(200, {
    'X-ClickHouse-Query-Id': url.searchParams.get('query_id') ?? randomUUID(),
    'X-ClickHouse-Summary': JSON.stringify({
      read_rows: String(result.rowsRead),
      elapsed_ns: String(Math.round(result.elapsed * 1e9)),
    }),
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(zipped ? gzipSync(bytes) : bytes);
}

const STATUS = new Map([
  [60, 404],
  [62, 400],
  [81, 404],
  [516, 403],
]);

function failureOf(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? 1001);
  return { code, text: text.startsWith('Code:') ? text : `Code: ${code}. DB::Exception: ${text} (STD_EXCEPTION)` };
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
