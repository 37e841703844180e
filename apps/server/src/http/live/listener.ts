import { ChampionError } from '@champion/core';

/** What a listener that does not keep up may have waiting; more is not held for it. */
const MOST_WAITING = 2_000;

/** What `take` gives: the next item, or that there was none in time, or that there will be none. */
export type Taken<T> = { readonly item: T } | 'nothing yet' | 'over';

/** A bounded queue between what happens and one who listens. */
export class Listener<T> {
  readonly #onClose: () => void;
  #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #failure: ChampionError | undefined;
  #closed = false;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  push(item: T): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.cut(`the listener does not keep up: ${MOST_WAITING} events wait for it`);
      return;
    }
    this.#waiting.push(item);
    this.#wake?.();
  }

  /** Ends it with a reason; what waits is dropped, for the listener has to begin anew. */
  cut(reason: string): void {
    if (this.#closed) return;
    this.#waiting = [];
    this.#failure = new ChampionError(reason, {
      code: 'BUSY',
      retry: { after: 1_000 },
      hint: 'Connect again, and read from the records what was missed.',
    });
    this.close();
  }

  /** Nothing more is put in; what waits can still be taken. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#wake?.();
  }

  /** @param ms waits no longer than this @throws ChampionError BUSY when it was cut */
  async take(ms?: number): Promise<Taken<T>> {
    if (this.#waiting.length === 0 && !this.#closed) await this.#woken(ms);
    const item = this.#waiting.shift();
    if (item !== undefined) return { item };
    if (this.#failure !== undefined) throw this.#failure;
    return this.#closed ? 'over' : 'nothing yet';
  }

  async #woken(ms: number | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
