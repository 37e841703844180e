import type { Run } from '../api/types.ts';

/** What runs can be sorted, filtered and shown by: "metrics.rows", "params.trade_date", "tags.state", "start_time". */
export interface Field {
  readonly entity: 'metrics' | 'params' | 'tags' | 'attributes';
  readonly key: string;
}

/** The keys that some runs have, each kind in order. */
export interface Keys {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
}

/** What tags say of MLflow itself, and what the page shows in another way, is not worth a column. */
const OWN_TAGS = /^mlflow\./;

export function keysOf(runs: readonly Run[]): Keys {
  const of = (records: readonly object[]) =>
    [...new Set(records.flatMap((record) => Object.keys(record)))].sort((a, b) => a.localeCompare(b));
  return {
    metrics: of(runs.map(({ metrics }) => metrics)),
    params: of(runs.map(({ params }) => params)),
    tags: of(runs.map(({ tags }) => tags)).filter((key) => !OWN_TAGS.test(key)),
  };
}

/** A column's name in addresses, and in the grammar unless its key is odd. */
export function nameOf({ entity, key }: Field): string {
  return entity === 'attributes' ? key : `${entity}.${key}`;
}

export function fieldOf(name: string): Field | undefined {
  const [, entity, key] = /^(metrics|params|tags)\.(.+)$/s.exec(name) ?? [];
  if (entity === undefined || key === undefined) return undefined;
  return { entity: entity as Field['entity'], key };
}

/** The field as the grammar of searches has it: an odd key stands in backticks. */
export function grammarOf(field: Field): string {
  if (field.entity === 'attributes') return field.key;
  const isPlain = /^[\p{L}\p{M}\p{N}_./:-]+$/u.test(field.key);
  return `${field.entity}.${isPlain ? field.key : `\`${field.key}\``}`;
}

/** What every dataset's runs have, by the importance that people give to it. */
const PREFERRED = [
  'params.trade_date',
  'metrics.rows_processed',
  'metrics.scrape_duration_seconds',
  'metrics.parse_duration_seconds',
  'metrics.normalize_duration_seconds',
  'metrics.write_duration_seconds',
  'metrics.load_duration_seconds',
  'metrics.validation_pass_rate',
  'metrics.file_size_mb',
];
const AT_LEAST = 3;

/** The columns while nobody chose any: those that flows' runs have, and of other runs the first few. */
export function usualColumns({ metrics, params }: Keys): string[] {
  const all = [...params.map((key) => `params.${key}`), ...metrics.map((key) => `metrics.${key}`)];
  const preferred = PREFERRED.filter((name) => all.includes(name));
  if (preferred.length >= AT_LEAST) return preferred;
  const few = [
    ...params.slice(0, 2).map((key) => `params.${key}`),
    ...metrics.slice(0, 4).map((key) => `metrics.${key}`),
  ];
  return [...new Set([...preferred, ...few])];
}

/** How runs are sorted. */
export interface Order {
  readonly name: string;
  readonly ascending: boolean;
}

const SORTABLE = ['run_name', 'status', 'start_time', 'duration'];

/** "start_time DESC" of an address; undefined where it names no column. */
export function readOrder(text: string | undefined): Order | undefined {
  const [, name = '', direction = 'ASC'] = /^(.*?)(?: (ASC|DESC))?$/is.exec(text ?? '') ?? [];
  if (!SORTABLE.includes(name) && fieldOf(name) === undefined) return undefined;
  return { name, ascending: direction.toUpperCase() === 'ASC' };
}

export function orderText({ name, ascending }: Order): string {
  return `${name} ${ascending ? 'ASC' : 'DESC'}`;
}

/** The order as the API takes it. */
export function orderGrammar({ name, ascending }: Order): string {
  const field = fieldOf(name) ?? { entity: 'attributes', key: name };
  return `${grammarOf(field)} ${ascending ? 'ASC' : 'DESC'}`;
}
