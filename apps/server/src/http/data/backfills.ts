import type { Backfill, HandlersOf } from '@champion/contract';
import { type BackfillView, coverage, type Dataset, isThere, latestPublished } from '@champion/flows';
import { findDataset } from './find.ts';
import type { DataParts } from './parts.ts';
import { checkSpan } from './span.ts';

type Handlers = Pick<HandlersOf<'data'>, 'listBackfills' | 'startBackfill' | 'readBackfill' | 'cancelBackfill'>;

const LISTED = 200;
/** A list shows how many failed; of one backfill, people look at more. */
const FAILURES_LISTED = 20;
const MOST_GAPS = 1_000;

export function backfillHandlers({ backfills, datasets, services }: DataParts): Handlers {
  const answer = (view: BackfillView): Backfill => toBackfill(view, datasets);
  return {
    listBackfills: async () => {
      const views = await backfills.list(LISTED);
      return views.map((view) => {
        const backfill = answer(view);
        return { ...backfill, failures: backfill.failures.slice(0, FAILURES_LISTED) };
      });
    },
    startBackfill: async ({ body }) => {
      const { from, to, only, concurrency } = body;
      const dataset = findDataset(datasets, body.dataset);
      checkSpan({ from, to }, services);
      const { created, ...view } = await backfills.start({ dataset, from, to, only, concurrency });
      return { status: created ? 201 : 200, body: answer(view) };
    },
    readBackfill: async ({ params }) => {
      const view = await backfills.read(params.id);
      const gaps = await gapsOf(view, datasets, services);
      return { ...answer(view), gap_count: gaps.length, gaps: gaps.slice(0, MOST_GAPS) };
    },
    cancelBackfill: async ({ params }) => answer(await backfills.cancel(params.id)),
  };
}

/** What of its span should be there and is not, as of now. */
async function gapsOf({ record }: BackfillView, datasets: readonly Dataset[], services: DataParts['services']) {
  const dataset = datasets.find(({ flow }) => flow.name === record.flow);
  if (dataset === undefined) return [];
  const published = latestPublished(dataset, services.calendar, services.clock);
  const to = record.to < published ? record.to : published;
  if (record.from > to) return [];
  const { slices } = await coverage(services, { dataset, from: record.from, to });
  return slices
    .filter((slice) => !isThere(slice))
    .map(({ trade_date, slice, outcome, message, flow_run_id }) => {
      const why = message ?? (outcome === 'LOADED' ? 'in the lake, but not in the warehouse' : null);
      return { trade_date, slice, outcome, message: why, flow_run_id };
    });
}

function toBackfill({ record, atWork }: BackfillView, datasets: readonly Dataset[]): Backfill {
  const { run_key: _, message, ended_at, ...rest } = record;
  const waits = atWork?.stopping ? 'stopping: its runs are told to end' : (atWork?.waitsFor ?? null);
  return {
    ...rest,
    dataset: datasets.find(({ flow }) => flow.name === record.flow)?.name ?? record.flow,
    message: message ?? waits,
    at_work: atWork !== null,
    rate_per_minute: atWork?.ratePerMinute ?? null,
    seconds_left: atWork?.secondsLeft ?? null,
    failed: record.failures.length,
    ended_at: ended_at ?? null,
  };
}
