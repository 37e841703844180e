import { z } from 'zod';
import { RUN_STATUSES, type View } from '../model.ts';

/**
 * What MLflow's clients send. They write protobuf messages as JSON: whole numbers may come as text, NaN and infinities do,
 * an enumeration comes by name or by number, and an absent text may come empty.
 */
const text = z.string();
const required = z.string().min(1);
const whole = z.preprocess((value) => {
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
}, z.int());
const double = z.preprocess(
  (value) => {
    if (typeof value !== 'string' || value.trim() === '') return value;
    return value === 'NaN' || !Number.isNaN(Number(value)) ? Number(value) : value;
  },
  z.union([z.number(), z.nan(), z.literal([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])]),
);
const experimentId = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), required);

/** Parameters of a GET come one or many. */
const several = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(text));

const view = z
  .union([z.enum(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']), z.literal([1, 2, 3]), z.literal(['1', '2', '3'])])
  .transform((value): View => {
    if (value === 'DELETED_ONLY' || Number(value) === 2) return 'deleted';
    return value === 'ALL' || Number(value) === 3 ? 'all' : 'active';
  });
const status = z
  .union([z.enum(RUN_STATUSES), z.literal([1, 2, 3, 4, 5])])
  .transform((value) => (typeof value === 'number' ? (RUN_STATUSES[value - 1] ?? 'RUNNING') : value));

const pair = z.object({ key: required, value: text.default('') });
const metric = z.object({ key: required, value: double, timestamp: whole, step: whole.default(0) });

/** Old clients know the id as run_uuid, newer ones send both. */
const ofRun = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    (body) => {
      if (typeof body !== 'object' || body === null) return body;
      const { run_id, run_uuid } = body as { run_id?: unknown; run_uuid?: unknown };
      return { ...body, run_id: run_id || run_uuid };
    },
    z.object({ ...shape, run_id: required }),
  );

const ofExperiment = z.object({ experiment_id: experimentId });

export const requests = {
  createExperiment: z.object({ name: required, artifact_location: text.optional(), tags: z.array(pair).default([]) }),
  experiment: ofExperiment,
  experimentByName: z.object({ experiment_name: required }),
  updateExperiment: ofExperiment.extend({ new_name: required }),
  experimentTag: ofExperiment.extend({ key: required, value: text.default('') }),
  experimentTagKey: ofExperiment.extend({ key: required }),
  searchExperiments: z.object({
    filter: text.optional(),
    order_by: several.optional(),
    view_type: view.optional(),
    max_results: whole.optional(),
    page_token: text.optional(),
  }),
  createRun: z.object({
    experiment_id: experimentId.default('0'),
    run_name: text.optional(),
    user_id: text.optional(),
    start_time: whole.optional(),
    tags: z.array(pair).default([]),
  }),
  run: ofRun({}),
  updateRun: ofRun({ status: status.optional(), end_time: whole.optional(), run_name: text.optional() }),
  searchRuns: z.object({
    experiment_ids: z.array(experimentId).default([]),
    filter: text.optional(),
    run_view_type: view.optional(),
    max_results: whole.optional(),
    order_by: z.array(text).optional(),
    page_token: text.optional(),
  }),
  logMetric: ofRun(metric.shape),
  logParameter: ofRun(pair.shape),
  logBatch: ofRun({
    metrics: z.array(metric).default([]),
    params: z.array(pair).default([]),
    tags: z.array(pair).default([]),
  }),
  setTag: ofRun(pair.shape),
  deleteTag: ofRun({ key: required }),
  logInputs: ofRun({
    datasets: z
      .array(
        z.object({
          dataset: z.object({
            name: required,
            digest: required,
            source_type: text.default(''),
            source: text.default(''),
            schema: text.optional(),
            profile: text.optional(),
          }),
          tags: z.array(pair).default([]),
        }),
      )
      .default([]),
  }),
  history: ofRun({ metric_key: required, max_results: whole.optional(), page_token: text.optional() }),
  bulkHistory: z.object({
    run_ids: several,
    metric_key: required,
    start_step: whole.optional(),
    end_step: whole.optional(),
    max_results: whole.optional(),
  }),
} as const;
