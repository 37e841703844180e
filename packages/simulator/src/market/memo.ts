/** Remembers the last few answers of a pure function, so that a client that asks again is not made to wait. */
export class Memo<Key, Value> {
  readonly #most: number;
  readonly #known = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key, make: () => Value): Value {
    const found = this.#known.get(key);
    const value = found === undefined ? make() : found;
    this.#known.delete(key);
    this.#known.set(key, value);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(oldest);
    }
    return value;
  }
}
