import type { Comparison, NumberComparison } from '../filter/parse.ts';
import { experimentNumber } from '../limits.ts';
import type { View } from '../model.ts';
import type { Parameters } from './parameters.ts';

/** What a search goes over: where each of its fields is found in the tables. */
export interface Target {
  /** The column of an attribute. */
  readonly column: (key: string) => string;
  /** The tables of keys and values, and what ties their rows to the row that is searched. */
  readonly keyed: (
    entity: 'metric' | 'param' | 'tag',
    alias: string,
  ) => { readonly table: string; readonly on: string };
  /** The experiment of the runs that are searched, in SQL; of experiments themselves none. */
  readonly experiment: string;
  readonly parameters: Parameters;
}

/** A condition on a metric that few runs fulfil. */
export interface RareCondition {
  readonly comparison: NumberComparison;
  /** How many do. */
  readonly count: number;
}

export interface Conditions {
  readonly joins: readonly string[];
  readonly where: readonly string[];
}

const RUN_COLUMNS: Readonly<Record<string, string>> = {
  run_name: 'r.name',
  duration: '(r.end_time - r.start_time)',
};
const RUN_TABLES = { metric: 'tracking.latest_metrics', param: 'tracking.params', tag: 'tracking.tags' } as const;

/** @param experiment what the searched runs' experiment is, in SQL */
export function runTarget(experiment: string, parameters: Parameters): Target {
  return {
    parameters,
    experiment,
    column: (key) => RUN_COLUMNS[key] ?? `r.${key}`,
    keyed: (entity, alias) => ({
      table: RUN_TABLES[entity],
      on: `${alias}.run = r.id${entity === 'metric' ? ` AND ${alias}.experiment_id = ${experiment}` : ''}`,
    }),
  };
}

export function experimentTarget(parameters: Parameters): Target {
  return {
    parameters,
    experiment: '',
    column: (key) => (key === 'experiment_id' ? 'e.id' : `e.${key}`),
    keyed: (_entity, alias) => ({ table: 'tracking.experiment_tags', on: `${alias}.experiment_id = e.id` }),
  };
}

export function lifecycleCondition(alias: 'r' | 'e', view: View): string {
  return view === 'all' ? 'TRUE' : `${alias}.lifecycle_stage = '${view}'`;
}

/**
 * A filter as SQL. A condition on a key is a join, for a run has at most one row of each key: rows without the key fail the
 * condition, `!=` too, as in MLflow.
 * @param rare the condition that few runs fulfil, if one is known to be: they are looked up first
 */
export function conditions(filter: readonly Comparison[], target: Target, rare?: RareCondition): Conditions {
  const { parameters } = target;
  const joins: string[] = [];
  const where: string[] = [];
  for (const [index, comparison] of filter.entries()) {
    const { field } = comparison;
    if (field.entity === 'attribute') {
      where.push(attributeCondition(comparison, target.column(field.key), parameters));
      continue;
    }
    const alias = `f${index}`;
    const { table, on } = target.keyed(field.entity, alias);
    const key = parameters.add(field.key, 'text');
    if (comparison.kind === 'presence') {
      const not = comparison.present ? '' : 'NOT ';
      where.push(`${not}EXISTS (SELECT FROM ${table} ${alias} WHERE ${on} AND ${alias}.key = ${key})`);
    } else if (comparison.kind === 'number') {
      const compared = numberCondition(comparison, `${alias}.value`, parameters);
      const own = `${alias}.experiment_id = ${target.experiment} AND ${alias}.key = ${key} AND ${compared}`;
      if (comparison === rare?.comparison) {
        // The limit tells the planner how few there are. It leaves room: between count and search more may have come.
        const found = `SELECT run FROM ${table} ${alias} WHERE ${own} LIMIT ${2 * rare.count + 100}`;
        joins.push(`JOIN (${found}) ${alias} ON ${alias}.run = r.id`);
      } else {
        joins.push(`JOIN ${table} ${alias} ON ${alias}.run = r.id AND ${own}`);
      }
    } else {
      joins.push(`JOIN ${table} ${alias} ON ${on} AND ${alias}.key = ${key}`);
      where.push(keyedTextCondition(comparison, `${alias}.value`, parameters));
    }
  }
  return { joins, where };
}

/** A metric compared with a number. PostgreSQL has NaN above all numbers; here it is beyond comparison, and only unequal. */
export function numberCondition(comparison: NumberComparison, column: string, parameters: Parameters): string {
  const compared = `${column} ${comparison.operator} ${parameters.add(comparison.value, 'float8')}`;
  const reachesNan = comparison.operator === '>' || comparison.operator === '>=';
  return reachesNan ? `${compared} AND ${column} < 'NaN'` : compared;
}

function keyedTextCondition(comparison: Comparison, column: string, parameters: Parameters): string {
  if (comparison.kind !== 'text') throw new TypeError('a keyed text is compared with one text');
  const { operator, value } = comparison;
  const given = parameters.add(value, 'text');
  if (operator === '=') return `left(${column}, 200) = left(${given}, 200) AND ${column} = ${given}`;
  return textComparison(column, operator, given);
}

function attributeCondition(comparison: Comparison, column: string, parameters: Parameters): string {
  switch (comparison.kind) {
    case 'number': {
      const whole = Number.isSafeInteger(comparison.value);
      return `${column} ${comparison.operator} ${parameters.add(comparison.value, whole ? 'bigint' : 'float8')}`;
    }
    case 'text':
      if (column === 'e.id') return experimentIdCondition(comparison.operator, [comparison.value], parameters);
      return textComparison(column, comparison.operator, parameters.add(comparison.value, 'text'));
    case 'list': {
      const operator = comparison.negated ? '!=' : '=';
      if (column === 'e.id') return experimentIdCondition(operator, comparison.values, parameters);
      const values = parameters.add(comparison.values, 'text[]');
      return `${column} ${operator} ${comparison.negated ? 'ALL' : 'ANY'} (${values})`;
    }
    case 'presence':
      throw new TypeError('an attribute is always present');
  }
}

/** An experiment's id is a number, though written as text. */
function experimentIdCondition(operator: string, ids: readonly string[], parameters: Parameters): string {
  if (operator === 'LIKE' || operator === 'ILIKE') {
    return textComparison('e.id::text', operator, parameters.add(ids[0], 'text'));
  }
  const values = parameters.add(ids.map(experimentNumber), 'bigint[]');
  return `e.id ${operator} ${operator === '!=' ? 'ALL' : 'ANY'} (${values})`;
}

/** In a pattern % and _ are wild; nothing escapes them, a backslash least of all. */
function textComparison(column: string, operator: string, given: string): string {
  const like = operator === 'LIKE' || operator === 'ILIKE';
  return `${column} ${operator} ${given}${like ? " ESCAPE ''" : ''}`;
}
