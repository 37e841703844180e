import type { OrderTerm } from '../filter/parse.ts';
import { invalid } from '../refusal.ts';
import type { Target } from './conditions.ts';
import type { KeyValue } from './page-token.ts';
import type { Parameters } from './parameters.ts';

/**
 * One column that rows are sorted by. Rows without a value come last, whichever the direction, and right before them
 * those whose metric is NaN.
 */
export interface SortColumn {
  readonly expression: string;
  readonly kind: 'metric' | 'number' | 'text';
  readonly ascending: boolean;
  /** Whether rows can be without a value, or with NaN for one. */
  readonly nullable: boolean;
}

export interface Order {
  readonly columns: readonly SortColumn[];
  readonly joins: readonly string[];
}

/** What an order says, and after it what makes it total. */
export function orderOf(terms: readonly OrderTerm[], target: Target, tieBreak: readonly SortColumn[]): Order {
  const joins: string[] = [];
  const columns = terms.map(({ field, ascending }, index): SortColumn => {
    if (field.entity === 'attribute') {
      const expression = target.column(field.key);
      const kind = field.kind === 'number' || field.key === 'experiment_id' ? 'number' : 'text';
      return { expression, kind, ascending, nullable: field.key === 'end_time' || field.key === 'duration' };
    }
    const alias = `o${index}`;
    const { table, on } = target.keyed(field.entity, alias);
    joins.push(`LEFT JOIN ${table} ${alias} ON ${on} AND ${alias}.key = ${target.parameters.add(field.key, 'text')}`);
    const kind = field.entity === 'metric' ? 'metric' : 'text';
    return { expression: `${alias}.value`, kind, ascending, nullable: true };
  });
  const named = new Set(columns.map(({ expression }) => expression));
  return { columns: [...columns, ...tieBreak.filter(({ expression }) => !named.has(expression))], joins };
}

/** @param expressionOf what stands for a column, where that is not its own expression */
export function sortList(columns: readonly SortColumn[], expressionOf?: (index: number) => string): string {
  return columns
    .map((column, index) => {
      const expression = expressionOf?.(index) ?? column.expression;
      const direction = column.ascending ? 'ASC' : 'DESC';
      const nulls = column.nullable ? ' NULLS LAST' : '';
      if (column.kind === 'text') return `${expression} COLLATE "C" ${direction}${nulls}`;
      // Ascending, PostgreSQL has NaN above all numbers anyway.
      const nan = column.kind === 'metric' && column.nullable && !column.ascending;
      const nanLast = nan ? `${expression} = 'NaN' ASC NULLS LAST, ` : '';
      return `${nanLast}${expression} ${direction}${nulls}`;
    })
    .join(', ');
}

/** The condition that a row comes after the one with these sort values. */
export function afterRow(columns: readonly SortColumn[], values: readonly KeyValue[], parameters: Parameters): string {
  const equal: string[] = [];
  const alternatives: string[] = [];
  let bound = '';
  for (const [index, column] of columns.entries()) {
    const { after, same, notBefore } = relation(column, values[index] ?? null, parameters);
    if (index === 0 && notBefore) bound = `${notBefore} AND `;
    if (after) alternatives.push([...equal, after].join(' AND '));
    equal.push(same);
  }
  return alternatives.length === 0 ? 'FALSE' : `${bound}(${alternatives.map((one) => `(${one})`).join(' OR ')})`;
}

interface Relation {
  /** The column comes after the value. Absent when nothing does. */
  readonly after?: string;
  readonly same: string;
  /** Either of them, as one comparison that an index can answer. */
  readonly notBefore?: string;
}

function relation(column: SortColumn, value: KeyValue, parameters: Parameters): Relation {
  const { expression, kind, ascending, nullable } = column;
  if (value === null && nullable) return { same: `${expression} IS NULL` };
  if (value === null || (typeof value === 'string') !== (kind === 'text') || unstorable(value, kind)) {
    throw invalid('Invalid page token: it is not from this search', 'Start at the first page.');
  }
  const missing = nullable ? ` OR ${expression} IS NULL` : '';
  if (Number.isNaN(value)) return { after: `${expression} IS NULL`, same: `${expression} = 'NaN'` };
  const given = parameters.add(value, { text: 'text', metric: 'float8', number: 'bigint' }[kind]);
  const operator = ascending ? '>' : '<';
  const collated = kind === 'text' ? `${expression} COLLATE "C"` : expression;
  const nan = kind === 'metric' && nullable && !ascending ? ` OR ${expression} = 'NaN'` : '';
  return {
    after: `(${collated} ${operator} ${given}${nan}${missing})`,
    same: `${expression} = ${given}`,
    ...(nan === '' && missing === '' ? { notBefore: `${collated} ${operator}= ${given}` } : {}),
  };
}

/** A token comes from outside: what it says must be a value that its column can have. */
function unstorable(value: string | number, kind: SortColumn['kind']): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  return kind === 'number' && !Number.isSafeInteger(value);
}
