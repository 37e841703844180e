import type { BlockSchema } from '@champion/contract';

/** One of the things that blocks of a type hold. */
export interface BlockField {
  readonly name: string;
  readonly title: string;
  readonly secret: boolean;
  readonly required: boolean;
}

export function fieldsOf({ fields }: Pick<BlockSchema, 'fields'>): BlockField[] {
  const {
    properties = {},
    required = [],
    secret_fields: secrets = [],
  } = fields as {
    readonly properties?: Readonly<Record<string, { readonly title?: string }>>;
    readonly required?: readonly string[];
    readonly secret_fields?: readonly string[];
  };
  return Object.entries(properties).map(([name, { title = name }]) => ({
    name,
    title,
    secret: secrets.includes(name),
    required: required.includes(name),
  }));
}

/** What is no JSON is text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
