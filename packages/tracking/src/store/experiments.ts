import { EXPERIMENT_WORDS } from '../filter/fields.ts';
import { parseFilter, parseOrderBy } from '../filter/parse.ts';
import { checkExperimentName, checkKey, experimentNumber, fittingValue, LIMITS, resultCount } from '../limits.ts';
import type { Experiment, LifecycleStage, Page, View } from '../model.ts';
import { deletedExperiment, noSuchExperiment, refusal } from '../refusal.ts';
import { conditions, experimentTarget, lifecycleCondition } from './conditions.ts';
import { type Database, sqlState } from './database.ts';
import { listDigest, pageToken, startOf } from './page-token.ts';
import { Parameters } from './parameters.ts';
import { afterRow, orderOf, type SortColumn, sortList } from './sorting.ts';

export interface NewExperiment {
  readonly name: string;
  /** `mlflow-artifacts:/<id>` when not given. */
  readonly artifactLocation?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface ExperimentSearch {
  readonly filter?: string | undefined;
  readonly orderBy?: readonly string[] | undefined;
  /** `active` when not given. */
  readonly view?: View | undefined;
  /** 1,000 when not given, 50,000 at most. */
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly artifact_location: string;
  readonly lifecycle_stage: LifecycleStage;
  readonly creation_time: number;
  readonly last_update_time: number;
  readonly tags: Record<string, string> | null;
}

const BY_NUMBER: SortColumn = { expression: 'e.id', kind: 'number', ascending: false, nullable: false };
const UNIQUE_VIOLATION = '23505';
const SELECT_EXPERIMENT = `
  SELECT e.*, (SELECT json_object_agg(key, value ORDER BY key) FROM tracking.experiment_tags WHERE experiment_id = e.id) AS tags
  FROM tracking.experiments e`;

/** @returns the new experiment's id @throws ChampionError INVALID_INPUT, also when the name is taken */
export async function createExperiment(database: Database, experiment: NewExperiment): Promise<string> {
  const { name, artifactLocation } = experiment;
  checkExperimentName(name);
  const tags = checkedTags(experiment.tags ?? {});
  const rows = await unlessTaken(
    name,
    database.rows<{ id: number }>(
      `WITH numbered AS (SELECT nextval('tracking.experiments_id_seq') AS id),
      created AS (
        INSERT INTO tracking.experiments (id, name, artifact_location, creation_time, last_update_time)
        SELECT id, $1, coalesce($2, 'mlflow-artifacts:/' || id), $3, $3 FROM numbered RETURNING id
      ),
      tagged AS (
        INSERT INTO tracking.experiment_tags (experiment_id, key, value)
        SELECT created.id, key, value FROM created, unnest($4::text[], $5::text[]) AS tag (key, value)
      )
      SELECT id FROM created`,
      [name, artifactLocation || null, Date.now(), Object.keys(tags), Object.values(tags)],
    ),
  );
  return String(rows[0]?.id);
}

/** @throws ChampionError NOT_FOUND */
export async function getExperiment(database: Database, experimentId: string): Promise<Experiment> {
  const rows = await database.rows<ExperimentRow>(`${SELECT_EXPERIMENT} WHERE e.id = $1`, [
    experimentNumber(experimentId),
  ]);
  if (!rows[0]) throw noSuchExperiment(experimentId);
  return experimentOf(rows[0]);
}

/** The experiment of that name, a deleted one too. @throws ChampionError NOT_FOUND */
export async function getExperimentByName(database: Database, name: string): Promise<Experiment> {
  checkExperimentName(name);
  const rows = await database.rows<ExperimentRow>(`${SELECT_EXPERIMENT} WHERE e.name = $1`, [name]);
  if (rows[0]) return experimentOf(rows[0]);
  const message = `Could not find experiment with name '${name}'`;
  throw refusal('RESOURCE_DOES_NOT_EXIST', message, 'List the experiments.', { name });
}

/** Renames an active experiment. @throws ChampionError NOT_FOUND, INVALID_INPUT */
export async function renameExperiment(database: Database, experimentId: string, name: string): Promise<void> {
  checkExperimentName(name);
  const rows = await unlessTaken(
    name,
    database.rows<Outcome>(
      `WITH renamed AS (
        UPDATE tracking.experiments SET name = $2, last_update_time = $3
        WHERE id = $1 AND lifecycle_stage = 'active' RETURNING id
      )
      SELECT lifecycle_stage AS stage, (SELECT count(*) FROM renamed) AS done FROM tracking.experiments WHERE id = $1`,
      [experimentNumber(experimentId), name, Date.now()],
    ),
  );
  expectDone(experimentId, rows[0]);
}

/**
 * Deletes an active experiment with its runs, or restores a deleted one with them; nothing is lost by either.
 * @throws ChampionError NOT_FOUND also when it stands so already
 */
export async function setExperimentStage(database: Database, experimentId: string, to: LifecycleStage): Promise<void> {
  const rows = await database.rows<{ id: number }>(
    `WITH moved AS (
      UPDATE tracking.experiments SET lifecycle_stage = $2, last_update_time = $3
      WHERE id = $1 AND lifecycle_stage <> $2 RETURNING id
    ),
    runs AS (UPDATE tracking.runs SET lifecycle_stage = $2 FROM moved WHERE experiment_id = moved.id)
    SELECT id FROM moved`,
    [experimentNumber(experimentId), to, Date.now()],
  );
  if (!rows[0]) throw noSuchExperiment(experimentId);
}

/** Sets a tag of an active experiment. @throws ChampionError NOT_FOUND, INVALID_INPUT */
export async function setExperimentTag(
  database: Database,
  experimentId: string,
  key: string,
  value: string,
): Promise<void> {
  checkedTags({ [key]: value });
  const rows = await database.rows<Outcome>(
    `WITH target AS (SELECT id, lifecycle_stage FROM tracking.experiments WHERE id = $1),
    tagged AS (
      INSERT INTO tracking.experiment_tags (experiment_id, key, value)
      SELECT id, $2, $3 FROM target WHERE lifecycle_stage = 'active'
      ON CONFLICT (experiment_id, key) DO UPDATE SET value = excluded.value RETURNING key
    )
    SELECT lifecycle_stage AS stage, (SELECT count(*) FROM tagged) AS done FROM target`,
    [experimentNumber(experimentId), key, fittingValue(value, LIMITS.experimentTagValue, 'value')],
  );
  expectDone(experimentId, rows[0]);
}

/** @throws ChampionError NOT_FOUND also when there is no such tag */
export async function deleteExperimentTag(database: Database, experimentId: string, key: string): Promise<void> {
  checkKey(key, 'key');
  const rows = await database.rows<Outcome>(
    `WITH target AS (SELECT id, lifecycle_stage FROM tracking.experiments WHERE id = $1),
    removed AS (
      DELETE FROM tracking.experiment_tags t USING target
      WHERE t.experiment_id = target.id AND target.lifecycle_stage = 'active' AND t.key = $2 RETURNING t.key
    )
    SELECT lifecycle_stage AS stage, (SELECT count(*) FROM removed) AS done FROM target`,
    [experimentNumber(experimentId), key],
  );
  const outcome = rows[0];
  if (outcome?.stage === 'active' && outcome.done === 0) {
    const message = `No tag with name: ${key} in experiment with id ${experimentId}`;
    throw refusal('RESOURCE_DOES_NOT_EXIST', message, 'List the experiment’s tags.', { experimentId, key });
  }
  expectDone(experimentId, outcome);
}

/** @throws FilterError, ChampionError INVALID_INPUT */
export async function searchExperiments(database: Database, search: ExperimentSearch): Promise<Page<Experiment>> {
  const { filter = '', view = 'active' } = search;
  const count = resultCount(search.maxResults, LIMITS.defaultResults, LIMITS.maxResults);
  const orderBy = search.orderBy?.length ? search.orderBy : ['creation_time DESC', 'experiment_id ASC'];
  const parameters = new Parameters();
  const target = experimentTarget(parameters);
  const order = orderOf(parseOrderBy(orderBy, EXPERIMENT_WORDS), target, [BY_NUMBER]);
  const digest = listDigest('experiments', filter, orderBy, view);
  const start = startOf(search.pageToken, digest, order.columns.length);
  const { where, joins } = conditions(parseFilter(filter, EXPERIMENT_WORDS), target);
  const all = [...where, lifecycleCondition('e', view), ...(start ? [afterRow(order.columns, start, parameters)] : [])];
  const keys = order.columns.map(({ expression }, i) => `${expression} AS k${i}`).join(', ');
  const rows = await database.rows<ExperimentRow & Record<`k${number}`, string | number | null>>(
    `SELECT e.*, ${keys},
      (SELECT json_object_agg(key, value ORDER BY key) FROM tracking.experiment_tags WHERE experiment_id = e.id) AS tags
    FROM tracking.experiments e ${[...joins, ...order.joins].join(' ')}
    WHERE ${all.join(' AND ')}
    ORDER BY ${sortList(order.columns)}
    LIMIT ${count + 1}`,
    parameters.values,
  );
  const items = rows.slice(0, count).map(experimentOf);
  const last = rows[count - 1];
  if (rows.length <= count || !last) return { items };
  return {
    items,
    nextPageToken: pageToken(
      digest,
      order.columns.map((_, i) => last[`k${i}`] ?? null),
    ),
  };
}

interface Outcome {
  readonly stage: LifecycleStage;
  readonly done: number;
}

function expectDone(experimentId: string, outcome: Outcome | undefined): void {
  if (!outcome) throw noSuchExperiment(experimentId);
  if (outcome.done === 0) throw deletedExperiment(experimentId);
}

async function unlessTaken<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (sqlState(error)?.code !== UNIQUE_VIOLATION) throw error;
    const message = `Experiment(name=${name}) already exists.`;
    throw refusal('RESOURCE_ALREADY_EXISTS', message, 'Use it, or choose another name; it may be a deleted one.', {
      name,
    });
  }
}

function checkedTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  const checked = Object.entries(tags).map(([key, value]) => {
    checkKey(key, 'key');
    return [key, fittingValue(value, LIMITS.experimentTagValue, 'value')] as const;
  });
  return Object.fromEntries(checked);
}

function experimentOf(row: ExperimentRow): Experiment {
  return {
    experimentId: String(row.id),
    name: row.name,
    artifactLocation: row.artifact_location,
    lifecycleStage: row.lifecycle_stage,
    creationTime: row.creation_time,
    lastUpdateTime: row.last_update_time,
    tags: row.tags ?? {},
  };
}
