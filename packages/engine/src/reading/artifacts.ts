import type { Database } from '../records/database.ts';
import type { ArtifactKind } from '../records/run-records.ts';
import { all, bounded, containing, Values } from './conditions.ts';

/** Which artifacts: all that is given must hold. */
export interface ArtifactFilter {
  readonly ids?: readonly string[];
  readonly keys?: readonly string[];
  /** A part of the key, in any case. */
  readonly keyContains?: string;
  readonly flowRunIds?: readonly string[];
  readonly taskRunIds?: readonly string[];
  readonly kinds?: readonly string[];
  readonly notKinds?: readonly string[];
}

export interface ArtifactRow {
  readonly id: string;
  readonly flowRunId: string;
  /** Null: left by the flow itself. */
  readonly taskRunId: string | null;
  readonly key: string;
  readonly kind: ArtifactKind;
  readonly description: string | null;
  /** markdown: text; table: records with the same fields; link: { href, text }. */
  readonly data: unknown;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** By when they were left, or by key. */
export type ArtifactSort = 'createdDesc' | 'updatedDesc' | 'keyAsc' | 'keyDesc';

const DEFAULT_ROWS = 200;
const MOST_ROWS = 1_000;
/** Keys that are looked at for the latest of each: a key names what an artifact is, and there are some dozens. */
const MOST_KEYS = 2_000;
const MOST_COUNTED = 100_000;

const COLUMNS = `a.id, a.flow_run_id AS "flowRunId", a.task_run_id AS "taskRunId", a.key, a.kind, a.description, a.data,
  a.created_at AS "createdAt", a.updated_at AS "updatedAt"`;

const ORDERS: Readonly<Record<ArtifactSort, string>> = {
  createdDesc: 'a.created_at DESC, a.id DESC',
  updatedDesc: 'a.updated_at DESC, a.id DESC',
  keyAsc: 'a.key, a.created_at DESC, a.id DESC',
  keyDesc: 'a.key DESC, a.created_at DESC, a.id DESC',
};

/** The latest of each key: from key to key by the index, however many of each there are. */
const LATEST = `
  WITH RECURSIVE keys AS (
    (SELECT key FROM champion.artifacts ORDER BY key LIMIT 1)
    UNION ALL
    SELECT (SELECT next.key FROM champion.artifacts next WHERE next.key > keys.key ORDER BY next.key LIMIT 1)
    FROM keys WHERE keys.key IS NOT NULL
  ), latest AS (
    SELECT one.* FROM (SELECT key FROM keys WHERE key IS NOT NULL LIMIT ${MOST_KEYS}) k
    CROSS JOIN LATERAL (
      SELECT * FROM champion.artifacts a WHERE a.key = k.key ORDER BY a.created_at DESC, a.id DESC LIMIT 1) one
  )`;

/** Reads what runs have left. */
export class ArtifactReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The latest first unless told; 200 unless told, 1000 at most. */
  async list(
    filter: ArtifactFilter = {},
    options: {
      readonly sort?: ArtifactSort;
      readonly limit?: number;
      readonly offset?: number;
      /** Only the latest of each key. */
      readonly latest?: boolean;
    } = {},
  ): Promise<ArtifactRow[]> {
    const values = new Values();
    const text = `${options.latest ? LATEST : ''}
      SELECT ${COLUMNS} FROM ${options.latest ? 'latest' : 'champion.artifacts'} a
      WHERE ${all(conditionsOf(filter, values))}
      ORDER BY ${ORDERS[options.sort ?? 'createdDesc']}
      LIMIT ${values.add(bounded(options.limit, DEFAULT_ROWS, MOST_ROWS), 'bigint')}
      OFFSET ${values.add(bounded(options.offset, 0, Number.MAX_SAFE_INTEGER), 'bigint')}`;
    return this.#database.run<ArtifactRow>({ name: 'artifacts-list', text, prepared: false }, values.list);
  }

  async find(id: string): Promise<ArtifactRow | undefined> {
    const text = `SELECT ${COLUMNS} FROM champion.artifacts a WHERE a.id = $1`;
    return (await this.#database.run<ArtifactRow>({ name: 'artifact-find', text }, [id]))[0];
  }

  /** The latest of a key. */
  async latest(key: string): Promise<ArtifactRow | undefined> {
    const text = `SELECT ${COLUMNS} FROM champion.artifacts a WHERE a.key = $1
      ORDER BY a.created_at DESC, a.id DESC LIMIT 1`;
    return (await this.#database.run<ArtifactRow>({ name: 'artifact-latest', text }, [key]))[0];
  }

  /** How many fit, up to 100,000. */
  async count(filter: ArtifactFilter = {}, options: { readonly latest?: boolean } = {}): Promise<number> {
    const values = new Values();
    const text = `${options.latest ? LATEST : ''}
      SELECT count(*)::integer AS count FROM (
        SELECT FROM ${options.latest ? 'latest' : 'champion.artifacts'} a
        WHERE ${all(conditionsOf(filter, values))} LIMIT ${MOST_COUNTED}) fits`;
    const statement = { name: 'artifacts-count', text, prepared: false };
    return (await this.#database.run<{ count: number }>(statement, values.list))[0]?.count ?? 0;
  }

  /** @returns false when there is none */
  async remove(id: string): Promise<boolean> {
    const text = 'DELETE FROM champion.artifacts WHERE id = $1 RETURNING id';
    return (await this.#database.run({ name: 'artifact-remove', text }, [id])).length === 1;
  }
}

function conditionsOf(filter: ArtifactFilter, values: Values): string[] {
  const anyOf = (column: string, given: readonly string[] | undefined, type: string) =>
    given === undefined ? [] : [`${column} = ANY(${values.add(given, `${type}[]`)})`];
  const { keyContains, notKinds } = filter;
  return [
    ...anyOf('a.id', filter.ids, 'uuid'),
    ...anyOf('a.key', filter.keys, 'text'),
    ...anyOf('a.flow_run_id', filter.flowRunIds, 'uuid'),
    ...anyOf('a.task_run_id', filter.taskRunIds, 'uuid'),
    ...anyOf('a.kind', filter.kinds, 'text'),
    ...(notKinds === undefined ? [] : [`a.kind <> ALL(${values.add(notKinds, 'text[]')})`]),
    ...(keyContains === undefined ? [] : [`a.key ILIKE ${values.add(containing(keyContains), 'text')}`]),
  ];
}
