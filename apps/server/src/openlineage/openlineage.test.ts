import { join } from 'node:path';
import { fixedClock } from '@champion/core';
import { datasets } from '@champion/datasets';
import type { FlowRunDetail } from '@champion/engine';
import { PUBLISH_TASK } from '@champion/flows';
import { parseFault } from '@champion/simulator';
import { GOLD_TABLES } from '@champion/warehouse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Market, openMarket } from '../testing/market.ts';
import { lineageFollower, RunEvents, Schemas, toucher } from './index.ts';
import { SpecRunEvent } from './testing/spec.ts';

// Friday 2026-10-30, late in the evening in India: everything of that day is out.
const clock = fixedClock('2026-10-30T22:00:00+05:30');
const session = '2026-10-30';

let market: Market;
let root: string;
beforeAll(async () => {
  market = await openMarket({ clock });
  root = join(market.home, 'lake');
});
afterAll(() => market?.close());
beforeEach(() => market.simulator.setFaults([]));

/** What is told of a run at its beginning and its end, held against the specification. */
async function told(id: string): Promise<SpecRunEvent[]> {
  const { runs } = await market.stack.engine();
  const events: SpecRunEvent[] = [];
  const stores = {
    exchangeUrl: market.simulator.url,
    lakeRoot: root,
    clickhouseUrl: undefined,
    kafkaBrokers: undefined,
  };
  const follower = lineageFollower({
    name: 'test',
    runs,
    events: new RunEvents({
      namespace: 'champion',
      version: '0.1.0',
      describe: (flow) => datasets.find((dataset) => dataset.flow.name === flow)?.flow.description,
      touched: toucher(datasets, stores),
    }),
    schemas: new Schemas(market.stack.services.warehouse, () => undefined),
    transport: async (batch) => {
      events.push(...batch.map((event) => SpecRunEvent.parse(JSON.parse(JSON.stringify(event)))));
    },
  });
  const { states } = (await runs.get(id)) as FlowRunDetail;
  for (const { type, name, message, at } of states.filter(({ runId }) => runId === id)) {
    if (!follower.types.includes(type)) continue;
    await follower.tell({ flowRunId: id, type, name, message, at }, AbortSignal.timeout(60_000));
  }
  return events;
}

function ended(events: readonly SpecRunEvent[], job: string): SpecRunEvent {
  const found = events.filter((event) => event.job.name === job && event.eventType !== 'START');
  expect(found, job).toHaveLength(1);
  return found[0] as SpecRunEvent;
}

const names = (sets: readonly { namespace: string; name: string }[]) =>
  sets.map(({ namespace, name }) => `${namespace} ${name.replace(root, '<lake>')}`);

describe('a run that loads a session', () => {
  let events: SpecRunEvent[];
  let rowsInFile: number | undefined;
  beforeAll(async () => {
    market.simulator.setFaults([parseFault('corrupt-rows')]);
    const run = await market.ingest({ trade_date: session });
    expect(run.state).toBe('COMPLETED');
    events = await told(run.id);
    rowsInFile = run.result?.outcome === 'LOADED' ? run.result.rows_in_file : undefined;
  }, 60_000);

  it('is told from the exchange to the warehouse, step by step', () => {
    const steps = ['scrape_bhavcopy', 'parse_polars_raw', 'normalize_polars', 'write_parquet', 'load_clickhouse'];
    const flow = 'nse-bhavcopy-etl';
    const tables = ['equity_ohlc', 'quarantine', 'data_quality'].map(
      (table) => `clickhouse://embedded champion.${table}`,
    );
    const lake = (path: string) => `file <lake>/${path}`;
    const raw = [lake('raw/nse/bhavcopy'), lake('raw/nse/delivery')];
    const chain = steps.map((step) => {
      const { eventType, inputs, outputs } = ended(events, `${flow}.${step}`);
      return [eventType, names(inputs), names(outputs)];
    });
    expect(chain).toEqual([
      ['COMPLETE', ['nse bhavcopy', 'nse delivery'], raw],
      ['COMPLETE', raw, [lake('bronze/bhavcopy')]],
      ['COMPLETE', [lake('bronze/bhavcopy')], [lake('staging/equity_ohlc')]],
      ['COMPLETE', [lake('staging/equity_ohlc')], [lake('silver/equity_ohlc'), lake('quarantine/bhavcopy')]],
      ['COMPLETE', [lake('silver/equity_ohlc'), lake('quarantine/bhavcopy')], tables],
    ]);
    const whole = ended(events, flow);
    expect(names(whole.inputs)).toEqual(['nse bhavcopy', 'nse delivery']);
    expect(names(whole.outputs)).toEqual([
      ...raw,
      ...['bronze/bhavcopy', 'silver/equity_ohlc', 'quarantine/bhavcopy'].map(lake),
      ...tables,
    ]);
    expect(events.map(({ job, eventType }) => `${job.name} ${eventType}`)).toEqual([
      `${flow} START`,
      ...steps.flatMap((step) => [`${flow}.${step} START`, `${flow}.${step} COMPLETE`]),
      `${flow} COMPLETE`,
    ]);
    const times = events.map(({ eventTime }) => eventTime);
    expect(times).toEqual([...times].sort());
  });

  it('tells rows, bytes, columns, versions and what was found wrong', async () => {
    const { outputs } = ended(events, 'nse-bhavcopy-etl');
    const output = (end: string) => outputs.find(({ name }) => name.endsWith(end));
    const [[rows]] = (await market.sql('SELECT count() FROM equity_ohlc')) as [[string]];
    const table = output('champion.equity_ohlc');
    expect(table?.outputFacets.outputStatistics).toMatchObject({ rowCount: Number(rows) });
    expect(table?.facets.schema?.fields).toEqual(
      expect.arrayContaining([
        { name: 'symbol', type: expect.stringContaining('String') },
        { name: 'close', type: expect.stringContaining('Decimal(18, 4)') },
      ]),
    );
    const silver = output('silver/equity_ohlc');
    expect(silver?.outputFacets.outputStatistics).toMatchObject({
      rowCount: Number(rows),
      fileCount: 1,
      size: expect.toSatisfy((size: number) => size > 10_000),
    });
    expect(silver?.facets.version?.datasetVersion).toMatch(
      /^silver\/equity_ohlc\/trade_date=2026-10-30\/\S+\.parquet$/,
    );
    expect(output('raw/nse/bhavcopy')?.facets.version?.datasetVersion).toMatch(/[0-9a-f]{64}\.csv\.zip$/);

    const [exchange] = ended(events, 'nse-bhavcopy-etl.scrape_bhavcopy').inputs;
    expect(exchange?.facets.dataSource).toMatchObject({ name: 'nse', uri: market.simulator.url });
    const [bronze] = ended(events, 'nse-bhavcopy-etl.normalize_polars').inputs;
    expect(bronze?.inputFacets.dataQualityMetrics?.rowCount).toBe(rowsInFile);
    expect(rowsInFile).toBeGreaterThan(Number(rows));
    const assertions = bronze?.inputFacets.dataQualityAssertions?.assertions ?? [];
    expect(assertions.length).toBeGreaterThan(0);
    expect(assertions.every(({ success, actual }) => !success && /^\d+ rows?$/.test(actual ?? ''))).toBe(true);
  });

  it('is told to Kafka and a ClickHouse server by their addresses', async () => {
    const { runs } = await market.stack.engine();
    const id = events[0]?.run.runId ?? '';
    const written = (await runs.get(id))?.taskRuns.find(({ name }) => name === 'write_parquet')?.result;
    const touched = toucher(datasets, {
      exchangeUrl: market.simulator.url,
      lakeRoot: root,
      clickhouseUrl: 'http://user:secret@clickhouse:8123',
      kafkaBrokers: ['kafka-1:9092', 'kafka-2:9092'],
    });
    const sent = touched('nse-bhavcopy-etl', { name: PUBLISH_TASK, result: written });
    expect(names(sent?.inputs ?? [])[0]).toBe('file <lake>/silver/equity_ohlc');
    expect(names(sent?.outputs ?? [])).toContain('kafka://kafka-1:9092 normalized.market.equity.ohlc');
    const loaded = touched('nse-bhavcopy-etl', { name: 'load_clickhouse', result: written });
    expect(names(loaded?.outputs ?? [])).toContain('clickhouse://clickhouse:8123 champion.equity_ohlc');
  });

  it('has the run of the flow for a parent in each task', () => {
    const [start] = events;
    expect(start?.run.facets.parent).toBeUndefined();
    const due = start?.run.facets.nominalTime?.nominalStartTime ?? '';
    expect(Date.parse(due)).toBeLessThanOrEqual(Date.parse(start?.eventTime ?? ''));
    const { run } = ended(events, 'nse-bhavcopy-etl.load_clickhouse');
    expect(run.facets.parent).toMatchObject({
      run: { runId: start?.run.runId },
      job: { namespace: 'champion', name: 'nse-bhavcopy-etl' },
      root: { run: { runId: start?.run.runId } },
    });
  });
});

it('a run that fails says why, and what it read and wrote until then', async () => {
  market.simulator.setFaults([parseFault('404@2026-10-29')]);
  const run = await market.ingest({ trade_date: '2026-10-29' });
  const events = await told(run.id);
  const whole = ended(events, 'nse-bhavcopy-etl');
  expect(whole).toMatchObject({ eventType: 'FAIL', inputs: [], outputs: [] });
  expect(whole.run.facets.errorMessage?.message).toBe(run.error?.message);
  expect(ended(events, 'nse-bhavcopy-etl.scrape_bhavcopy')).toMatchObject({
    eventType: 'FAIL',
    run: { facets: { errorMessage: { message: expect.stringContaining('2026-10-29') } } },
  });
});

it('a day without a session is told without data', async () => {
  const run = await market.ingest({ trade_date: '2026-10-31' });
  const events = await told(run.id);
  expect(events.map(({ eventType, outputs }) => [eventType, outputs])).toEqual([
    ['START', []],
    ['COMPLETE', []],
  ]);
});

describe('the combined flow', () => {
  it('has all of the evening below it, gold included', async () => {
    const combined = await market.run('combined-market-data-etl', { trade_date: session });
    expect(combined.state).toBe('COMPLETED');
    const own = await told(combined.id);
    expect(own.map(({ job, eventType }) => `${job.name} ${eventType}`)).toEqual([
      'combined-market-data-etl START',
      'combined-market-data-etl COMPLETE',
    ]);
    const { runs } = await market.stack.engine();
    const { rows } = await runs.flowRuns.list({ parentIds: [combined.id] });
    expect(rows).toHaveLength(datasets.length + 1);
    for (const { id, flowName } of rows) {
      const events = await told(id);
      const whole = ended(events, flowName);
      expect(whole.run.facets.parent, flowName).toMatchObject({
        run: { runId: combined.id },
        job: { name: 'combined-market-data-etl' },
      });
      const last = events.at(-2);
      expect(last?.run.facets.parent).toMatchObject({ run: { runId: id }, root: { run: { runId: combined.id } } });
      if (flowName === 'market-gold-etl') {
        const computed = GOLD_TABLES.filter(({ sql }) => sql !== undefined).map(({ name }) => name);
        const table = (name: string) => `clickhouse://embedded champion.${name}`;
        expect(names(whole.inputs).sort()).toEqual(
          ['bulk_block_deals', 'equity_ohlc', 'index_constituents'].map(table).sort(),
        );
        expect(names(whole.outputs)).toEqual(expect.arrayContaining(computed.map(table)));
        expect(names(whole.outputs)).toEqual(expect.arrayContaining(['file <lake>/gold/indicators']));
      } else {
        const dataset = datasets.find((each) => each.flow.name === flowName);
        expect(names(whole.outputs), flowName).toContain(`clickhouse://embedded champion.${dataset?.table}`);
        expect(names(whole.inputs)[0], flowName).toMatch(/^nse /);
      }
    }
  }, 120_000);
});
