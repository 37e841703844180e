import { setTimeout as sleep } from 'node:timers/promises';
import type { BackfillProgress } from './backfill-log.ts';

/** How a backfill that is at work here stands. */
export interface AtWork {
  /** Sessions a minute since it began here; null before the first. */
  readonly ratePerMinute: number | null;
  /** Null while the rate is unknown. */
  readonly secondsLeft: number | null;
  /** It was told to stop, and its runs are ending. */
  readonly stopping: boolean;
  /** Why none of its runs can begin. */
  readonly waitsFor: string | null;
}

interface Hooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BackfillProgress) => void;
}

/** One backfill while it is at work in this process. */
export class BackfillWork {
  readonly id: string;
  /** Settles when it knows what there is to do, or has ended because there is nothing; with what keeps it from that. */
  readonly begun: Promise<void>;
  /** Never rejects: how it ended is in its record. */
  readonly ended: Promise<void>;
  readonly #cancel = new AbortController();
  readonly #startedAt = performance.now();
  #progress: BackfillProgress | undefined;

  constructor(id: string, run: (hooks: Hooks) => Promise<void>) {
    this.id = id;
    let done: Promise<void> = Promise.resolve();
    this.begun = new Promise((resolve, reject) => {
      const onProgress = (progress: BackfillProgress): void => {
        this.#progress = progress;
        if (progress.total > progress.done) resolve();
      };
      done = run({ signal: this.#cancel.signal, onProgress });
      done.then(resolve, reject);
    });
    this.ended = done.catch(() => undefined);
  }

  /** Waits for the end, but no longer than `waitMs`. */
  async cancel(waitMs: number): Promise<void> {
    this.#cancel.abort();
    const timer = new AbortController();
    await Promise.race([this.ended, sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
  }

  describe(obstacle: string | undefined): AtWork {
    const { total = 0, done = 0, ran = 0 } = this.#progress ?? {};
    const minutes = (performance.now() - this.#startedAt) / 60_000;
    const rate = ran === 0 ? null : ran / minutes;
    return {
      ratePerMinute: rate,
      secondsLeft: rate === null ? null : ((total - done) / rate) * 60,
      stopping: this.#cancel.signal.aborted,
      waitsFor: total > done ? (obstacle ?? null) : null,
    };
  }
}
