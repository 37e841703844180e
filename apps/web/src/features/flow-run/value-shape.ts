/** A value sorted into what can be read: plain facts, tables of like rows, and parts that are the same again. */
export interface ValueShape {
  readonly facts: readonly (readonly [name: string, value: string | number | boolean | null])[];
  readonly tables: readonly (readonly [name: string, table: Table])[];
  readonly parts: readonly (readonly [name: string, value: unknown])[];
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Most columns that are read side by side. */
const MOST_COLUMNS = 12;

/** A list of objects whose fields are mostly plain, as a table; undefined for anything else. */
export function tableOf(value: unknown): Table | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return undefined;
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
  return columns.length <= MOST_COLUMNS ? { columns, rows: value } : undefined;
}

export function shapeOf(value: Readonly<Record<string, unknown>>): ValueShape {
  const facts: [string, string | number | boolean | null][] = [];
  const tables: [string, Table][] = [];
  const parts: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const table = tableOf(field);
    if (isPlain(field)) facts.push([name, field]);
    else if (table !== undefined) tables.push([name, table]);
    else if (Array.isArray(field) && field.every(isPlain)) facts.push([name, field.join(', ') || 'none']);
    else parts.push([name, field]);
  }
  return { facts, tables, parts };
}

export { isRecord };
