type Json = Readonly<Record<string, unknown>>;

const DEEP = 3;
const REF = '#/components/schemas/';

/** A JSON Schema as people write types: `{ id: uuid, tags: string[], name?: string }`. Below three levels: names alone. */
export function shapeOf(schema: Json, schemas: Readonly<Record<string, Json>>, depth = 0): string {
  const { $ref, type, enum: values, const: constant, anyOf, oneOf, allOf, items, prefixItems, format } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.slice(REF.length);
    const known = schemas[name];
    return known === undefined || depth >= DEEP - 1 ? name : shapeOf(known, schemas, depth);
  }
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = anyOf ?? oneOf ?? allOf;
  if (Array.isArray(choices)) return choices.map((choice: Json) => shapeOf(choice, schemas, depth)).join(' | ');
  if (Array.isArray(type)) return type.map((one) => shapeOf({ ...schema, type: one }, schemas, depth)).join(' | ');
  if (type === 'array') {
    if (Array.isArray(prefixItems)) {
      return `[${prefixItems.map((item: Json) => shapeOf(item, schemas, depth)).join(', ')}]`;
    }
    const item = shapeOf((items ?? {}) as Json, schemas, depth);
    return item.includes(' | ') && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
  }
  if (type === 'object') return objectOf(schema, schemas, depth);
  if (type === 'integer') return 'integer';
  if (typeof format === 'string') return format;
  return typeof type === 'string' ? type : 'any';
}

function objectOf(schema: Json, schemas: Readonly<Record<string, Json>>, depth: number): string {
  const { properties, required, additionalProperties } = schema as {
    properties?: Record<string, Json>;
    required?: readonly string[];
    additionalProperties?: Json | boolean;
  };
  if (properties === undefined) {
    const of = typeof additionalProperties === 'object' ? shapeOf(additionalProperties, schemas, depth + 1) : 'any';
    return `{ [name]: ${of} }`;
  }
  if (depth >= DEEP) return '{ … }';
  const pad = '  '.repeat(depth + 1);
  const lines = Object.entries(properties).map(
    ([name, property]) =>
      `${pad}${name}${required?.includes(name) === true ? '' : '?'}: ${shapeOf(property, schemas, depth + 1)}`,
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}
