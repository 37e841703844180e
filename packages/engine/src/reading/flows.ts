import type { Database } from '../records/database.ts';
import { all, bounded, containing, Values } from './conditions.ts';

/** Which flows: all that is given must hold. */
export interface FlowFilter {
  readonly ids?: readonly string[];
  readonly names?: readonly string[];
  /** A part of the name, in any case. */
  readonly nameContains?: string;
  readonly allTags?: readonly string[];
  readonly anyTags?: readonly string[];
}

export type FlowSort = 'nameAsc' | 'nameDesc' | 'createdDesc' | 'updatedDesc';

export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** JSON Schema of the parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = `f.id, f.name, f.description, f.parameters, f.tags, f.created_at AS "createdAt", f.updated_at AS "updatedAt"`;

const ORDERS: Readonly<Record<FlowSort, string>> = {
  nameAsc: 'f.name COLLATE "C"',
  nameDesc: 'f.name COLLATE "C" DESC',
  createdDesc: 'f.created_at DESC, f.name COLLATE "C"',
  updatedDesc: 'f.updated_at DESC, f.name COLLATE "C"',
};

/** Reads flows. */
export class FlowReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Flows by name unless told; 200 unless told, 1000 at most. */
  async list(
    filter: FlowFilter = {},
    options: { readonly sort?: FlowSort; readonly limit?: number; readonly offset?: number } = {},
  ): Promise<FlowRow[]> {
    const values = new Values();
    const text = `SELECT ${COLUMNS} FROM champion.flows f WHERE ${all(conditionsOf(filter, values))}
      ORDER BY ${ORDERS[options.sort ?? 'nameAsc']}
      LIMIT ${bounded(options.limit, 200, 1_000)} OFFSET ${bounded(options.offset, 0, Number.MAX_SAFE_INTEGER)}`;
    return this.#database.run<FlowRow>({ name: 'flows-list', text, prepared: false }, values.list);
  }

  async count(filter: FlowFilter = {}): Promise<number> {
    const values = new Values();
    const text = `SELECT count(*)::integer AS count FROM champion.flows f WHERE ${all(conditionsOf(filter, values))}`;
    const rows = await this.#database.run<{ count: number }>(
      { name: 'flows-count', text, prepared: false },
      values.list,
    );
    return rows[0]?.count ?? 0;
  }

  async find(id: string): Promise<FlowRow | undefined> {
    return (await this.list({ ids: [id] }, { limit: 1 }))[0];
  }

  async findByName(name: string): Promise<FlowRow | undefined> {
    return (await this.list({ names: [name] }, { limit: 1 }))[0];
  }

  /** How many deployments each flow has, by the flow's id. */
  async countDeployments(ids: readonly string[]): Promise<Map<string, number>> {
    const text = `SELECT f.id, count(d.id)::integer AS count
      FROM champion.flows f LEFT JOIN champion.deployments d ON d.flow_name = f.name
      WHERE f.id = ANY($1) GROUP BY f.id`;
    const rows = await this.#database.run<{ id: string; count: number }>({ name: 'flows-deployments', text }, [ids]);
    return new Map(rows.map(({ id, count }) => [id, count]));
  }
}

function conditionsOf(filter: FlowFilter, values: Values): string[] {
  return [
    ...(filter.ids === undefined ? [] : [`f.id = ANY(${values.add(filter.ids, 'uuid[]')})`]),
    ...(filter.names === undefined ? [] : [`f.name = ANY(${values.add(filter.names, 'text[]')})`]),
    ...(filter.nameContains === undefined
      ? []
      : [`f.name ILIKE ${values.add(containing(filter.nameContains), 'text')}`]),
    ...(filter.allTags === undefined ? [] : [`f.tags @> ${values.add(filter.allTags, 'text[]')}`]),
    ...(filter.anyTags === undefined ? [] : [`f.tags && ${values.add(filter.anyTags, 'text[]')}`]),
  ];
}
