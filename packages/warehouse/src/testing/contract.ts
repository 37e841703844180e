import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusinessDate, businessDate, formatDecimal, parseDecimal } from '@champion/core';
import { bhavcopy } from '@champion/datasets';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Adapter } from '../adapters/adapter.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import { dataQuality } from '../queries/data-quality.ts';
import { sessionsLoaded } from '../queries/sessions-loaded.ts';
import { Tables } from '../tables.ts';
import { type Warehouse, warehouseOver } from '../warehouse.ts';
import { exportContract } from './export-contract.ts';
import { type Bar, bars, writeOhlc, writeQuarantine } from './parquet.ts';

/** What every warehouse does, whichever engine is behind it. Each test has a session of its own. */
export function warehouseContract(open: () => Promise<Adapter>): void {
  let adapter: Adapter;
  let warehouse: Warehouse;
  let folder: string;
  let nextDay = 1;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "champion-it's-"));
    adapter = await open();
    warehouse = warehouseOver(adapter);
  });
  afterAll(async () => {
    await warehouse?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A revision of a session as a file, and what is needed to load it. */
  function revision(date: BusinessDate, number: number, rows: readonly Bar[]) {
    const source = `raw/nse/bhavcopy/${date}/${String(number).repeat(64)}.csv.zip`;
    const file = join(folder, `${date}-${number}.parquet`);
    writeOhlc(file, { date, source, ingest: `2024-07-04T0${number}:00:00.123Z`, bars: rows });
    return { table: 'equity_ohlc', scope: { trade_date: date }, source, rows: rows.length, file };
  }
  const newDay = () => businessDate(`2024-07-${String(nextDay++).padStart(2, '0')}`);
  const one = async (text: string, params: Record<string, unknown> = {}) =>
    (await warehouse.sql(text, { params })).rows[0] ?? [];
  const visible = (date: BusinessDate) =>
    one('SELECT count(), uniqExact(source), any(source) FROM equity_ohlc WHERE trade_date = {date:Date}', { date });
  /** Rows stored, replaced ones included: what a reader without FINAL would see. */
  async function stored(date: BusinessDate): Promise<number> {
    const result = await adapter.writer.query({
      query: 'SELECT count() AS n FROM equity_ohlc WHERE trade_date = {date:Date}',
      query_params: { date },
      format: 'JSONEachRow',
    });
    return Number((await result.json<{ n: string }>())[0]?.n);
  }
  const refused = (text: string, params?: Readonly<Record<string, string>>) =>
    expect(warehouse.sql(text, params === undefined ? {} : { params }), text).rejects;

  describe('migrations', () => {
    it('are applied once', async () => {
      await expect(warehouse.query(sessionsLoaded, {})).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      const all = [...migrations, ...bhavcopy.migrations].map(({ name }) => name);
      expect(await warehouse.migrate(bhavcopy.migrations)).toEqual(all);
      expect(await warehouse.migrate(bhavcopy.migrations)).toEqual([]);
      expect((await warehouse.sql('SHOW TABLES')).rows.flat()).toEqual(
        expect.arrayContaining(['data_quality', 'equity_ohlc', 'quarantine', 'schema_migrations']),
      );
    });

    it('that were edited, or that a newer version made, stop the work', async () => {
      const [first] = bhavcopy.migrations;
      if (!first) throw new Error('there are no migrations');
      const edited = { ...first, sql: `${first.sql} -- edited` };
      await expect(migrate(adapter, [edited])).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringContaining(first.name),
      });
      await expect(migrate(adapter, [])).rejects.toMatchObject({ hint: expect.stringContaining('newer version') });
    });

    it('says who it is', async () => {
      expect(await warehouse.info()).toMatchObject({ kind: adapter.kind, version: expect.stringMatching(/^\d+\.\d+/) });
    });
  });

  describe('data quality', () => {
    const quality = (run: string, slice: string, filtered: number) => ({
      dataset: 'deals',
      slice,
      trade_date: businessDate('2023-03-01'),
      flow_run_id: run,
      rows_processed: 100,
      rows_expected: slice === 'block' ? null : 98,
      rows_loaded: 100 - filtered,
      rows_filtered: filtered,
      validation_pass_rate: (100 - filtered) / 100,
      anomalies_detected: 1,
      hard_rules: filtered === 0 ? {} : { "it's \\ odd": filtered },
      soft_rules: { row_count_drop: 1 },
      file_size_bytes: 5_000_000_000,
      source: 'raw/x.csv',
    });

    it('is kept per run and slice, once', async () => {
      const [first, second, third] = ['12', '13', '14'].map((hour) => new Date(`2023-03-01T${hour}:00:00Z`)) as [
        Date,
        Date,
        Date,
      ];
      await warehouse.recordQuality([quality('run-a', 'bulk', 5), quality('run-a', 'block', 0)], first);
      await warehouse.recordQuality([quality('run-a', 'bulk', 5)], second);
      await warehouse.recordQuality([quality('run-b', 'bulk', 0)], third);
      await warehouse.recordQuality([], third);
      expect(await warehouse.query(dataQuality, { run: 'run-a' })).toEqual([
        quality('run-a', 'block', 0),
        quality('run-a', 'bulk', 5),
      ]);
    });

    it('tells each day by its last run when none is named', async () => {
      expect(await warehouse.query(dataQuality, { slices: ['bulk'] })).toEqual([quality('run-b', 'bulk', 0)]);
      expect(await warehouse.query(dataQuality, { to: businessDate('2023-02-28') })).toEqual([]);
    });
  });

  describe('loading a session', () => {
    it('gives every digit back', async () => {
      const date = newDay();
      const rows = [
        {
          symbol: 'EXACT',
          close: 4_712_000n,
          volume: 18_446_744_073_709_551_615n,
          turnover: 99_999_999_999_999_999_999_999n,
          last: '471.2',
        },
        { symbol: 'SMALL', close: 500n, volume: 0n, turnover: 0n },
        ...bars(3000),
      ];
      expect(await warehouse.loadSlice(revision(date, 1, rows))).toEqual({
        inserted: 3002,
        replaced: 0,
        skipped: false,
      });
      const exact = await one(
        `SELECT close, last, volume, turnover, event_id, event_time, ingest_time, toTypeName(close), isin
         FROM equity_ohlc WHERE symbol = 'EXACT' AND trade_date = {date:Date}`,
        { date },
      );
      expect(exact).toEqual([
        '471.2000',
        '471.2000',
        '18446744073709551615',
        '9999999999999999999.9999',
        expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/),
        `${date} 15:30:00.000`,
        '2024-07-04 01:00:00.123',
        'Decimal(18, 4)',
        null,
      ]);
      expect(await one("SELECT close, last FROM equity_ohlc WHERE symbol = 'SMALL'")).toEqual(['0.0500', null]);
      const sum = (of: (bar: Bar) => bigint) => rows.slice(1).reduce((total, bar) => total + of(bar), 0n);
      expect(
        await one(
          `SELECT sum(turnover), sum(volume), sum(close) FROM equity_ohlc
           WHERE trade_date = {date:Date} AND symbol != 'EXACT'`,
          { date },
        ),
      ).toEqual([
        formatDecimal(
          sum((bar) => bar.turnover),
          4,
        ),
        String(sum((bar) => bar.volume)),
        formatDecimal(
          sum((bar) => bar.close),
          4,
        ),
      ]);
    });

    it('changes nothing the second time', async () => {
      const date = newDay();
      const load = revision(date, 1, bars(100));
      await warehouse.loadSlice(load);
      expect(await warehouse.loadSlice(load)).toEqual({ inserted: 0, replaced: 0, skipped: true });
      expect(await stored(date)).toBe(100);
    });

    it('replaces an older revision, rows that the new one lacks included', async () => {
      const date = newDay();
      const other = newDay();
      await warehouse.loadSlice(revision(other, 1, bars(40)));
      await warehouse.loadSlice(revision(date, 1, bars(100)));
      const second = revision(date, 2, [...bars(99, 2), ...bars(1, 3).map((bar) => ({ ...bar, symbol: 'NEW' }))]);
      expect(await warehouse.loadSlice(second)).toEqual({ inserted: 100, replaced: 100, skipped: false });
      expect(await visible(date)).toEqual(['100', '1', second.source]);
      expect(
        await one("SELECT count() FROM equity_ohlc WHERE symbol = 'S00099' AND trade_date = {date:Date}", { date }),
      ).toEqual(['0']);
      expect(await stored(date)).toBe(100);
      expect(await visible(other)).toEqual(['40', '1', expect.any(String)]);
      expect(await warehouse.loadSlice(second)).toMatchObject({ inserted: 0, replaced: 0, skipped: true });
    });

    it('goes back to an older revision, whose rows were written earlier', async () => {
      const date = newDay();
      const first = revision(date, 1, bars(50));
      await warehouse.loadSlice(first);
      await warehouse.loadSlice(revision(date, 2, bars(45, 2)));
      expect(await warehouse.loadSlice(first)).toMatchObject({ inserted: 50, skipped: false });
      expect(await visible(date)).toEqual(['50', '1', first.source]);
      expect(
        await one("SELECT close FROM equity_ohlc WHERE symbol = 'S00007' AND trade_date = {date:Date}", { date }),
      ).toEqual([formatDecimal(bars(8)[7]?.close ?? 0n, 4)]);
    });

    it('finishes a load that was killed between insert and delete', async () => {
      const date = newDay();
      await warehouse.loadSlice(revision(date, 1, bars(100)));
      const second = revision(date, 2, bars(90, 2));
      const { columns } = await new Tables(adapter).facts('equity_ohlc');
      await adapter.insertFile({ table: 'equity_ohlc', columns, file: second.file });
      expect(await visible(date)).toEqual(['100', '2', expect.any(String)]);
      expect(await warehouse.loadSlice(second)).toMatchObject({ inserted: 0, skipped: true });
      expect(await visible(date)).toEqual(['90', '1', second.source]);
    });

    it('counts what is stored after gold was computed, which hides replaced rows from itself', async () => {
      const date = newDay();
      await warehouse.loadSlice(revision(date, 1, bars(30)));
      await warehouse.computeGold(date);
      const second = revision(date, 2, bars(30, 2));
      const { columns } = await new Tables(adapter).facts('equity_ohlc');
      await adapter.insertFile({ table: 'equity_ohlc', columns, file: second.file });
      expect(await warehouse.loadSlice(second)).toEqual({ inserted: 0, replaced: 30, skipped: true });
    });

    it('finishes a load whose rows a merge had already taken for older ones', async () => {
      const date = newDay();
      const first = revision(date, 1, bars(20));
      await warehouse.loadSlice(revision(date, 2, bars(15, 2)));
      const { columns } = await new Tables(adapter).facts('equity_ohlc');
      await adapter.insertFile({ table: 'equity_ohlc', columns, file: first.file });
      await adapter.writer.command({ query: 'OPTIMIZE TABLE equity_ohlc FINAL' });
      await warehouse.loadSlice(first);
      expect(await visible(date)).toEqual(['20', '1', first.source]);
    });

    it('does not double what two loads bring at once', async () => {
      const date = newDay();
      const load = revision(date, 1, bars(100));
      const second = warehouseOver(adapter);
      await Promise.all([warehouse.loadSlice(load), second.loadSlice(load), warehouse.loadSlice(load)]);
      expect(await visible(date)).toEqual(['100', '1', load.source]);
      expect(await warehouse.loadSlice(load)).toMatchObject({ skipped: true });
    });

    it('empties a session when the new revision has no rows', async () => {
      const date = newDay();
      const { source, ...first } = revision(date, 1, bars(10));
      await warehouse.loadSlice({ ...first, source });
      const empty = { ...first, source: 'raw/other', rows: 0, file: undefined };
      expect(await warehouse.loadSlice(empty)).toEqual({ inserted: 0, replaced: 10, skipped: false });
      expect(await warehouse.loadSlice(empty)).toEqual({ inserted: 0, replaced: 0, skipped: false });
      expect(await stored(date)).toBe(0);
    });

    it('keeps the datasets of the quarantine apart', async () => {
      const date = newDay();
      const quarantine = (dataset: string, number: number, lines: number[]) => {
        const file = join(folder, `quarantine-${dataset}-${number}.parquet`);
        const source = `raw/nse/${dataset}/${number}`;
        const rows = lines.map((line) => ({ line, rule: 'close_above_high', value: line % 2 ? '12.5' : null }));
        writeQuarantine(file, { dataset, date, source, ingest: `2024-07-04T0${number}:00:00Z`, rows });
        return { table: 'quarantine', scope: { trade_date: date, dataset }, source, rows: lines.length, file };
      };
      await warehouse.loadSlice(revision(date, 1, bars(5)));
      await warehouse.loadSlice(quarantine('bhavcopy', 1, [2, 3, 9]));
      await warehouse.loadSlice(quarantine('deals', 1, [4]));
      await warehouse.loadSlice(quarantine('bhavcopy', 2, [3, 9]));
      const { rows } = await warehouse.sql(
        'SELECT dataset, line, rule, `column`, value, row FROM quarantine WHERE trade_date = {date:Date} ORDER BY dataset, line',
        { params: { date } },
      );
      expect(rows).toEqual([
        ['bhavcopy', 3, 'close_above_high', 'close', '12.5', 'line 3,as published'],
        ['bhavcopy', 9, 'close_above_high', 'close', '12.5', 'line 9,as published'],
        ['deals', 4, 'close_above_high', 'close', null, 'line 4,as published'],
      ]);
      expect(await warehouse.query(sessionsLoaded, { from: date, to: date })).toMatchObject([
        { trade_date: date, rows: 5, quarantined: 2 },
      ]);
      const unscoped = { ...quarantine('bhavcopy', 3, [1]), scope: { trade_date: date } };
      await expect(warehouse.loadSlice(unscoped)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('refuses a file that would put zeros where the exchange said nothing', async () => {
      const date = newDay();
      const load = revision(date, 1, bars(3));
      const frame = pl.readParquet(load.file);
      frame.withColumns(pl.lit(null).cast(pl.Decimal(18, 4)).alias('close')).writeParquet(load.file);
      await expect(warehouse.loadSlice(load)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('close'),
      });
      frame.drop('turnover').writeParquet(load.file);
      await expect(warehouse.loadSlice(load)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('turnover'),
      });
      expect(await stored(date)).toBe(0);
    });

    it('says what is wrong with a load that cannot be', async () => {
      const load = revision(newDay(), 1, bars(1));
      await expect(warehouse.loadSlice({ ...load, table: 'equity' })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        hint: expect.stringContaining('equity_ohlc'),
      });
      await expect(warehouse.loadSlice({ ...load, file: join(folder, 'none.parquet') })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(warehouse.loadSlice({ ...load, file: undefined })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await expect(warehouse.loadSlice({ ...load, rows: -1 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await writeFile(load.file, 'not Parquet');
      await expect(warehouse.loadSlice(load)).rejects.toMatchObject({
        message: expect.stringContaining('equity_ohlc'),
      });
    });
  });

  describe('gold', () => {
    it('is computed from what is there, and written as Parquet with its types', async () => {
      const date = newDay();
      await warehouse.loadSlice(revision(date, 1, bars(7)));
      const computed = await warehouse.computeGold(date);
      expect(computed.find(({ table }) => table === 'advance_decline')).toMatchObject({ rows: 1, missing: [] });
      expect(computed.find(({ table }) => table === 'sector_turnover')).toMatchObject({
        rows: 0,
        missing: ['index_constituents'],
      });
      const file = join(folder, 'gold.parquet');
      await writeFile(file, 'an older file, longer than nothing');
      await warehouse.exportGold({ table: 'advance_decline', date, file });
      const frame = pl.readParquet(file);
      expect(frame.height).toBe(1);
      expect(frame.getColumn('unchanged').toArray()).toEqual([7]);
      expect(frame.getColumn('trade_date').cast(pl.Utf8).toArray()).toEqual([date]);
      expect(frame.getColumn('turnover').dtype).toEqual(pl.Decimal(38, 4));
    });
  });

  describe('named queries', () => {
    it('list the sessions loaded, latest last', async () => {
      const date = newDay();
      const rows = bars(7);
      await warehouse.loadSlice(revision(date, 1, rows));
      const turnover = formatDecimal(
        rows.reduce((total, bar) => total + bar.turnover, 0n),
        4,
      );
      expect(await warehouse.query(sessionsLoaded, { limit: 1 })).toEqual([
        { trade_date: date, rows: 7, turnover, source_format: 'udiff_b', quarantined: 0 },
      ]);
      const all = await warehouse.query(sessionsLoaded, {});
      expect(all.map((session) => session.trade_date)).toEqual(all.map((session) => session.trade_date).sort());
    });

    it('check what goes in and what comes out', async () => {
      await expect(warehouse.query(sessionsLoaded, { limit: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      const wrong = { ...sessionsLoaded, name: 'wrong', sql: 'SELECT 1 AS one' };
      await expect(warehouse.query(wrong, {})).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringContaining('wrong'),
      });
      const echo = {
        name: 'echo',
        sql: 'SELECT {text:String} AS text',
        params: z.object({ text: z.string() }),
        row: z.object({ text: z.string() }),
      };
      const text = `it's a "test" \\ with\nlines\tand {braces:String} ünïcode`;
      expect(await warehouse.query(echo, { text })).toEqual([{ text }]);
    });
  });

  exportContract(() => warehouse);

  describe('SQL of a person', () => {
    it('answers with columns, types and rows', async () => {
      const result = await warehouse.sql(
        "SELECT toDate('2024-07-03') AS d, 1.5::Decimal(9,2) AS m, 2::UInt64 AS n -- so",
      );
      expect(result).toMatchObject({
        columns: [
          { name: 'd', type: 'Date' },
          { name: 'm', type: 'Decimal(9, 2)' },
          { name: 'n', type: 'UInt64' },
        ],
        rows: [['2024-07-03', '1.50', '2']],
        truncated: false,
      });
      expect(result.elapsedMs).toBeGreaterThan(0);
      expect((await warehouse.sql('DESCRIBE equity_ohlc;')).rows).toHaveLength(25);
      expect((await warehouse.sql('EXPLAIN SELECT 1')).rows.length).toBeGreaterThan(0);
      expect((await warehouse.sql('SELECT 1 WHERE 0')).rows).toEqual([]);
      expect((await warehouse.sql("SELECT 'INTO OUTFILE' AS `file(x)` FROM numbers(1)")).rows).toHaveLength(1);
    });

    it('takes parameters', async () => {
      const params = { n: 3, s: "a'b\\c", list: ['x', 'y'] };
      expect((await warehouse.sql('SELECT {n:UInt8}, {s:String}, {list:Array(String)}', { params })).rows).toEqual([
        [3, "a'b\\c", ['x', 'y']],
      ]);
      await refused('SELECT {n:UInt8}').toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('stops at maxRows and says so', async () => {
      expect(await warehouse.sql('SELECT number FROM numbers(10)', { maxRows: 10 })).toMatchObject({
        truncated: false,
      });
      const cut = await warehouse.sql('SELECT number FROM numbers(11)', { maxRows: 10 });
      expect([cut.rows.length, cut.truncated]).toEqual([10, true]);
      const union = 'SELECT number FROM numbers(9) UNION ALL SELECT number FROM numbers(9)';
      expect((await warehouse.sql(union, { maxRows: 10 })).rows).toHaveLength(10);
      expect((await warehouse.sql('SELECT count() FROM (SELECT * FROM numbers(99))', { maxRows: 1 })).rows).toEqual([
        ['99'],
      ]);
      await expect(warehouse.sql('SELECT 1', { maxRows: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('stops at its time, its memory and on request', async () => {
      const endless = 'SELECT sum(sipHash64(number)) FROM system.numbers';
      await expect(warehouse.sql(endless, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' });
      const stop = new AbortController();
      const running = expect(warehouse.sql(endless, { signal: stop.signal })).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      const atWork = async () =>
        (await one(`SELECT count() FROM system.processes WHERE query LIKE 'SELECT sum(sip%'`))[0];
      await expect.poll(atWork).toBe('1');
      stop.abort();
      await running;
      await expect.poll(atWork).toBe('0');
      await expect(warehouse.sql(endless, { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
      await refused("SELECT length(groupArray(repeat('x', 1000000))) FROM numbers(100000)").toMatchObject({
        code: 'STORE_FAILED',
        hint: expect.stringContaining('memory'),
      });
    });

    it('changes nothing', async () => {
      const before = await one('SELECT count(), sum(volume) FROM equity_ohlc');
      for (const text of [
        "INSERT INTO equity_ohlc (symbol) VALUES ('X')",
        'DROP TABLE equity_ohlc',
        'TRUNCATE TABLE equity_ohlc',
        'DELETE FROM equity_ohlc WHERE 1',
        'ALTER TABLE equity_ohlc DELETE WHERE 1',
        'OPTIMIZE TABLE equity_ohlc',
        'RENAME TABLE equity_ohlc TO gone',
        'CREATE TABLE mine (a UInt8) ENGINE = Memory',
        'CREATE TEMPORARY TABLE mine (a UInt8)',
        'CREATE DATABASE mine',
        'SET readonly = 0',
        'USE system',
        'KILL QUERY WHERE 1',
        'SYSTEM DROP MARK CACHE',
        'GRANT ALL ON *.* TO someone',
        'SELECT 1; DROP TABLE equity_ohlc',
        'SELECT 1 SETTINGS readonly = 0',
        'SELECT 1 SETTINGS max_execution_time = 0',
        'SELECT 1 PARALLEL WITH DROP TABLE equity_ohlc',
        '',
        '-- nothing',
      ]) {
        await refused(text).toMatchObject({ code: 'INVALID_INPUT' });
      }
      expect(await one('SELECT count(), sum(volume) FROM equity_ohlc')).toEqual(before);
    });

    it('reaches nothing outside the warehouse', async () => {
      const secret = join(folder, 'secret.txt');
      const target = join(folder, 'out.csv');
      const quote = (path: string) => `'${path.replaceAll("'", "\\'")}'`;
      await writeFile(secret, 'secret');
      for (const text of [
        `SELECT file(${quote(secret)})`,
        `SELECT \`file\`(${quote(secret)})`,
        `SELECT FILE /* so */ (${quote(secret)})`,
        `SELECT arrayMap(file, [${quote(secret)}])`,
        `SELECT arrayMap(x -> file(x), [${quote(secret)}])`,
        `SELECT * FROM file(${quote(secret)}, LineAsString)`,
        `SELECT * FROM eval('SELECT 1')`,
        `DESCRIBE file(${quote(secret)})`,
        `WITH t AS (SELECT * FROM url('http://127.0.0.1:1/', CSV)) SELECT * FROM t`,
        `SELECT * FROM ${quote(secret)}`,
        `SELECT * FROM \`${secret.replaceAll('`', '')}\``,
        `SELECT 1 INTO OUTFILE ${quote(target)}`,
        `EXPLAIN SELECT 1 INTO OUTFILE ${quote(target)}`,
        `SELECT * FROM s3('http://127.0.0.1:1/a.csv', CSV)`,
        `SELECT * FROM remote('127.0.0.1', system.one)`,
        `SELECT * FROM cluster('default', system.one)`,
        `SELECT * FROM urlCluster('default', 'http://127.0.0.1:1/', CSV)`,
        `SELECT * FROM mysql('127.0.0.1:1', a, b, 'c', 'd')`,
        `SELECT * FROM postgresql('127.0.0.1:1', a, b, 'c', 'd')`,
        `SELECT * FROM executable('ls', TSV, 'a String')`,
        `SELECT * FROM filesystem('/etc')`,
        `SELECT * FROM sqlite('/tmp/a', 'b')`,
        `SELECT * FROM icebergLocal('/tmp')`,
      ]) {
        await refused(text).toMatchObject({ code: 'INVALID_INPUT' });
      }
      // A quote within a quoted name begins no string, and a name that is a parameter is not in the text.
      const odd = ["a'", "b'", "c'"].map((name) => [`\`${name}\``, `"${name}"`] as const);
      for (const at of [0, 1] as const) {
        const [a, b, c] = odd.map((names) => names[at]);
        await refused(`SELECT 1 AS ${a}, file(${quote(secret)}) AS ${b}`).toMatchObject({ code: 'INVALID_INPUT' });
        await refused(`SELECT 1 AS ${a}, 2 AS ${b}, 3 AS ${c} INTO OUTFILE ${quote(target)}`).toMatchObject({
          code: 'INVALID_INPUT',
        });
      }
      await refused(`SELECT arrayMap({f:Identifier}, [${quote(secret)}])`, { f: 'file' }).toMatchObject({
        code: 'INVALID_INPUT',
      });
      await expect(rm(target)).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('speaks so that a person can act', async () => {
      await refused('SELECT * FROM equity_ohcl').toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('equity_ohcl'),
        hint: expect.stringMatching(/The tables are .*equity_ohlc.*quarantine/),
      });
      await refused('SELECT clse FROM equity_ohlc').toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/^Unknown .*`clse`(?!.*in scope).*$/s),
      });
      await refused('SELEC 1').toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('Syntax error'),
      });
      await refused('SELECT 1 FORMAT CSV').toMatchObject({
        code: 'INVALID_INPUT',
        hint: expect.stringContaining('-o csv'),
      });
    });

    it('never makes a float of money', async () => {
      const { rows } = await warehouse.sql(
        'SELECT avg(close), sum(close), max(volume), min(turnover) FROM equity_ohlc',
      );
      const [, sum, volume, turnover] = rows[0] ?? [];
      expect([sum, volume, turnover].map((value) => typeof value)).toEqual(['string', 'string', 'string']);
      expect(parseDecimal(String(sum), 4)).toBeTypeOf('bigint');
    });
  });
}
