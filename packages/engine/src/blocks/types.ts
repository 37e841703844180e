import { ChampionError, closest } from '@champion/core';
import { z } from 'zod';

/** What stands where a secret is not shown; sent back, it means the secret that is there. */
export const MASK = '********';

/** More is no configuration any more. */
const MOST_JSON_CHARS = 65_536;

const MASKED = 'is only a mask; give the secret itself';

/** A field that is encrypted at rest and never given back. */
function secret(min: number, max: number, title: string, description: string) {
  return z
    .string()
    .trim()
    .min(min, `is too short: ${min} characters at least`)
    .max(max, `is too long: ${max} characters at most`)
    .refine((text) => text !== MASK, MASKED)
    .meta({ title, description, format: 'password', writeOnly: true });
}

const address = (description: string) => secret(1, 2_000, 'Address', description);

/** The kinds of blocks, by slug. */
export const BLOCK_TYPES = {
  'slack-webhook': {
    name: 'Slack Webhook',
    description: 'An incoming webhook of Slack, which notification rules send to.',
    schema: z.strictObject({
      url: address(
        'As Slack gives it, beginning with https://hooks.slack.com/services/. Whoever knows it can write to the channel.',
      ),
    }),
  },
  webhook: {
    name: 'Webhook',
    description: 'An address that notification rules post JSON to.',
    schema: z.strictObject({
      url: address('Where the requests go.'),
      secret: secret(
        8,
        500,
        'Signing secret',
        'Signs each request, so that the receiver knows who sent it. Empty: they are not signed.',
      ).optional(),
    }),
  },
  secret: {
    name: 'Secret',
    description: 'A password or token that a flow reads in a task.',
    schema: z.strictObject({ value: secret(4, 16_384, 'Value', 'The password or token.') }),
  },
  json: {
    name: 'JSON',
    description: 'Configuration that a flow reads in a task: text, a number, a list, an object. It is no secret.',
    schema: z.strictObject({
      value: z
        .unknown()
        .refine((value) => value !== undefined, 'is missing')
        .refine(
          (value) => (JSON.stringify(value) ?? '').length <= MOST_JSON_CHARS,
          `is longer than ${MOST_JSON_CHARS} characters of JSON`,
        )
        .meta({ title: 'Value', description: 'Any JSON.' }),
    }),
  },
} as const satisfies Readonly<Record<string, { name: string; description: string; schema: z.ZodObject }>>;

export type BlockSlug = keyof typeof BLOCK_TYPES;
/** What a block of a type holds, its secrets included. */
export type BlockData<Slug extends BlockSlug> = z.output<(typeof BLOCK_TYPES)[Slug]['schema']>;

/** The kinds that an alert can be sent to. */
export const TARGET_TYPES = ['slack-webhook', 'webhook'] as const satisfies readonly BlockSlug[];

/** A block as it is named everywhere: "slack-webhook/ops". */
export interface BlockReference {
  readonly type: BlockSlug;
  readonly name: string;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MOST_NAME_CHARS = 100;

/** The names of a type's secret fields. */
export function secretFieldsOf(type: BlockSlug): readonly string[] {
  return Object.entries(BLOCK_TYPES[type].schema.shape)
    .filter(([, field]) => (field instanceof z.ZodOptional ? field.unwrap() : field).meta()?.writeOnly === true)
    .map(([name]) => name);
}

/** Whether a block may be without it. */
export function isOptionalField(type: BlockSlug, field: string): boolean {
  const shape: Readonly<Record<string, z.ZodType>> = BLOCK_TYPES[type].schema.shape;
  return shape[field] instanceof z.ZodOptional;
}

function isBlockSlug(text: string): text is BlockSlug {
  return Object.hasOwn(BLOCK_TYPES, text);
}

/** @throws ChampionError NOT_FOUND */
export function blockSlug(text: string): BlockSlug {
  if (isBlockSlug(text)) return text;
  const slugs = Object.keys(BLOCK_TYPES);
  const meant = closest(text, slugs);
  throw new ChampionError(`There is no block type ${text}`, {
    code: 'NOT_FOUND',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}The types are ${slugs.join(', ')}.`,
    context: { type: text },
  });
}

/** @throws ChampionError INVALID_INPUT */
export function checkBlockName(name: string): void {
  if (NAME.test(name) && name.length <= MOST_NAME_CHARS) return;
  throw new ChampionError(`"${name.slice(0, MOST_NAME_CHARS)}" can't be the name of a block`, {
    code: 'INVALID_INPUT',
    hint: `A name has small letters and digits, with single dashes between them, ${MOST_NAME_CHARS} characters at most: ops-alerts.`,
    context: { issues: [{ loc: ['body', 'name'], msg: 'expected a name such as ops-alerts', type: 'block_name' }] },
  });
}

/**
 * Reads "slack-webhook/ops".
 * @throws ChampionError INVALID_INPUT for what is no reference, NOT_FOUND for an unknown type
 */
export function parseReference(text: string): BlockReference {
  const [type = '', name = '', ...rest] = text.split('/');
  if (rest.length === 0 && NAME.test(name) && name.length <= MOST_NAME_CHARS) return { type: blockSlug(type), name };
  throw new ChampionError(`"${text.slice(0, 200)}" is no block`, {
    code: 'INVALID_INPUT',
    hint: 'A block is named by its type and its name: slack-webhook/ops.',
  });
}

export function referenceOf({ type, name }: BlockReference): string {
  return `${type}/${name}`;
}
