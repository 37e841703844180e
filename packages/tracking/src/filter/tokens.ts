import { FilterError, type FilterSource } from './filter-error.ts';

type Quote = "'" | '"' | '`';

/** A piece of a filter, with where it stands: `start` and `end` are offsets in the text. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'quoted';
      readonly text: string;
      readonly value: string;
      readonly quote: Quote;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'number';
      readonly text: string;
      readonly value: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'end'; readonly text: ''; readonly start: number; readonly end: number };

const SPACE = /\s+/y;
/** Keys may hold dots, slashes, dashes and colons; whatever else is in one wants quotes. */
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_.\-/:]*/uy;
/** What follows a quoted entity: `metrics`.loss */
const REST_OF_FIELD = /\.[\p{L}\p{M}\p{N}_.\-/:]*/uy;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const OPERATOR = />=|<=|!=|==|<>|[=<>(),]/y;
const WORD_CHARACTER = /[\p{L}\p{N}_.]/uy;

/** Longer texts are no question a person or a page asks. */
const MAX_LENGTH = 20_000;

/**
 * Cuts a filter into its tokens; the last one is the end.
 * @throws FilterError for a character that begins nothing, an unclosed quote, a number that runs into a word
 */
export function tokenize(text: string, source: FilterSource): Token[] {
  if (text.length > MAX_LENGTH) {
    throw new FilterError({
      source,
      text,
      position: MAX_LENGTH,
      expected: `at most ${MAX_LENGTH.toLocaleString('en-US')} characters`,
      found: text.slice(MAX_LENGTH),
      hint: 'Split the search into several.',
    });
  }
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (true) {
    at += match(SPACE)?.length ?? 0;
    if (at >= text.length) {
      tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
      return tokens;
    }
    const token = quoted(text, at, source) ?? unquoted(text, at, source, tokens.at(-1), match);
    tokens.push(token);
    at = token.end;
  }
}

function unquoted(
  text: string,
  start: number,
  source: FilterSource,
  previous: Token | undefined,
  match: (pattern: RegExp) => string | undefined,
): Token {
  const fieldGoesOn = previous?.kind === 'quoted' && previous.end === start;
  const word = match(WORD) ?? (fieldGoesOn ? match(REST_OF_FIELD) : undefined);
  if (word !== undefined) return { kind: 'word', text: word, start, end: start + word.length };
  const number = match(NUMBER);
  if (number !== undefined) return numberToken(text, start, number, source);
  const operator = match(OPERATOR);
  if (operator !== undefined) return { kind: 'operator', text: operator, start, end: start + operator.length };
  throw new FilterError({
    source,
    text,
    position: start,
    expected: 'a field, a comparison or a value',
    found: String.fromCodePoint(text.codePointAt(start) ?? 0),
    hint: "Put quotes around keys and values with other characters: tags.`my key` = 'a value'.",
  });
}

function numberToken(text: string, start: number, number: string, source: FilterSource): Token {
  const end = start + number.length;
  WORD_CHARACTER.lastIndex = end;
  const value = Number(number);
  if (WORD_CHARACTER.test(text) || !Number.isFinite(value)) {
    throw new FilterError({
      source,
      text,
      position: start,
      expected: 'a number such as 0.5, -3 or 1e-4',
      found: text.slice(start).split(/\s/, 1)[0],
      hint: "Write a finite number; put text in quotes: params.x = '5min'.",
    });
  }
  return { kind: 'number', text: number, value, start, end };
}

/** A doubled quote inside quotes stands for one; a backslash is a backslash. */
function quoted(text: string, start: number, source: FilterSource): Token | undefined {
  const quote = text[start];
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined;
  let value = '';
  for (let at = start + 1; ; ) {
    const close = text.indexOf(quote, at);
    if (close === -1) {
      throw new FilterError({
        source,
        text,
        position: text.length,
        expected: `a closing ${quote} for the one at character ${start + 1}`,
        hint: `Close the quote; a ${quote} inside is written twice.`,
      });
    }
    value += text.slice(at, close);
    if (text[close + 1] !== quote) {
      const token = {
        kind: 'quoted',
        text: text.slice(start, close + 1),
        value,
        quote,
        start,
        end: close + 1,
      } as const;
      refuseNul(token, text, source);
      return token;
    }
    value += quote;
    at = close + 2;
  }
}

/** PostgreSQL stores no NUL, so nothing can equal one. */
function refuseNul(token: Token & { readonly kind: 'quoted' }, text: string, source: FilterSource): void {
  if (!token.value.includes('\u0000')) return;
  throw new FilterError({
    source,
    text,
    position: token.start + token.text.indexOf('\u0000'),
    expected: 'text without NUL characters',
    found: '\\u0000',
    hint: 'Remove the NUL character: no key or value has one.',
  });
}
