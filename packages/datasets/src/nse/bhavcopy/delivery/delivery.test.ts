import { type BusinessDate, businessDate, completeIsin } from '@champion/core';
import { bhavcopyCsv, deliveryCsv } from '@champion/simulator';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../../testing/runs.ts';
import { dataset as bhavcopy } from '../definition.ts';
import { unpadded } from './unpadded.ts';

const date = businessDate('2024-07-10');
const barHeader = bhavcopyCsv({ seed: 1, date, format: 'udiff_b' }).split('\n')[0] ?? '';
const deliveryHeader = deliveryCsv({ seed: 1, date }).split('\n')[0] ?? '';

/** A bar of 10 shares at 105.20 that breaks no rule, unless told to. */
function bar(symbol: string, series = 'EQ', change: Readonly<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    TradDt: date,
    BizDt: date,
    Sgmt: 'CM',
    Src: 'NSE',
    ISIN: completeIsin('INE117A0102'),
    TckrSymb: symbol,
    SctySrs: series,
    OpnPric: '100.05',
    HghPric: '110.00',
    LwPric: '99.50',
    ClsPric: '105.20',
    PrvsClsgPric: '100.00',
    TtlTradgVol: '10',
    TtlTrfVal: '1050.50',
    ...change,
  };
  return barHeader
    .split(',')
    .map((column) => values[column] ?? '')
    .join(',');
}

/** The row of the delivery file that belongs to it. */
function row(symbol: string, series = 'EQ', change: Readonly<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    SYMBOL: symbol,
    SERIES: series,
    DATE1: '10-Jul-2024',
    PREV_CLOSE: '100.00',
    OPEN_PRICE: '100.05',
    HIGH_PRICE: '110.00',
    LOW_PRICE: '99.50',
    LAST_PRICE: '105.00',
    CLOSE_PRICE: '105.20',
    AVG_PRICE: '105.05',
    TTL_TRD_QNTY: '10',
    TURNOVER_LACS: '0.01',
    NO_OF_TRADES: '3',
    DELIV_QTY: '4',
    DELIV_PER: '40.00',
    ...change,
  };
  return deliveryHeader
    .split(', ')
    .map((column) => values[column] ?? '')
    .join(', ');
}

function ingest(bars: readonly string[], delivery?: string | Uint8Array, asked: BusinessDate = date) {
  const files = { bhavcopy: [barHeader, ...bars, ''].join('\n'), ...(delivery === undefined ? {} : { delivery }) };
  return runDataset(bhavcopy, { date: asked, files });
}
const file = (...rows: string[]) => [deliveryHeader, ...rows, ''].join('\n');

function delivered(silver: pl.DataFrame) {
  return silver
    .select('symbol', 'series', pl.col('delivery_qty').cast(pl.String), pl.col('delivery_pct').cast(pl.String))
    .rows();
}

const metrics = (rows: number, joined: number, unresolved: number, orphaned: number, quarantined: number) => ({
  delivery_rows: rows,
  delivery_joined: joined,
  delivery_unresolved: unresolved,
  delivery_orphaned: orphaned,
  delivery_quarantined: quarantined,
});

describe('the join', () => {
  it('gives each bar what its own series delivered, and accounts for every row and bar', async () => {
    const found = await ingest(
      [bar('B&B'), bar('A', 'BE'), bar('A'), bar('NONE'), bar('ALL')],
      file(row('A'), row('B&B', 'EQ', { DELIV_QTY: '10', DELIV_PER: '100.00' }), row('A', 'N1'), row('A', 'BE', none)),
    );
    expect(delivered(found.silver)).toEqual([
      ['A', 'BE', null, null],
      ['A', 'EQ', '4', '40.0000'],
      ['ALL', 'EQ', null, null],
      ['B&B', 'EQ', '10', '100.0000'],
      ['NONE', 'EQ', null, null],
    ]);
    expect(found.metrics).toEqual(metrics(4, 3, 2, 1, 0));
    expect(found.quarantined).toEqual([]);
    expect(found.anomalies).toEqual([]);
  });

  it('knows none delivered from nothing said', async () => {
    const { silver } = await ingest([bar('A')], file(row('A', 'EQ', { DELIV_QTY: '0', DELIV_PER: '0.00' })));
    expect(delivered(silver)).toEqual([['A', 'EQ', '0', '0.0000']]);
  });

  it('leaves everything as it was where there is no delivery file', async () => {
    const found = await ingest([bar('A')]);
    expect(found.parsed.bronze.delivery).toBeUndefined();
    expect(found.metrics).toBeUndefined();
    expect(delivered(found.silver)).toEqual([['A', 'EQ', null, null]]);
  });

  it('changes nothing else of the bars', async () => {
    const bars = bhavcopyCsv({ seed: 3, date, format: 'udiff_b' }).split('\n').slice(1, -1);
    const without = await ingest(bars);
    const with_ = await ingest(bars, deliveryCsv({ seed: 3, date }));
    const rest = (frame: pl.DataFrame) => frame.drop('delivery_qty', 'delivery_pct');
    expect(rest(with_.silver).frameEqual(rest(without.silver))).toBe(true);
    expect(with_.silver.columns).toEqual(without.silver.columns);
    const { delivery_rows, delivery_joined, delivery_unresolved } = with_.metrics ?? {};
    expect(delivery_joined).toBe(delivery_rows);
    expect((delivery_joined ?? 0) + (delivery_unresolved ?? 0)).toBe(with_.silver.height);
    expect(with_.silver.getColumn('delivery_qty').nullCount()).toBeLessThan(with_.silver.height / 2);
    expect([with_.quarantined, with_.anomalies]).toEqual([[], without.anomalies]);
  });

  const none = { DELIV_QTY: '-', DELIV_PER: '-' };
});

describe('delivery rows that break a hard rule are quarantined, and their bars stay', () => {
  it.each<[string, string, string, string | null]>([
    ['key_missing', row(''), 'symbol', null],
    ['key_missing', row('BAD', ''), 'series', null],
    ['delivery_range', row('BAD', 'EQ', { DELIV_QTY: '11' }), 'delivery_qty', '11'],
    ['delivery_range', row('BAD', 'EQ', { TTL_TRD_QNTY: '20', DELIV_QTY: '11' }), 'delivery_qty', '11'],
    ['delivery_range', row('BAD', 'EQ', { DELIV_PER: '100.01' }), 'delivery_pct', '100.0100'],
    ['number_format', row('BAD', 'EQ', { DELIV_QTY: 'N/A' }), 'DELIV_QTY', 'N/A'],
    ['date_format', row('BAD', 'EQ', { DATE1: '10/07/2024' }), 'DATE1', '10/07/2024'],
    ['field_count', 'BAD, EQ', '', '2'],
    ['quoting', row('B"D'), '', null],
  ])('%s: %s', async (rule, line, column, value) => {
    const { silver, quarantined, metrics: counted } = await ingest([bar('BAD'), bar('A')], file(row('A'), line));
    expect(quarantined).toEqual([{ input: 'delivery', line: 3, rule, column, value }]);
    expect(delivered(silver)).toEqual([
      ['A', 'EQ', '4', '40.0000'],
      ['BAD', 'EQ', null, null],
    ]);
    expect(counted).toEqual(metrics(2, 1, 1, 0, 1));
  });

  it('keeps the first of two rows with one key', async () => {
    const found = await ingest([bar('A')], file(row('A'), row('A', 'EQ', { DELIV_QTY: '5' })));
    expect(delivered(found.silver)).toEqual([['A', 'EQ', '4', '40.0000']]);
    expect(found.quarantined).toEqual([
      { input: 'delivery', line: 3, rule: 'duplicate_key', column: 'symbol,series', value: 'A:EQ as on line 2' },
    ]);
    expect(found.metrics).toEqual(metrics(2, 1, 0, 0, 1));
  });

  it('counts the row of a bar that was itself quarantined as orphaned', async () => {
    const found = await ingest([bar('A', 'EQ', { ClsPric: '200.00' }), bar('B')], file(row('A'), row('B')));
    expect(found.quarantined.map(({ input, rule }) => [input, rule])).toEqual([[undefined, 'price_range']]);
    expect(found.metrics).toEqual(metrics(2, 1, 0, 1, 0));
  });
});

describe('anomalies', () => {
  it('reports a percentage that is not the share of what was traded', async () => {
    const rows = [row('A'), row('B', 'EQ', { DELIV_PER: '0.40' }), row('C', 'EQ', { DELIV_PER: '40.01' })];
    const found = await ingest([bar('A'), bar('B'), bar('C')], file(...rows));
    expect(found.anomalies).toEqual([
      {
        rule: 'delivery_share',
        count: 1,
        message:
          '1 row of the delivery file at odds with itself, for example B EQ: 4 of 10 delivered, printed as 0.4000 %',
      },
    ]);
    expect(found.quarantined).toEqual([]);
  });

  it.each([
    [{ CLOSE_PRICE: '105.25' }, '10 traded and close 105.2500'],
    [{ TTL_TRD_QNTY: '11' }, '11 traded and close 105.2000'],
    [{ TTL_TRD_QNTY: '', CLOSE_PRICE: '-' }, 'no traded and close none'],
  ])('reports figures that are not those of the bar, and joins the row: %o', async (change, said) => {
    const found = await ingest([bar('A'), bar('B')], file(row('A'), row('B', 'EQ', change), row('X', 'EQ', change)));
    expect(found.anomalies).toEqual([
      {
        rule: 'delivery_mismatch',
        count: 1,
        message: `1 row of the delivery file at odds with the bar, for example B EQ: ${said}, the bar has 10 and 105.2000`,
      },
    ]);
    expect(found.metrics).toEqual(metrics(3, 2, 0, 1, 0));
  });

  it.each([
    ['another session', file(row('A', 'EQ', { DATE1: '09-Jul-2024' }), row('B')), 'holds 2024-07-09 (1 rows)'],
    ['a row without a date', file(row('A', 'EQ', { DATE1: '' })), 'holds no date (1 rows)'],
  ])('ignores the whole file for %s, and loads the bars', async (_, content, said) => {
    const found = await ingest([bar('A')], content);
    expect(found.anomalies).toEqual([
      { rule: 'delivery_other_session', count: 1, message: expect.stringContaining(said) },
    ]);
    expect(found.anomalies[0]?.message).toContain('run the session again later');
    expect(delivered(found.silver)).toEqual([['A', 'EQ', null, null]]);
    expect([found.metrics, found.quarantined]).toEqual([metrics(0, 0, 1, 0, 0), []]);
  });

  it('ignores what the exchange answers on a holiday: the session before', async () => {
    const before = deliveryCsv({ seed: 1, date: businessDate('2024-07-09') });
    const found = await ingest([bar('A')], before);
    expect(found.anomalies.map(({ rule }) => rule)).toEqual(['delivery_other_session']);
    expect(found.silver.height).toBe(1);
  });

  it.each([
    ['an HTML page', '<!DOCTYPE html><html></html>', 'does not begin with the header'],
    ['an unknown header', file(row('A')).replace('DELIV_PER', 'DELIV_PCT'), 'does not begin with the header'],
    ['nothing', '', 'does not begin with the header'],
    ['no rows', file(), 'has no readable row'],
    ['only malformed rows', file('A, EQ', 'B'), 'has no readable row'],
    ['a broken zip', Buffer.from('PK\u0003\u0004 and so on'), 'delivery.test'],
  ])('says that %s is unreadable, and loads the bars', async (_, content, said) => {
    const found = await ingest([bar('A')], content);
    expect(found.anomalies).toEqual([
      { rule: 'delivery_unreadable', count: 1, message: expect.stringContaining(said) },
    ]);
    expect(delivered(found.silver)).toEqual([['A', 'EQ', null, null]]);
    expect([found.metrics, found.quarantined]).toEqual([metrics(0, 0, 1, 0, 0), []]);
  });
});

describe('whatever bytes come in', () => {
  it(
    'the bars are loaded, and every row of the delivery file is accounted for',
    async () => {
      const symbol = fc.constantFrom('A', 'B', 'C', 'X', '', '-', 'é');
      const quantity = fc.constantFrom('4', '10', '11', '-', '', '0', '-1', 'x', '99999999999999999999');
      const line = fc.oneof(
        fc
          .tuple(symbol, quantity, quantity)
          .map(([name, DELIV_QTY, TTL_TRD_QNTY]) => row(name, 'EQ', { DELIV_QTY, TTL_TRD_QNTY })),
        fc.string({ maxLength: 40 }),
        fc.constantFrom('', '  ', '-', ' - ', ',', '\r', row('A', 'EQ', { DATE1: '09-Jul-2024' })),
      );
      const content = fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        fc
          .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'))
          .map(([lines, end]) => Buffer.from([deliveryHeader, ...lines].join(end))),
      );
      await fc.assert(
        fc.asyncProperty(content, async (bytes) => {
          const {
            silver,
            quarantined,
            anomalies,
            metrics: counted,
          } = await ingest([bar('A'), bar('B'), bar('C')], bytes);
          expect(silver.getColumn('symbol').toArray()).toEqual(['A', 'B', 'C']);
          const { delivery_rows, delivery_joined, delivery_unresolved, delivery_orphaned, delivery_quarantined } =
            counted ?? {};
          const ignored = anomalies.some(({ rule }) =>
            ['delivery_other_session', 'delivery_unreadable'].includes(rule),
          );
          const written = bytes.toString('latin1').split('\n').slice(1);
          expect(delivery_rows).toBe(ignored ? 0 : written.filter((text) => !/^ *\r?$/.test(text)).length);
          expect(Number(delivery_joined) + Number(delivery_orphaned) + Number(delivery_quarantined)).toBe(
            delivery_rows,
          );
          expect(Number(delivery_joined) + Number(delivery_unresolved)).toBe(3);
          expect(new Set(quarantined.map(({ line: at }) => at)).size).toBe(delivery_quarantined);
          expect(quarantined.every(({ input }) => input === 'delivery')).toBe(true);
          const quantities = silver.getColumn('delivery_qty').toArray();
          expect(quantities.filter((value) => value !== null && Number(value) > 10)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    RUNS_TIMEOUT,
  );
});

describe('the file', () => {
  it('is asked for from 2020 on, after the bars, and may be missing', () => {
    const inputs = (day: string) => bhavcopy.slices(businessDate(day), {})[0]?.inputs ?? [];
    expect(inputs('2019-12-31').map(({ name }) => name)).toEqual(['bhavcopy']);
    expect(inputs('2020-01-01').map(({ name, optional }) => [name, optional])).toEqual([
      ['bhavcopy', undefined],
      ['delivery', true],
    ]);
    expect(inputs('2024-07-10')[1]?.requests).toEqual([{ endpoint: 'sec-bhavdata-full', date, extension: 'csv' }]);
  });

  it('is recognised by its published name', () => {
    expect(bhavcopy.recognise('sec_bhavdata_full_10072024.csv')).toEqual({
      date,
      slice: 'bhavcopy',
      input: 'delivery',
      extension: 'csv',
    });
    expect(bhavcopy.recognise('sec_bhavdata_full_10072024.csv.repacked.zip')?.extension).toBe('csv.zip');
    expect(bhavcopy.recognise('sec_bhavdata_full_31022024.csv')).toBeUndefined();
    expect(bhavcopy.recognise('sec_bhavdata_10072024.csv')).toBeUndefined();
    expect(bhavcopy.recognise('BhavCopy_NSE_CM_0_0_0_20240710_F_0000.csv.zip')?.input).toBe('bhavcopy');
  });

  it.each([
    ['A, B , C\n', 'A,B,C\n'],
    ['  A B,  ,\r\n , -  \r\n', 'A B,,\r\n,-\r\n'],
    ['\n  \nA \r', '\n\nA\r'],
    ['', ''],
  ])('loses the spaces around its fields: %j', (text, expected) => {
    expect(unpadded(Buffer.from(text)).toString()).toBe(expected);
  });
});
