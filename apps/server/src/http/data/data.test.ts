import { join } from 'node:path';
import type {
  CalendarDay,
  Coverage,
  Dataset,
  DatasetPreview,
  Lineage,
  MarketToday,
  Revision,
  SliceQuality,
  SqlAnswer,
  System,
  SystemHistory,
} from '@champion/contract';
import { businessDate, type Clock } from '@champion/core';
import { datasets } from '@champion/datasets';
import { parseFault } from '@champion/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlHandlers } from './sql.ts';
import { type DataApi, openDataApi } from './testing/api.ts';

// Friday 2026-10-30: in the evening all is published; the time can be set.
let now = new Date('2026-10-30T22:00:00+05:30');
const clock: Clock = { now: () => now };
const day = '2026-10-30';

let api: DataApi;
beforeAll(async () => {
  api = await openDataApi(clock, { worker: true });
  await api.run('nse-bhavcopy-etl', { trade_date: '2026-10-28' });
  api.simulator.setFaults([parseFault('404@2026-10-29')]);
  await expect(api.run('nse-bhavcopy-etl', { trade_date: '2026-10-29' })).rejects.toThrow('FAILED');
  api.simulator.setFaults([parseFault('corrupt-rows')]);
  await api.run('nse-bhavcopy-etl', { trade_date: day });
  api.simulator.setFaults([]);
  // The exchange corrects the file.
  now = new Date('2026-10-30T22:05:00+05:30');
  await api.run('nse-bhavcopy-etl', { trade_date: day });
  await api.run('symbol-master-etl', {});
  await api.run('market-gold-etl', { trade_date: day });
}, 120_000);
afterAll(() => api?.close());

const named = (name: string, query: Record<string, string> = {}) => ({ params: { name }, query });
const at = async <T>(instant: string, ask: () => Promise<T>): Promise<T> => {
  const before = now;
  now = new Date(instant);
  try {
    return await ask();
  } finally {
    now = before;
  }
};

describe('datasets', () => {
  it('say what they are, what is there and how fresh it is', async () => {
    const all = await api.call<Dataset[]>('listDatasets');
    expect(all.map(({ name }) => name)).toEqual(datasets.map(({ name }) => name));
    const bhavcopy = all.find(({ name }) => name === 'bhavcopy');
    const stored = await (await api.stack.warehouse()).sql('SELECT toUInt32(count()) FROM equity_ohlc');
    expect(bhavcopy).toMatchObject({
      table: 'equity_ohlc',
      per: 'session',
      latest_only: false,
      flow: { name: 'nse-bhavcopy-etl' },
      slices: ['bhavcopy'],
      rows: stored.rows[0]?.[0],
      last_loaded: { trade_date: day, rows: expect.any(Number), at: now.toISOString() },
      freshness: { trade_date: day, expected_by: '2026-10-30T14:00:00.000Z', state: 'fresh' },
    });
    expect(bhavcopy?.columns.slice(0, 2)).toEqual([
      { name: 'trade_date', type: 'Date', meaning: expect.any(String) },
      { name: 'symbol', type: 'String', meaning: expect.any(String) },
    ]);
    const deals = all.find(({ name }) => name === 'bulk-block-deals');
    expect(deals).toMatchObject({ rows: 0, last_loaded: null, freshness: { state: 'missing' } });
    const master = all.find(({ name }) => name === 'symbol-master');
    expect(master).toMatchObject({ per: 'day', freshness: { trade_date: day, state: 'fresh' } });
    // Asked for once a quarter, and never here.
    const calendar = all.find(({ name }) => name === 'trading-calendar');
    expect(calendar?.freshness).toMatchObject({ trade_date: '2026-10-01', state: 'missing' });
  });

  it('are late before their deadline and missing after it', async () => {
    const ask = async () => (await api.call<Dataset>('readDataset', named('bhavcopy'))).freshness;
    expect(await at('2026-11-02T17:00:00+05:30', ask)).toMatchObject({ trade_date: day, state: 'fresh' });
    expect(await at('2026-11-02T18:00:00+05:30', ask)).toMatchObject({ trade_date: '2026-11-02', state: 'late' });
    expect(await at('2026-11-02T19:31:00+05:30', ask)).toMatchObject({ trade_date: '2026-11-02', state: 'missing' });
  });

  it('that are not there are told with the one that may be meant', async () => {
    await expect(api.call('readDataset', named('bhavcopi'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('did you mean bhavcopy?'),
      hint: expect.stringContaining('symbol-master'),
    });
  });
});

describe('coverage', () => {
  const coverage = (query: Record<string, string>, name = 'bhavcopy') =>
    api.call<Coverage>('readCoverage', named(name, query));

  it('has each session with its outcome', async () => {
    const { sessions, slices, counts } = await coverage({ from: '2026-10-26', to: '2026-11-03' });
    expect(slices.map(({ trade_date, outcome }) => [trade_date, outcome])).toEqual([
      ['2026-10-26', 'NEVER_TRIED'],
      ['2026-10-27', 'NEVER_TRIED'],
      ['2026-10-28', 'LOADED'],
      ['2026-10-29', 'MISSING'],
      ['2026-10-30', 'LOADED'],
      ['2026-11-02', 'NOT_PUBLISHED_YET'],
      ['2026-11-03', 'NOT_PUBLISHED_YET'],
    ]);
    expect(sessions).not.toContain('2026-10-31');
    expect(counts).toEqual({ NEVER_TRIED: 2, LOADED: 2, MISSING: 1, NOT_PUBLISHED_YET: 2 });
    expect(slices[4]).toMatchObject({ in_warehouse: true, revision: 2, message: null });
    expect(slices[3]).toMatchObject({
      in_warehouse: false,
      rows: null,
      message: expect.stringContaining('2026-10-29'),
    });
  });

  it('is of all that was tried unless told otherwise', async () => {
    expect(await coverage({})).toMatchObject({ from: '2026-10-28', to: day, counts: { LOADED: 2, MISSING: 1 } });
  });

  it('holds years of sessions', async () => {
    const lake = await api.stack.lake();
    const dates = api.stack.services.calendar.lastSessions(businessDate('2026-09-30'), 500);
    for (const date of dates) {
      await lake.manifest.put({ dataset: 'indices-close', date, outcome: 'LOADED', revisions: [], rows_loaded: 1 });
    }
    const { sessions, counts } = await coverage({ to: '2026-09-30' }, 'indices-close');
    expect(sessions).toEqual(dates);
    expect(counts).toEqual({ LOADED: 500 });
  });

  it.each([
    [{ from: '2026-10-30', to: '2026-10-01' }, 'ends before it begins'],
    [{ from: '1990-01-01', to: '1996-01-01' }, 'before the first session, 1994-11-03'],
    [{ from: '2026-10-01', to: '2028-01-03' }, 'beyond the calendar, which ends on 2027-12-31'],
    [{ from: '2026-11-02' }, 'nothing of bhavcopy is published after 2026-10-30'],
    [{ from: '2026-02-30' }, 'query.from'],
    [{ slice: 'bhavcop' }, 'did you mean bhavcopy?'],
  ])('refuses %j', async (query: Record<string, string>, message) => {
    await expect(coverage(query)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  it('bounds what one answer holds', async () => {
    const wide = coverage({ from: '1995-01-02', to: day }, 'index-constituents');
    await expect(wide).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringMatching(/sessions at a time/),
    });
  });
});

describe('what was loaded', () => {
  it('has its quality, the latest session first', async () => {
    const qualities = await api.call<SliceQuality[]>('readQuality', named('bhavcopy'));
    expect(qualities.map(({ trade_date }) => trade_date)).toEqual([day, '2026-10-28']);
    expect(qualities[0]).toMatchObject({ slice: 'bhavcopy', validation_pass_rate: 1, rows_filtered: 0 });
    expect(await api.call('readQuality', named('bhavcopy', { limit: '1' }))).toHaveLength(1);
    expect(await api.call('readQuality', named('bhavcopy', { to: '2026-10-29' }))).toHaveLength(1);
    await expect(api.call('readQuality', named('bhavcopy', { limit: '5000' }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('has its files, each revision with where it came from', async () => {
    const revisions = await api.call<Revision[]>('listRevisions', named('bhavcopy', { date: day }));
    const bars = revisions.filter(({ input }) => input === 'bhavcopy');
    expect(bars).toMatchObject([
      { revision: 1, current: false, url: expect.stringContaining(api.simulator.url) },
      { revision: 2, current: true, fetched_at: now.toISOString(), path: expect.stringContaining('raw/nse/bhavcopy') },
    ]);
    expect(revisions.filter(({ input }) => input === 'delivery')).toMatchObject([
      { current: false },
      { current: true },
    ]);
    expect(await api.call('listRevisions', named('bhavcopy', { date: '2026-10-31' }))).toEqual([]);
  });

  it('can be looked at', async () => {
    const preview = await api.call<DatasetPreview>('previewDataset', named('bhavcopy', { limit: '3' }));
    expect(preview).toMatchObject({ dataset: 'bhavcopy', trade_date: day, truncated: true });
    expect(preview.rows).toHaveLength(3);
    const close = preview.columns.findIndex(({ name }) => name === 'close');
    expect(preview.rows[0]?.[close]).toMatch(/^\d+\.\d{4}$/);
    expect(await api.call('previewDataset', named('symbol-master'))).toMatchObject({ trade_date: day });
    expect(await api.call('previewDataset', named('bulk-block-deals'))).toMatchObject({ trade_date: null, rows: [] });
    expect(await api.call('previewDataset', named('bhavcopy', { date: '2026-10-29' }))).toMatchObject({ rows: [] });
  });
});

describe('lineage', () => {
  it('leads from the exchange to gold', async () => {
    const { nodes, edges } = await api.call<Lineage>('readLineage');
    const node = (id: string) => nodes.find((each) => each.id === id);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    for (const { from, to } of edges) expect([node(from), node(to)]).not.toContain(undefined);
    expect(node('warehouse:equity_ohlc')).toMatchObject({
      rows: expect.any(Number),
      as_of: day,
      freshness: 'fresh',
      last_run: { state_type: 'COMPLETED', name: `bhavcopy-etl-${day}` },
    });
    expect(node('gold:daily_market_summary')).toMatchObject({
      rows: 1,
      as_of: day,
      last_run: { state_name: 'Completed' },
    });
    const before = (id: string) => edges.filter(({ to }) => to === id).map(({ from }) => from);
    expect(before('gold:sector_turnover').sort()).toEqual(['warehouse:equity_ohlc', 'warehouse:index_constituents']);
    expect(before('gold:option_summary')).toEqual(['warehouse:option_chain']);
    expect(before('warehouse:equity_ohlc')).toEqual(['silver:equity_ohlc']);
    expect(before('raw:bhavcopy')).toEqual(['exchange:nse']);
  });
});

describe('the calendar', () => {
  it('tells each day', async () => {
    const days = await api.call<CalendarDay[]>('readCalendar', { query: { from: '2026-11-06', to: '2026-11-10' } });
    expect(days).toMatchObject([
      { date: '2026-11-06', open: true, kind: 'regular' },
      { kind: 'weekend', name: 'Saturday' },
      { open: true, kind: 'muhurat' },
      { open: true },
      { open: false, kind: 'holiday', name: expect.any(String), holidays_known: true },
    ]);
  });

  it.each([
    [{ from: '2026-01-01', to: '2027-01-02' }, '367 days'],
    [{ from: '2026-02-01', to: '2026-01-01' }, 'ends before it begins'],
    [{ from: '2027-12-01', to: '2028-01-01' }, 'beyond the calendar'],
    [{ from: '2026-02-01' }, 'query.to'],
  ])('refuses %j', async (query: Record<string, string>, message) => {
    await expect(api.call('readCalendar', { query })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    });
  });

  it('knows whether the exchange trades now, and when it does next', async () => {
    const today = () => api.call<MarketToday>('readToday');
    expect(await today()).toMatchObject({
      ...{ date: day, state: 'closed', previous_session: '2026-10-29', next_session: '2026-11-02' },
      ...{ opens_at: '2026-10-30T03:45:00.000Z', closes_at: '2026-10-30T10:00:00.000Z' },
      next_opens_at: '2026-11-02T03:45:00.000Z',
    });
    expect(await at('2026-10-30T09:15:00+05:30', today)).toMatchObject({ state: 'open' });
    expect(await at('2026-10-31T12:00:00+05:30', today)).toMatchObject({
      ...{ state: 'closed', day: { kind: 'weekend' }, opens_at: '2026-11-02T03:45:00.000Z' },
      next_opens_at: '2026-11-03T03:45:00.000Z',
    });
    expect(await at('2026-11-10T12:00:00+05:30', today)).toMatchObject({ state: 'holiday', day: { kind: 'holiday' } });
    expect(await at('2026-11-08T18:30:00+05:30', today)).toMatchObject({ state: 'open', day: { kind: 'muhurat' } });
  });
});

describe('SQL', () => {
  const sql = (query: string, more: Record<string, unknown> = {}) =>
    api.call<SqlAnswer>('runSql', { body: { query, ...more } });

  it('answers with types, bound parameters and a limit', async () => {
    const query = 'SELECT trade_date, symbol, close FROM equity_ohlc WHERE trade_date = {d:Date} ORDER BY symbol';
    const answer = await sql(query, { parameters: { d: day }, max_rows: 2 });
    expect(answer).toMatchObject({
      columns: [{ name: 'trade_date', type: 'Date' }, { name: 'symbol' }, { type: 'Decimal(18, 4)' }],
      rows: [
        [day, expect.any(String), expect.stringMatching(/\.\d{4}$/)],
        [day, expect.any(String), expect.any(String)],
      ],
      truncated: true,
    });
    const injected = await sql('SELECT {s:String} AS s', { parameters: { s: "'; DROP TABLE equity_ohlc --" } });
    expect(injected.rows).toEqual([["'; DROP TABLE equity_ohlc --"]]);
  });

  it.each([
    ['writes', `INSERT INTO equity_ohlc (symbol) VALUES ('X')`],
    ['drops', 'DROP TABLE equity_ohlc'],
    ['makes', 'CREATE TABLE t (a Int8) ENGINE = Memory'],
    ['alters', 'ALTER TABLE equity_ohlc DELETE WHERE 1'],
    ['truncates', 'TRUNCATE TABLE equity_ohlc'],
    ['sets', 'SET readonly = 0'],
    ['sets in passing', 'SELECT 1 SETTINGS readonly = 0'],
    ['raises its limits', 'SELECT 1 SETTINGS max_memory_usage = 0'],
    ['runs two statements', 'SELECT 1; DROP TABLE equity_ohlc'],
    ['stops others', 'KILL QUERY WHERE 1'],
    ['halts the server', 'SYSTEM SHUTDOWN'],
    ['reads files as a table', `SELECT * FROM file('/etc/passwd', LineAsString)`],
    ['reads files as a value', `SELECT file('/etc/passwd')`],
    ['writes files', `SELECT 1 INTO OUTFILE '/tmp/champion-out'`],
    ['reaches a web server', `SELECT * FROM url('http://127.0.0.1:1/', LineAsString)`],
    ['reaches another ClickHouse', `SELECT * FROM remote('127.0.0.1:1', system.one)`],
    ['reaches a bucket', `SELECT * FROM s3('https://example.com/x.csv')`],
    ['reaches PostgreSQL', `SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')`],
    ['reaches MySQL', `SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')`],
    ['asks who may log in', 'SELECT * FROM system.users'],
    ['runs a program', `SELECT * FROM executable('id', TSV, 'a String')`],
  ])('refuses what %s', async (_, query) => {
    await expect(sql(query)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('left nothing changed', async () => {
    expect((await sql('SELECT count() > 0 FROM equity_ohlc')).rows).toEqual([[1]]);
    expect((await sql('EXISTS TABLE t')).rows).toEqual([[0]]);
  });

  it.each([
    ['SELECT', 'Syntax error'],
    ['SELECT nothing FROM equity_ohlc', 'nothing'],
    ['SELECT * FROM equity_olhc', 'equity_olhc'],
    ['SELECT {d:Date}', 'd'],
  ])('says of %j what is wrong', async (query, part) => {
    await expect(sql(query)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(part) });
  });

  it('has limits on rows, time and memory', async () => {
    await expect(sql('SELECT 1', { max_rows: 100_001 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect((await sql('SELECT number FROM numbers(1000000000)', { max_rows: 5 })).rows).toHaveLength(5);
    const greedy = sql(`SELECT length(groupArray(repeat('x', 1000000) || toString(number))) FROM numbers(10000)`);
    await expect(greedy).rejects.toMatchObject({ message: expect.stringMatching(/memory/i) });
    const wide = sql(`SELECT repeat('x', 1000000) FROM numbers(100)`);
    await expect(wide).rejects.toMatchObject({ message: expect.stringContaining('larger than 64 MiB') });
    const { runSql } = sqlHandlers({ services: api.stack.services }, 300);
    const query = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 0';
    const slow = runSql({ body: { query, max_rows: 1 }, signal: new AbortController().signal });
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('the system', () => {
  it('says what runs and on what', async () => {
    const system = await api.call<System>('readSystem');
    expect(system).toMatchObject({
      ...{ version: '0.1.0', simulated: true, home: api.home },
      stores: [
        { name: 'PostgreSQL', state: 'up' },
        { name: 'ClickHouse', kind: 'embedded', state: 'up', detail: expect.stringMatching(/^\d+\.\d+/) },
        { name: 'lake', state: 'up', detail: join(api.home, 'lake') },
      ],
    });
    expect(system.disk.free_bytes).toBeGreaterThan(0);
    expect(system.memory.rss_bytes).toBeGreaterThan(1_000_000);
    expect(system.runtime).toMatchObject({ node: process.versions.node, pid: process.pid });
    // The flows of these tests asked the simulated exchange for files.
    expect(system.exchange).toMatchObject([{ circuit: 'closed', failures: 0, open_until: null }]);
  });

  it('remembers samples', async () => {
    await api.monitor.sample();
    api.monitor.traffic.count(200);
    api.monitor.traffic.count(503);
    await api.monitor.sample();
    const { every_seconds, samples } = await api.call<SystemHistory>('readSystemHistory');
    expect(every_seconds).toBe(10);
    expect(samples).toHaveLength(2);
    expect(samples[1]).toMatchObject({ requests: { answered: 1, refused: 0, failed: 1 }, running: 0 });
    const system = await api.call<System>('readSystem');
    expect(system.api).toEqual({ last_hour: samples[1]?.requests, last_day: samples[1]?.requests });
  });
});
