import { ChampionError, type Clock, type ErrorRecord, toErrorRecord } from '@champion/core';
import type { Duty } from '../duties.ts';
import type { InternalLog } from '../events.ts';
import { storableText } from '../json.ts';
import type { Database } from '../records/database.ts';
import type { FollowedState, Follower, FollowerStatus } from './follower.ts';
import * as sql from './statements.ts';

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly internalLog: InternalLog;
}

interface Place {
  readonly toldId: string;
  readonly certainId: string;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly namedAt: Date;
}

type Next = FollowedState & { readonly id: string };

const EVERY_MS = 1_000;
const BATCH = 100;
/** Longer than any one word takes; who takes longer is tried again. */
const TELL_WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** As long as runs are kept where nothing else is said: what is older is not there to be told of. */
const KEPT_UNNAMED_MS = 90 * DAY_MS;
const MOST_PENDING = 10_000;
/** With the pauses above about a day. */
const ATTEMPTS_AT_MOST = 300;
/** Says nothing of the state that was to be told: that goes on for as long as it takes. */
const AWAY: readonly string[] = ['UNREACHABLE', 'TIMEOUT'];

/**
 * Tells followers of each state that runs come into, in order and at least once, by the records: a follower that is away
 * finds all of it waiting when it is back, for as long as the records are kept. A follower's place is a row, so whichever
 * process has the duties goes on there. States are told once nothing can turn up before them any more, which takes some
 * seconds (see ADVANCE_CURSOR).
 */
export class Followers {
  readonly #options: Options;
  readonly #stopping = new AbortController();
  #followers: readonly Follower[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Says who follows: a new one from now on, one that did before from where it was. Others are not told by this process,
   * and keep their places for 90 days: another process may name them, or the next one, when a setting was forgotten here.
   */
  async set(followers: readonly Follower[]): Promise<void> {
    const { database, clock, internalLog } = this.#options;
    const names = followers.map(({ name }) => name);
    const until = new Date(clock.now().getTime() - KEPT_UNNAMED_MS);
    for (const { name } of await database.run<{ name: string }>(sql.FORGET, [names, until])) {
      internalLog('warn', `${name} is forgotten: nobody named it for ${KEPT_UNNAMED_MS / DAY_MS} days`);
    }
    for (const { name, namedAt } of await database.run<{ name: string; namedAt: Date }>(sql.UNNAMED, [names])) {
      const hint = 'It is not told by this server; what waits for it goes on when a server names it again.';
      internalLog('warn', `${name} was told of runs, and this server does not name it`, { namedAt, hint });
    }
    for (const follower of followers) await this.#register(follower);
    this.#followers = followers;
  }

  /** What one process of all does for those that `set` named. One that hangs holds up none but itself. */
  duties(): Duty[] {
    return this.#followers.map((follower) => ({
      name: `telling ${follower.name}`,
      everyMs: EVERY_MS,
      run: () => this.tell(follower),
    }));
  }

  /** Those that `set` named, by name. */
  async status(): Promise<FollowerStatus[]> {
    const names = this.#followers.map(({ name }) => name);
    return this.#options.database.run<FollowerStatus & object>(sql.STATUS, [MOST_PENDING, names]);
  }

  /** Tells a follower all there is to tell now, unless it is to be left alone for a while. @returns how many it took */
  async tell(follower: Follower): Promise<number> {
    const { database, clock } = this.#options;
    const [place] = await database.run<Place & object>(sql.PLACE, [follower.name]);
    // A process may run for longer than a place is kept without being named.
    if (place === undefined || clock.now().getTime() - place.namedAt.getTime() > DAY_MS) await this.#register(follower);
    if (place === undefined || (place.nextAttemptAt !== null && place.nextAttemptAt > clock.now())) return 0;
    let { toldId, attempts } = place;
    for (let told = 0; ; ) {
      const next = await database.run<Next & object>(sql.NEXT, [toldId, place.certainId, follower.types, BATCH]);
      for (const state of next) {
        if (this.#stopping.signal.aborted) return told;
        if (!(await this.#tellOne(follower, state, toldId, attempts))) return told;
        told++;
        toldId = state.id;
        attempts = 0;
      }
      if (next.length === BATCH) continue;
      // What is of no interest to it need not be looked through again.
      if (BigInt(place.certainId) > BigInt(toldId)) await this.#move(follower, place.certainId, [0, 0]);
      return told;
    }
  }

  /** Breaks off what is being told; whoever has the duties next begins with it again. */
  close(): void {
    this.#stopping.abort();
  }

  async #register({ name, types, fromBeginning = false }: Follower): Promise<void> {
    const { database, clock } = this.#options;
    await database.run(sql.REGISTER, [name, types, fromBeginning, clock.now()]);
  }

  /** @returns whether to go on with the next state */
  async #tellOne(follower: Follower, state: Next, toldId: string, attempts: number): Promise<boolean> {
    const { internalLog } = this.#options;
    const { id, ...followed } = state;
    try {
      await within(TELL_WITHIN_MS, this.#stopping.signal, (signal) => follower.tell(followed, signal));
      await this.#move(follower, id, [1, 0]);
      if (attempts > 0) internalLog('info', `${follower.name} is told of runs again`, { attempts });
      return true;
    } catch (error) {
      if (this.#stopping.signal.aborted) return false;
      const record = toErrorRecord(error);
      if (isHopeless(record, attempts + 1)) {
        internalLog('warn', `${follower.name} refused to be told of a run`, { flowRunId: state.flowRunId, error });
        await this.#move(follower, id, [0, 1], record.message);
        return true;
      }
      // What is known is not news.
      internalLog(attempts === 0 ? 'warn' : 'debug', `${follower.name} can't be told of runs now`, { error });
      await this.#failed(follower, toldId, attempts, record);
      return false;
    }
  }

  async #move(
    { name }: Follower,
    to: string,
    [told, refused]: readonly [number, number],
    error: string | null = null,
  ): Promise<void> {
    const { database, clock } = this.#options;
    await database.run(sql.MOVE, [name, to, told, refused, clock.now(), error === null ? null : storableText(error)]);
  }

  async #failed({ name }: Follower, toldId: string, attempts: number, error: ErrorRecord): Promise<void> {
    const { database, clock } = this.#options;
    const asked = typeof error.retry === 'object' ? error.retry.after : 0;
    const pause = Math.min(Math.max(FIRST_PAUSE_MS * 2 ** Math.min(attempts, 20), asked), LONGEST_PAUSE_MS);
    const next = new Date(clock.now().getTime() + pause);
    await database.run(sql.FAILED, [name, toldId, next, storableText(error.message)]);
  }
}

/** Whether what stands in the way is the state itself: one that is never taken must not hold up those after it. */
function isHopeless({ code, retry }: ErrorRecord, attempts: number): boolean {
  return retry === 'never' || (attempts >= ATTEMPTS_AT_MOST && !AWAY.includes(code));
}

async function within<T>(ms: number, stopping: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = () => new ChampionError(`no answer within ${ms / 1_000} s`, { code: 'TIMEOUT', retry: 'backoff' });
  const timeout = setTimeout(() => timer.abort(late()), ms);
  const stop = () => timer.abort(stopping.reason);
  stopping.addEventListener('abort', stop, { once: true });
  const { signal } = timer;
  const over = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(signal), over]);
  } finally {
    clearTimeout(timeout);
    // What listens to the signal would otherwise be kept for as long as the process runs.
    stopping.removeEventListener('abort', stop);
    timer.abort();
  }
}
