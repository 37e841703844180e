// A JSON schema's properties as fields of a form.

export interface SchemaField {
  readonly name: string;
  readonly kind: 'date' | 'boolean' | 'choice' | 'number' | 'integer' | 'text' | 'json';
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly fallback: unknown;
  readonly hint: string | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function fieldsOf(schema: Schema): SchemaField[] {
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, property]) => {
    const part = oneOf(isSchema(property) ? property : {});
    const choices = Array.isArray(part.enum) ? part.enum.map(String) : [];
    return {
      name,
      kind: choices.length > 0 ? 'choice' : kindOf(part),
      // What has a default need not be given, though zod's output schemas list it as required.
      required: required.includes(name) && !('default' in part),
      choices,
      fallback: part.default,
      hint: typeof part.description === 'string' ? part.description : hintOf(part),
    };
  });
}

/** Of "this or null", this. */
function oneOf(property: Schema): Schema {
  const options = [property.anyOf, property.oneOf].find(Array.isArray);
  const chosen = options?.find((option) => isSchema(option) && option.type !== 'null');
  return isSchema(chosen) ? { ...property, ...chosen } : property;
}

function kindOf(part: Schema): SchemaField['kind'] {
  if (part.type === 'boolean') return 'boolean';
  if (part.type === 'integer') return 'integer';
  if (part.type === 'number') return 'number';
  if (part.type !== 'string') return 'json';
  return part.format === 'date' || (typeof part.pattern === 'string' && part.pattern.includes('\\d{4}-\\d{2}-\\d{2}$'))
    ? 'date'
    : 'text';
}

function hintOf(part: Schema): string | undefined {
  const { minimum, maximum } = part;
  if (typeof minimum === 'number' && typeof maximum === 'number' && Math.abs(maximum) < 2 ** 40) {
    return `${minimum} to ${maximum}`;
  }
  return kindOf(part) === 'json' ? 'As JSON, for example ["a", "b"]' : undefined;
}

/** A value as it stands in the field. */
export function textOf(field: SchemaField, value: unknown): string {
  if (value === undefined || value === null) return '';
  return field.kind === 'json' ? JSON.stringify(value) : String(value);
}

/** What stands in the field as a value; undefined when it is empty. */
export function readValue(field: SchemaField, text: string): { readonly value?: unknown; readonly error?: string } {
  if (text.trim() === '') return field.required ? { error: 'It needs a value' } : {};
  switch (field.kind) {
    case 'boolean':
      return { value: text === 'true' };
    case 'integer':
      return /^[+-]?\d+$/.test(text.trim()) ? { value: Number(text) } : { error: 'Not a whole number' };
    case 'number':
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { error: 'Not a number' };
    case 'json':
      try {
        return { value: JSON.parse(text) };
      } catch {
        return { error: 'Not JSON' };
      }
    default:
      return { value: text };
  }
}
