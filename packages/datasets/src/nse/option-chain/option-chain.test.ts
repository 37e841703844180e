import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessDate, eventId } from '@champion/core';
import { contractInfoJson, optionChainJson } from '@champion/simulator';
import { openWarehouse } from '@champion/warehouse';
import fc from 'fast-check';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import { runDataset } from '../../testing/run-dataset.ts';
import { RUNS, RUNS_TIMEOUT } from '../../testing/runs.ts';
import { dataset } from './definition.ts';
import { chainInputs } from './requests.ts';

const date = businessDate('2026-05-20');
const at = new Date('2026-05-20T14:34:50+05:30');
const main = 'option-chain.nifty';
const chain = `${main}.2026-05-26`;
const info = contractInfoJson({ seed: 1, at, symbol: 'NIFTY' });

type Leg = Record<string, unknown>;
interface Row {
  strikePrice: number;
  CE?: Leg;
  PE?: Leg;
}
interface Answer {
  records: { timestamp?: string; underlyingValue: number; data: Row[]; CE: { totOI: number }; PE: { totOI: number } };
}

const v3 = (expiry = '2026-05-26', symbol = 'NIFTY') =>
  optionChainJson({ seed: 1, at, symbol, expiry: businessDate(expiry) });

const leg = (strike: number, type: 'CE' | 'PE', change: Leg = {}): Leg => ({
  strikePrice: strike,
  expiryDate: '26-05-2026',
  underlying: 'NIFTY',
  identifier: `OPTIDXNIFTY26-05-2026${type}${strike}.00`,
  openInterest: 10,
  changeinOpenInterest: -2,
  pchangeinOpenInterest: -16.666666666666664,
  totalTradedVolume: 100,
  impliedVolatility: 12.5,
  lastPrice: 101.05,
  change: -0.10000000000000009,
  totalBuyQuantity: 650,
  totalSellQuantity: 0,
  buyPrice1: 101,
  buyQuantity1: 65,
  sellPrice1: 101.1,
  sellQuantity1: 130,
  underlyingValue: 20010.5,
  optionType: null,
  pchange: -0.09886307464162,
  ...change,
});

/** What stands in v3 for a side that is not listed. */
const unlisted = {
  ...Object.fromEntries(Object.keys(leg(0, 'CE')).map((name) => [name, 0])),
  expiryDate: null,
  underlying: null,
  identifier: null,
  optionType: null,
};

/** A chain of two strikes, changed by the test. */
function small(change: (answer: Answer) => void = () => {}): string {
  const data = [20000, 20100].map((strikePrice) => {
    return { expiryDates: '26-May-2026', CE: leg(strikePrice, 'CE'), PE: leg(strikePrice, 'PE'), strikePrice };
  });
  const records = {
    timestamp: '20-May-2026 14:34:42',
    underlyingValue: 20010.5,
    data,
    CE: { totOI: 20 },
    PE: { totOI: 20 },
  };
  const answer: Answer = { records };
  change(answer);
  return JSON.stringify(answer);
}
const firstCall = ({ records }: Answer): Leg => records.data[0]?.CE ?? {};

const ingest = (files: Readonly<Record<string, string | Uint8Array>>, slice = main) =>
  runDataset(dataset, { date, slice, files });
const one = (content: string | Uint8Array) => ingest({ [main]: info, [chain]: content });
const texts = (frame: pl.DataFrame, column: string) => frame.getColumn(column).cast(pl.String).toArray();
const rules = (found: Awaited<ReturnType<typeof one>>) => found.anomalies.map(({ rule, count }) => [rule, count]);

describe('a snapshot', () => {
  it('is the legs of several expiries, whole', async () => {
    const expiries = ['2026-05-26', '2026-06-02', '2026-06-09'];
    const files = Object.fromEntries(expiries.map((expiry) => [`${main}.${expiry}`, v3(expiry)]));
    const { parsed, silver, quarantined, anomalies, metrics } = await ingest({ [main]: info, ...files });
    expect(parsed.format).toBe('v3');
    expect(Object.keys(parsed.bronze)).toEqual(Object.keys(files));
    expect(silver.height).toBe(parsed.rowsInFile);
    expect(silver.height).toBeGreaterThan(500);
    expect([quarantined, anomalies]).toEqual([[], []]);
    expect([...new Set(texts(silver, 'expiry'))]).toEqual(expiries);
    expect(new Set(texts(silver, 'event_id')).size).toBe(silver.height);
    expect(metrics).toMatchObject({ legs: silver.height, expiries: 3 });
    expect(metrics?.nearest_put_call_ratio).toBeGreaterThan(0);
    expect(metrics?.legs_absent).toBeGreaterThan(0);
    const { timestamp } = (JSON.parse(files[chain] ?? '') as Answer).records;
    const time = timestamp?.slice(-8) ?? '';
    expect(parsed.snapshot).toEqual({
      time: `2026-05-20T${time}+05:30`,
      scope: { symbol: 'NIFTY', snapshot_time: `2026-05-20 ${time}` },
    });
  });

  it('reads the older shape, all expiries in one file', async () => {
    const older = optionChainJson({ seed: 1, at, symbol: 'NIFTY', shape: 'v2' });
    const { parsed, silver, quarantined, anomalies } = await ingest({ [main]: older });
    expect([parsed.format, quarantined, anomalies]).toEqual(['v2', [], []]);
    const newer = await one(v3());
    const nearest = silver.filter(pl.col('expiry').cast(pl.String).eq(pl.lit('2026-05-26')));
    const facts = (frame: pl.DataFrame) =>
      frame.columns
        .filter((name) => !['source_format', 'source'].includes(name))
        .map((name) => [name, texts(frame, name)]);
    expect(facts(nearest)).toEqual(facts(newer.silver));
  });

  it('reads a share whose symbol has an ampersand', async () => {
    const share = optionChainJson({ seed: 1, at, symbol: 'M&M' });
    const [row] = (JSON.parse(share) as Answer).records.data;
    const expiry = String(row?.CE?.expiryDate ?? row?.PE?.expiryDate)
      .split('-')
      .reverse()
      .join('-');
    const contracts = contractInfoJson({ seed: 1, at, symbol: 'M&M' });
    const { silver } = await runDataset(dataset, {
      date,
      slice: 'option-chain.m-and-m',
      parameters: { symbols: ['M&M'] },
      files: { 'option-chain.m-and-m': contracts, [`option-chain.m-and-m.${expiry}`]: share },
    });
    expect(new Set(texts(silver, 'symbol'))).toEqual(new Set(['M&M']));
    expect(texts(silver, 'entity_id')[0]).toMatch(/^M&M:2026-05-26:\d+(\.\d+)?:(CE|PE):NSE$/);
  });

  it('has null where a zero stands for nothing, and drops sides that are not listed', async () => {
    const { parsed, silver, metrics } = await one(
      small((answer) => {
        Object.assign(firstCall(answer), {
          impliedVolatility: 0,
          lastPrice: 0,
          pchange: -100,
          sellPrice1: 0,
          openInterest: 92.66666666666667,
        });
        (answer.records.data[1] as Row).PE = unlisted;
      }),
    );
    expect(parsed.rowsInFile).toBe(3);
    expect(metrics).toMatchObject({ legs: 3, legs_absent: 1 });
    const call = silver.head(1);
    for (const column of ['iv', 'last', 'change', 'change_pct', 'ask', 'ask_quantity']) {
      expect(call.getColumn(column).nullCount(), column).toBe(1);
    }
    expect(texts(call, 'open_interest')).toEqual(['92.6667']);
    expect(texts(call, 'total_ask_quantity')).toEqual(['0']);
  });

  it('types silver as the warehouse wants it', async () => {
    const { silver } = await one(small());
    const types = Object.fromEntries(silver.columns.map((column) => [column, String(silver.getColumn(column).dtype)]));
    const [price, count, time, word] = ['Decimal(18,4)', 'UInt64', 'Datetime(ms,UTC)', 'String'].map(
      (type) => `DataType(${type})`,
    );
    expect(types).toEqual({
      trade_date: 'DataType(Date)',
      snapshot_time: time,
      symbol: word,
      expiry: 'DataType(Date)',
      strike: price,
      option_type: word,
      identifier: word,
      open_interest: price,
      change_in_open_interest: price,
      volume: count,
      iv: price,
      last: price,
      change: price,
      change_pct: price,
      bid: price,
      bid_quantity: count,
      ask: price,
      ask_quantity: count,
      total_bid_quantity: count,
      total_ask_quantity: count,
      underlying_value: price,
      source_format: word,
      event_id: word,
      event_time: time,
      ingest_time: time,
      source: word,
      schema_version: 'DataType(UInt16)',
      entity_id: word,
    });
    const [row] = silver.select('snapshot_time', 'event_time', 'entity_id', 'event_id').toRecords();
    expect(row).toEqual({
      snapshot_time: new Date('2026-05-20T09:04:42Z'),
      event_time: new Date('2026-05-20T09:04:42Z'),
      entity_id: 'NIFTY:2026-05-26:20000:CE:NSE',
      event_id: eventId('option-chain', ['NIFTY', '2026-05-26', '20000.0000', 'CE', '2026-05-20 14:34:42']),
    });
    expect(texts(silver, 'change')[0]).toBe('-0.1000');
  });
});

describe('hard rules', () => {
  it.each<[string, Leg, string, string]>([
    ['number_format', { openInterest: -1 }, 'openInterest', '2026-05-26 20000 CE: -1'],
    ['number_format', { lastPrice: 1.00001 }, 'lastPrice', '2026-05-26 20000 CE: 1.00001'],
    ['date_format', { expiryDate: '2026-05-26x' }, 'expiryDate', '2026-05-26 20000 CE: 2026-05-26x'],
    ['key_missing', { identifier: null }, 'identifier', '2026-05-26 20000 CE: '],
    ['value_missing', { openInterest: null }, 'open_interest', '2026-05-26 20000 CE: '],
    ['strike_mismatch', { strikePrice: 20050 }, 'strike', '2026-05-26 20050 CE: 20050.0000'],
    ['expiry_mismatch', { expiryDate: '02-06-2026' }, 'expiry', '2026-06-02 20000 CE: 2026-06-02'],
  ])('%s: %o', async (rule, change, column, value) => {
    const { parsed, silver, quarantined } = await one(small((answer) => Object.assign(firstCall(answer), change)));
    expect(quarantined).toEqual([{ line: 1, rule, column, value }]);
    expect(silver.height + quarantined.length).toBe(parsed.rowsInFile);
  });

  it('keeps the first of two legs with one key, and quarantines a side that is no leg', async () => {
    const { silver, quarantined } = await one(
      small(({ records }) => {
        records.data.push({ ...(records.data[0] as Row), PE: 'x' as unknown as Leg });
      }),
    );
    expect(silver.height).toBe(4);
    expect(quarantined.map(({ line, rule }) => [line, rule])).toEqual([
      [6, 'row_shape'],
      [5, 'duplicate_key'],
    ]);
  });

  it('numbers the legs over all files of the snapshot', async () => {
    const later = small((answer) => {
      for (const row of answer.records.data as (Row & { expiryDates: string })[]) {
        row.expiryDates = '02-Jun-2026';
        for (const side of [row.CE, row.PE]) Object.assign(side ?? {}, { expiryDate: '02-06-2026' });
      }
      Object.assign(firstCall(answer), { openInterest: 'x' });
    });
    const { quarantined } = await ingest({ [main]: info, [chain]: small(), [`${main}.2026-06-02`]: later });
    expect(quarantined).toMatchObject([{ line: 5, rule: 'number_format' }]);
  });

  it('shows a leg as it was printed', async () => {
    const lines = await dataset.sourceLines({ bytes: Buffer.from(small()), fileName: 'chain.json' });
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain('"change":-0.10000000000000009');
    expect(await dataset.sourceLines({ bytes: Buffer.from(info), fileName: 'info.json' })).toEqual([]);
  });
});

describe('anomalies', () => {
  it('reports crossed quotes, another value of the underlying, and legs that do not add up', async () => {
    const found = await one(
      small((answer) => {
        Object.assign(firstCall(answer), { sellPrice1: 100, underlyingValue: 20000 });
        answer.records.PE.totOI = 500;
      }),
    );
    expect(rules(found)).toEqual([
      ['crossed_quote', 1],
      ['underlying_differs', 1],
      ['total_mismatch', 1],
    ]);
    expect(found.silver.height).toBe(4);
  });

  it('reports files of one snapshot that are not of one moment', async () => {
    const found = await ingest({
      [main]: info,
      [chain]: small(),
      [`${main}.2026-06-02`]: small((answer) => {
        answer.records.timestamp = '20-May-2026 14:20:00';
        for (const row of answer.records.data as (Row & { expiryDates: string })[]) {
          row.expiryDates = '02-Jun-2026';
          for (const side of [row.CE, row.PE]) Object.assign(side ?? {}, { expiryDate: '02-06-2026' });
        }
      }),
    });
    expect(rules(found)).toEqual([['time_spread', 1]]);
    expect(found.parsed.snapshot?.scope.snapshot_time).toBe('2026-05-20 14:34:42');
  });
});

it('takes no put for a call: the identifier says which a leg is, where it is of the known shape', async () => {
  const named = (identifier: string) => one(small((answer) => Object.assign(firstCall(answer), { identifier })));
  const identifier = 'OPTSTKRELIANCE26-05-2026PE20000.00';
  const { silver, quarantined } = await named(identifier);
  expect(silver.height).toBe(3);
  expect(quarantined).toEqual([
    { line: 1, rule: 'side_mismatch', column: 'identifier', value: `2026-05-26 20000 CE: ${identifier}` },
  ]);
  for (const other of ['OPTSTKPERELIANCE26-05-2026CE20000.00', 'NIFTY PE 1'])
    expect((await named(other)).silver.height).toBe(4);
});

describe('beside the snapshot of the day that is loaded', () => {
  const later = (change: (answer: Answer) => void = () => {}) =>
    small((answer) => {
      answer.records.timestamp = '20-May-2026 15:00:00';
      change(answer);
    });
  const after = async (loaded: string, now: string) => {
    const { parsed, silver } = await one(loaded);
    const latestSnapshot = { time: parsed.snapshot?.time ?? '', silver };
    return runDataset(dataset, { date, slice: main, files: { [main]: info, [chain]: now }, latestSnapshot });
  };

  it('says nothing when time goes on', async () => {
    expect((await after(small(), later())).anomalies).toEqual([]);
  });

  it('tells both times when it is older, and keeps its rows', async () => {
    const found = await after(later(), small());
    expect(rules(found)).toEqual([['snapshot_not_newer', 1]]);
    expect(found.anomalies[0]?.message).toBe(
      "the snapshot is of 14:34:42 IST, older than that of 15:00:00 IST, which stays the day's latest",
    );
    expect(found.silver.height).toBe(4);
  });

  it('tells when the exchange shows the same one again', async () => {
    const found = await after(small(), small());
    expect(rules(found)).toEqual([['snapshot_not_newer', 1]]);
    expect(found.anomalies[0]?.message).toBe('the snapshot is of 14:34:42 IST, as the one that was loaded before');
  });

  it('tells when less was traded in the newer of both, whichever came first', async () => {
    const less = later((answer) => {
      firstCall(answer).totalTradedVolume = 99;
    });
    const fell = await after(small(), less);
    expect(rules(fell)).toEqual([['volume_fell', 1]]);
    expect(fell.anomalies[0]?.message).toContain('2026-05-26 20000.0000 CE: 100, then 99 contracts');
    expect(rules(await after(less, small()))).toEqual([
      ['snapshot_not_newer', 1],
      ['volume_fell', 1],
    ]);
  });
});

describe('files that cannot be trusted as a whole', () => {
  it.each<[string, string, string]>([
    ['an empty object, which is no empty chain', '{}', 'no option chain'],
    ['empty records', '{"records":{},"filtered":{}}', 'no option chain'],
    ['a page', '<!DOCTYPE html>', 'is not JSON'],
    ['no legs', small(({ records }) => records.data.splice(0)), 'no leg of NIFTY'],
    [
      'another day',
      small(({ records }) => Object.assign(records, { timestamp: '19-May-2026 15:30:00' })),
      'is of "19-May-2026 15:30:00"',
    ],
    ['no time', small(({ records }) => Object.assign(records, { timestamp: undefined })), 'does not say of when'],
    ['another symbol', v3('2026-05-26', 'BANKNIFTY'), 'is of BANKNIFTY'],
    ['another expiry', v3('2026-06-02'), 'is of 2026-06-02'],
  ])('refuses %s', async (_, content, message) => {
    await expect(one(content)).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(message) });
  });

  it('refuses expiries without any chain', async () => {
    await expect(ingest({ [main]: info })).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it(
    'gives rows or CORRUPT for whatever bytes come in, and loses no leg',
    async () => {
      const value = fc.oneof(
        fc.jsonValue(),
        fc.constantFrom(0, 1, -1, 1e21, 0.1 + 0.2, '', 'NIFTY', '26-05-2026', null),
      );
      const side = fc.oneof(
        fc.record(
          { strikePrice: value, expiryDate: value, underlying: value, identifier: value, openInterest: value },
          { requiredKeys: [] },
        ),
        fc.constantFrom(leg(20000, 'CE'), leg(20000, 'CE'), unlisted),
        value,
      );
      const row = fc.oneof(
        fc.record(
          {
            strikePrice: fc.constantFrom(20000, 20100, 'x'),
            expiryDates: fc.constant('26-May-2026'),
            CE: side,
            PE: side,
          },
          { requiredKeys: [] },
        ),
        value,
      );
      const content = fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc
          .array(row, { maxLength: 4 })
          .map((data) => JSON.stringify({ records: { timestamp: '20-May-2026 14:34:42', underlyingValue: 1, data } })),
      );
      await fc.assert(
        fc.asyncProperty(content, fc.boolean(), async (bytes, whole) => {
          try {
            const { parsed, silver, quarantined } = await (whole ? ingest({ [main]: bytes }) : one(bytes));
            const rows = Object.values(parsed.bronze).reduce((sum, { height }) => sum + height, 0);
            expect(rows + parsed.quarantined.length).toBe(parsed.rowsInFile);
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
  const [slice] = dataset.slices(date, {});
  const follow = (content: string) =>
    slice?.follow?.({ [main]: { bytes: Buffer.from(content), fileName: 'info' } }) ?? [];

  it('is the contracts first, then the chain of each of the nearest expiries', () => {
    expect(dataset.slices(date, {}).map(({ name }) => name)).toEqual(
      ['nifty', 'banknifty', 'finnifty', 'midcpnifty'].map((name) => `option-chain.${name}`),
    );
    expect(follow(info).map(({ name, requests }) => [name, requests[0]?.parameters])).toEqual(
      ['26-May-2026', '02-Jun-2026', '09-Jun-2026'].map((expiry, i) => [
        `${main}.${['2026-05-26', '2026-06-02', '2026-06-09'][i]}`,
        { type: 'Indices', symbol: 'NIFTY', expiry },
      ]),
    );
    const share = dataset.slices(date, { symbols: ['m&m', 'M&M'], expiries: 1 });
    expect(share).toHaveLength(1);
    const contracts = Buffer.from('{"expiryDates":["30-Jun-2026","26-May-2026","28-Apr-2026"]}');
    expect(
      share[0]
        ?.follow?.({ 'option-chain.m-and-m': { bytes: contracts, fileName: 'info' } })
        .map(({ requests }) => requests[0]?.parameters),
    ).toEqual([{ type: 'Equity', symbol: 'M&M', expiry: '26-May-2026' }]);
  });

  it('follows nothing from a whole chain, and refuses what names no expiry', () => {
    expect(follow(small())).toEqual([]);
    for (const content of ['{}', '[]', '<html>', '{"expiryDates":["28-Apr-2026"]}', '{"expiryDates":[1]}']) {
      expect(() => follow(content), content).toThrowError(expect.objectContaining({ code: 'CORRUPT' }));
    }
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.json().map(Buffer.from)), (bytes) => {
        try {
          chainInputs({ bytes, fileName: 'info' }, 'NIFTY', date, 3);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ChampionError', code: 'CORRUPT' });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('recognises saved files', () => {
    const file = { slice: main, input: main };
    expect(dataset.recognise('option-chain-v3_NIFTY_2026-05-20.json')).toEqual({ ...file, date, extension: 'json' });
    expect(dataset.recognise('option-chain-indices_NIFTY_2026-05-20.json.repacked.zip')).toEqual({
      ...file,
      date,
      extension: 'json.zip',
    });
    expect(dataset.recognise('option-chain-indices_NIFTY_2019-08.json.zip')?.date).toBeUndefined();
    expect(dataset.recognise('option-chain-equities_M&M_2026-05-20.json')?.slice).toBe('option-chain.m-and-m');
    expect(dataset.recognise('option-chain-contract-info_NIFTY_2026-09-11.json')).toBeUndefined();
  });
});

describe('in the warehouse', () => {
  it('snapshots stand beside each other, a re-load changes nothing, and the summary agrees with the run’s', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'champion-options-'));
    const warehouse = await openWarehouse({ kind: 'embedded', path: join(folder, 'warehouse') });
    try {
      await warehouse.migrate(dataset.migrations);
      const load = async (content: string) => {
        const found = await one(content);
        const file = join(folder, `${found.parsed.snapshot?.time.slice(11, 19)}.parquet`);
        found.silver.writeParquet(file);
        const loaded = await warehouse.loadSlice({
          table: 'option_chain',
          scope: { trade_date: date, ...found.parsed.snapshot?.scope },
          source: `raw/nse/${main}/${date}/test`,
          rows: found.silver.height,
          file,
        });
        return { ...found, loaded };
      };
      const whole = await load(v3());
      const again = await load(v3());
      expect([whole.loaded.inserted, again.loaded.skipped]).toEqual([whole.silver.height, true]);
      const closed = small((answer) => {
        answer.records.timestamp = '20-May-2026 15:30:00';
        for (const { CE } of answer.records.data) Object.assign(CE ?? {}, { openInterest: 0, impliedVolatility: 0 });
      });
      const later = await load(closed);
      const { rows } = await warehouse.sql(
        `SELECT toString(snapshot_time), put_call_ratio, toFloat64(max_pain), atm_iv, strike_count
         FROM option_summary ORDER BY snapshot_time`,
      );
      const { metrics = {} } = whole;
      expect(rows).toEqual([
        [
          `${whole.parsed.snapshot?.scope.snapshot_time}.000`,
          metrics.nearest_put_call_ratio,
          metrics.nearest_max_pain,
          metrics.nearest_atm_iv,
          String(((metrics.legs ?? 0) + (metrics.legs_absent ?? 0)) / 2),
        ],
        ['2026-05-20 15:30:00.000', null, later.metrics?.nearest_max_pain, 12.5, '2'],
      ]);
    } finally {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
