/** How often each path was answered with each status. */
export interface RequestCounters {
  /** All answers. */
  readonly total: number;
  /** Answers to a path, of one status or of any. */
  count(path: string, status?: number): number;
  /** "STATUS PATH" → answers. */
  toJSON(): Record<string, number>;
}

const MOST_KEYS = 10_000;
const LONGEST_PATH = 200;
const OTHERS = '(other paths)';

/** Counters that stop naming new paths after ten thousand, so that a scanner cannot fill the memory. */
export class BoundedCounters implements RequestCounters {
  readonly #counts = new Map<string, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(path: string, status: number): void {
    const wanted = `${status} ${path.slice(0, LONGEST_PATH)}`;
    const key = this.#counts.has(wanted) || this.#counts.size < MOST_KEYS ? wanted : `${status} ${OTHERS}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#total++;
  }

  count(path: string, status?: number): number {
    if (status !== undefined) return this.#counts.get(`${status} ${path}`) ?? 0;
    let sum = 0;
    for (const [key, count] of this.#counts) if (key.slice(4) === path) sum += count;
    return sum;
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
