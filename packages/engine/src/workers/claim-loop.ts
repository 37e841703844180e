import type { Clock } from '@champion/core';
import type { InternalLog } from '../events.ts';
import type { Database } from '../records/database.ts';
import { type ClaimedRun, type ClaimRequest, claimRuns, nextDue } from './claim.ts';

/** Messages tell of new work at once; this is for those that were missed. */
const POLL_MS = 5_000;
/** After a failure, and the least time between two looks when a limit holds back what is due. */
const PAUSE_MS = 500;

export interface ClaimLoopOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly internalLog: InternalLog;
  readonly request: Omit<ClaimRequest, 'limit'>;
  readonly concurrency: number;
  /** Runs at work in this process, child runs not counted. */
  readonly running: () => number;
  /** Begins a run; resolves when it counts among the running ones, or has ended. */
  readonly begin: (run: ClaimedRun) => Promise<void>;
}

/** Takes due runs whenever this process has room for them. */
export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  #woken = false;
  #wake: (() => void) | undefined;
  #stopped = false;
  #loop: Promise<void> | undefined;

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** There may be work, or room for it. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Resolves when nothing more will be taken and what was taken is begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#woken = false;
      let pause = POLL_MS;
      try {
        pause = await this.#once();
      } catch (error) {
        this.#options.internalLog('warn', 'Looking for runs to begin failed; trying again', { error });
        pause = PAUSE_MS;
      }
      if (pause > 0) await this.#rest(pause);
    }
  }

  /** @returns how long there is nothing to do, in ms */
  async #once(): Promise<number> {
    const { database, clock, concurrency, running, begin } = this.#options;
    const room = concurrency - running();
    if (room <= 0) return POLL_MS;
    const request = { ...this.#options.request, limit: room };
    const claimed = await claimRuns(database, request, clock.now());
    await Promise.all(claimed.map(begin));
    if (claimed.length === room) return 0;
    const due = await nextDue(database, request);
    if (due === undefined) return POLL_MS;
    const ahead = due.getTime() - clock.now().getTime();
    return ahead > 0 ? Math.min(POLL_MS, ahead + 1) : PAUSE_MS;
  }

  async #rest(ms: number): Promise<void> {
    if (this.#woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
