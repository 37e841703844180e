import { ChampionError, fromErrorRecord, toErrorRecord } from '@champion/core';
import { throughJson, toJson } from '../json.ts';
import { secretParts } from '../notifications/address.ts';
import { MASK } from './types.ts';

/** Shorter texts stand in too many other words; secrets are not so short. */
const LEAST_CHARS = 4;

/** Keeps the secrets that a run has read out of what is recorded of it. */
export class Redaction {
  /** As they may be written, the longest first. */
  #spellings: readonly string[] = [];

  add(secrets: readonly string[]): void {
    const spelt = secrets.flatMap((secret) => [
      ...spellings(secret),
      ...(/^https?:/.test(secret) && URL.canParse(secret) ? secretParts(secret).flatMap(spellings) : []),
    ]);
    this.#spellings = [...new Set([...this.#spellings, ...spelt])]
      .filter(({ length }) => length >= LEAST_CHARS)
      .sort((one, other) => other.length - one.length);
  }

  text(text: string): string {
    return this.#spellings.reduce((clean, secret) => clean.replaceAll(secret, MASK), text);
  }

  /** A JSON value with its texts, keys too, cleaned. */
  value<T>(value: T): T {
    return this.#spellings.length === 0 ? value : (this.#clean(value) as T);
  }

  /** What was thrown, or the same without secrets. */
  error(thrown: unknown): unknown {
    if (this.#spellings.length === 0) return thrown;
    const record = toErrorRecord(thrown);
    const clean = this.value(throughJson(record) as typeof record);
    if (toJson(clean) === toJson(record)) return thrown;
    const error = fromErrorRecord(clean);
    if (clean.stack !== undefined) error.stack = clean.stack;
    return error;
  }

  /**
   * Results and parameters are recorded, and to change them would change what a flow does.
   * @throws ChampionError INVALID_INPUT when a secret is in the value
   */
  refuseIn(value: unknown, what: string): void {
    if (this.#spellings.length === 0) return;
    const plain = throughJson(value);
    if (toJson(this.#clean(plain)) === toJson(plain)) return;
    throw new ChampionError(`${what} holds a secret of a block`, {
      code: 'INVALID_INPUT',
      hint: 'It would be recorded. Read the block in each task that needs it, and hand on nothing of it.',
    });
  }

  #clean(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#clean(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.#clean(item)]));
  }
}

/** As it is, and as it stands in JSON and in an address. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}
