import { ChampionError } from '@champion/core';
import type { Database } from '../records/database.ts';
import { all, bounded, Values } from './conditions.ts';
import { fromCursor, type Place, toCursor } from './cursor.ts';
import { conditionsOf, type FlowRunFilter, type ResolvedFilter } from './flow-run-filter.ts';
import {
  type FlowRunRow,
  type FlowRunSummary,
  RESULT_COLUMNS,
  RUN_JOINS,
  SUMMARY_COLUMNS,
  withStateId,
} from './flow-run-rows.ts';
import { type FlowRunSort, SORTS } from './flow-run-sort.ts';

export interface PageOptions {
  /** Default "expectedStartDesc". Ties go by id. */
  readonly sort?: FlowRunSort;
  /** Default 200, 1000 at most. */
  readonly limit?: number;
  /** Rows to pass over, counted from `after`. Each costs time: for far pages use `after`. */
  readonly offset?: number;
  /** The `next` of the page before. */
  readonly after?: string;
  /** Or the id of its last run, which places it where it stands now. */
  readonly afterId?: string;
}

export interface FlowRunPage<Row = FlowRunSummary> {
  readonly rows: Row[];
  /** Where the next page begins; undefined when this is the last. */
  readonly next: string | undefined;
}

export const MOST_ROWS = 1_000;
const DEFAULT_ROWS = 200;

/** Runs looked through in the order of the list before a search turns to its index. */
const LOOK_THROUGH = 10_000;
/** Finds that a search sorts; with more, looking through the list finds a page soon. */
const SORTABLE = 20_000;

/** A row as PostgreSQL gives it. */
type Stored = Omit<FlowRunRow, 'stateId'> & { readonly sortKey: string; readonly candidates: number | null };

/** Lists runs. Only with `results` do the rows have their result and error, which can be large. */
export async function listFlowRuns(
  database: Database,
  filter: FlowRunFilter,
  options: PageOptions,
  results: boolean,
): Promise<FlowRunPage<FlowRunRow>> {
  const sort = options.sort ?? 'expectedStartDesc';
  const limit = bounded(options.limit, DEFAULT_ROWS, MOST_ROWS);
  const offset = bounded(options.offset, 0, Number.MAX_SAFE_INTEGER);
  const after =
    options.after !== undefined
      ? fromCursor(sort, options.after)
      : options.afterId === undefined
        ? undefined
        : await placeOf(database, sort, options.afterId);
  const resolved = await resolveFilter(database, filter);
  const found = await pick(database, resolved, { sort, limit: limit + 1, offset, after, results });
  const last = found[limit - 1];
  const more = found.length > limit && last !== undefined;
  return {
    rows: found.slice(0, limit).map(({ sortKey: _, candidates: __, ...row }) => withStateId(row)),
    next: more ? toCursor(sort, { key: last.sortKey, id: last.id }) : undefined,
  };
}

/** Where a run stands in a list. @throws ChampionError NOT_FOUND when it is gone */
async function placeOf(database: Database, sort: FlowRunSort, id: string): Promise<Place> {
  const text = `SELECT (${SORTS[sort].key})::text AS key FROM champion.flow_runs r WHERE r.id = $1`;
  const [row] = await database.run<{ key: string }>({ name: `flow-run-place-${sort}`, text }, [id]);
  if (row !== undefined) return { key: row.key, id };
  throw new ChampionError(`There is no flow run ${id} to list those after`, {
    code: 'NOT_FOUND',
    hint: 'Begin with the first page again.',
    context: { id },
  });
}

interface Pick {
  readonly sort: FlowRunSort;
  readonly limit: number;
  readonly offset: number;
  readonly after: Place | undefined;
  readonly results: boolean;
}

/**
 * The planner can't know where in the list the fits of a search are, and guessing wrong costs a second: it walks a million
 * runs for three, or sorts half a million for a page. So a search looks first through the head of the list, where frequent
 * ones have their page; then it takes all finds, if they can be sorted; and only then leaves it to the planner.
 */
async function pick(database: Database, filter: ResolvedFilter, page: Pick): Promise<Stored[]> {
  const run = (strategy: Strategy) => {
    const values = new Values();
    const text = statement(filter, page, strategy, values);
    return database.run<Stored>({ name: `flow-runs-${strategy}`, text, prepared: false }, values.list);
  };
  const { searched } = conditionsOf(filter, new Values());
  if (searched.length > 0) {
    const head = await run('head');
    if (head.length === page.limit) return head;
    const finds = await run('finds');
    // An empty page beyond the offset tells that there are no more finds than the offset.
    if ((finds[0]?.candidates ?? page.offset) <= SORTABLE) return finds;
  }
  return run('ordered');
}

type Strategy = 'head' | 'finds' | 'ordered';

function statement(filter: ResolvedFilter, page: Pick, strategy: Strategy, values: Values): string {
  const { key, type, descending, only } = SORTS[page.sort];
  const { plain, searched } = conditionsOf(filter, values);
  const base = [...plain, ...(only === undefined ? [] : [only])];
  if (page.after !== undefined) {
    const place = `(${values.add(page.after.key, type)}, ${values.add(page.after.id, 'uuid')})`;
    base.push(`(${key}, r.id) ${descending ? '<' : '>'} ${place}`);
  }
  const direction = descending ? 'DESC' : 'ASC';
  const order = (sortKey: string, id: string) => `ORDER BY ${sortKey} ${direction}, ${id} ${direction}`;
  const slice = `LIMIT ${values.add(page.limit, 'bigint')} OFFSET ${values.add(page.offset, 'bigint')}`;
  const from = {
    ordered: `SELECT r.id, ${key} AS key, NULL::integer AS candidates FROM champion.flow_runs r
      WHERE ${all([...base, ...searched])} ${order(key, 'r.id')} ${slice}`,
    head: `SELECT r.id, r.key, NULL::integer AS candidates FROM (
        SELECT r.id, r.name, r.tags, r.state_name, r.state_type, ${key} AS key FROM champion.flow_runs r
        WHERE ${all(base)} ${order(key, 'r.id')} LIMIT ${LOOK_THROUGH}
      ) r WHERE ${all(searched)} ${order('r.key', 'r.id')} ${slice}`,
    finds: `SELECT r.id, r.key, (count(*) OVER ())::integer AS candidates FROM (
        SELECT r.id, ${key} AS key FROM champion.flow_runs r
        WHERE ${all([...base, ...searched])} LIMIT ${SORTABLE + 1}
      ) r ${order('r.key', 'r.id')} ${slice}`,
  }[strategy];
  return `WITH page AS MATERIALIZED (${from})
    SELECT ${SUMMARY_COLUMNS}${page.results ? RESULT_COLUMNS : ''}, page.key::text AS "sortKey", page.candidates
    FROM page JOIN champion.flow_runs r ON r.id = page.id ${RUN_JOINS}
    ${order('page.key', 'page.id')}`;
}

/** Looks up what names and ids of small tables stand for, so that the planner sees values whose frequency it knows. */
export async function resolveFilter(database: Database, filter: FlowRunFilter): Promise<ResolvedFilter> {
  const { flowNames, flowIds, workQueueIds, workQueueNames, workPoolIds, workPoolNames, ...rest } = filter;
  const [namesOfIds, queueIds] = await Promise.all([
    flowIds === undefined ? undefined : flowNamesOf(database, flowIds),
    workQueueNames === undefined && workPoolIds === undefined && workPoolNames === undefined
      ? undefined
      : queueIdsOf(database, [workQueueNames, workPoolIds, workPoolNames]),
  ]);
  const given = <T>(list: readonly (T | undefined)[]) => list.filter((entry): entry is T & {} => entry !== undefined);
  return { ...rest, flowNames: given([flowNames, namesOfIds]), queueIds: given([workQueueIds, queueIds]) };
}

async function flowNamesOf(database: Database, ids: readonly string[]): Promise<string[]> {
  const text = 'SELECT name FROM champion.flows WHERE id = ANY($1::uuid[])';
  return (await database.run<{ name: string }>({ name: 'flow-names', text }, [ids])).map(({ name }) => name);
}

async function queueIdsOf(database: Database, given: readonly (readonly string[] | undefined)[]): Promise<string[]> {
  const text = `SELECT q.id FROM champion.work_queues q JOIN champion.work_pools p ON p.id = q.work_pool_id
    WHERE ($1::text[] IS NULL OR q.name = ANY($1)) AND ($2::uuid[] IS NULL OR p.id = ANY($2))
      AND ($3::text[] IS NULL OR p.name = ANY($3))`;
  const values = given.map((list) => list ?? null);
  return (await database.run<{ id: string }>({ name: 'queue-ids', text }, values)).map(({ id }) => id);
}
