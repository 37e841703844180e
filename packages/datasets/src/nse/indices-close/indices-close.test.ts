import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { businessDate, eventId } from '@champion/core';
import { INDICES, indexCloseCsv } from '@champion/simulator';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset as indicesClose } from './definition.ts';

const date = businessDate('2024-07-10');
const header =
  'Index Name,Index Date,Open Index Value,High Index Value,Low Index Value,Closing Index Value,Points Change,Change(%),Volume,Turnover (Rs. Cr.),P/E,P/B,Div Yield';

/** A row that breaks no rule, unless told to. */
function row(change: Partial<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    'Index Name': 'Nifty 50',
    'Index Date': '10-07-2024',
    'Open Index Value': '24459.85',
    'High Index Value': '24461.05',
    'Low Index Value': '24141.8',
    'Closing Index Value': '24324.45',
    'Points Change': '-108.75',
    'Change(%)': '-.45',
    Volume: '354012310',
    'Turnover (Rs. Cr.)': '34521.07',
    'P/E': '22.5',
    'P/B': '4.1',
    'Div Yield': '.94',
    ...change,
  };
  return header
    .split(',')
    .map((column) => values[column] ?? '')
    .join(',');
}

const named = (name: string, change: Partial<Record<string, string>> = {}) => row({ 'Index Name': name, ...change });
const noRange = { 'Open Index Value': '-', 'High Index Value': '-', 'Low Index Value': '-' };
const good = named('GOOD');

function ingest(lines: readonly string[], previous?: pl.DataFrame, adjacent = true) {
  return runDataset(indicesClose, {
    date,
    files: { 'indices-close': [header, ...lines, ''].join('\n') },
    ...(previous ? { previous: { date: businessDate('2024-07-09'), adjacent, silver: previous } } : {}),
  });
}

const texts = (frame: pl.DataFrame, column: string) => frame.getColumn(column).cast(pl.String).toArray();

describe('silver', () => {
  it('holds what was printed, to the last digit, and null for what was not', async () => {
    const { silver, quarantined, anomalies } = await ingest([
      row(),
      // Four places and no ratios, as the volatility index has; nothing but a close; nothing at all.
      named('India VIX', {
        'Open Index Value': '12.6875',
        'High Index Value': '12.835',
        'Low Index Value': '11.77',
        'Closing Index Value': '12.16',
        'Points Change': '-0.53',
        Volume: '-',
        'Turnover (Rs. Cr.)': '-',
        'P/E': '-',
        'P/B': '-',
        'Div Yield': '-',
      }),
      named('Nifty 1D Rate Index', { ...noRange, 'Points Change': '.39', Volume: '', 'P/E': '-1.5' }),
      named('"Nifty500 Multicap, 50:25:25" ', { ...noRange, 'Closing Index Value': '-' }).replace('" ,', '",'),
    ]);
    expect(quarantined).toEqual([]);
    expect(anomalies).toEqual([]);
    expect(texts(silver, 'index_name')).toEqual([
      'India VIX',
      'Nifty 1D Rate Index',
      'Nifty 50',
      'Nifty500 Multicap, 50:25:25',
    ]);
    expect(texts(silver, 'open')).toEqual(['12.6875', null, '24459.8500', null]);
    expect(texts(silver, 'close')).toEqual(['12.1600', '24324.4500', '24324.4500', null]);
    expect(texts(silver, 'points_change')).toEqual(['-0.5300', '0.3900', '-108.7500', '-108.7500']);
    expect(texts(silver, 'change_pct')).toEqual(['-0.4500', '-0.4500', '-0.4500', '-0.4500']);
    expect(texts(silver, 'volume')).toEqual([null, null, '354012310', '354012310']);
    expect(texts(silver, 'turnover_crore')).toEqual([null, '34521.0700', '34521.0700', '34521.0700']);
    expect(texts(silver, 'pe')).toEqual([null, '-1.5000', '22.5000', '22.5000']);
    expect(texts(silver, 'div_yield')).toEqual([null, '0.9400', '0.9400', '0.9400']);
  });

  it('is typed as the warehouse wants it', async () => {
    const { silver } = await ingest([good]);
    const types = Object.fromEntries(
      silver.columns.map((column) => [column, silver.getColumn(column).dtype.toString()]),
    );
    const decimal = 'DataType(Decimal(18,4))';
    expect(types).toEqual({
      trade_date: 'DataType(Date)',
      index_name: 'DataType(String)',
      open: decimal,
      high: decimal,
      low: decimal,
      close: decimal,
      points_change: decimal,
      change_pct: decimal,
      volume: 'DataType(UInt64)',
      turnover_crore: 'DataType(Decimal(24,4))',
      pe: decimal,
      pb: decimal,
      div_yield: decimal,
      event_id: 'DataType(String)',
      event_time: 'DataType(Datetime(ms,UTC))',
      ingest_time: 'DataType(Datetime(ms,UTC))',
      source: 'DataType(String)',
      schema_version: 'DataType(UInt16)',
      entity_id: 'DataType(String)',
    });
    const [level] = silver.select('event_time', 'entity_id', 'event_id').toRecords();
    expect(level).toEqual({
      event_time: new Date('2024-07-10T10:00:00Z'),
      entity_id: 'GOOD:INDEX:NSE',
      event_id: eventId('indices-close', ['2024-07-10', 'GOOD']),
    });
  });
});

describe('hard rules', () => {
  it.each<[string, Partial<Record<string, string>>, string, string | null]>([
    ['key_missing', { 'Index Name': '' }, 'index_name', null],
    ['key_missing', { 'Index Name': '  ' }, 'index_name', null],
    ['price_range', { 'Low Index Value': '24461.06' }, 'low', '24461.0600'],
    ['price_range', { 'High Index Value': '24141.79', 'Open Index Value': '-' }, 'low', '24141.8000'],
    ['number_format', { 'Closing Index Value': 'N/A' }, 'Closing Index Value', 'N/A'],
    ['number_format', { 'Closing Index Value': '-1' }, 'Closing Index Value', '-1'],
    ['number_format', { 'Points Change': '1.23456' }, 'Points Change', '1.23456'],
    ['date_format', { 'Index Date': '2024-07-10' }, 'Index Date', '2024-07-10'],
  ])('%s: %o', async (rule, change, column, value) => {
    const { parsed, silver, quarantined } = await ingest([good, row(change)]);
    expect(quarantined).toEqual([{ line: 3, rule, column, value }]);
    expect(texts(silver, 'index_name')).toEqual(['GOOD']);
    expect(silver.height + quarantined.length).toBe(parsed.rowsInFile);
  });

  it('keeps a close and an open outside the range, and says so: a close is averaged or auctioned, a range is not', async () => {
    const found = await ingest([
      good,
      named('ABOVE', { 'Closing Index Value': '24461.06' }),
      named('BELOW', { 'Closing Index Value': '24141.79' }),
      named('OPEN', { 'Open Index Value': '24141.79' }),
    ]);
    expect(found.quarantined).toEqual([]);
    expect(found.anomalies.map(({ rule, count }) => [rule, count])).toEqual([
      ['close_outside_range', 2],
      ['open_outside_range', 1],
    ]);
    expect(found.anomalies[0]?.message).toBe('2 indices, for example ABOVE with close 24461.0600');
  });

  it('keeps the first sound row of an index', async () => {
    const { silver, quarantined } = await ingest([
      row({ 'High Index Value': '1' }),
      row(),
      good,
      row({ 'P/E': '1', 'Index Name': 'Nifty 50 ' }),
    ]);
    expect(texts(silver, 'index_name')).toEqual(['GOOD', 'Nifty 50']);
    expect(texts(silver, 'pe')).toEqual(['22.5000', '22.5000']);
    expect(quarantined.map(({ line, rule, column }) => [line, rule, column])).toEqual([
      [2, 'price_range', 'low'],
      [5, 'duplicate_key', 'index_name'],
    ]);
  });
});

describe('compared with the session before', () => {
  const before = async (...lines: string[]) => (await ingest(lines)).silver;
  const rules = (found: Awaited<ReturnType<typeof ingest>>) => found.anomalies.map(({ rule, count }) => [rule, count]);

  it('a change that the closes do not show is reported, a rounded one is not', async () => {
    const previous = await before(
      row({ ...noRange, 'Closing Index Value': '24433.2' }),
      named('ROUNDED', { ...noRange, 'Closing Index Value': '24433.21' }),
      named('UP', { ...noRange, 'Closing Index Value': '24433.22' }),
      named('DOWN', { ...noRange, 'Closing Index Value': '24433.18' }),
      named('NO CLOSE', { ...noRange, 'Closing Index Value': '-' }),
    );
    const lines = [row(), named('ROUNDED'), named('UP'), named('DOWN'), named('NO CLOSE'), named('NEW')];
    const found = await ingest(lines, previous);
    expect(rules(found)).toEqual([['prev_close_break', 2]]);
    expect(found.anomalies[0]?.message).toBe(
      '2 indices not continuing the session before, for example DOWN: its change says it closed at 24433.2000, it closed at 24433.1800',
    );
    expect(found.silver.height).toBe(6);
    expect(rules(await ingest(lines, previous, false))).toEqual([]);
  });

  it('a sudden drop is reported, also where the session before is not there', async () => {
    const files = { 'indices-close': [header, row(), ''].join('\n') };
    const found = await runDataset(indicesClose, { date, files, recentRowCounts: [2, 2, 2, 2, 2] });
    expect(rules(found)).toEqual([['row_count_drop', 1]]);
  });

  it('an index that is gone is reported, one that is quarantined is not gone', async () => {
    const previous = await before(good, named('CNX Nifty'), row({ 'Points Change': '-', ...noRange }));
    const found = await ingest([named('GOOD', { 'Points Change': '0' }), row({ 'High Index Value': '1' })], previous);
    expect(rules(found)).toEqual([['index_gone', 1]]);
    expect(found.anomalies[0]?.message).toContain(
      '1 index of the session before not in the file, for example CNX Nifty',
    );
  });

  it('simulated sessions continue, across a weekend and a review of the indices too', async () => {
    let previous: pl.DataFrame | undefined;
    for (const day of ['2024-09-26', '2024-09-27', '2024-09-30']) {
      const asked = businessDate(day);
      const found = await runDataset(indicesClose, {
        date: asked,
        files: { 'indices-close': indexCloseCsv({ seed: 3, date: asked }) },
        ...(previous ? { previous: { date: asked, adjacent: true, silver: previous } } : {}),
      });
      expect(found.quarantined).toEqual([]);
      expect(found.anomalies).toEqual([]);
      expect(found.silver.height).toBe(found.parsed.rowsInFile);
      expect(found.silver.height).toBe(INDICES.length + 2);
      previous = found.silver;
    }
  });
});

describe('files that cannot be trusted as a whole', () => {
  const parse = async (text: string | Uint8Array) =>
    (await runDataset(indicesClose, { date, files: { 'indices-close': text } })).parsed;

  it.each([
    ['an unknown header', 'SYMBOL,OPEN\nA,1\n', 'does not begin with the header'],
    ['an HTML page', '<!DOCTYPE html><html></html>', 'does not begin with the header'],
    ['nothing', '', 'does not begin with the header'],
    ['no rows', `${header}\n`, 'no readable row'],
    ['only malformed rows', `${header}\nA,B\n`, 'no readable row'],
    ['another session', `${header}\n${row({ 'Index Date': '09-07-2024' })}\n`, 'but holds 2024-07-09 (1 rows)'],
    ['a row of another session', `${header}\n${good}\n${row({ 'Index Date': '09-07-2024' })}\n`, 'holds 2024-07-09'],
    ['a row without a date', `${header}\n${good}\n${row({ 'Index Date': '-' })}\n`, 'but holds no date (1 rows)'],
  ])('refuses %s', async (_, text, message) => {
    await expect(parse(text)).rejects.toMatchObject({
      name: 'ChampionError',
      code: 'CORRUPT',
      message: expect.stringContaining(message),
    });
  });

  it(
    'gives rows or CORRUPT for whatever bytes come in, and loses no row',
    async () => {
      const value = fc.oneof(
        fc.constantFrom('-', '', '.5', '-.5', '-', 'x', '"', '24324.45'),
        fc.string({ maxLength: 6 }),
      );
      const line = fc.oneof(
        fc.constant(good),
        fc
          .record({
            'Index Name': fc.constantFrom('A', 'B', ' ', '"C"'),
            'P/E': value,
            'Low Index Value': value,
            Volume: value,
          })
          .map(row),
        fc.string({ maxLength: 60 }),
      );
      const file = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(line, { maxLength: 8 }).map((lines) => Buffer.from([header, ...lines].join('\n'))),
      );
      await fc.assert(
        fc.asyncProperty(file, async (bytes) => {
          try {
            const { parsed, silver, quarantined } = await runDataset(indicesClose, {
              date,
              files: { 'indices-close': bytes },
            });
            const lines = (rows: typeof quarantined) => new Set(rows.map((one) => one.line)).size;
            expect((parsed.bronze['indices-close']?.height ?? 0) + lines(parsed.quarantined)).toBe(parsed.rowsInFile);
            expect(silver.height + lines(quarantined)).toBe(parsed.rowsInFile);
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

describe('which file it is', () => {
  it('asks for one file a session and knows its name', () => {
    expect(indicesClose.slices(date, {})).toMatchObject([
      { name: 'indices-close', inputs: [{ requests: [{ endpoint: 'index-close', date }] }] },
    ]);
    expect(indicesClose.recognise('ind_close_all_10072024.csv')).toEqual({
      date: '2024-07-10',
      slice: 'indices-close',
      input: 'indices-close',
      extension: 'csv',
    });
    expect(indicesClose.recognise('ind_close_all_31022024.csv')).toBeUndefined();
    expect(indicesClose.recognise('ind_nifty50list.csv')).toBeUndefined();
  });

  // Files of the exchange, kept beside the checkout and never in it.
  const samples = join(dirname(fileURLToPath(import.meta.url)), '../../../../../../shared/nse-samples');

  it.skipIf(!existsSync(samples))('none of the samples is such a file: the format is the documented one', () => {
    expect(readdirSync(samples).filter((name) => indicesClose.recognise(name) !== undefined)).toEqual([]);
  });
});
