import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusinessDate, businessDate } from '@champion/core';
import { bhavcopy } from '@champion/datasets';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundle, repoRoot } from '../../../../tools/build.mjs';
import { openWarehouse, serveWarehouse, type Warehouse } from '../index.ts';
import { bars, writeOhlc } from '../testing/parquet.ts';

let folder: string;
let built: string;
let owner: Warehouse;
const uploads = () => readdir(join(folder, 'warehouse', 'uploads'));
/** Statements that look like this one and are at work, the question itself apart. */
const atWork = async (like: string) => {
  const text = `SELECT count() FROM system.processes WHERE query LIKE {like:String} AND query NOT LIKE '%processes%'`;
  return Number((await owner.sql(text, { params: { like } })).rows[0]?.[0]);
};
const POLL = { interval: 5, timeout: 10_000 };
const ENDLESS = 'SELECT sum(sipHash64(number)) FROM system.numbers';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "champion-served-it's-"));
  const cache = join(repoRoot, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  built = await mkdtemp(join(cache, 'warehouse-test-'));
  await bundle({ loader: 'packages/warehouse/src/testing/loader.ts' }, built);
  owner = await openWarehouse({ kind: 'embedded', path: join(folder, 'warehouse') });
  await owner.migrate(bhavcopy.migrations);
});
afterAll(async () => {
  await owner?.close();
  await rm(folder, { recursive: true, force: true });
  await rm(built, { recursive: true, force: true });
});

function revision(date: BusinessDate, number: number, count: number) {
  const source = `raw/nse/bhavcopy/${date}/${number}.csv.zip`;
  const file = join(folder, `${date}-${number}.parquet`);
  writeOhlc(file, { date, source, ingest: `2024-07-04T0${number}:00:00.000Z`, bars: bars(count, number) });
  return { table: 'equity_ohlc', scope: { trade_date: date }, source, rows: count, file };
}

describe('what is served', () => {
  it('is only for this machine, only with a password and only once', async () => {
    await expect(serveWarehouse(owner, { host: '0.0.0.0' })).rejects.toMatchObject({ code: 'CONFIG' });
    await expect(serveWarehouse(owner, { host: 'localhost' })).rejects.toMatchObject({ code: 'CONFIG' });
    await expect(serveWarehouse(owner, { password: '' })).rejects.toMatchObject({ code: 'CONFIG' });
    const served = await serveWarehouse(owner);
    await expect(serveWarehouse(owner)).rejects.toMatchObject({ code: 'BUSY' });
    const client = await openWarehouse({ kind: 'server', url: served.url });
    await expect(serveWarehouse(client)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await client.close();
    await served.close();
    await served.close();
    const again = await serveWarehouse(owner, { host: '::1', password: 'ä:/@ %' });
    expect(again.url).toContain('[::1]');
    const other = await openWarehouse({ kind: 'server', url: again.url });
    expect((await other.sql('SELECT 1')).rows).toEqual([[1]]);
    await other.close();
    await again.close();
  });

  it('says which port is taken', async () => {
    const holder = createServer();
    await once(holder.listen(0, '127.0.0.1'), 'listening');
    const address = holder.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(serveWarehouse(owner, { port })).rejects.toMatchObject({ code: 'CONFIG', context: { port } });
    await new Promise((resolve) => holder.close(resolve));
    await (await serveWarehouse(owner, { port })).close();
  });
});

describe('requests', () => {
  let url: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ url, close } = await serveWarehouse(owner));
  });
  afterAll(() => close());

  /** A request by hand; what it answers, or the error code of the connection. */
  function send(path: string, options: { auth?: string; method?: string; body?: string | Buffer } = {}) {
    const { host, username, password } = new URL(url);
    const { auth = `${username}:${password}`, method = 'POST', body = '' } = options;
    const sent = request(`http://${host}${path}`, { method, auth });
    const answer = once(sent, 'response').then(async ([response]) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      return { status: response.statusCode, text: Buffer.concat(chunks).toString() };
    });
    sent.end(body);
    return answer;
  }

  it('are refused without the login, whatever they ask', async () => {
    expect(await send('/ping', { method: 'GET', auth: '' })).toEqual({ status: 200, text: 'Ok.\n' });
    for (const auth of ['', 'champion:', 'champion:wrong', `root:${new URL(url).password}`]) {
      const refused = await send('/?query=INSERT', { auth, body: 'SELECT 1' });
      expect(refused).toMatchObject({
        status: 403,
        text: expect.stringMatching(/^Code: 516\. .*AUTHENTICATION_FAILED/),
      });
    }
  });

  it('have bounds, and are told so', async () => {
    const long = `SELECT '${'x'.repeat(2_000_000)}'`;
    expect(await send('/', { body: long })).toMatchObject({ status: 413, text: expect.stringContaining('Code: 307.') });
    expect(await send('/?query=INSERT+INTO+t+FORMAT+CSV', { body: '1' })).toMatchObject({ status: 501 });
    expect(await send('/?a-b=1', { body: 'SELECT 1' })).toMatchObject({ status: 400 });
    expect(await send('/?session_id=1', { body: 'SELECT 1' })).toMatchObject({
      text: expect.stringContaining('UNKNOWN_SETTING'),
    });
    expect(await send('/', { method: 'GET' })).toMatchObject({ status: 501 });
    expect(await send('/', { body: 'SELECT 1' })).toEqual({ status: 200, text: '1\n' });
  });

  it('have settings and parameters of their own', async () => {
    const client = createClient({ url, database: 'champion', log: { level: ClickHouseLogLevel.OFF } });
    const values = ["it's", 'tab\tline\nback\\slash', '', 'é₹', '{x:String}'];
    const all = await Promise.all(
      values.map(async (value, i) => {
        const result = await client.query({
          query: `SELECT {x:String} AS x, {list:Array(String)} AS list, getSetting('max_block_size') AS size, currentDatabase() AS db`,
          query_params: { x: value, list: [value, value] },
          clickhouse_settings: { max_block_size: String(1000 + i) },
          format: 'JSONEachRow',
        });
        return result.json();
      }),
    );
    const expected = values.map((x, i) => [{ x, list: [x, x], size: String(1000 + i), db: 'champion' }]);
    expect(JSON.stringify(all).replaceAll(/"size":(\d+)/g, '"size":"$1"')).toBe(JSON.stringify(expected));
    await expect(client.query({ query: 'SELECT {x:String}' })).rejects.toMatchObject({ code: '456' });
    await client.close();
  });

  it('do not disturb what the owner does meanwhile', async () => {
    const client = await openWarehouse({ kind: 'server', url });
    const echo = async (by: Warehouse, text: string) =>
      expect((await by.sql('SELECT {x:String}', { params: { x: text } })).rows).toEqual([[text]]);
    const dates = [1, 2, 3, 4, 5, 6].map((day) => businessDate(`2024-05-0${day}`));
    await Promise.all([
      ...dates.map((date, i) => (i % 2 ? owner : client).loadSlice(revision(date, 1, 200))),
      ...dates.flatMap((date) => [echo(owner, `owner ${date}`), echo(client, `client ${date}`)]),
    ]);
    const counts = "SELECT count(), uniqExact(trade_date) FROM equity_ohlc WHERE trade_date < '2024-06-01'";
    expect((await owner.sql(counts)).rows).toEqual([['1200', '6']]);
    expect((await client.sql(counts)).rows).toEqual([['1200', '6']]);
    expect(await uploads()).toEqual([]);
    await client.close();
  });

  it('end when the client hangs up: a query stops, half a file is not loaded', async () => {
    const { host, username, password } = new URL(url);
    const open = (path: string) => {
      const sent = request(`http://${host}${path}`, { method: 'POST', auth: `${username}:${password}` });
      sent.on('error', () => {});
      return sent;
    };
    const query = open('/?database=champion');
    query.end(ENDLESS);
    await expect.poll(() => atWork('SELECT sum(sip%'), POLL).toBe(1);
    query.destroy();
    await expect.poll(() => atWork('SELECT sum(sip%'), POLL).toBe(0);

    const insert = open('/?database=champion&query=INSERT+INTO+equity_ohlc+(symbol)+FORMAT+Parquet');
    insert.write('PAR1');
    await expect.poll(uploads, POLL).toHaveLength(1);
    insert.destroy();
    await expect.poll(uploads, POLL).toEqual([]);
  });

  it('of people leave room for loads', async () => {
    const client = await openWarehouse({ kind: 'server', url });
    const stop = new AbortController();
    const slow = Array.from({ length: 6 }, () => client.sql(ENDLESS, { signal: stop.signal }));
    const ended = Promise.allSettled(slow);
    await expect.poll(() => atWork('SELECT sum(sip%'), POLL).toBe(2);
    const load = revision(businessDate('2024-05-10'), 1, 50);
    expect(await client.loadSlice(load)).toMatchObject({ inserted: 50 });
    stop.abort();
    await ended;
    await expect.poll(() => atWork('SELECT sum(sip%'), POLL).toBe(0);
    await client.close();
  });
});

describe('another process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  async function start(url: string): Promise<ChildProcess> {
    const child = fork(join(built, 'loader.js'), [url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    expect(await next(child)).toEqual({ migrated: [] });
    return child;
  }

  async function next(child: ChildProcess): Promise<unknown> {
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    return message;
  }

  const sources = async (date: BusinessDate) => {
    const text = 'SELECT source, count() FROM equity_ohlc WHERE trade_date = {date:Date} GROUP BY source';
    return (await owner.sql(text, { params: { date } })).rows;
  };

  it('migrates, loads and asks; then it hears that the owner is gone', async () => {
    const served = await serveWarehouse(owner);
    const child = await start(served.url);
    const load = revision(businessDate('2024-06-03'), 1, 300);
    child.send(load);
    expect(await next(child)).toEqual({ answer: { inserted: 300, replaced: 0, skipped: false } });
    expect(await sources(load.scope.trade_date)).toEqual([[load.source, '300']]);
    child.send('sessions');
    expect(await next(child)).toMatchObject({
      answer: expect.arrayContaining([expect.objectContaining({ rows: 300 })]),
    });
    await served.close();
    child.send(load);
    expect(await next(child)).toMatchObject({
      error: { code: 'UNREACHABLE', retry: 'backoff', hint: expect.stringContaining('another process') },
    });
  });

  it('may be killed in the middle of a load: a session has its old rows or its new ones', async () => {
    const served = await serveWarehouse(owner);
    const date = businessDate('2024-06-04');
    const old = revision(date, 1, 20_000);
    const young = revision(date, 2, 20_000);
    /** Each waits for another moment of the load; the last one may be over before it was seen. */
    const moments: ((answered: () => boolean) => Promise<unknown>)[] = [
      async () => 'before it begins',
      async (answered) => expect.poll(async () => answered() || (await uploads()).length > 0, POLL).toBe(true),
      async (answered) => expect.poll(async () => answered() || (await atWork('INSERT INTO%')) > 0, POLL).toBe(true),
    ];
    for (const moment of moments) {
      await owner.loadSlice(old);
      const child = await start(served.url);
      const gone = once(child, 'exit');
      let answers = 0;
      child.once('message', () => answers++);
      child.send(young);
      await moment(() => answers > 0);
      child.kill('SIGKILL');
      await gone;
      // An insert that has all its rows is finished by the owner.
      await expect.poll(async () => [await uploads(), await atWork('INSERT INTO%')], POLL).toEqual([[], 0]);
      const found = await sources(date);
      expect([[[old.source, String(old.rows)]], [[young.source, String(young.rows)]]]).toContainEqual(found);
      await owner.loadSlice(young);
      expect(await sources(date)).toEqual([[young.source, String(young.rows)]]);
    }
    await served.close();
  });

  it('is cut off in the middle of a query when the owner closes', async () => {
    const served = await serveWarehouse(owner);
    const client = await openWarehouse({ kind: 'server', url: served.url });
    const cut = expect(client.sql(ENDLESS)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect.poll(() => atWork('SELECT sum(sip%'), POLL).toBe(1);
    await served.close();
    await cut;
    expect(await atWork('SELECT sum(sip%')).toBe(0);
    await client.close();
  });
});
