import { ChampionError, type Clock, systemClock } from '@champion/core';

/**
 * Who may send the next request to a host, and when. One pacer is shared by all callers of an exchange; an
 * implementation over a shared store can stand in its place when several processes ask the same host.
 */
export interface Pacer {
  /**
   * Resolves when the caller may send one request to the host, in the order of asking.
   * @param onPause called with the instant (epoch ms) until which the host is paused, if the caller has to wait for it
   * @throws ChampionError CANCELLED when the signal aborts, BUSY when too many callers wait already
   */
  acquire(host: string, signal?: AbortSignal, onPause?: (untilMs: number) => void): Promise<void>;
  /** Nobody asks the host before that instant (epoch ms). A later pause extends it, an earlier one changes nothing. */
  pause(host: string, untilMs: number): Promise<void>;
}

/** Calls back once after a number of milliseconds; the returned function takes that back. */
export type After = (ms: number, callback: () => void) => () => void;

export interface PacerOptions {
  /** At most so many requests in any second, per host; may be a fraction, or Infinity for no limit. */
  readonly requestsPerSecond: number;
  readonly clock?: Clock | undefined;
  readonly after?: After | undefined;
  /** Callers that may wait for one host at a time. Default 1,000. */
  readonly maxWaiting?: number | undefined;
}

/** However long a host asks to be left alone, it is asked again after this. */
export const MAX_PAUSE_MS = 15 * 60_000;

interface Waiter {
  readonly grant: () => void;
  readonly onPause: ((untilMs: number) => void) | undefined;
}

interface Lane {
  readonly waiting: Waiter[];
  /** Instants of the latest grants, oldest first, no more than fit in a window. */
  grants: number[];
  pausedUntil: number;
  cancelTimer: (() => void) | undefined;
}

const timerAfter: After = (ms, callback) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

/** A pacer for the callers of this process. */
export function createPacer(options: PacerOptions): Pacer {
  const { requestsPerSecond: rate, clock = systemClock, after = timerAfter, maxWaiting = 1000 } = options;
  if (!(rate > 0)) {
    throw new ChampionError(`${rate} requests per second is not a pace`, {
      code: 'CONFIG',
      hint: 'Use a number above 0; the exchange tolerates about 3.',
    });
  }
  const perWindow = Math.max(1, Math.floor(rate));
  const windowMs = (perWindow / rate) * 1000;
  const lanes = new Map<string, Lane>();

  function laneOf(host: string): Lane {
    const known = lanes.get(host);
    if (known) return known;
    const lane: Lane = { waiting: [], grants: [], pausedUntil: 0, cancelTimer: undefined };
    lanes.set(host, lane);
    return lane;
  }

  /** Milliseconds until the next grant; 0 or less is now. */
  function delayOf(lane: Lane, now: number): number {
    // A clock that was set back must not stop a host for longer than a pause or a window lasts.
    lane.pausedUntil = Math.min(lane.pausedUntil, now + MAX_PAUSE_MS);
    lane.grants = lane.grants.map((grant) => Math.min(grant, now));
    const [oldest] = lane.grants;
    const pause = lane.pausedUntil - now;
    if (oldest === undefined || lane.grants.length < perWindow) return pause;
    return Math.max(pause, oldest + windowMs - now);
  }

  function serve(lane: Lane): void {
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    for (let next = lane.waiting[0]; next; next = lane.waiting[0]) {
      const now = clock.now().getTime();
      const delay = delayOf(lane, now);
      if (delay > 0) {
        lane.cancelTimer = after(Math.ceil(delay), () => serve(lane));
        return;
      }
      lane.waiting.shift();
      if (rate !== Number.POSITIVE_INFINITY) lane.grants = [...lane.grants, now].slice(-perWindow);
      next.grant();
    }
  }

  return {
    acquire(host, signal, onPause) {
      const lane = laneOf(host);
      return new Promise((resolve, reject) => {
        const cancelled = () =>
          new ChampionError(`cancelled while waiting for a turn to ask ${host}`, {
            code: 'CANCELLED',
            context: { host },
            cause: signal?.reason,
          });
        if (signal?.aborted) return reject(cancelled());
        if (lane.waiting.length >= maxWaiting) {
          return reject(
            new ChampionError(`${maxWaiting} requests already wait for ${host}`, {
              code: 'BUSY',
              retry: 'backoff',
              hint: 'Run fewer downloads at a time.',
              context: { host, waiting: maxWaiting },
            }),
          );
        }
        const leave = () => {
          lane.waiting.splice(lane.waiting.indexOf(waiter), 1);
          serve(lane);
          reject(cancelled());
        };
        const waiter: Waiter = {
          grant: () => {
            signal?.removeEventListener('abort', leave);
            resolve();
          },
          onPause,
        };
        signal?.addEventListener('abort', leave, { once: true });
        lane.waiting.push(waiter);
        if (lane.pausedUntil > clock.now().getTime()) onPause?.(lane.pausedUntil);
        serve(lane);
      });
    },

    async pause(host, untilMs) {
      const lane = laneOf(host);
      const until = Math.min(untilMs, clock.now().getTime() + MAX_PAUSE_MS);
      if (until <= lane.pausedUntil) return;
      lane.pausedUntil = until;
      for (const waiter of lane.waiting) waiter.onPause?.(until);
      serve(lane);
    },
  };
}
