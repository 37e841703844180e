import { closest } from '@champion/core';
import type { Field, Vocabulary } from './fields.ts';
import { FilterError, type FilterSource } from './filter-error.ts';
import { type Token, tokenize } from './tokens.ts';

type NumberOperator = '=' | '!=' | '>' | '>=' | '<' | '<=';
type TextOperator = '=' | '!=' | 'LIKE' | 'ILIKE';

export interface NumberComparison {
  readonly kind: 'number';
  readonly field: Field;
  readonly operator: NumberOperator;
  readonly value: number;
}

/** One condition of a filter; all of them must hold. */
export type Comparison =
  | NumberComparison
  | { readonly kind: 'text'; readonly field: Field; readonly operator: TextOperator; readonly value: string }
  | { readonly kind: 'list'; readonly field: Field; readonly negated: boolean; readonly values: readonly string[] }
  | { readonly kind: 'presence'; readonly field: Field; readonly present: boolean };

export interface OrderTerm {
  readonly field: Field;
  readonly ascending: boolean;
}

const NUMBER_OPERATORS: readonly string[] = ['=', '!=', '>', '>=', '<', '<='] satisfies NumberOperator[];
const TEXT_OPERATORS: readonly string[] = ['=', '!=', 'LIKE', 'ILIKE'] satisfies TextOperator[];
const MISTAKEN = new Map([
  ['==', '='],
  ['<>', '!='],
]);

/** Each condition is a join; more of them than this is no question. */
const MAX_COMPARISONS = 50;
const MAX_LISTED = 1_000;
const MAX_ORDER_TERMS = 20;

/**
 * The conditions of a filter; none for an empty text.
 *
 *     filter     = [ comparison { "AND" comparison } ]
 *     comparison = field ( operator value | [ "NOT" ] "IN" list | "IS" [ "NOT" ] "NULL" )
 *     field      = [ entity "." ] key        entity and key may stand in ` or " quotes
 *     list       = "(" text { "," text } [ "," ] ")"
 *
 * @throws FilterError
 */
export function parseFilter(text: string, words: Vocabulary): Comparison[] {
  const parser = new Parser(text, 'filter', words);
  if (parser.atEnd()) return [];
  const comparisons = [parser.comparison()];
  while (!parser.atEnd()) {
    parser.keyword('AND', 'Conditions are joined by AND only: there is no OR, and no grouping.');
    if (comparisons.length === MAX_COMPARISONS) {
      throw parser.error(`at most ${MAX_COMPARISONS} conditions`, 'Split the search into several.');
    }
    comparisons.push(parser.comparison());
  }
  return comparisons;
}

/**
 * The terms of an order: `field [ "ASC" | "DESC" ]` each, ascending when nothing is said.
 * @throws FilterError also when a field comes twice
 */
export function parseOrderBy(texts: readonly string[], words: Vocabulary): OrderTerm[] {
  const terms: OrderTerm[] = [];
  const seen = new Set<string>();
  for (const [index, text] of texts.entries()) {
    const parser = new Parser(text, 'order_by', words);
    if (index === MAX_ORDER_TERMS) throw parser.error(`at most ${MAX_ORDER_TERMS} fields`, 'Order by fewer fields.');
    const term = parser.orderTerm();
    const name = `${term.field.entity}.${term.field.key}`;
    if (seen.has(name)) {
      throw new FilterError({
        source: 'order_by',
        text,
        position: 0,
        expected: 'each field once',
        found: text,
        hint: `order_by contains duplicate fields: name ${name} once.`,
      });
    }
    seen.add(name);
    terms.push(term);
  }
  return terms;
}

/** One rule of the grammar per method; each starts at the token `next` and leaves it behind what it read. */
class Parser {
  private readonly text: string;
  private readonly source: FilterSource;
  private readonly words: Vocabulary;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string, source: FilterSource, words: Vocabulary) {
    this.text = text;
    this.source = source;
    this.words = words;
    this.tokens = tokenize(text, source);
  }

  atEnd(): boolean {
    return this.next().kind === 'end';
  }

  comparison(): Comparison {
    const field = this.field();
    const operator = this.next();
    if (this.takeKeyword('IS')) {
      const present = this.takeKeyword('NOT');
      this.keyword('NULL', 'Write IS NULL or IS NOT NULL.');
      if (field.entity === 'param' || field.entity === 'tag') return { kind: 'presence', field, present };
      throw this.error('a comparison with a value', 'IS NULL and IS NOT NULL work for params and tags.', operator);
    }
    const negated = this.takeKeyword('NOT');
    if (this.takeKeyword('IN')) return this.list(field, negated, operator);
    if (negated) throw this.error('IN after NOT', 'Write NOT IN (...), or != for a single value.');
    return numeric(field) ? this.numberComparison(field) : this.textComparison(field);
  }

  orderTerm(): OrderTerm {
    const field = this.field();
    const descending = this.takeKeyword('DESC');
    if (!descending) this.takeKeyword('ASC');
    if (!this.atEnd())
      throw this.error('ASC, DESC or the end', 'One field per entry: ["metrics.loss DESC", "run_name"].');
    return { field, ascending: !descending };
  }

  keyword(word: string, hint: string): void {
    if (!this.takeKeyword(word)) throw this.error(word, hint);
  }

  error(expected: string, hint: string, token: Token = this.next()): FilterError {
    const { source, text } = this;
    return new FilterError({ source, text, position: token.start, expected, found: token.text || undefined, hint });
  }

  private numberComparison(field: Field): Comparison {
    const operator = this.operator(NUMBER_OPERATORS, field) as NumberOperator;
    const token = this.next();
    if (token.kind !== 'number') {
      throw this.error('a number', `${nameOf(field)} is a number: compare it with one, without quotes.`);
    }
    this.at++;
    return { kind: 'number', field, operator, value: token.value };
  }

  private textComparison(field: Field): Comparison {
    const operator = this.operator(TEXT_OPERATORS, field) as TextOperator;
    return { kind: 'text', field, operator, value: this.textValue(field) };
  }

  private list(field: Field, negated: boolean, operator: Token): Comparison {
    if (field.entity !== 'attribute' || !this.words.listed.has(field.key)) {
      const which = [...this.words.listed].join(', ');
      throw this.error('a comparison with one value', `Only ${which} can be compared with a list.`, operator);
    }
    this.punctuation('(', "Write a list of texts: run_id IN ('a', 'b').");
    const values = [this.textValue(field)];
    while (this.takeOperator(',')) {
      if (this.next().text === ')') break;
      if (values.length === MAX_LISTED)
        throw this.error(`at most ${MAX_LISTED} values`, 'Split the search into several.');
      values.push(this.textValue(field));
    }
    this.punctuation(')', "Separate the values by commas and close the list: run_id IN ('a', 'b').");
    return { kind: 'list', field, negated, values };
  }

  private textValue(field: Field): string {
    const token = this.next();
    if (token.kind === 'quoted' && token.quote !== '`') {
      this.at++;
      return token.value;
    }
    const shown = token.kind === 'end' || token.kind === 'operator' ? 'value' : token.text.replaceAll('`', '');
    throw this.error('text in quotes', `${nameOf(field)} is text: write '${shown}' in single or double quotes.`);
  }

  private operator(allowed: readonly string[], field: Field): string {
    const token = this.next();
    const word = token.kind === 'word' ? token.text.toUpperCase() : token.text;
    if ((token.kind === 'operator' || token.kind === 'word') && allowed.includes(word)) {
      this.at++;
      return word;
    }
    const meant = MISTAKEN.get(word);
    const other = numeric(field) ? 'is a number' : 'is text';
    const hint = meant ? `Write ${meant} instead of ${word}.` : `${nameOf(field)} ${other}: use ${allowed.join(', ')}.`;
    throw this.error(`one of ${allowed.join(' ')}`, hint);
  }

  /** `metrics.loss`, "metrics.`a key`", "`metrics`.loss", `start_time`, "`run name`" */
  private field(): Field {
    const first = this.next();
    if (first.kind !== 'word' && first.kind !== 'quoted') {
      const hint =
        first.text === '('
          ? 'Conditions are joined by AND only: there is no grouping.'
          : "A condition starts with a field: metrics.loss < 0.5, params.model = 'tree', start_time > 0.";
      throw this.error('a field', hint);
    }
    this.at++;
    if (first.kind === 'word') {
      const dot = first.text.indexOf('.');
      if (dot === -1) return this.attribute(first.text, first);
      const key = first.text.slice(dot + 1);
      return this.resolve(first.text.slice(0, dot), key === '' ? this.quotedKey(first) : key, first);
    }
    const second = this.next();
    if (second.start !== first.end || !second.text.startsWith('.')) return this.attribute(first.value, first);
    this.at++;
    const key = second.text.slice(1);
    return this.resolve(first.value, key === '' ? this.quotedKey(second) : key, first);
  }

  private quotedKey(before: Token): string {
    const token = this.next();
    if (token.kind !== 'quoted' || token.start !== before.end || token.value === '') {
      throw this.error('a key after the dot', 'Write metrics.key, or metrics.`a key` when it has other characters.');
    }
    this.at++;
    return token.value;
  }

  private resolve(prefix: string, key: string, token: Token): Field {
    const entity = this.words.entities.get(prefix);
    if (entity === 'attribute') return this.attribute(key, token);
    if (entity !== undefined) return { entity, key };
    const known = [...this.words.entities.keys()];
    const near = closest(prefix, known);
    const hint =
      prefix === 'dataset' || prefix === 'datasets'
        ? 'Searching by dataset is not supported; filter by a tag or a parameter instead.'
        : near
          ? `Did you mean ${near}?`
          : `Valid entity types are ${known.join(', ')}.`;
    throw this.error('an entity type', hint, token);
  }

  private attribute(name: string, token: Token): Field {
    const field = this.words.attributes.get(name);
    if (field) return field;
    const known = [...new Set([...this.words.attributes.values()].map(({ key }) => key))];
    const near = closest(name, known);
    const hint = near
      ? `Did you mean ${near}?`
      : `Valid attributes are ${known.join(', ')}; others want a prefix: tags.x.`;
    throw this.error('an attribute', `Invalid attribute key '${name}'. ${hint}`, token);
  }

  private punctuation(mark: string, hint: string): void {
    if (!this.takeOperator(mark)) throw this.error(mark, hint);
  }

  private takeOperator(mark: string): boolean {
    const token = this.next();
    const taken = token.kind === 'operator' && token.text === mark;
    if (taken) this.at++;
    return taken;
  }

  private takeKeyword(word: string): boolean {
    const token = this.next();
    const taken = token.kind === 'word' && token.text.toUpperCase() === word;
    if (taken) this.at++;
    return taken;
  }

  private next(): Token {
    const end = this.text.length;
    return this.tokens[this.at] ?? { kind: 'end', text: '', start: end, end };
  }
}

function numeric(field: Field): boolean {
  return field.entity === 'metric' || (field.entity === 'attribute' && field.kind === 'number');
}

function nameOf(field: Field): string {
  return field.entity === 'attribute' ? field.key : `${field.entity} ${field.key}`;
}
