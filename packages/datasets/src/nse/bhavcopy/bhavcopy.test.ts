import { businessDate, ChampionError, completeIsin, eventId } from '@champion/core';
import { bhavcopyCsv, bhavcopyZip } from '@champion/simulator';
import fc from 'fast-check';
import type pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset as bhavcopy } from './definition.ts';

const date = businessDate('2024-07-10');
const header = bhavcopyCsv({ seed: 1, date, format: 'udiff_b' }).split('\n')[0] ?? '';
const isin = completeIsin('INE117A0102');

/** A UDiFF row that breaks no rule, unless told to. */
function row(change: Partial<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    TradDt: date,
    BizDt: date,
    Sgmt: 'CM',
    Src: 'NSE',
    FinInstrmTp: 'STK',
    FinInstrmId: '13',
    ISIN: isin,
    TckrSymb: 'ABB',
    SctySrs: 'EQ',
    FinInstrmNm: 'ABB INDIA LIMITED',
    OpnPric: '100.05',
    HghPric: '110.00',
    LwPric: '99.50',
    ClsPric: '105.20',
    LastPric: '105.00',
    PrvsClsgPric: '100.00',
    TtlTradgVol: '10',
    TtlTrfVal: '1050.50',
    TtlNbOfTxsExctd: '3',
    SsnId: 'F1',
    NewBrdLotQty: '1',
    ...change,
  };
  return header
    .split(',')
    .map((column) => values[column] ?? '')
    .join(',');
}

function ingest(lines: readonly string[], options: { previous?: pl.DataFrame; recent?: number[] } = {}) {
  const { previous, recent } = options;
  return runDataset(bhavcopy, {
    date,
    files: { bhavcopy: [header, ...lines, ''].join('\n') },
    ...(previous ? { previous: { date: businessDate('2024-07-09'), adjacent: true, silver: previous } } : {}),
    ...(recent ? { recentRowCounts: recent } : {}),
  });
}

const good = row({ TckrSymb: 'GOOD' });

it.each(['udiff_a', 'udiff_b', 'legacy'] as const)('bronze rows lead to their silver rows: %s', async (format) => {
  const files = { bhavcopy: bhavcopyCsv({ seed: 1, date, format }) };
  const { parsed, silver } = await runDataset(bhavcopy, { date, files });
  const { bhavcopy: bronze } = parsed.bronze;
  const ids = bronze && bhavcopy.topics.published?.entityIds(bronze);
  expect(new Set(ids)).toEqual(new Set(silver.getColumn('entity_id').toArray()));
});

describe('hard rules', () => {
  it.each<[string, Partial<Record<string, string>>, string, string | null]>([
    ['key_missing', { TckrSymb: '' }, 'symbol', null],
    ['key_missing', { SctySrs: '' }, 'series', null],
    ['exchange', { Src: 'BSE' }, 'exchange', 'BSE'],
    ['exchange', { Src: '' }, 'exchange', null],
    ['segment', { Sgmt: 'FO' }, 'segment', 'FO'],
    ['segment', { Sgmt: '' }, 'segment', null],
    ['value_missing', { OpnPric: '' }, 'open', null],
    ['value_missing', { PrvsClsgPric: '' }, 'prev_close', null],
    ['value_missing', { TtlTrfVal: '' }, 'turnover', null],
    ['price_range', { LwPric: '100.10' }, 'low', '100.1000'],
    ['price_range', { HghPric: '100.00', ClsPric: '100.00' }, 'high', '100.0000'],
    ['price_range', { ClsPric: '110.01' }, 'close', '110.0100'],
    ['turnover_range', { TtlTrfVal: '1100.02' }, 'turnover', '1100.0200'],
    ['turnover_range', { TtlTrfVal: '994.98' }, 'turnover', '994.9800'],
    ['isin_check_digit', { ISIN: 'INE117A01023' }, 'isin', 'INE117A01023'],
    ['number_format', { ClsPric: '1O5.20' }, 'ClsPric', '1O5.20'],
  ])('%s: %o', async (rule, change, column, value) => {
    const { parsed, silver, quarantined } = await ingest([good, row(change)]);
    expect(quarantined).toEqual([{ line: 3, rule, column, value }]);
    expect(silver.getColumn('symbol').toArray()).toEqual(['GOOD']);
    expect(silver.height + quarantined.length).toBe(parsed.rowsInFile);
  });

  it('keeps the first of two rows with one key', async () => {
    const { silver, quarantined } = await ingest([row(), good, row({ ClsPric: '106.00' })]);
    expect(silver.height).toBe(2);
    expect(quarantined).toEqual([
      { line: 4, rule: 'duplicate_key', column: 'symbol,series', value: 'ABB:EQ as on line 2' },
    ]);
  });

  it('keeps a close outside the range where an auction, perhaps of another exchange, makes it', async () => {
    const auction = '2026-08-03';
    const found = await runDataset(bhavcopy, {
      date: businessDate(auction),
      files: { bhavcopy: [header, row({ TradDt: auction, BizDt: auction, ClsPric: '110.01' }), ''].join('\n') },
    });
    expect(found.quarantined).toEqual([]);
    expect(found.anomalies.map(({ rule, count }) => [rule, count])).toEqual([['close_outside_range', 1]]);
    const none = await runDataset(bhavcopy, {
      date: businessDate(auction),
      files: {
        bhavcopy: [header, row({ TradDt: auction }), row({ TradDt: auction, SctySrs: 'BE', ClsPric: '0' })].join('\n'),
      },
    });
    expect(none.quarantined).toEqual([{ line: 3, rule: 'price_range', column: 'close', value: '0.0000' }]);
  });

  it('does not take the broken one of two rows with one key for the first', async () => {
    const { silver, quarantined } = await ingest([row({ ClsPric: '200.00' }), row()]);
    expect(silver.height).toBe(1);
    expect(quarantined.map(({ line, rule }) => ({ line, rule }))).toEqual([{ line: 2, rule: 'price_range' }]);
  });

  it('keeps several series of one symbol, and rows on which nothing traded', async () => {
    const untraded = {
      TtlTradgVol: '0',
      TtlTrfVal: '0.00',
      TtlNbOfTxsExctd: '0',
      OpnPric: '0.00',
      HghPric: '0.00',
      LwPric: '0.00',
      LastPric: '',
    };
    const { silver, quarantined } = await ingest([row(), row({ SctySrs: 'BL' }), row({ SctySrs: 'N1', ...untraded })]);
    expect(quarantined).toEqual([]);
    expect(silver.getColumn('series').toArray()).toEqual(['BL', 'EQ', 'N1']);
  });
});

describe('anomalies', () => {
  const rules = (found: Awaited<ReturnType<typeof ingest>>) => found.anomalies.map(({ rule, count }) => [rule, count]);

  it('reports what is odd and keeps the row', async () => {
    const found = await ingest([
      good,
      row({ SctySrs: 'T0', ClsPric: '120.00' }),
      row({ TckrSymb: 'NEW', ISIN: 'DUMMY', LastPric: '130.00' }),
    ]);
    expect(rules(found)).toEqual([
      ['close_outside_range', 1],
      ['last_outside_range', 1],
      ['isin_placeholder', 1],
    ]);
    expect(found.anomalies[0]?.message).toBe('1 row, for example ABB T0 with close 120.0000');
    expect(found.silver.height).toBe(3);
    expect(found.silver.getColumn('isin').toArray()).toEqual([isin, isin, null]);
  });

  it('reports stand-ins for an ISIN, which become null', async () => {
    const standIns = ['DUMMY', 'DUM154A01025', 'INE', '-'];
    const found = await ingest([good, ...standIns.map((ISIN, i) => row({ TckrSymb: `S${i}`, ISIN }))]);
    expect(found.quarantined).toEqual([]);
    expect(rules(found)).toEqual([['isin_placeholder', 4]]);
    expect(found.silver.getColumn('isin').toArray()).toEqual([isin, null, null, null, null]);
  });

  it('reports trades that cannot be of the volume', async () => {
    const found = await ingest([
      good,
      row({ TtlNbOfTxsExctd: '11' }),
      row({ SctySrs: 'BE', TtlNbOfTxsExctd: '0' }),
      row({ SctySrs: 'BL', TtlNbOfTxsExctd: '' }),
    ]);
    expect(rules(found)).toEqual([['trades_mismatch', 2]]);
  });

  it('compares with the session before', async () => {
    const { silver: previous } = await ingest([row({ ClsPric: '100.00' }), row({ TckrSymb: 'X', ClsPric: '101.00' })]);
    const found = await ingest([row(), row({ TckrSymb: 'X' }), good], { previous });
    expect(rules(found)).toEqual([['prev_close_break', 1]]);
    expect(found.anomalies[0]?.message).toContain('X EQ: previous close 100.0000, closed at 101.0000');
  });

  it('reports a sudden drop against the median of the last sessions', async () => {
    expect(rules(await ingest([good], { recent: [1, 2, 2, 2, 9] }))).toEqual([['row_count_drop', 1]]);
    expect(rules(await ingest([good], { recent: [1, 1, 1, 1, 9] }))).toEqual([]);
    expect(rules(await ingest([good], { recent: [9, 9, 9, 9] }))).toEqual([]);
  });
});

describe('files that cannot be trusted as a whole', () => {
  const parse = async (text: string | Uint8Array) => {
    const { parsed } = await runDataset(bhavcopy, { date, files: { bhavcopy: text } });
    return parsed;
  };

  it.each([
    ['an unknown header', 'SYMBOL,OPEN\nA,1\n', 'does not begin with a bhavcopy header'],
    ['an HTML page', '<!DOCTYPE html><html></html>', 'does not begin with a bhavcopy header'],
    ['nothing', '', 'does not begin with a bhavcopy header'],
    ['no rows', `${header}\n`, 'no readable row'],
    ['only malformed rows', `${header}\nA,B\n`, 'no readable row'],
    ['another session', `${header}\n${row({ TradDt: '2024-07-09' })}\n`, 'but holds 2024-07-09 (1 rows)'],
    ['a row of another session', `${header}\n${good}\n${row({ TradDt: '2024-07-09' })}\n`, 'but holds 2024-07-09'],
    ['a row without a date', `${header}\n${good}\n${row({ TradDt: '' })}\n`, 'but holds no date (1 rows)'],
  ])('refuses %s', async (_, text, message) => {
    const refusal = await parse(text).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ChampionError);
    expect(refusal).toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(message) });
  });

  it(
    'gives rows or CORRUPT for whatever bytes come in',
    async () => {
      const line = fc.oneof(fc.constant(good), fc.constant(row({ ClsPric: 'x' })), fc.string({ maxLength: 60 }));
      const file = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(line, { maxLength: 8 }).map((lines) => Buffer.from([header, ...lines].join('\n'))),
      );
      await fc.assert(
        fc.asyncProperty(file, async (bytes) => {
          try {
            const { bronze, rowsInFile, quarantined } = await parse(bytes);
            expect((bronze.bhavcopy?.height ?? 0) + quarantined.length).toBe(rowsInFile);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ChampionError', code: 'CORRUPT' });
          }
        }),
        { numRuns: RUNS },
      );
    },
    RUNS_TIMEOUT,
  );
});

describe('formats', () => {
  it.each<[string, 'udiff_a' | 'udiff_b' | 'legacy', string]>([
    ['2024-06-20', 'udiff_a', 'udiff_a'],
    ['2024-06-21', 'udiff_b', 'udiff_b'],
    ['2024-07-05', 'legacy', 'legacy'],
    ['2011-06-21', 'legacy', 'legacy'],
  ])('reads a whole simulated file of %s in %s', async (day, format, expected) => {
    const asked = businessDate(day);
    const bytes = await bhavcopyZip({ seed: 7, date: asked, format });
    const { parsed, silver, quarantined } = await runDataset(bhavcopy, { date: asked, files: { bhavcopy: bytes } });
    expect(parsed.format).toBe(expected);
    expect(quarantined).toEqual([]);
    expect(silver.height).toBe(parsed.rowsInFile);
    expect(silver.height).toBeGreaterThan(1000);
    const hasTrades = silver.getColumn('trades').nullCount() === 0;
    expect(hasTrades).toBe(day !== '2011-06-21');
  });

  it('types silver as the warehouse wants it', async () => {
    const { silver } = await ingest([good]);
    const types = Object.fromEntries(
      silver.columns.map((column) => [column, silver.getColumn(column).dtype.toString()]),
    );
    expect(types).toEqual({
      trade_date: 'DataType(Date)',
      symbol: 'DataType(String)',
      series: 'DataType(String)',
      isin: 'DataType(String)',
      instrument_id: 'DataType(UInt32)',
      name: 'DataType(String)',
      open: 'DataType(Decimal(18,4))',
      high: 'DataType(Decimal(18,4))',
      low: 'DataType(Decimal(18,4))',
      close: 'DataType(Decimal(18,4))',
      last: 'DataType(Decimal(18,4))',
      prev_close: 'DataType(Decimal(18,4))',
      volume: 'DataType(UInt64)',
      turnover: 'DataType(Decimal(24,4))',
      trades: 'DataType(UInt64)',
      lot_size: 'DataType(UInt32)',
      delivery_qty: 'DataType(UInt64)',
      delivery_pct: 'DataType(Decimal(9,4))',
      source_format: 'DataType(String)',
      event_id: 'DataType(String)',
      event_time: 'DataType(Datetime(ms,UTC))',
      ingest_time: 'DataType(Datetime(ms,UTC))',
      source: 'DataType(String)',
      schema_version: 'DataType(UInt16)',
      entity_id: 'DataType(String)',
    });
    const [bar] = silver.select('event_time', 'entity_id', 'event_id').toRecords();
    expect(bar?.event_time).toEqual(new Date('2024-07-10T10:00:00Z'));
    expect(bar?.entity_id).toBe('GOOD:EQ:NSE');
    expect(bar?.event_id).toBe(eventId('bhavcopy', ['2024-07-10', 'GOOD', 'EQ']));
  });
});

describe('which file to ask for', () => {
  const endpoints = (day: string) =>
    bhavcopy.slices(businessDate(day), {})[0]?.inputs[0].requests.map(({ endpoint }) => endpoint);

  it('goes by era', () => {
    expect(endpoints('1994-11-03')).toEqual(['bhavcopy-legacy']);
    expect(endpoints('2023-12-29')).toEqual(['bhavcopy-legacy']);
    expect(endpoints('2024-01-01')).toEqual(['bhavcopy-udiff', 'bhavcopy-legacy']);
    expect(endpoints('2024-07-05')).toEqual(['bhavcopy-udiff', 'bhavcopy-legacy']);
    expect(endpoints('2024-07-08')).toEqual(['bhavcopy-udiff']);
  });

  it('recognises published names', () => {
    expect(bhavcopy.recognise('BhavCopy_NSE_CM_0_0_0_20240703_F_0000.csv.zip')).toMatchObject({
      date: '2024-07-03',
      extension: 'csv.zip',
    });
    expect(bhavcopy.recognise('cm03JUL2024bhav.csv')).toMatchObject({ date: '2024-07-03', extension: 'csv' });
    expect(bhavcopy.recognise('cm3JUL2009bhav.csv.zip')?.date).toBe('2009-07-03');
    expect(bhavcopy.recognise('BhavCopy_NSE_FO_0_0_0_20240703_F_0000.csv.zip')).toBeUndefined();
    expect(bhavcopy.recognise('cm31FEB2024bhav.csv.zip')).toBeUndefined();
  });
});
