import {
  type BusinessDate,
  BusinessDateSchema,
  ChampionError,
  type Clock,
  plural,
  type TradingCalendar,
  today,
} from '@champion/core';
import { type AnyFlow, type Completed, completed, type FlowRunOutcome, flow, task } from '@champion/engine';
import { z } from 'zod';
import { leaveReport } from './combined-artifacts.ts';
import { combinedReport } from './combined-report.ts';
import { GOLD_FLOW, type GoldFlow, type GoldResult, goldFlow } from './gold.ts';
import type { MarketSnapshot } from './gold-snapshot.ts';
import { type IngestFlow, ingestFlow } from './ingest.ts';
import { latestPublished } from './publication.ts';
import type { IngestResult } from './references.ts';
import type { Services } from './services.ts';
import type { Dataset } from './session.ts';
import { PUBLISH_TASK } from './steps/publish.ts';

/** How one of the flows ended. */
export interface FlowEnd {
  readonly flow: string;
  /** Null when it was not run. */
  readonly flow_run_id: string | null;
  /** SKIPPED: what it loads can't be had for this session any more. */
  readonly state: 'LOADED' | 'NO_SESSION' | 'SKIPPED' | 'FAILED';
  readonly rows_loaded: number;
  readonly rows_quarantined: number;
  readonly anomalies: number;
  readonly duration_ms: number;
  /** Why it is not LOADED. */
  readonly message: string | null;
  /** Of a failure. */
  readonly code: string | null;
}

export interface CombinedResult {
  readonly trade_date: BusinessDate;
  readonly rows_loaded: number;
  readonly rows_quarantined: number;
  readonly anomalies: number;
  readonly flows: readonly FlowEnd[];
  /** Null when gold was not computed. */
  readonly snapshot: MarketSnapshot | null;
  /** Plain text: the market, then the flows. */
  readonly report: string;
}

export const COMBINED_FLOW = {
  name: 'combined-market-data-etl',
  description: 'All datasets of a session in parallel, then gold, the market snapshot and a report',
  tasks: { plan: 'plan_flows' },
};

/** Every flow of the product: one for each dataset, gold, and all of them combined. */
export function marketFlows(datasets: readonly Dataset[], services: Services): AnyFlow[] {
  const ingests = datasets.map((dataset) => ({ dataset, flow: ingestFlow(dataset, services) }));
  const gold = goldFlow(services);
  return [...ingests.map((ingest) => ingest.flow), gold, combinedFlow(ingests, gold, services)];
}

/**
 * What the flows are called, do and consist of, without making them.
 * @param events whether rows are sent to Kafka, which is one more task
 */
export function describeFlows(
  datasets: readonly Dataset[],
  { events = false }: { readonly events?: boolean } = {},
): { readonly name: string; readonly description: string; readonly tasks: readonly string[] }[] {
  const ingests = datasets.map(({ flow: { name, description, tasks } }) => ({
    name,
    description,
    tasks: [...Object.values(tasks), ...(events ? [PUBLISH_TASK] : [])],
  }));
  const others = [GOLD_FLOW, COMBINED_FLOW].map((each) => ({ ...each, tasks: Object.values(each.tasks) }));
  return [...ingests, ...others];
}

/** The last session of which every dataset should be published by now. */
export function latestOfAll(datasets: readonly Dataset[], calendar: TradingCalendar, clock: Clock): BusinessDate {
  const dates = datasets.filter(({ per }) => per === 'session').map((each) => latestPublished(each, calendar, clock));
  return dates.sort()[0] ?? calendar.previousSession(today(clock));
}

interface Ingest {
  readonly dataset: Dataset;
  readonly flow: IngestFlow;
}

/**
 * Runs the flow of every dataset at once, each as a child run, then gold on what is there. One that fails does not keep
 * the others from ending: the run fails after them all and names which.
 */
function combinedFlow(ingests: readonly Ingest[], gold: GoldFlow, services: Services): AnyFlow {
  const { calendar, clock } = services;
  const datasets = ingests.map(({ dataset }) => dataset);
  const sessions = ingests.filter(({ dataset }) => dataset.per === 'session');
  // States as of a day first: they are small, and what is known of the calendar and the symbols is soonest there.
  const inOrder = [...ingests.filter(({ dataset }) => dataset.per === 'day'), ...sessions];
  // A task, for the clock goes on: a resumed run must go by what was decided at first.
  const plan = task({ name: COMBINED_FLOW.tasks.plan }, (date: BusinessDate): Record<string, string> => {
    const reasons = inOrder.map(({ dataset }) => [dataset.flow.name, unavailable(dataset, date, services)] as const);
    return Object.fromEntries(reasons.filter((entry): entry is [string, string] => entry[1] !== undefined));
  });
  return flow(
    {
      name: COMBINED_FLOW.name,
      description: COMBINED_FLOW.description,
      parameters: z.strictObject({
        /** Default: the last session of which every dataset should be published. */
        trade_date: BusinessDateSchema.default(() => latestOfAll(datasets, calendar, clock)),
        load_to_clickhouse: z.boolean().default(true),
      }),
      runName: ({ trade_date }) => `combined-etl-${trade_date}`,
    },
    async ({ trade_date, load_to_clickhouse }): Promise<Completed<CombinedResult>> => {
      const left = await plan(trade_date);
      const ends = await Promise.all(
        inOrder.map(async ({ dataset, flow: ingest }): Promise<FlowEnd> => {
          const why = left[dataset.flow.name];
          if (why !== undefined) return skipped(dataset.flow.name, why);
          // A state as of a day is the present one, whichever session is asked for.
          const parameters = dataset.per === 'day' ? { load_to_clickhouse } : { trade_date, load_to_clickhouse };
          return ingestEnd(dataset.flow.name, await ingest.outcome(parameters));
        }),
      );
      const goldEnd = load_to_clickhouse ? await gold.outcome({ trade_date }) : undefined;
      const computed = goldEnd?.state === 'COMPLETED' ? (goldEnd.result as GoldResult) : undefined;
      ends.push(goldEnd ? goldFlowEnd(goldEnd) : skipped(gold.name, 'the warehouse was declined'));

      const total = (of: (end: FlowEnd) => number) => ends.reduce((sum, end) => sum + of(end), 0);
      const market = computed?.outcome === 'COMPUTED' ? computed : undefined;
      const result: CombinedResult = {
        trade_date,
        rows_loaded: total(({ rows_loaded }) => rows_loaded),
        rows_quarantined: total(({ rows_quarantined }) => rows_quarantined),
        anomalies: total(({ anomalies }) => anomalies),
        flows: ends,
        snapshot: market?.snapshot ?? null,
        report: combinedReport(trade_date, market?.report, ends),
      };
      await leaveReport(result);
      const failed = ends.filter(({ state }) => state === 'FAILED');
      if (failed.length > 0) throw failure(failed, result);
      const loaded = ends.filter(({ flow: name, state }) => state === 'LOADED' && name !== gold.name);
      const closed = computed?.outcome === 'NO_SESSION' ? computed.reason : undefined;
      return completed(result, {
        ...(closed === undefined ? {} : { name: 'NoSession' }),
        message: closed ?? `${plural(result.rows_loaded, 'row')} of ${plural(loaded.length, 'dataset')} loaded`,
      });
    },
  );
}

/** Why a dataset's session can't be had; undefined when it can. */
function unavailable(dataset: Dataset, date: BusinessDate, { calendar, clock }: Services): string | undefined {
  if (dataset.latestOnly === undefined || !calendar.isSession(date)) return undefined;
  const latest = latestPublished(dataset, calendar, clock);
  return date === latest ? undefined : `the exchange serves it of the latest session only, ${latest}`;
}

const NOTHING = { rows_loaded: 0, rows_quarantined: 0, anomalies: 0, message: null, code: null };

function skipped(name: string, why: string): FlowEnd {
  return { ...NOTHING, flow: name, flow_run_id: null, state: 'SKIPPED', duration_ms: 0, message: why };
}

function ingestEnd(name: string, outcome: FlowRunOutcome): FlowEnd {
  const run = { ...NOTHING, flow: name, flow_run_id: outcome.id, duration_ms: outcome.durationMs };
  if (outcome.state !== 'COMPLETED') return { ...run, ...asFailed(outcome) };
  const result = outcome.result as IngestResult;
  if (result.outcome === 'NO_SESSION') return { ...run, state: 'NO_SESSION', message: result.reason };
  const { rows_loaded, rows_quarantined, anomalies } = result;
  return { ...run, state: 'LOADED', rows_loaded, rows_quarantined, anomalies: anomalies.length };
}

function goldFlowEnd(outcome: FlowRunOutcome): FlowEnd {
  const run = { ...NOTHING, flow: GOLD_FLOW.name, flow_run_id: outcome.id, duration_ms: outcome.durationMs };
  if (outcome.state !== 'COMPLETED') return { ...run, ...asFailed(outcome) };
  const result = outcome.result as GoldResult;
  if (result.outcome === 'NO_SESSION') return { ...run, state: 'NO_SESSION', message: result.reason };
  // Gold's rows are made of those that were loaded, and are not counted again.
  return { ...run, state: 'LOADED' };
}

function asFailed({ error, message, stateName }: FlowRunOutcome): Pick<FlowEnd, 'state' | 'message' | 'code'> {
  const code = error?.code ?? stateName.toUpperCase();
  return { state: 'FAILED', message: error?.message ?? message ?? `it ended ${stateName}`, code };
}

/** The result goes with the error: what was loaded is there all the same. */
function failure(failed: readonly FlowEnd[], result: CombinedResult): ChampionError {
  const said = failed.map(({ flow: name, code }) => `${name} (${code})`).join(', ');
  return new ChampionError(`${failed.length} of ${plural(result.flows.length, 'flow')} failed: ${said}`, {
    code: 'INTERNAL',
    hint: 'What the others loaded is there, and gold is computed on it. Run the failed flows again, then this one.',
    context: { failed: failed.map(({ flow: name, code, flow_run_id }) => ({ flow: name, code, flow_run_id })), result },
  });
}
