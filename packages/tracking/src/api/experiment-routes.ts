import type { z } from 'zod';
import type { TrackingStore } from '../tracking-store.ts';
import { requests } from './requests.ts';
import { experimentJson, nextPage, recordOf } from './responses.ts';
import { get, post, type Route } from './route.ts';

export function experimentRoutes(store: TrackingStore): Route[] {
  const search = async (asked: z.output<typeof requests.searchExperiments>) => {
    const { items, nextPageToken } = await store.searchExperiments({
      filter: asked.filter,
      orderBy: asked.order_by,
      view: asked.view_type,
      maxResults: asked.max_results,
      pageToken: asked.page_token,
    });
    return { experiments: items.map(experimentJson), ...nextPage(nextPageToken) };
  };
  return [
    post('/mlflow/experiments/create', requests.createExperiment, async ({ name, artifact_location, tags }) => ({
      experiment_id: await store.createExperiment({ name, artifactLocation: artifact_location, tags: recordOf(tags) }),
    })),
    get('/mlflow/experiments/get', requests.experiment, async ({ experiment_id }) => ({
      experiment: experimentJson(await store.getExperiment(experiment_id)),
    })),
    get('/mlflow/experiments/get-by-name', requests.experimentByName, async ({ experiment_name }) => ({
      experiment: experimentJson(await store.getExperimentByName(experiment_name)),
    })),
    get('/mlflow/experiments/search', requests.searchExperiments, search),
    post('/mlflow/experiments/search', requests.searchExperiments, search),
    post('/mlflow/experiments/delete', requests.experiment, async ({ experiment_id }) => {
      await store.deleteExperiment(experiment_id);
      return {};
    }),
    post('/mlflow/experiments/restore', requests.experiment, async ({ experiment_id }) => {
      await store.restoreExperiment(experiment_id);
      return {};
    }),
    post('/mlflow/experiments/update', requests.updateExperiment, async ({ experiment_id, new_name }) => {
      await store.renameExperiment(experiment_id, new_name);
      return {};
    }),
    post('/mlflow/experiments/set-experiment-tag', requests.experimentTag, async ({ experiment_id, key, value }) => {
      await store.setExperimentTag(experiment_id, key, value);
      return {};
    }),
    post('/mlflow/experiments/delete-experiment-tag', requests.experimentTagKey, async ({ experiment_id, key }) => {
      await store.deleteExperimentTag(experiment_id, key);
      return {};
    }),
  ];
}
