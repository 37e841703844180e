import { businessDate, completeIsin, eventId } from '@champion/core';
import { equityListCsv, nameChangeCsv, symbolChangeCsv } from '@champion/simulator';
import fc from 'fast-check';
import type pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { sql } from '../../csv/index.ts';
import { type DatasetRun, runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset } from './definition.ts';

const date = businessDate('2026-08-08');
const HEADER = 'SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT, ISIN NUMBER, FACE VALUE';
const NAMES_HEADER = 'NCH_SYMBOL, NCH_PREV_NAME, NCH_NEW_NAME, NCH_DT';
const isin = (n: number) => completeIsin(`INE${String(n).padStart(3, '0')}A0101`);

interface Lists {
  /** Rows of EQUITY_L: whole, or symbol, name and listing date alone. */
  readonly listed: readonly string[];
  /** Rows of symbolchange and namechange; a list that is not given is not there. */
  readonly symbols?: readonly string[];
  readonly names?: readonly string[];
}

function filesOf({ listed, symbols, names }: Lists): Record<string, string> {
  const rows = listed.map((row, i) => {
    const [symbol, name, listing, ...more] = row.split(',');
    return more.length > 0 ? row : `${symbol},${name},EQ,${listing},10,1,${isin(i)},10`;
  });
  return {
    'equity-list': `${[HEADER, ...rows].join('\n')}\n`,
    ...(symbols ? { 'symbol-change': symbols.map((row) => `${row}\n`).join('') } : {}),
    ...(names ? { 'name-change': `${[NAMES_HEADER, ...names].join('\n')}\n` } : {}),
  };
}

function ingest(lists: Lists, more: Partial<DatasetRun> = {}) {
  return runDataset(dataset, { date, files: filesOf({ symbols: [], names: [], ...lists }), ...more });
}

/** Rows as "B 2015-04-20..2020-01-01 listed B: B Limited". */
function periods(silver: pl.DataFrame): string[] {
  return sql(
    `SELECT symbol || ' ' || COALESCE(CAST(valid_from AS VARCHAR), '') || '..' ||
       COALESCE(CAST(valid_to AS VARCHAR), '') || ' ' || status || ' ' || current_symbol || ': ' ||
       COALESCE(name, '?') AS said FROM silver`,
    { silver },
  )
    .getColumn('said')
    .toArray() as string[];
}

const found = async (lists: Lists, more: Partial<DatasetRun> = {}) => {
  const { silver, derived, quarantined, anomalies } = await ingest(lists, more);
  expect(quarantined).toEqual([]);
  expect(silver.height - (derived ?? 0)).toBe(lists.listed.length);
  const odd = anomalies.filter(({ rule }) => rule !== 'list_missing');
  return { periods: periods(silver), rules: odd.map(({ rule, count }) => `${rule} ${count}`), odd };
};

describe('validity by dates', () => {
  it('begins with the listing where nothing changed', async () => {
    expect(await found({ listed: ['M&M,Mahindra & Mahindra Limited,03-JAN-1996'] })).toMatchObject({
      periods: ['M&M 1996-01-03.. listed M&M: Mahindra & Mahindra Limited'],
      rules: [],
    });
  });

  it('follows symbols, half-open: the day of the change is the new symbol’s first', async () => {
    const { periods: rows, rules } = await found({
      listed: ['C,C Limited,01-FEB-2001'],
      symbols: ['C Limited,B,C,01-MAR-2010', 'B Limited,A,B,04-JUN-2004'],
    });
    expect(rules).toEqual([]);
    expect(rows).toEqual([
      'A 2001-02-01..2004-06-04 former C: B Limited',
      'B 2004-06-04..2010-03-01 former C: B Limited',
      'C 2010-03-01.. listed C: C Limited',
    ]);
  });

  it('follows names, with the symbol of the time', async () => {
    const { periods: rows, rules } = await found({
      listed: ['B,Third  Name Limited,01-FEB-2001'],
      symbols: [' Third Name Limited,A,B,01-MAR-2010'],
      names: [
        'B,First Name Limited,Second Name Limited,10-OCT-2005',
        'B,Second Name Limited,Third Name Limited,01-MAR-2010',
      ],
    });
    expect(rules).toEqual([]);
    expect(rows).toEqual([
      'A 2001-02-01..2005-10-10 former B: First Name Limited',
      'A 2005-10-10..2010-03-01 former B: Second Name Limited',
      'B 2010-03-01.. listed B: Third Name Limited',
    ]);
  });

  it('takes two changes of one day for one', async () => {
    const { periods: rows } = await found({
      listed: ['C,C Limited,01-FEB-2001'],
      symbols: ['C Limited,B,C,01-MAR-2010', 'C Limited,A,B,01-MAR-2010'],
    });
    expect(rows).toEqual(['A 2001-02-01..2010-03-01 former C: C Limited', 'C 2010-03-01.. listed C: C Limited']);
  });

  it('lets one company take over what another gives up on the same day', async () => {
    const { periods: rows, rules } = await found({
      listed: ['B,Young Limited,01-FEB-2005', 'C,Old Limited,01-FEB-2001'],
      symbols: ['Young Limited,A,B,01-MAR-2010', 'Old Limited,B,C,01-MAR-2010'],
    });
    expect(rules).toEqual([]);
    expect(rows).toEqual([
      'A 2005-02-01..2010-03-01 former B: Young Limited',
      'B 2001-02-01..2010-03-01 former C: Old Limited',
      'B 2010-03-01.. listed B: Young Limited',
      'C 2010-03-01.. listed C: Old Limited',
    ]);
  });

  it('lets a company change back', async () => {
    const { periods: rows, rules } = await found({
      listed: ['A,A Limited,01-FEB-2001'],
      symbols: ['A Limited,A,B,01-MAR-2010', 'A Limited,B,A,05-APR-2012'],
    });
    expect(rules).toEqual([]);
    expect(rows).toEqual([
      'A 2001-02-01..2010-03-01 former A: A Limited',
      'A 2012-04-05.. listed A: A Limited',
      'B 2010-03-01..2012-04-05 former A: A Limited',
    ]);
  });

  it('tells what is known of securities that are not in the list', async () => {
    const { silver, derived } = await ingest({
      listed: ['X,X Limited,01-FEB-2001'],
      symbols: [',780LTFL30,799LTFL30,19-FEB-2025', 'Some Trust,VERTIS,VERTIS,22-JUL-2025'],
      names: ['GONE,Going Limited,Gone Limited,02-JAN-2003'],
    });
    expect(periods(silver)).toEqual([
      '780LTFL30 ..2025-02-19 former 799LTFL30: ?',
      '799LTFL30 2025-02-19.. unlisted 799LTFL30: ?',
      'GONE ..2003-01-02 former GONE: Going Limited',
      'GONE 2003-01-02.. unlisted GONE: Gone Limited',
      'X 2001-02-01.. listed X: X Limited',
    ]);
    expect(derived).toBe(4);
    expect(silver.getColumn('isin').toArray()).toEqual([null, null, null, null, isin(0)]);
  });

  it('knows a change that was announced', async () => {
    const { periods: rows, rules } = await found({
      listed: ['A,A Limited,01-FEB-2001'],
      symbols: ['B Limited,A,B,10-AUG-2026'],
      names: ['A,A Limited,B Limited,10-AUG-2026'],
    });
    expect(rules).toEqual(['name_break 1']);
    expect(rows).toEqual(['A 2001-02-01..2026-08-10 listed A: A Limited', 'B 2026-08-10.. announced A: B Limited']);
  });

  it('keeps apart two companies that had one symbol', async () => {
    const { periods: rows, rules } = await found({
      listed: ['DTIL,Tea Limited,20-JAN-2015'],
      symbols: ['Ventures Limited,DTIL,DPTL,26-JUL-2010', 'Ventures Limited,DPTL,DPL,12-NOV-2014'],
    });
    expect(rules).toEqual([]);
    expect(rows).toEqual([
      'DPL 2014-11-12.. unlisted DPL: Ventures Limited',
      'DPTL 2010-07-26..2014-11-12 former DPL: Ventures Limited',
      'DTIL ..2010-07-26 former DPL: Ventures Limited',
      'DTIL 2015-01-20.. listed DTIL: Tea Limited',
    ]);
  });
});

describe('what does not fit together', () => {
  it.each<[string, Lists, string[], string[]]>([
    [
      'a change of a symbol that is still listed',
      { listed: ['A,A Limited,01-FEB-2001'], symbols: ['A Limited,A,B,01-MAR-2010'] },
      ['still_listed 1'],
      ['A 2001-02-01.. listed A: A Limited'],
    ],
    [
      'one symbol that goes two ways',
      { listed: ['B,B Limited,01-FEB-2001'], symbols: ['B Limited,A,B,01-MAR-2010', 'C Limited,A,C,01-MAR-2010'] },
      ['contradictory_change 1'],
      ['A 2001-02-01..2010-03-01 former B: B Limited', 'B 2010-03-01.. listed B: B Limited'],
    ],
    [
      'one symbol that comes from two sides',
      { listed: ['C,A Limited,01-FEB-2001'], symbols: ['A Limited,A,C,01-MAR-2010', 'B Limited,B,C,01-MAR-2010'] },
      ['contradictory_change 1'],
      ['A 2001-02-01..2010-03-01 former C: A Limited', 'C 2010-03-01.. listed C: A Limited'],
    ],
    [
      'two listed companies in one chain',
      { listed: ['A,A Limited,01-FEB-2001', 'B,B Limited,01-FEB-2002'], symbols: ['B Limited,A,B,10-AUG-2026'] },
      ['contradictory_change 1'],
      ['A 2001-02-01..2026-08-10 listed A: A Limited', 'B 2026-08-10.. listed B: B Limited'],
    ],
    [
      'a symbol that is taken over unheard',
      { listed: ['B,Y Limited,01-FEB-2001'], symbols: ['X Limited,X,B,01-MAR-2005', 'Y Limited,A,B,01-MAR-2010'] },
      ['symbol_reused 1'],
      [
        'A 2001-02-01..2010-03-01 former B: Y Limited',
        'B 2005-03-01..2010-03-01 former B: X Limited',
        'B 2010-03-01.. listed B: Y Limited',
        'X ..2005-03-01 former B: X Limited',
      ],
    ],
    [
      'a symbol that another company is listed under later',
      { listed: ['B,New Limited,01-FEB-2021'], symbols: ['Old Limited,A,B,01-MAR-2005'] },
      ['symbol_reused 1'],
      [
        'A ..2005-03-01 former B: Old Limited',
        'B 2005-03-01..2021-02-01 former B: Old Limited',
        'B 2021-02-01.. listed B: New Limited',
      ],
    ],
    [
      'a symbol older than the listing',
      { listed: ['B,B Limited,14-FEB-2024'], symbols: ['B LIMITED,A,B,19-AUG-2019'] },
      ['listed_later 1'],
      ['A ..2019-08-19 former B: B LIMITED', 'B 2019-08-19.. listed B: B Limited'],
    ],
    [
      'names that do not continue',
      { listed: ['A,Now Limited,14-FEB-2001'], names: ['A,One,Two,01-JAN-2004', 'A,Three,Now Limited,01-JAN-2005'] },
      ['name_break 1'],
      [
        'A 2001-02-14..2004-01-01 former A: One',
        'A 2004-01-01..2005-01-01 former A: Three',
        'A 2005-01-01.. listed A: Now Limited',
      ],
    ],
    [
      'a listing of tomorrow, as the exchange has them, and one of next year',
      { listed: ['A,A Limited,10-AUG-2026', 'B,B Limited,04-JAN-2027'] },
      ['list_newer 1'],
      ['A 2026-08-10.. listed A: A Limited', 'B 2027-01-04.. listed B: B Limited'],
    ],
  ])('%s', async (_, lists, rules, rows) => {
    const said = await found(lists);
    expect(said.periods).toEqual(rows);
    expect(said.rules).toEqual(rules);
    for (const { message } of said.odd) expect(message).toMatch(/for example .+/);
  });

  it('reports an ISIN under two symbols, a missing list and a sudden drop', async () => {
    const row = (symbol: string) => `${symbol},${symbol} Limited,EQ,01-FEB-2001,10,1,${isin(1)},10`;
    const files = filesOf({ listed: [row('A'), row('B')] });
    const { anomalies, silver } = await runDataset(dataset, { date, files, recentRowCounts: [5, 5, 5, 5, 5] });
    expect(anomalies.map(({ rule, count }) => [rule, count])).toEqual([
      ['isin_repeated', 1],
      ['list_missing', 1],
      ['list_missing', 1],
      ['row_count_drop', 1],
    ]);
    expect(silver.height).toBe(2);
  });
});

describe('hard rules', () => {
  const good = 'GOOD,Good Limited,01-FEB-2001';
  it.each([
    ['key_missing', `,X Limited,EQ,01-FEB-2001,10,1,${isin(7)},10`, 'SYMBOL', null],
    ['value_missing', `X,,EQ,01-FEB-2001,10,1,${isin(7)},10`, 'NAME OF COMPANY', null],
    ['value_missing', `X,X Limited,,01-FEB-2001,10,1,${isin(7)},10`, 'SERIES', null],
    ['value_missing', `X,X Limited,EQ,,10,1,${isin(7)},10`, 'DATE OF LISTING', null],
    ['date_range', `X,X Limited,EQ,01-FEB-0201,10,1,${isin(7)},10`, 'DATE OF LISTING', '0201-02-01'],
    ['isin_check_digit', 'X,X Limited,EQ,01-FEB-2001,10,1,INE002A01010,10', 'ISIN NUMBER', 'INE002A01010'],
    ['duplicate_key', `GOOD,X Limited,EQ,01-FEB-2001,10,1,${isin(7)},10`, 'SYMBOL', 'GOOD as on line 2'],
    ['date_format', `X,X Limited,EQ,2001-02-01,10,1,${isin(7)},10`, 'DATE OF LISTING', '2001-02-01'],
    ['number_format', `X,X Limited,EQ,01-FEB-2001,ten,1,${isin(7)},10`, 'PAID UP VALUE', 'ten'],
    ['field_count', 'X,X Limited,EQ,01-FEB-2001,10,1,2,3,4', '', '9'],
  ])('%s: %s', async (rule, row, column, value) => {
    const { silver, derived, quarantined, parsed } = await ingest({ listed: [good, row] });
    expect(quarantined).toEqual([{ input: 'equity-list', line: 3, rule, column, value }]);
    expect([silver.height, derived, parsed.rowsInFile]).toEqual([1, 0, 2]);
  });

  it.each([
    ['symbol-change', 'X Limited,,B,01-MAR-2010', 'key_missing', 'OLD_SYMBOL', 1],
    ['symbol-change', 'X Limited,A,,01-MAR-2010', 'key_missing', 'NEW_SYMBOL', 1],
    ['symbol-change', 'X Limited,A,B,', 'value_missing', 'CHANGE_DATE', 1],
    ['symbol-change', 'X Limited,A,B,soon', 'date_format', 'CHANGE_DATE', 1],
    ['name-change', ',One,Two,01-MAR-2010', 'key_missing', 'NCH_SYMBOL', 2],
    ['name-change', 'A,,Two,01-MAR-2010', 'value_missing', 'NCH_PREV_NAME', 2],
    ['name-change', 'A,One,,01-MAR-2010', 'value_missing', 'NCH_NEW_NAME', 2],
  ])('of %s: %s', async (input, row, rule, column, line) => {
    const more = 'Y Limited,Y,Z,01-MAR-2010';
    const lists = input === 'symbol-change' ? { symbols: [row, more] } : { names: [row, 'Y,One,Two,01-MAR-2010'] };
    const { quarantined, parsed, silver, derived = 0 } = await ingest({ listed: [good], ...lists });
    expect(quarantined).toMatchObject([{ input, line, rule, column }]);
    expect([parsed.rowsInFile, silver.height - derived]).toEqual([1, 1]);
  });

  it('lets an ISIN be missing, and amounts', async () => {
    const { silver, quarantined } = await ingest({ listed: ['X,X Limited,EQ,01-FEB-2001,,,,'] });
    expect(quarantined).toEqual([]);
    for (const column of ['isin', 'paid_up_value', 'market_lot', 'face_value']) {
      expect(silver.getColumn(column).nullCount(), column).toBe(1);
    }
  });
});

it('keeps a company whose ISIN is a stand-in, without it, and says so', async () => {
  const rows = ['DUMMY', 'INE', 'DUM154A01025', '-'].map(
    (standIn, i) => `X${i},X${i} Limited,EQ,01-FEB-2001,10,1,${standIn},10`,
  );
  const { silver, quarantined, anomalies } = await ingest({ listed: rows });
  expect(quarantined).toEqual([]);
  expect(silver.getColumn('isin').nullCount()).toBe(4);
  expect(anomalies.find(({ rule }) => rule === 'isin_placeholder')?.count).toBe(4);
});

describe('files that cannot be trusted as a whole', () => {
  const good = filesOf({ listed: ['GOOD,Good Limited,01-FEB-2001'] });
  it.each<[string, Record<string, string>, RegExp]>([
    ['nothing', { 'equity-list': '' }, /does not begin with the header SYMBOL/],
    ['an HTML page', { 'equity-list': '<!DOCTYPE html>' }, /does not begin with the header/],
    ['another list', { 'equity-list': `${NAMES_HEADER}\n` }, /does not begin with the header/],
    ['no rows', { 'equity-list': `${HEADER}\n` }, /has no readable row/],
    ['an HTML page for changes', { ...good, 'symbol-change': '<!DOCTYPE html>\n<html></html>' }, /has no readable row/],
    ['a new header of name changes', { ...good, 'name-change': 'SYMBOL,NAME\nA,B\n' }, /header NCH_SYMBOL/],
  ])('%s', async (_, files, message) => {
    await expect(runDataset(dataset, { date, files })).rejects.toMatchObject({
      name: 'ChampionError',
      code: 'CORRUPT',
      message: expect.stringMatching(message),
    });
  });

  it('reads a byte-order mark and Windows line ends', async () => {
    const listed = filesOf({ listed: ['B,B Limited,01-FEB-2001'] })['equity-list']?.replaceAll('\n', '\r\n') ?? '';
    const files = { 'equity-list': `\ufeff${listed}`, 'symbol-change': '\ufeffB Limited,A,B,01-MAR-2010\r\n' };
    const { silver, quarantined } = await runDataset(dataset, { date, files });
    expect(quarantined).toEqual([]);
    expect(periods(silver)).toHaveLength(2);
  });
});

describe('whatever comes in', () => {
  const symbol = fc.constantFrom('A', 'B', 'C', 'D', 'M&M');
  const day = fc.constantFrom('01-FEB-2001', '01-MAR-2005', '02-MAR-2005', '01-JAN-2010', '07-AUG-2026', '10-AUG-2026');
  const name = fc.constantFrom('One Limited', 'Two Limited', 'THREE LTD', '');
  const line = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((values) => values.join(','));
  const noise = fc.oneof({ weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) });
  const rows = (row: fc.Arbitrary<string>, size: number) =>
    fc.array(fc.oneof({ weight: 9, arbitrary: row }, { weight: 1, arbitrary: noise }), { maxLength: size });
  const lists = fc.record({
    listed: rows(
      line(
        symbol,
        name,
        fc.constant('EQ'),
        day,
        fc.constant('10,1'),
        fc.constantFrom(isin(1), isin(2), ''),
        fc.constant('10'),
      ),
      5,
    ),
    symbols: rows(line(name, symbol, symbol, day), 8),
    names: rows(line(symbol, name, name, day), 5),
  });
  const files = fc.oneof(
    {
      weight: 4,
      arbitrary: lists.map(({ listed, symbols, names }) => ({
        'equity-list': Buffer.from(
          [HEADER, `KEPT,Kept Limited,EQ,01-FEB-2001,10,1,${isin(9)},10`, ...listed].join('\n'),
        ),
        'symbol-change': Buffer.from(symbols.join('\n')),
        'name-change': Buffer.from([NAMES_HEADER, ...names].join('\n')),
      })),
    },
    { weight: 1, arbitrary: fc.record({ 'equity-list': fc.uint8Array({ maxLength: 200 }) }) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({
        ...filesOf({ listed: ['A,A Limited,01-FEB-2001'] }),
        'symbol-change': bytes,
      })),
    },
  );

  it(
    'gives rows or CORRUPT, loses no row, and no two periods of a symbol overlap',
    async () => {
      await fc.assert(
        fc.asyncProperty(files, async (given) => {
          try {
            const { parsed, silver, derived = 0, quarantined } = await runDataset(dataset, { date, files: given });
            const main = (rows: typeof quarantined) =>
              new Set(rows.filter(({ input }) => input === 'equity-list').map(({ line: at }) => at)).size;
            expect((parsed.bronze['equity-list']?.height ?? 0) + main(parsed.quarantined)).toBe(parsed.rowsInFile);
            expect(silver.height - derived + main(quarantined)).toBe(parsed.rowsInFile);
            expectDisjoint(silver);
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

function expectDisjoint(silver: pl.DataFrame): void {
  const rows = sql(
    `SELECT symbol, COALESCE(CAST(valid_from AS VARCHAR), '') AS a, COALESCE(CAST(valid_to AS VARCHAR), '~') AS b, event_id
     FROM silver ORDER BY symbol, a`,
    { silver },
  ).toRecords() as { symbol: string; a: string; b: string; event_id: string }[];
  rows.forEach((row, i) => {
    expect(row.a < row.b, `${row.symbol} ${row.a}..${row.b}`).toBe(true);
    const next = rows[i + 1];
    if (next?.symbol === row.symbol) expect(next.a >= row.b, `${row.symbol} ${row.b} > ${next.a}`).toBe(true);
  });
  expect(new Set(rows.map((row) => row.event_id)).size).toBe(rows.length);
}

it('types silver as the warehouse wants it', async () => {
  const { silver } = await ingest({ listed: ['B,B Limited,01-FEB-2001'], symbols: ['B Limited,A,B,01-MAR-2010'] });
  expect(Object.fromEntries(silver.columns.map((name) => [name, silver.getColumn(name).dtype.toString()]))).toEqual({
    symbol: 'DataType(String)',
    name: 'DataType(String)',
    status: 'DataType(String)',
    current_symbol: 'DataType(String)',
    series: 'DataType(String)',
    isin: 'DataType(String)',
    listing_date: 'DataType(Date)',
    paid_up_value: 'DataType(Decimal(18,4))',
    market_lot: 'DataType(UInt32)',
    face_value: 'DataType(Decimal(18,4))',
    valid_from: 'DataType(Date)',
    valid_to: 'DataType(Date)',
    as_of: 'DataType(Date)',
    event_id: 'DataType(String)',
    event_time: 'DataType(Datetime(ms,UTC))',
    ingest_time: 'DataType(Datetime(ms,UTC))',
    source: 'DataType(String)',
    schema_version: 'DataType(UInt16)',
    entity_id: 'DataType(String)',
  });
  expect(silver.drop('paid_up_value', 'face_value').toRecords()).toMatchObject([
    {
      symbol: 'A',
      series: null,
      isin: isin(0),
      event_id: eventId('symbol-master', ['A', '2001-02-01']),
      event_time: new Date('2001-01-31T18:30:00Z'),
      entity_id: 'A:NSE',
      source: 'raw/nse/symbol-master/2026-08-08/test',
    },
    {
      symbol: 'B',
      series: 'EQ',
      market_lot: 1,
      event_id: eventId('symbol-master', ['B', '2010-03-01']),
      entity_id: 'B:EQ:NSE',
    },
  ]);
});

it('names its files', () => {
  const inputs = dataset.slices(date, {})[0]?.inputs.map(({ name, optional = false }) => [name, optional]);
  expect(inputs).toEqual([
    ['equity-list', false],
    ['symbol-change', true],
    ['name-change', true],
  ]);
  expect(dataset.recognise('EQUITY_L.csv')).toEqual({
    date: undefined,
    slice: 'symbol-master',
    input: 'equity-list',
    extension: 'csv',
  });
  expect(dataset.recognise('EQUITY_L_2026-08-08.csv')).toMatchObject({ date: '2026-08-08', input: 'equity-list' });
  expect(dataset.recognise('symbolchange_2026-08-08.csv')).toMatchObject({ date, input: 'symbol-change' });
  expect(dataset.recognise('namechange.csv')).toMatchObject({ input: 'name-change' });
  for (const name of ['EQUITY_L_2026-02-30.csv', 'EQUITY.csv', 'SME_EQUITY_L.csv']) {
    expect(dataset.recognise(name)).toBeUndefined();
  }
});

it('reads the simulated exchange’s lists, of any day', async () => {
  for (const day of ['2005-01-03', '2026-08-07']) {
    const asked = { seed: 1, date: businessDate(day) };
    const files = {
      'equity-list': equityListCsv(asked),
      'symbol-change': symbolChangeCsv(asked),
      'name-change': nameChangeCsv(asked),
    };
    const {
      silver,
      parsed,
      derived = 0,
      quarantined,
      anomalies,
    } = await runDataset(dataset, { date: asked.date, files });
    expect(quarantined).toEqual([]);
    expect(anomalies).toEqual([]);
    expect(silver.height - derived).toBe(parsed.rowsInFile);
    expect(derived).toBeGreaterThan(0);
    expectDisjoint(silver);
  }
});
