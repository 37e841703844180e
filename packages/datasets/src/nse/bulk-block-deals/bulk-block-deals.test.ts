import { businessDate, ChampionError } from '@champion/core';
import { DEAL_KINDS, type DealKind, dealsCsv, dealsJson, rollingDealsCsv } from '@champion/simulator';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { type DatasetRun, runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset } from './definition.ts';
import { KINDS, type SliceName } from './kinds.ts';

const date = businessDate('2026-03-23');
const names = '"Date ","Symbol ","Security Name ","Client Name ","Buy / Sell ","Quantity Traded "';
const header = `\ufeff${names},"Trade Price / Wght. Avg. Price ","Remarks "`;
const shortHeader = '\ufeff"Date ","Symbol ","Security Name ","Quantity "';
const rolling = 'Date,Symbol,Security Name,Client Name,Buy/Sell,Quantity Traded,Trade Price / Wght. Avg. Price';

/** A row of the API's csv answer that breaks no rule, unless told to. */
function row(change: Partial<Record<string, string>> = {}): string {
  const values = {
    date: '23-MAR-2026',
    symbol: 'M&M',
    name: 'Mahindra & Mahindra Ltd',
    client: 'A FUND, LTD',
    side: 'BUY',
    quantity: '1,20,58,807',
    price: '1,281.64',
    remarks: '-',
    ...change,
  };
  return Object.values(values)
    .map((value) => `"${value}"`)
    .join(',');
}

const ingest = (lines: readonly string[], options: Partial<DatasetRun> = {}) =>
  runDataset(dataset, {
    date,
    slice: 'bulk-deals',
    files: { 'bulk-deals': [header, ...lines].join('\n') },
    ...options,
  });
const read = (slice: SliceName, content: string | Uint8Array, options: Partial<DatasetRun> = {}) =>
  runDataset(dataset, { date, slice, files: { [slice]: content }, ...options });
const texts = (frame: pl.DataFrame, column: string) => frame.getColumn(column).cast(pl.String).toArray();
const records = (frame: pl.DataFrame) =>
  frame.select(...frame.columns.map((column) => pl.col(column).cast(pl.String))).toRecords();

describe('a row of the API', () => {
  it('is read to the last digit, with the names put right and kept as printed', async () => {
    const { silver, parsed, quarantined } = await ingest([row({ client: ' ACME  CAPITAL , LTD ' })]);
    expect(parsed.format).toBe('api_csv');
    expect(quarantined).toEqual([]);
    expect(records(silver)[0]).toMatchObject({
      trade_date: '2026-03-23',
      deal_type: 'BULK',
      symbol: 'M&M',
      security_name: 'Mahindra & Mahindra Ltd',
      client_name: 'ACME CAPITAL , LTD',
      client_name_printed: ' ACME  CAPITAL , LTD ',
      side: 'BUY',
      quantity: '12058807',
      price: '1281.6400',
      value: '15455049403.4800',
      remarks: null,
      occurrence: '1',
      source_format: 'api_csv',
      source: 'raw/nse/bulk-deals/2026-03-23/test',
      schema_version: '1',
      entity_id: 'M&M:DEAL:NSE',
    });
    // 15:30 in India, whatever the machine's zone.
    expect(Number(silver.getColumn('event_time').cast(pl.Int64).getIndex(0))).toBe(Date.parse('2026-03-23T10:00:00Z'));
  });

  it('keeps a remark, and takes "-", "null" and nothing for none', async () => {
    const remarks = ['-', '', 'null', ' Block  window '];
    const { silver } = await ingest(remarks.map((text, i) => row({ remarks: text, quantity: String(i + 1) })));
    expect(texts(silver, 'remarks')).toEqual([null, null, null, 'Block window']);
  });

  it('is the same row in every format', async () => {
    const json = { BD_DT_DATE: '23-MAR-2026', BD_DT_ORDER: '2026-03-22T18:30:00.000Z', BD_SYMBOL: 'M&M' };
    const rest = { BD_SCRIP_NAME: 'Mahindra & Mahindra Ltd', BD_CLIENT_NAME: 'A FUND, LTD', BD_BUY_SELL: 'BUY' };
    const answer = JSON.stringify({ ...json, ...rest, BD_REMARKS: null }).slice(0, -1);
    const found = await Promise.all([
      ingest([row()]),
      read('bulk-deals', `{"data":[${answer},"BD_QTY_TRD":12058807,"BD_TP_WATP":1281.640}]}`),
      read('bulk-deals', `[${answer},"BD_QTY_TRD":"12058807","BD_TP_WATP":1281.64}]`),
      read(
        'bulk-deals',
        `${rolling},Remarks\r\n23-MAR-2026,M&M,Mahindra & Mahindra Ltd,"A FUND, LTD",BUY,12058807,1281.64,-\r\n`,
      ),
    ]);
    expect(found.map(({ parsed }) => parsed.format)).toEqual(['api_csv', 'api_json', 'api_json', 'archive_csv']);
    const rows = found.map(({ silver }) => ({ ...records(silver)[0], source_format: '' }));
    for (const other of rows) expect(other).toEqual(rows[0]);
  });

  it('has no client, side, price and value when it tells of short selling', async () => {
    const csv = `${shortHeader}\n"23-MAR-2026","M&M","MAHINDRA","1,200"`;
    const json = '{"data":[{"SS_DATE":"23-MAR-2026","SS_SYMBOL":"M&M","SS_NAME":"MAHINDRA","SS_QTY":1200}]}';
    for (const content of [csv, json]) {
      const { silver, metrics, anomalies } = await read('short-selling', content);
      expect(records(silver)[0]).toMatchObject({
        deal_type: 'SHORT',
        symbol: 'M&M',
        security_name: 'MAHINDRA',
        quantity: '1200',
        client_name: null,
        client_name_printed: null,
        side: null,
        price: null,
        value: null,
      });
      expect([metrics?.short_selling_count, anomalies]).toEqual([1, []]);
    }
  });

  it('stands there as often as it was printed, each time under an id of its own', async () => {
    const lines = [row(), row({ client: 'OTHER' }), row({ client: 'A  FUND, LTD ' }), row({ price: '1,281.640' })];
    const { silver, metrics } = await ingest(lines);
    expect(texts(silver, 'occurrence')).toEqual(['1', '1', '2', '3']);
    expect(new Set(texts(silver, 'event_id')).size).toBe(4);
    expect(metrics).toEqual({ bulk_deals_count: 4, repeated_legs: 2 });
    const again = await ingest([...lines].reverse());
    expect(new Set(texts(again.silver, 'event_id'))).toEqual(new Set(texts(silver, 'event_id')));
  });

  it.each<[string, Partial<Record<string, string>>, string, string | null]>([
    ['key_missing', { symbol: ' ' }, 'symbol', null],
    ['key_missing', { client: '' }, 'client_name', null],
    ['side', { side: 'HOLD' }, 'side', 'HOLD'],
    ['side', { side: '' }, 'side', null],
    ['value_missing', { quantity: '' }, 'quantity', null],
    ['value_missing', { price: '' }, 'price', null],
    ['not_positive', { quantity: '0' }, 'quantity', '0'],
    ['not_positive', { price: '0.00' }, 'price', '0.0000'],
    [
      'value_range',
      { quantity: '999999999999999999', price: '99999999999999' },
      'value',
      '99999999999998999900000000000001.0000',
    ],
    ['number_format', { quantity: 'N/A' }, 'quantity', 'N/A'],
    ['number_format', { quantity: '1,205,8807' }, 'quantity', '1,205,8807'],
    ['number_format', { quantity: '12.5' }, 'quantity', '12.5'],
    ['number_format', { price: '1.23456' }, 'price', '1.23456'],
    ['number_format', { price: '-1' }, 'price', '-1'],
    ['date_format', { date: '31-FEB-2026' }, 'date', '"31-FEB-2026"'],
  ])('%s: %o', async (rule, change, column, value) => {
    const { parsed, silver, quarantined } = await ingest([row({ symbol: 'GOOD' }), row(change)]);
    expect(quarantined).toEqual([{ line: 3, rule, column, value }]);
    expect(texts(silver, 'symbol')).toEqual(['GOOD']);
    expect(silver.height + quarantined.length).toBe(parsed.rowsInFile);
  });

  it.each<[string, string, string, string | null]>([
    ['row_shape', '5', '', '5'],
    ['row_shape', '{"SS_DATE":["23-MAR-2026"]}', 'SS_DATE', '["23-MAR-2026"]'],
    ['row_shape', '{"SS_DATE":"23-MAR-2026","SS_SYMBOL":true}', 'SS_SYMBOL', 'true'],
    ['date_format', '{"SS_DATE":"2026-03-23","SS_SYMBOL":"A","SS_QTY":1}', 'SS_DATE', '2026-03-23'],
    ['number_format', '{"SS_DATE":"23-MAR-2026","SS_SYMBOL":"A","SS_QTY":1.5}', 'quantity', '1.5'],
  ])('%s in JSON: %s', async (rule, broken, column, value) => {
    const good = '{"SS_DATE":"23-MAR-2026","SS_SYMBOL":"GOOD","SS_NAME":"G","SS_QTY":1200}';
    const content = `[${good},${broken}]`;
    const { silver, quarantined } = await read('short-selling', content);
    expect(quarantined).toEqual([{ line: 2, rule, column, value }]);
    expect(texts(silver, 'symbol')).toEqual(['GOOD']);
    const lines = await dataset.sourceLines({ bytes: Buffer.from(content), fileName: 'x.json' });
    expect(lines[1]).toBe(broken);
  });
});

describe('anomalies', () => {
  const rules = (found: { anomalies: readonly { rule: string; message: string }[] }) =>
    found.anomalies.map(({ rule }) => rule);

  it('reports a list far shorter than usual, and none at all', async () => {
    expect(rules(await ingest([row()], { recentRowCounts: [5, 5, 5, 5, 5] }))).toEqual(['row_count_drop']);
    expect(rules(await ingest([row()], { recentRowCounts: [4, 4, 4, 4, 4] }))).toEqual([]);
    expect(rules(await ingest([row()], { recentRowCounts: [90, 90, 90, 90] }))).toEqual([]);
    expect(rules(await ingest([]))).toEqual(['no_bulk_deals']);
  });

  it('reports a block deal of which one side is missing', async () => {
    const block = (lines: string[]) => read('block-deals', [header, ...lines].join('\n'));
    const sold = row({ side: 'SELL', quantity: '20' });
    expect(rules(await block([row({ quantity: '10' }), row({ quantity: '10' }), sold]))).toEqual([]);
    const found = await block([row({ quantity: '10' }), sold]);
    expect(found.anomalies).toEqual([
      {
        rule: 'sides_differ',
        count: 1,
        message: '1 shares, for example M&M on 2026-03-23: 10 more sold than bought',
      },
    ]);
    expect(found.silver.height).toBe(2);
  });

  it('reports JSON that ends where the API cuts it', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ SS_DATE: '23-MAR-2026', SS_SYMBOL: `S${i}`, SS_QTY: 1 }));
    expect(rules(await read('short-selling', JSON.stringify(rows(70))))).toEqual(['json_row_limit']);
    expect(rules(await read('short-selling', JSON.stringify(rows(69))))).toEqual([]);
  });
});

describe('days without deals', () => {
  it.each<[string, SliceName, string, string]>([
    ['a bare header of the API', 'block-deals', header, 'bulk-block-short-deals'],
    ['an empty list of the API', 'block-deals', '{"data":[]}', 'bulk-block-short-deals'],
    ['the API saying so', 'short-selling', `${shortHeader}\n"NO RECORDS","","",""`, 'bulk-block-short-deals'],
    ['a dated file that says so', 'block-deals', `${rolling}\nNO RECORDS,,,,,,\n`, 'block_23032026.csv'],
    ['a dated file of the other kind', 'bulk-deals', `${rolling},Remarks\nNO RECORDS,,,,,,\n`, 'bulk_23032026.csv'],
  ])('%s is one', async (_, slice, content, fileName) => {
    const { parsed, silver, quarantined } = await read(slice, content, { fileName });
    expect([parsed.rowsInFile, silver.height, quarantined]).toEqual([0, 0, []]);
    expect(silver.columns).toHaveLength(19);
  });

  const none = `${rolling}\nNO RECORDS,,,,,,\n`;
  const bulkOf = (day: string) => `${rolling},Remarks\n${day},A,A Ltd,C,BUY,1,1.00,-\n`;
  const beside = (witness: string) =>
    read('block-deals', '', { fileName: 'block.csv', files: { 'block-deals': none, 'bulk-deals-rolling': witness } });

  it('asks for the list beside it when a rolling file does not say its day', () => {
    const [, slice] = dataset.slices(date, {});
    const follow = (fileName: string, text: string) =>
      slice?.follow?.({ 'block-deals': { bytes: Buffer.from(text), fileName } }).map(({ name }) => name);
    expect(follow('block.csv', none)).toEqual(['bulk-deals-rolling']);
    expect(follow('block_23032026.csv', none)).toEqual([]);
    expect(follow('block.csv', bulkOf('23-MAR-2026'))).toEqual([]);
    expect(follow('bulk-block-short-deals', header)).toEqual([]);
  });

  it('takes its word when the list beside it is of the day', async () => {
    expect((await beside(bulkOf('23-MAR-2026'))).silver.height).toBe(0);
  });

  it.each<[string, Promise<unknown>, string]>(
    [
      ['the list beside it is of another day', beside(bulkOf('24-MAR-2026')), 'is of 2026-03-24'],
      ['the list beside it is empty too', beside(none), 'is of no day'],
      ['there is no list beside it', read('block-deals', none, { fileName: 'block.csv' }), 'not of which day'],
      [
        'its name is of another day',
        read('block-deals', none, { fileName: 'block_24032026.csv' }),
        'not of 2026-03-23',
      ],
      ['a rolling file breaks off', read('block-deals', `${rolling}\n`, { fileName: 'block.csv' }), 'after its header'],
    ].map(
      ([why, run, said]) =>
        [why, (run as Promise<unknown>).catch((error: unknown) => error), said] as [string, Promise<unknown>, string],
    ),
  )('refuses an empty rolling file when %s', async (_, run, said) => {
    expect(await run).toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(said) });
  });
});

describe('files of several days', () => {
  const fileName = 'Bulk-Deals-20-03-2026-to-24-03-2026.csv';
  const lines = [
    'broken',
    row({ date: '20-MAR-2026', symbol: 'A' }),
    row({ symbol: 'B' }),
    'broken',
    row({ symbol: 'C', quantity: 'x' }),
    row({ date: '24-MAR-2026', symbol: 'D' }),
  ];

  it('give each day its rows, and together every line', async () => {
    const days = ['2026-03-20', '2026-03-23', '2026-03-24'].map((day) => businessDate(day));
    const found = await Promise.all(days.map((day) => ingest(lines, { fileName, date: day })));
    expect(found.map(({ silver }) => texts(silver, 'symbol'))).toEqual([['A'], ['B'], ['D']]);
    expect(found.map(({ quarantined }) => quarantined.map(({ line }) => line))).toEqual([[2], [5, 6], []]);
    expect(found.map(({ parsed }) => parsed.rowsInFile)).toEqual([2, 3, 1]);
  });

  it('have no deals on a day within that has no rows', async () => {
    const { parsed } = await ingest(lines, { fileName, date: businessDate('2026-03-21') });
    expect(parsed.rowsInFile).toBe(0);
  });

  it.each([
    ['a day outside is asked for', lines, '2026-03-25', 'which 2026-03-25 is not within'],
    ['a row is outside', [row({ date: '25-MAR-2026' })], '2026-03-23', 'which 2026-03-25 is not within'],
  ])('are refused when %s', async (_, rows, day, said) => {
    const run = ingest(rows, { fileName, date: businessDate(day) });
    await expect(run).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(said) });
  });
});

describe(
  'files that cannot be trusted as a whole',
  () => {
    it.each<[string, SliceName, string, string]>([
      ['an HTML page', 'bulk-deals', '<!DOCTYPE html><html></html>', 'header of bulk deals'],
      ['nothing', 'block-deals', '', 'header of block deals'],
      ['{}', 'bulk-deals', '{}', 'holds no list'],
      ['JSON that breaks off', 'bulk-deals', '{"data":[', 'not JSON'],
      ['deals for short selling', 'short-selling', header, 'header of short deals'],
      ['short selling for deals', 'bulk-deals', '[{"SS_DATE":"23-MAR-2026","SS_SYMBOL":"A","SS_QTY":1}]', 'no date'],
      ['another day', 'bulk-deals', `${header}\n${row({ date: '20-MAR-2026' })}`, '2026-03-20 (1 rows)'],
      ['a row of another day', 'bulk-deals', `${header}\n${row()}\n${row({ date: '20-MAR-2026' })}`, '2026-03-20'],
      ['only rows that are none', 'bulk-deals', `${header}\nA,B\n${row({ price: 'x' })}`, 'none is readable'],
      ['only lines that are none', 'bulk-deals', `${header}\nA,B\nC`, 'none is readable'],
    ])('refuses %s', async (_, slice, content, message) => {
      const refusal = await read(slice, content).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ChampionError);
      expect(refusal).toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(message) });
    });

    it('gives rows or CORRUPT for whatever bytes come in, and loses no row', async () => {
      const cell = fc.oneof(
        fc.constantFrom(
          '',
          '-',
          '0',
          '1',
          '1,234',
          '12,34,567.5',
          'BUY',
          'SELL',
          '23-MAR-2026',
          '20-MAR-2026',
          'NO RECORDS',
        ),
        fc.string({ unit: 'binary', maxLength: 8 }),
      );
      const change = fc.dictionary(fc.constantFrom('date', 'symbol', 'client', 'side', 'quantity', 'price'), cell, {
        maxKeys: 2,
        noNullPrototype: true,
      });
      const line = fc.oneof(change.map(row), fc.constant(row()), fc.string({ maxLength: 40 }));
      const csv = fc
        .tuple(fc.constantFrom(header, shortHeader, rolling, `${rolling},Remarks`), fc.array(line, { maxLength: 8 }))
        .map(([first, lines]) => [first, ...lines].join('\n'));
      const field = fc.constantFrom(
        'BD_DT_DATE',
        'BD_SYMBOL',
        'BD_QTY_TRD',
        'BD_TP_WATP',
        'SS_DATE',
        'SS_SYMBOL',
        'SS_QTY',
      );
      const object = fc.dictionary(field, fc.oneof(cell, fc.double(), fc.jsonValue({ maxDepth: 1 })), {
        noNullPrototype: true,
      });
      const json = fc.oneof(
        fc.json({ maxDepth: 2 }),
        fc.array(object, { maxLength: 6 }).map((data) => JSON.stringify({ data })),
      );
      const content = fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        csv.map((text) => Buffer.from(text)),
        json.map((text) => Buffer.from(text)),
      );
      const file = fc.record({
        content,
        slice: fc.constantFrom(...(Object.keys(KINDS) as SliceName[])),
        fileName: fc.constantFrom(
          'bulk.csv',
          'block_23032026.csv',
          'Bulk-Deals-20-03-2026-to-24-03-2026.csv',
          'x.csv.zip',
        ),
      });
      await fc.assert(
        fc.asyncProperty(file, async ({ content: bytes, slice, fileName }) => {
          try {
            const { parsed, silver, quarantined } = await read(slice, bytes, { fileName });
            const malformed = new Set(parsed.quarantined.map(({ line: at }) => at)).size;
            expect((parsed.bronze[slice]?.height ?? 0) + malformed).toBe(parsed.rowsInFile);
            expect(silver.height + new Set(quarantined.map(({ line: at }) => at)).size).toBe(parsed.rowsInFile);
            expect(new Set(texts(silver, 'event_id')).size).toBe(silver.height);
            if (quarantined.length > 0) {
              const lines = await dataset.sourceLines({ bytes, fileName });
              for (const { line: at } of quarantined) expect(lines[at - 1]).toBeTypeOf('string');
            }
          } catch (error) {
            if (error instanceof ChampionError) expect(error.code).toBe('CORRUPT');
            else throw error;
          }
        }),
        { numRuns: RUNS },
      );
    }, 600_000);
  },
  RUNS_TIMEOUT,
);

describe('the simulated exchange', () => {
  const slices: Readonly<Record<DealKind, SliceName>> = {
    bulk_deals: 'bulk-deals',
    block_deals: 'block-deals',
    short_selling: 'short-selling',
  };

  it.each(DEAL_KINDS)('prints %s, the same in every format', async (kind) => {
    const slice = slices[kind];
    const contents = [dealsCsv({ seed: 3, date, kind }), dealsJson({ seed: 3, date, kind })];
    if (kind !== 'short_selling') contents.push(rollingDealsCsv({ seed: 3, date, kind }));
    const found = await Promise.all(
      contents.map((content) => read(slice, content, { fileName: 'block_23032026.csv' })),
    );
    for (const { parsed, silver, quarantined } of found) {
      expect(quarantined).toEqual([]);
      expect(silver.height).toBe(parsed.rowsInFile);
      expect(texts(silver, 'event_id').sort()).toEqual(texts(found[0]?.silver as pl.DataFrame, 'event_id').sort());
    }
  });
});

describe('recognise', () => {
  const bulk = { slice: 'bulk-deals', input: 'bulk-deals' };
  const block = { slice: 'block-deals', input: 'block-deals' };
  const short = { slice: 'short-selling', input: 'short-selling' };
  it.each([
    ['bulk.csv', { ...bulk, date: undefined, extension: 'csv' }],
    ['block.csv', { ...block, date: undefined, extension: 'csv' }],
    ['bulk (1).csv', { ...bulk, date: undefined, extension: 'csv' }],
    ['bulk_21082026.csv', { ...bulk, date: '2026-08-21', extension: 'csv' }],
    ['block_17122025.csv', { ...block, date: '2025-12-17', extension: 'csv' }],
    ['bulk_captured_20240401.csv', { ...bulk, date: '2024-04-01', extension: 'csv' }],
    ['Bulk-Deals-24-04-2025-to-24-04-2026.csv', { ...bulk, date: undefined, extension: 'csv' }],
    ['Bulk-Deals-24-04-2025-to-24-04-2026.csv.repacked.zip', { ...bulk, date: undefined, extension: 'csv.zip' }],
    ['Block Deals 24-04-2026 to 24-04-2026 (2).csv', { ...block, date: '2026-04-24', extension: 'csv' }],
    ['Short-Selling-24-04-2026-to-24-04-2026.csv', { ...short, date: '2026-04-24', extension: 'csv' }],
    ['bulk-block-short-deals_block_2026-09-04.json', { ...block, date: '2026-09-04', extension: 'json' }],
    ['bulk-block-short-deals_short_2026-09-04.json', { ...short, date: '2026-09-04', extension: 'json' }],
  ])('%s', (name, expected) => {
    expect(dataset.recognise(name)).toEqual(expected);
  });

  it.each(['bulk.json', 'bulky.csv', 'cm03JUL2024bhav.csv.zip', 'bulk_2024.csv', 'Bulk-Deals.pdf', 'abulk.csv'])(
    'is not for %s',
    (name) => {
      expect(dataset.recognise(name)).toBeUndefined();
    },
  );
});
