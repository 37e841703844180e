import { LIMITS } from '../limits.ts';
import { invalid } from '../refusal.ts';
import type { TrackingStore } from '../tracking-store.ts';
import { requests } from './requests.ts';
import { metricJson, nextPage, recordOf, runInfoJson, runJson } from './responses.ts';
import { get, post, type Route } from './route.ts';

export function runRoutes(store: TrackingStore): Route[] {
  return [
    post('/mlflow/runs/create', requests.createRun, async (asked) => {
      const run = await store.createRun({
        experimentId: asked.experiment_id,
        runName: asked.run_name,
        userId: asked.user_id,
        startTime: asked.start_time,
        tags: recordOf(asked.tags),
      });
      return { run: runJson(run) };
    }),
    get('/mlflow/runs/get', requests.run, async ({ run_id }) => ({ run: runJson(await store.getRun(run_id)) })),
    post('/mlflow/runs/update', requests.updateRun, async ({ run_id, status, end_time, run_name }) => ({
      run_info: runInfoJson(await store.updateRun(run_id, { status, endTime: end_time, runName: run_name })),
    })),
    post('/mlflow/runs/delete', requests.run, async ({ run_id }) => {
      await store.deleteRun(run_id);
      return {};
    }),
    post('/mlflow/runs/restore', requests.run, async ({ run_id }) => {
      await store.restoreRun(run_id);
      return {};
    }),
    post('/mlflow/runs/search', requests.searchRuns, async (asked) => {
      const { items, nextPageToken } = await store.searchRuns({
        experimentIds: asked.experiment_ids,
        filter: asked.filter,
        orderBy: asked.order_by,
        view: asked.run_view_type,
        maxResults: asked.max_results,
        pageToken: asked.page_token,
      });
      return { runs: items.map(runJson), ...nextPage(nextPageToken) };
    }),
    get('/mlflow/artifacts/list', requests.run, async ({ run_id }) => {
      const { artifactUri } = await store.getRun(run_id);
      return { root_uri: artifactUri, files: [] };
    }),
    ...loggingRoutes(store),
    ...historyRoutes(store),
  ];
}

function loggingRoutes(store: TrackingStore): Route[] {
  return [
    post('/mlflow/runs/log-metric', requests.logMetric, async ({ run_id, ...metric }) => {
      await store.logBatch(run_id, { metrics: [metric] });
      return {};
    }),
    post('/mlflow/runs/log-parameter', requests.logParameter, async ({ run_id, key, value }) => {
      await store.logBatch(run_id, { params: { [key]: value } });
      return {};
    }),
    post(
      '/mlflow/runs/log-batch',
      requests.logBatch,
      async ({ run_id, metrics, params, tags }) => {
        refuseRepeated(params.map(({ key }) => key));
        await store.logBatch(run_id, { metrics, params: recordOf(params), tags: recordOf(tags) });
        return {};
      },
      LIMITS.batchBytes,
    ),
    post('/mlflow/runs/set-tag', requests.setTag, async ({ run_id, key, value }) => {
      await store.logBatch(run_id, { tags: { [key]: value } });
      return {};
    }),
    post('/mlflow/runs/delete-tag', requests.deleteTag, async ({ run_id, key }) => {
      await store.deleteTag(run_id, key);
      return {};
    }),
    post('/mlflow/runs/log-inputs', requests.logInputs, async ({ run_id, datasets }) => {
      await store.logDatasets(run_id, datasets);
      return {};
    }),
  ];
}

function historyRoutes(store: TrackingStore): Route[] {
  return [
    get('/mlflow/metrics/get-history', requests.history, async (asked) => {
      const { items, nextPageToken } = await store.metricHistory({
        runId: asked.run_id,
        key: asked.metric_key,
        maxResults: asked.max_results,
        pageToken: asked.page_token,
      });
      return { metrics: items.map(metricJson), ...nextPage(nextPageToken) };
    }),
    get('/mlflow/metrics/get-history-bulk-interval', requests.bulkHistory, async (asked) => {
      const metrics = await store.bulkHistory({
        runIds: asked.run_ids,
        key: asked.metric_key,
        startStep: asked.start_step,
        endStep: asked.end_step,
        maxResults: asked.max_results,
      });
      return { metrics: metrics.map(({ runId, ...metric }) => ({ ...metricJson(metric), run_id: runId })) };
    }),
  ];
}

function refuseRepeated(keys: readonly string[]): void {
  const repeated = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (repeated.length === 0) return;
  throw invalid(
    `Duplicate parameter keys have been submitted: ${JSON.stringify(repeated)}.`,
    'Please ensure the request contains only one param value per param key.',
  );
}
