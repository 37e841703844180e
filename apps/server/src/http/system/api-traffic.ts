import type { System } from '@champion/contract';
import type { Clock } from '@champion/core';

type Requests = System['api']['last_hour'];

const MINUTE_MS = 60_000;
const MINUTES = 1_440;
const NONE: Requests = { answered: 0, refused: 0, failed: 0 };

/** Requests by what became of them, minute by minute, for the last day. */
export class ApiTraffic {
  readonly #clock: Clock;
  readonly #minutes: { minute: number; requests: Requests }[] = [];
  #sinceTaken = NONE;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A request was answered with this status. */
  count(status: number): void {
    const minute = this.#minute();
    const last = this.#minutes.at(-1);
    if (last?.minute === minute) last.requests = counted(last.requests, status);
    else {
      this.#minutes.push({ minute, requests: counted(NONE, status) });
      if (this.#minutes.length > MINUTES) this.#minutes.shift();
    }
    this.#sinceTaken = counted(this.#sinceTaken, status);
  }

  /** Those of the last minutes, the present one included; at most a day's. */
  last(minutes: number): Requests {
    const after = this.#minute() - minutes;
    return this.#minutes
      .filter(({ minute }) => minute > after)
      .reduce((sum, { requests }) => summed(sum, requests), NONE);
  }

  /** Those since this was asked before. */
  take(): Requests {
    const taken = this.#sinceTaken;
    this.#sinceTaken = NONE;
    return taken;
  }

  #minute(): number {
    return Math.floor(this.#clock.now().getTime() / MINUTE_MS);
  }
}

function counted({ answered, refused, failed }: Requests, status: number): Requests {
  if (status >= 500) return { answered, refused, failed: failed + 1 };
  return status >= 400 ? { answered, refused: refused + 1, failed } : { answered: answered + 1, refused, failed };
}

export function summed(one: Requests, other: Requests): Requests {
  return {
    answered: one.answered + other.answered,
    refused: one.refused + other.refused,
    failed: one.failed + other.failed,
  };
}
