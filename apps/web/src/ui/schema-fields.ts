// A JSON schema's properties as fields of a form.

type FieldKind =
  | 'date'
  | 'boolean'
  | 'choice'
  | 'number'
  | 'integer'
  | 'text'
  | 'secret'
  /** Several of a few. */
  | 'choices'
  /** Lines, each a value of `item`. */
  | 'list'
  | 'json';

export interface SchemaField {
  readonly name: string;
  /** What people call it; undefined: nothing but its name. */
  readonly title: string | undefined;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly fallback: unknown;
  readonly hint: string | undefined;
  readonly rules: Rules;
  /** What each line of a list is. */
  readonly item: SchemaField | undefined;
}

/** What a value has to fulfil, as JSON Schema names it. */
interface Rules {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Of what is given as JSON. */
  readonly shape?: 'array' | 'object';
}

type Schema = Readonly<Record<string, unknown>>;

/** What stands where a secret is not shown: sent back, it stays. */
export const MASK = '********';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function fieldsOf(schema: Schema): SchemaField[] {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, isSchema(property) ? property : {}, required.includes(name)),
  );
}

function fieldOf(name: string, property: Schema, required: boolean): SchemaField {
  const part = oneOf(property);
  const items = part.type === 'array' && isSchema(part.items) ? fieldOf(name, part.items, true) : undefined;
  const kind = kindOf(part, items);
  const choices = kind === 'choices' ? (items?.choices ?? []) : choicesOf(part);
  return {
    name,
    title: typeof part.title === 'string' ? part.title : undefined,
    kind,
    // What has a default need not be given, though zod's output schemas list it as required.
    required: required && !('default' in part),
    choices,
    fallback: part.default,
    hint: typeof part.description === 'string' ? part.description : hintOf(part, kind),
    rules: rulesOf(part),
    item: kind === 'list' ? items : undefined,
  };
}

/** Of "this or null", this. */
function oneOf(property: Schema): Schema {
  const options = [property.anyOf, property.oneOf].find(Array.isArray);
  const chosen = options?.find((option) => isSchema(option) && option.type !== 'null');
  return isSchema(chosen) ? { ...property, ...chosen } : property;
}

function choicesOf(part: Schema): string[] {
  return Array.isArray(part.enum) ? part.enum.map(String) : [];
}

const SCALARS: readonly FieldKind[] = ['date', 'number', 'integer', 'text'];

function kindOf(part: Schema, item: SchemaField | undefined): FieldKind {
  if (choicesOf(part).length > 0) return 'choice';
  if (part.type === 'boolean') return 'boolean';
  if (part.type === 'integer') return 'integer';
  if (part.type === 'number') return 'number';
  if (item?.kind === 'choice') return 'choices';
  if (item !== undefined && SCALARS.includes(item.kind)) return 'list';
  if (part.type !== 'string') return 'json';
  if (part.writeOnly === true || part.format === 'password') return 'secret';
  const dated = typeof part.pattern === 'string' && part.pattern.includes('\\d{4}-\\d{2}-\\d{2}$');
  return part.format === 'date' || dated ? 'date' : 'text';
}

const RULES = ['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems'] as const;

function rulesOf(part: Schema): Rules {
  // zod names the largest safe integers as limits, which nobody needs to hear of.
  const given = RULES.filter(
    (rule) => typeof part[rule] === 'string' || (typeof part[rule] === 'number' && Math.abs(part[rule]) < 2 ** 40),
  );
  const rules: Rules = Object.fromEntries(given.map((rule) => [rule, part[rule]]));
  return part.type === 'array' || part.type === 'object' ? { ...rules, shape: part.type } : rules;
}

function hintOf(part: Schema, kind: FieldKind): string | undefined {
  const { minimum, maximum } = rulesOf(part);
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (kind === 'list') return 'One a line';
  if (kind !== 'json') return undefined;
  return part.type === 'object' ? 'As JSON, for example {"a": 1}' : 'As JSON, for example ["a", "b"]';
}

/** A value as it stands in the field. */
export function textOf(field: SchemaField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (field.kind === 'json') return JSON.stringify(value, null, typeof value === 'object' ? 2 : undefined);
  if (field.kind !== 'list' && field.kind !== 'choices') return String(value);
  return Array.isArray(value) ? value.map(String).join('\n') : String(value);
}

export type Read = { readonly value?: unknown; readonly error?: string };

/** What stands in the field as a value; undefined when it is empty. */
export function readValue(field: SchemaField, text: string): Read {
  if (text.trim() === '') return field.required ? { error: 'It needs a value' } : {};
  const { rules } = field;
  switch (field.kind) {
    case 'boolean':
      return { value: text === 'true' };
    case 'integer':
    case 'number':
      return readNumber(field.kind, text.trim(), rules);
    case 'date':
      return isDate(text.trim())
        ? { value: text.trim() }
        : { error: 'Not a date. Write the year, month and day: 2026-01-12' };
    case 'choices':
      return checkCount(text.split('\n'), rules);
    case 'list':
      return readLines(field, text);
    case 'json':
      return readJson(text, rules);
    case 'secret':
      return text === MASK ? { value: text } : readText(text, rules);
    default:
      return readText(text, rules);
  }
}

function readNumber(kind: 'integer' | 'number', text: string, { minimum, maximum }: Rules): Read {
  const value = Number(text);
  if (kind === 'integer' && !/^[+-]?\d+$/.test(text)) return { error: 'Not a whole number' };
  if (!Number.isFinite(value)) return { error: 'Not a number' };
  if (minimum !== undefined && value < minimum) return { error: `At least ${minimum}` };
  if (maximum !== undefined && value > maximum) return { error: `At most ${maximum}` };
  return { value };
}

function readText(text: string, { minLength, maxLength, pattern }: Rules): Read {
  if (minLength !== undefined && text.trim().length < minLength) return { error: `At least ${minLength} characters` };
  if (maxLength !== undefined && text.length > maxLength) return { error: `At most ${maxLength} characters` };
  if (pattern !== undefined && fits(pattern, text) === false) return { error: `It should look like ${pattern}` };
  return { value: text };
}

/** Undefined where this browser can't read the pattern: the server checks it then. */
function fits(pattern: string, text: string): boolean | undefined {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return undefined;
  }
}

function readLines(field: SchemaField, text: string): Read {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const read = lines.map((line) => (field.item === undefined ? { value: line } : readValue(field.item, line)));
  const wrong = read.findIndex(({ error }) => error !== undefined);
  if (wrong !== -1) return { error: `${lines[wrong]}: ${read[wrong]?.error}` };
  return checkCount(
    read.map(({ value }) => value),
    field.rules,
  );
}

function checkCount(values: readonly unknown[], { minItems, maxItems }: Rules): Read {
  if (minItems !== undefined && values.length < minItems) return { error: `At least ${minItems}` };
  if (maxItems !== undefined && values.length > maxItems) return { error: `At most ${maxItems}` };
  return { value: values };
}

function readJson(text: string, { shape }: Rules): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: `Not JSON: ${(error as Error).message}` };
  }
  if (shape === 'array' && !Array.isArray(value)) return { error: 'It should be a list: ["a", "b"]' };
  if (shape === 'object' && !isSchema(value)) return { error: 'It should be an object: {"a": 1}' };
  return { value };
}

/** A day that there is: not 2026-02-30. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
