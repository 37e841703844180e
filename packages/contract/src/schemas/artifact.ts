import { z } from 'zod';
import { Count, Id, Instant, Page, Stored } from './common.ts';
import { Conditions, TaskRunFilter } from './filters.ts';

/** table: records with the same fields; markdown: text; link: { href, text }. */
const content = {
  /** Lower-case words with dashes; the same key of another run is another version. */
  key: z.string().nullable(),
  /** "table", "markdown" or "link". */
  type: z.string().nullable(),
  description: z.string().nullable(),
  data: z.unknown(),
  metadata_: z.record(z.string(), z.string()).nullable(),
  flow_run_id: Id.nullable(),
  task_run_id: Id.nullable(),
};

export const Artifact = z.object({ ...Stored, ...content }).meta({ id: 'Artifact' });

/** The latest artifact of a key. */
export const ArtifactCollection = z
  .object({ ...Stored, ...content, key: z.string(), latest_id: Id })
  .meta({ id: 'ArtifactCollection' });

const operator = z.enum(['and_', 'or_']).nullish();
const words = z.object({ any_: z.array(z.string()).nullish(), not_any_: z.array(z.string()).nullish() }).nullish();

export const ArtifactFilter = z
  .object({
    operator,
    id: z.object({ any_: z.array(Id).nullish() }).nullish(),
    latest_id: z.object({ any_: z.array(Id).nullish() }).nullish(),
    key: z
      .object({ any_: z.array(z.string()).nullish(), like_: z.string().nullish(), exists_: z.boolean().nullish() })
      .nullish(),
    flow_run_id: z.object({ any_: z.array(Id).nullish() }).nullish(),
    task_run_id: z.object({ any_: z.array(Id).nullish() }).nullish(),
    type: words,
  })
  .meta({ id: 'ArtifactFilter' });

export const ArtifactConditions = {
  artifacts: ArtifactFilter.nullish(),
  flow_runs: Conditions.flow_runs,
  task_runs: TaskRunFilter.nullish(),
  flows: Conditions.flows,
  deployments: Conditions.deployments,
};

export const ArtifactQuery = z
  .object({
    ...ArtifactConditions,
    sort: z.enum(['CREATED_DESC', 'UPDATED_DESC', 'ID_DESC', 'KEY_DESC', 'KEY_ASC']).nullish(),
    ...Page,
  })
  .meta({ id: 'ArtifactQuery' });

const number = z.number();

/** What is usual: of the flow's last completed runs, 30 at most. */
const Spread = z
  .object({
    runs: Count,
    median: number,
    /** From `low` to `high`: all but what lies far outside of the middle half, and what differs from the median by a hair. */
    low: number,
    high: number,
    min: number,
    max: number,
    /** Latest first. */
    values: z.array(number),
  })
  .meta({ id: 'Spread' });

export const RunMetric = z
  .object({
    /** The task, the child flow, or what was counted: "scrape_bhavcopy", "rows_loaded". */
    name: z.string(),
    kind: z.enum(['run', 'task', 'flow', 'result']),
    unit: z.enum(['seconds', 'rows', 'bytes', 'ratio', 'number']),
    /** Of this run; null until it is there. */
    value: number.nullable(),
    /** Null where no other run has it. */
    usual: Spread.nullable(),
    /** unknown: there is nothing to compare, or too few runs to compare with. */
    verdict: z.enum(['usual', 'above', 'below', 'unknown']),
  })
  .meta({ id: 'RunMetric' });

export const RunMetrics = z
  .object({
    flow_run_id: Id,
    flow_name: z.string(),
    /** Completed runs before this one that it is compared with, and since when. */
    compared_with: Count,
    since: Instant.nullable(),
    metrics: z.array(RunMetric),
  })
  .meta({ id: 'RunMetrics' });
