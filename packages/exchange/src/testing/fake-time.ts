import type { Clock } from '@champion/core';
import type { After } from '../pacing/pacer.ts';

/** Time that passes only when told to: a clock and the timers that go by it. */
export class FakeTime {
  #now: number;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  constructor(start = '2024-07-10T12:30:00Z') {
    this.#now = Date.parse(start);
  }

  readonly clock: Clock = { now: () => new Date(this.#now) };

  readonly after: After = (ms, callback) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves the clock without ringing the timers, as when a person sets it. */
  set(now: number): void {
    this.#now = now;
  }

  async advance(ms: number): Promise<void> {
    // Whoever was promised something before goes on at the time of then.
    await new Promise(setImmediate);
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      // Lets whoever was woken go on before the next timer rings.
      await new Promise(setImmediate);
    }
    this.#now = end;
    await new Promise(setImmediate);
  }
}
