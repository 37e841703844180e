import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDate, eventId, type PreviousRows } from '@champion/core';
import { constituentsCsv, constituentsJson } from '@champion/simulator';
import { openWarehouse } from '@champion/warehouse';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset } from './definition.ts';

const date = businessDate('2026-05-20');
const slice = 'constituents.nifty-50';

interface Row {
  [field: string]: unknown;
}
interface Answer {
  name?: string;
  timestamp: string;
  data: Row[];
}

const answer = (index = 'NIFTY 50', day = date) =>
  JSON.parse(constituentsJson({ seed: 1, date: day, index, shape: 'a' })) as Answer;

/** An index of three members, changed by the test. */
function small(change: (answer: Answer) => void = () => {}): Answer {
  const cut = answer();
  cut.data = cut.data.slice(0, 4);
  change(cut);
  return cut;
}

const first = ({ data }: Answer): Row => data[1] as Row;

function ingest(content: unknown, options: { previous?: PreviousRows<pl.DataFrame>; date?: typeof date } = {}) {
  const text = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content);
  return runDataset(dataset, { date, slice, files: { [slice]: text }, ...options });
}

const texts = (frame: pl.DataFrame, column: string) => frame.getColumn(column).cast(pl.String).toArray();
const rules = (found: Awaited<ReturnType<typeof ingest>>) => found.anomalies.map(({ rule, count }) => [rule, count]);

describe('the site’s answer', () => {
  it.each(['a', 'b'] as const)('gives 50 members of NIFTY 50 in shape %s, the index kept apart', async (shape) => {
    const json = constituentsJson({ seed: 1, date, index: 'NIFTY 50', shape });
    const { parsed, silver, quarantined, anomalies, metrics } = await ingest(json);
    expect(parsed).toMatchObject({ format: `json_${shape}`, rowsInFile: 50 });
    expect(silver.height).toBe(50);
    expect([quarantined, anomalies, metrics]).toEqual([[], [], { members: 50 }]);
    expect(texts(silver, 'symbol')).not.toContain('NIFTY 50');
    const [own] = (JSON.parse(json) as Answer).data;
    expect(new Set(texts(silver, 'index_last')).size).toBe(1);
    expect(Number(texts(silver, 'index_last')[0])).toBe(own?.lastPrice);
  });

  it('keeps the digits that were printed', async () => {
    const json = JSON.stringify(small()).replace(
      /"lastPrice":[\d.]+,"previousClose"/g,
      '"lastPrice":1236.5000,"previousClose"',
    );
    const { silver } = await ingest(
      json
        .replace(/"totalTradedValue":[\d.]+/g, '"totalTradedValue":12345678901234567890.12')
        .replace(/"ffmc":[\d.]+/g, '"ffmc":1.72452037822459E12'),
    );
    expect(texts(silver, 'last')[0]).toBe('1236.5000');
    expect(texts(silver, 'turnover')[0]).toBe('12345678901234567890.1200');
    expect(texts(silver, 'ffmc')[0]).toBe('1724520378224.5900');
  });

  it('tells the index from its members without its priority, and with an empty meta', async () => {
    for (const change of [{ meta: null }, { meta: null, priority: 0 }, { priority: null }]) {
      const { parsed, silver } = await ingest(small((cut) => Object.assign(cut.data[0] as Row, change)));
      expect([parsed.rowsInFile, silver.height]).toEqual([3, 3]);
      expect(texts(silver, 'index_last')[0]).not.toBeNull();
    }
  });

  it('takes no index for a member', async () => {
    const twice = small((cut) => cut.data.push({ ...cut.data[0], meta: { isin: null } }));
    const { silver, quarantined } = await ingest(twice);
    expect(silver.height).toBe(3);
    expect(quarantined).toMatchObject([{ rule: 'symbol_shape', column: 'symbol', value: 'NIFTY 50' }]);
  });

  it('lets stand-ins for an ISIN through as null', async () => {
    for (const isin of ['INE', 'DUMMY', '-']) {
      const { silver, quarantined } = await ingest(small((cut) => Object.assign(first(cut), { meta: { isin } })));
      expect([silver.height, quarantined]).toEqual([3, []]);
      expect(silver.getColumn('isin').nullCount()).toBe(1);
    }
  });

  it('leaves null what is not published', async () => {
    const { silver, quarantined } = await ingest(
      small((cut) => Object.assign(first(cut), { open: null, ffmc: '-', series: null, meta: undefined })),
    );
    expect(quarantined).toEqual([]);
    const bare = silver.filter(pl.col('isin').isNull());
    expect(bare.height).toBe(1);
    for (const column of ['open', 'ffmc', 'series', 'company_name', 'industry', 'weight']) {
      expect(bare.getColumn(column).nullCount(), column).toBe(1);
    }
  });

  it('types silver as the warehouse wants it', async () => {
    const { silver } = await ingest(small());
    const types = Object.fromEntries(silver.columns.map((column) => [column, String(silver.getColumn(column).dtype)]));
    const price = 'DataType(Decimal(18,4))';
    expect(types).toEqual({
      trade_date: 'DataType(Date)',
      index_name: 'DataType(String)',
      symbol: 'DataType(String)',
      series: 'DataType(String)',
      isin: 'DataType(String)',
      company_name: 'DataType(String)',
      industry: 'DataType(String)',
      open: price,
      high: price,
      low: price,
      last: price,
      prev_close: price,
      change_pct: price,
      year_high: price,
      year_low: price,
      volume: 'DataType(UInt64)',
      turnover: 'DataType(Decimal(24,4))',
      ffmc: 'DataType(Decimal(24,4))',
      weight: 'DataType(Decimal(9,4))',
      index_open: price,
      index_high: price,
      index_low: price,
      index_last: price,
      index_prev_close: price,
      source_format: 'DataType(String)',
      event_id: 'DataType(String)',
      event_time: 'DataType(Datetime(ms,UTC))',
      ingest_time: 'DataType(Datetime(ms,UTC))',
      source: 'DataType(String)',
      schema_version: 'DataType(UInt16)',
      entity_id: 'DataType(String)',
    });
    const [member] = silver.select('symbol', 'event_time', 'entity_id', 'event_id').toRecords();
    expect(member).toMatchObject({
      event_time: new Date('2026-05-20T10:30:00Z'),
      entity_id: `${member?.symbol}:EQ:NSE`,
      event_id: eventId('index-constituents', [date, 'NIFTY 50', String(member?.symbol)]),
    });
  });
});

describe('the published list', () => {
  it('names the same members, without quotes', async () => {
    const list = await ingest(constituentsCsv({ seed: 1, date, index: 'NIFTY 50' }));
    const site = await ingest(answer());
    expect(list.parsed).toMatchObject({ format: 'csv', rowsInFile: 50 });
    expect(texts(list.silver, 'symbol')).toEqual(texts(site.silver, 'symbol'));
    expect(texts(list.silver, 'isin')).toEqual(texts(site.silver, 'isin'));
    expect(list.silver.columns).toEqual(site.silver.columns);
    expect(list.silver.getColumn('last').nullCount()).toBe(50);
    expect(rules(list)).toEqual([['undated_list', 1]]);
  });
});

describe('hard rules', () => {
  it.each<[string, Row, string, string | null]>([
    ['key_missing', { symbol: null }, 'symbol', null],
    ['number_format', { open: 'n/a' }, 'open', '"n/a"'],
    ['number_format', { lastPrice: 10.12345 }, 'lastPrice', '10.12345'],
    ['number_format', { lastPrice: -1 }, 'lastPrice', '-1'],
    ['number_format', { totalTradedVolume: 1.5 }, 'totalTradedVolume', '1.5'],
    ['row_shape', { symbol: ['A'] }, 'symbol', '["A"]'],
    ['price_range', { dayLow: 99_999_999 }, 'low', '99999999.0000'],
    ['isin_check_digit', { meta: { isin: 'INE118H01026' } }, 'isin', 'INE118H01026'],
  ])('%s: %o', async (rule, change, column, value) => {
    const { parsed, silver, quarantined } = await ingest(small((cut) => Object.assign(first(cut), change)));
    expect(quarantined).toEqual([{ line: 1, rule, column, value }]);
    expect(silver.height + quarantined.length).toBe(parsed.rowsInFile);
  });

  it('keeps the first of two rows of one symbol, and quarantines what is no row', async () => {
    const { silver, quarantined } = await ingest(
      small((cut) => cut.data.push({ ...first(cut) }, 'no row' as unknown as Row)),
    );
    expect(silver.height).toBe(3);
    expect(quarantined.map(({ line, rule }) => [line, rule])).toEqual([
      [5, 'row_shape'],
      [4, 'duplicate_key'],
    ]);
  });

  it('shows a quarantined row as it was printed', async () => {
    const bytes = Buffer.from(JSON.stringify(small()).replace('"lastPrice"', '"x":1.10,"lastPrice"'));
    const lines = await dataset.sourceLines({ bytes, fileName: 'answer.json' });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('"meta":{"symbol"');
  });
});

describe('anomalies', () => {
  it('reports a 51st member', async () => {
    const extra = answer();
    const isin = 'DUM154A01025';
    extra.data.push({ ...first(extra), symbol: 'DUMMYITC', meta: { isin, companyName: 'Dummy ITC' } });
    const found = await ingest(extra);
    expect(found.silver.height).toBe(51);
    expect(rules(found)).toEqual([
      ['member_count', 1],
      ['isin_placeholder', 1],
    ]);
    expect(found.anomalies[0]?.message).toBe('NIFTY 50 has 51 members where 50 are expected');
    expect(found.silver.getColumn('isin').nullCount()).toBe(1);
  });

  it('names who joined, left and was renamed since the last snapshot; without one, nobody', async () => {
    const before = answer();
    const now = answer();
    const [left, renamed] = before.data.slice(1) as [Row, Row];
    now.data[1] = { ...left, symbol: 'JOINED', meta: { isin: 'INE118H01025' } };
    now.data[2] = { ...renamed, symbol: 'NEWNAME' };
    const { silver, metrics } = await ingest(before);
    expect(metrics).toEqual({ members: 50 });
    const found = await ingest(now, { previous: { date: businessDate('2026-05-19'), adjacent: true, silver } });
    expect(found.anomalies.map(({ rule, message }) => [rule, message])).toEqual([
      ['member_added', 'joined NIFTY 50 since 2026-05-19: JOINED'],
      ['member_removed', `left NIFTY 50 since 2026-05-19: ${left.symbol}`],
      ['member_renamed', `renamed in NIFTY 50 since 2026-05-19: ${renamed.symbol} to NEWNAME`],
    ]);
    expect(found.metrics).toEqual({ members: 50, members_added: 1, members_removed: 1 });
  });

  it('reports quotes from before the close, outside their range, and a missing index quote', async () => {
    const found = await ingest(
      small((cut) => {
        cut.timestamp = '20-May-2026 11:54:31';
        Object.assign(first(cut), { lastPrice: 9_999_999 });
        Object.assign(cut.data[0] as Row, { lastPrice: null });
      }),
    );
    expect(rules(found)).toEqual([
      ['member_count', 47],
      ['last_outside_range', 1],
      ['before_close', 1],
      ['index_quote_missing', 1],
    ]);
  });
});

describe('answers that cannot be trusted as a whole', () => {
  it.each<[string, unknown, string]>([
    ['nothing', '', 'is empty'],
    ['an empty object', '{}', 'not an index with its members'],
    ['a page', '<!DOCTYPE html><html></html>', 'is not JSON'],
    [
      'another day',
      small((cut) => Object.assign(cut, { timestamp: '19-May-2026 16:00:00' })),
      'is of "19-May-2026 16:00:00"',
    ],
    ['no time', small((cut) => Object.assign(cut, { timestamp: undefined })), 'does not say of when'],
    ['another index', answer('NIFTY BANK'), 'is of NIFTY BANK'],
    ['only the index', small((cut) => cut.data.splice(1)), 'names no member of NIFTY 50'],
    ['a list without rows', 'Company Name,Industry,Symbol,Series,ISIN Code\n', 'names no member'],
  ])('refuses %s', async (_, content, message) => {
    await expect(ingest(content)).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(message) });
  });

  it(
    'gives rows or CORRUPT for whatever bytes come in, and loses no row',
    async () => {
      const value = fc.oneof(fc.jsonValue(), fc.constantFrom(1, -1, 1e21, 0.1 + 0.2, '', '-', 'EQ', null));
      const row = fc.oneof(
        fc.record(
          { symbol: value, series: value, lastPrice: value, dayLow: value, meta: fc.record({ isin: value }) },
          { requiredKeys: [] },
        ),
        value,
        fc.constant(first(answer())),
      );
      const content = fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc
          .array(fc.string({ maxLength: 40 }))
          .map((lines) => ['Company Name,Industry,Symbol,Series,ISIN Code', ...lines].join('\n')),
        fc
          .array(row, { maxLength: 6 })
          .map((data) => JSON.stringify({ name: 'NIFTY 50', timestamp: '20-May-2026 16:00:00', data })),
      );
      await fc.assert(
        fc.asyncProperty(content, async (bytes) => {
          try {
            const { parsed, silver, quarantined } = await ingest(bytes);
            const malformed = quarantined.filter((row) => parsed.quarantined.includes(row));
            expect((parsed.bronze[slice]?.height ?? 0) + malformed.length).toBe(parsed.rowsInFile);
            expect(silver.height + new Set(quarantined.map(({ line }) => line)).size).toBe(parsed.rowsInFile);
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

describe('what is asked for', () => {
  const asked = (indices?: string[]) => dataset.slices(date, indices ? { indices } : {});

  it('has a list of its own, and takes every spelling in use, each index once', () => {
    expect(asked().map(({ name }) => name)).toContain('constituents.nifty-bank');
    expect(asked(['NIFTY50', 'nifty 50', 'BANKNIFTY', 'NIFTYNEXT50']).map(({ scope }) => scope)).toEqual([
      { index_name: 'NIFTY 50' },
      { index_name: 'NIFTY BANK' },
      { index_name: 'NIFTY NEXT 50' },
    ]);
    expect(() => asked([''])).toThrow();
  });

  it('is the site’s answer, then the list; an index that is not known has only the former', () => {
    const requests = (index: string) =>
      asked([index])[0]?.inputs[0].requests.map(({ endpoint, parameters }) => [endpoint, parameters]);
    expect(requests('BANKNIFTY')).toEqual([
      ['index-constituents', { index: 'NIFTY BANK' }],
      ['index-list', { list: 'niftybank' }],
    ]);
    expect(requests('nifty india defence')).toEqual([['index-constituents', { index: 'NIFTY INDIA DEFENCE' }]]);
  });

  it('recognises saved files', () => {
    expect(dataset.recognise('equity-stock-indices_NIFTY50_2026-05-20.json')).toEqual({
      date,
      slice,
      input: slice,
      extension: 'json',
    });
    expect(dataset.recognise('ind_nifty50list.csv')).toEqual({
      date: undefined,
      slice,
      input: slice,
      extension: 'csv',
    });
    expect(dataset.recognise('ind_nifty50list_20260520.csv')?.date).toBe(date);
    expect(dataset.recognise('ind_close_all_20052026.csv')).toBeUndefined();
  });
});

describe('in the warehouse', () => {
  it('a year’s snapshots show who joined and left, and when', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'champion-constituents-'));
    const warehouse = await openWarehouse({ kind: 'embedded', path: join(folder, 'warehouse') });
    try {
      await warehouse.migrate(dataset.migrations);
      const load = async (day: string, symbols: [string, string | null][]) => {
        const template = small();
        const data = symbols.map(([symbol, isin]) => ({ ...first(template), symbol, meta: { isin } }));
        const on = businessDate(day);
        const timestamp = `${day.slice(8)}-May-2026 16:00:00`;
        const { silver } = await ingest({ ...template, timestamp, data: [template.data[0], ...data] }, { date: on });
        const file = join(folder, `${day}.parquet`);
        silver.writeParquet(file);
        const scope = { trade_date: day, index_name: 'NIFTY 50' };
        const source = `raw/nse/${slice}/${day}/test`;
        await warehouse.loadSlice({ table: 'index_constituents', scope, source, rows: silver.height, file });
      };
      await load('2026-05-18', [
        ['A', 'INE118H01025'],
        ['B', null],
        ['C', 'INE090A01021'],
      ]);
      await load('2026-05-19', [
        ['A', 'INE118H01025'],
        ['B', null],
        ['C', 'INE090A01021'],
      ]);
      await load('2026-05-20', [
        ['A', 'INE118H01025'],
        ['D', null],
        ['C2', 'INE090A01021'],
      ]);
      const { rows } = await warehouse.sql(
        'SELECT trade_date, previous_date, change, symbol FROM index_changes ORDER BY trade_date, change',
      );
      expect(rows).toEqual([
        ['2026-05-20', '2026-05-19', 'ADD', 'D'],
        ['2026-05-20', '2026-05-19', 'REMOVE', 'B'],
      ]);
      const stored = await warehouse.sql(
        `SELECT toString(event_time), last > 0, weight IS NULL FROM index_constituents LIMIT 1`,
      );
      expect(stored.rows).toEqual([['2026-05-18 16:00:00.000', 1, 1]]);
    } finally {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
