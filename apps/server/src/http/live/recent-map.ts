/** A map that forgets what was not set for longest when it has too many entries. */
export class RecentMap<K, V> {
  readonly #most: number;
  readonly #onForget: (value: V) => void;
  readonly #entries = new Map<K, V>();

  constructor(most: number, onForget: (value: V) => void = () => undefined) {
    this.#most = most;
    this.#onForget = onForget;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    for (const [oldest, forgotten] of this.#entries) {
      this.#entries.delete(oldest);
      this.#onForget(forgotten);
      return;
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
