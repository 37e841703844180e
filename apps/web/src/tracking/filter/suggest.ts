import type { Run } from '../api/types.ts';
import { grammarOf, type Keys, keysOf } from '../lib/fields.ts';

/** What can stand at a place of a filter, and which part of it that replaces. */
export interface Suggestions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly { readonly text: string; readonly note: string }[];
}

const MOST = 9;
const NUMBER_OPERATORS = ['>', '>=', '<', '<=', '=', '!='];
const TEXT_OPERATORS = ['=', '!=', 'LIKE', 'ILIKE'];
const STATUSES = ['FINISHED', 'FAILED', 'KILLED', 'RUNNING', 'SCHEDULED'];
const NUMBER_ATTRIBUTES = ['start_time', 'end_time', 'duration'];
const ATTRIBUTES = ['status', 'run_name', 'run_id', 'user_id', ...NUMBER_ATTRIBUTES];
const NOTES: Readonly<Record<string, string>> = {
  start_time: 'milliseconds since 1970',
  end_time: 'milliseconds since 1970',
  duration: 'milliseconds',
  status: 'FINISHED, FAILED, …',
};

/** A key and a quoted part of it, a quoted text, an operator, or anything else up to a space. */
const TOKEN = /(?:[^\s<>=!'"`(),]|`[^`]*`?)+|'[^']*'?|"[^"]*"?|[<>=!]+|[(),]/g;

interface Token {
  readonly text: string;
  readonly from: number;
}

/**
 * What a filter could go on with where the caret is. It knows the order of things, not all of the grammar: what is wrong is
 * the server's to say.
 * @param runs those on the page: their keys and values are what is suggested
 */
export function suggest(text: string, caret: number, runs: readonly Run[]): Suggestions {
  const before = tokensOf(text.slice(0, caret));
  const last = before.at(-1);
  // What ends right at the caret is still being typed.
  const isOpen = last !== undefined && last.from + last.text.length === caret && !/^[(),]$/.test(last.text);
  const done = isOpen ? before.slice(0, -1) : before;
  const typed = isOpen ? last.text : '';
  const from = isOpen ? last.from : caret;
  const to = isOpen ? from + (tokensOf(text.slice(from))[0]?.text.length ?? typed.length) : caret;
  const condition = done.slice(done.findLastIndex((token) => /^and$/i.test(token.text)) + 1).map((token) => token.text);
  const options = optionsFor(condition, typed, runs);
  const lower = typed.toLowerCase();
  const fitting = options
    .filter((option) => option.text.toLowerCase().includes(lower) && option.text !== typed)
    .sort((a, b) => rank(a.text, lower) - rank(b.text, lower));
  return { from, to, options: fitting.slice(0, MOST) };
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], from: match.index }));
}

/** What begins with what is typed comes before what only contains it. */
function rank(text: string, typed: string): number {
  const lower = text.toLowerCase();
  return lower.startsWith(typed) ? 0 : lower.split('.')[1]?.startsWith(typed) ? 1 : 2;
}

function optionsFor(condition: readonly string[], typed: string, runs: readonly Run[]): Suggestions['options'] {
  const [field, operator, ...values] = condition;
  if (field === undefined) return fields(keysOf(runs));
  const isNumber = /^metrics?\./.test(field) || NUMBER_ATTRIBUTES.includes(field);
  if (operator === undefined) {
    const keyed = /^(params?|parameters?|tags?)\./.test(field);
    return [
      ...(isNumber ? NUMBER_OPERATORS : TEXT_OPERATORS).map((text) => ({ text, note: '' })),
      ...(keyed ? ['IS NULL', 'IS NOT NULL'].map((text) => ({ text, note: '' })) : []),
    ];
  }
  if (/^is$/i.test(operator)) return values.some((one) => /^null$/i.test(one)) ? AND : NULLS;
  if (values.length > 0) return AND;
  return isNumber ? [] : valuesOf(field, typed, runs);
}

const AND = [{ text: 'AND', note: 'one more condition' }];
const NULLS = [
  { text: 'NULL', note: '' },
  { text: 'NOT NULL', note: '' },
];

function fields({ metrics, params, tags }: Keys): Suggestions['options'] {
  const keyed = (entity: 'metrics' | 'params' | 'tags', keys: readonly string[], note: string) =>
    keys.map((key) => ({ text: grammarOf({ entity, key }), note }));
  return [
    ...keyed('metrics', metrics, 'metric'),
    ...keyed('params', params, 'parameter'),
    ...ATTRIBUTES.map((text) => ({ text, note: NOTES[text] ?? 'of the run' })),
    ...keyed('tags', tags, 'tag'),
  ];
}

/** The texts that the runs on the page have there. */
function valuesOf(field: string, typed: string, runs: readonly Run[]): Suggestions['options'] {
  const quote = typed.startsWith('"') ? '"' : "'";
  const [, entity, key = ''] = /^(param|tag)[a-z]*\.`?(.*?)`?$/s.exec(field) ?? [];
  const known =
    field === 'status'
      ? STATUSES
      : field === 'run_name'
        ? runs.map(({ name }) => name)
        : runs.map((run) => (entity === 'param' ? run.params[key] : entity === 'tag' ? run.tags[key] : undefined));
  const texts = [...new Set(known.filter((value) => value !== undefined && value.length <= 60))];
  return texts.map((value) => ({ text: quote + value?.replaceAll(quote, quote + quote) + quote, note: '' }));
}
