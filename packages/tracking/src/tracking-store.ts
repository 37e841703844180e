import type { DatasetInput, Experiment, Metric, Page, Run, RunInfo } from './model.ts';
import { type ExperimentActivity, experimentActivity } from './store/activity.ts';
import type { RunSearch } from './store/compile-search.ts';
import { type Database, openDatabase } from './store/database.ts';
import * as experiments from './store/experiments.ts';
import * as history from './store/history.ts';
import { type Batch, logBatch } from './store/log-batch.ts';
import { type RunRecord, recordRun } from './store/record-run.ts';
import * as runs from './store/runs.ts';
import { searchRuns } from './store/search-runs.ts';

export interface TrackingOptions {
  /** PostgreSQL; the tables are in its schema `tracking`. */
  readonly databaseUrl: string;
  /** Connections kept at most: 4 when not given. */
  readonly poolSize?: number;
  /** Gets a line when an idle connection is lost; standard error when not given. */
  readonly log?: (line: string) => void;
}

/**
 * Opens the tracking tables and brings them up to date.
 * @throws ChampionError UNREACHABLE, CONFIG
 */
export async function openTracking(options: TrackingOptions): Promise<TrackingStore> {
  const { databaseUrl, poolSize = 4, log = (line: string) => console.error(`tracking: ${line}`) } = options;
  return new TrackingStore(await openDatabase({ databaseUrl, poolSize, log }));
}

/**
 * Experiments, runs, parameters, metrics with their history, tags. Each call is one statement. Every call can throw a
 * ChampionError: NOT_FOUND, INVALID_INPUT (with MLflow's word in `context.error_code`), UNREACHABLE, STORE_FAILED.
 */
export class TrackingStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Writes a whole run, by its id: the same record again changes nothing. @returns the experiment's id */
  recordRun(record: RunRecord): Promise<string> {
    return recordRun(this.database, record);
  }

  /** @returns the new experiment's id */
  createExperiment(experiment: experiments.NewExperiment): Promise<string> {
    return experiments.createExperiment(this.database, experiment);
  }

  getExperiment(experimentId: string): Promise<Experiment> {
    return experiments.getExperiment(this.database, experimentId);
  }

  /** The experiment of that name, a deleted one too. */
  getExperimentByName(name: string): Promise<Experiment> {
    return experiments.getExperimentByName(this.database, name);
  }

  searchExperiments(search: experiments.ExperimentSearch = {}): Promise<Page<Experiment>> {
    return experiments.searchExperiments(this.database, search);
  }

  /** How many runs each of at most 1,000 experiments has, and its last one. */
  experimentActivity(experimentIds: readonly string[]): Promise<ExperimentActivity[]> {
    return experimentActivity(this.database, experimentIds);
  }

  renameExperiment(experimentId: string, name: string): Promise<void> {
    return experiments.renameExperiment(this.database, experimentId, name);
  }

  /** Deletes it together with its runs; `restoreExperiment` brings all of them back. */
  deleteExperiment(experimentId: string): Promise<void> {
    return experiments.setExperimentStage(this.database, experimentId, 'deleted');
  }

  restoreExperiment(experimentId: string): Promise<void> {
    return experiments.setExperimentStage(this.database, experimentId, 'active');
  }

  setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    return experiments.setExperimentTag(this.database, experimentId, key, value);
  }

  deleteExperimentTag(experimentId: string, key: string): Promise<void> {
    return experiments.deleteExperimentTag(this.database, experimentId, key);
  }

  createRun(run: runs.NewRun): Promise<Run> {
    return runs.createRun(this.database, run);
  }

  /** A run with all it holds, a deleted one too. */
  getRun(runId: string): Promise<Run> {
    return runs.getRun(this.database, runId);
  }

  updateRun(runId: string, update: runs.RunUpdate): Promise<RunInfo> {
    return runs.updateRun(this.database, runId, update);
  }

  deleteRun(runId: string): Promise<void> {
    return runs.setRunStage(this.database, runId, 'deleted');
  }

  restoreRun(runId: string): Promise<void> {
    return runs.setRunStage(this.database, runId, 'active');
  }

  /** Runs of some experiments by MLflow's filter and order, a page at a time. */
  searchRuns(search: RunSearch): Promise<Page<Run>> {
    return searchRuns(this.database, search);
  }

  /** Metrics, parameters and tags of an active run, all or nothing. */
  logBatch(runId: string, batch: Batch): Promise<void> {
    return logBatch(this.database, runId, batch);
  }

  logDatasets(runId: string, datasets: readonly DatasetInput[]): Promise<void> {
    return runs.logDatasets(this.database, runId, datasets);
  }

  deleteTag(runId: string, key: string): Promise<void> {
    return runs.deleteTag(this.database, runId, key);
  }

  /** Every point of a metric, oldest first, a page at a time. */
  metricHistory(query: history.HistoryQuery): Promise<Page<Metric>> {
    return history.metricHistory(this.database, query);
  }

  /** A metric of several runs, thinned for a chart. */
  bulkHistory(query: history.BulkHistoryQuery): Promise<history.RunMetric[]> {
    return history.bulkHistory(this.database, query);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
