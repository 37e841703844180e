import type { BusinessDate, ErrorRecord } from '@champion/core';
import type { FlowRunOutcome } from '@champion/engine';
import type { RunsPort } from './runs-port.ts';

export interface Ended {
  readonly trade_date: BusinessDate;
  readonly outcome: FlowRunOutcome;
}

export interface Drive {
  readonly flowName: string;
  readonly dates: readonly BusinessDate[];
  readonly concurrency: number;
  /** Ends it: runs under way are cancelled. */
  readonly signal: AbortSignal | undefined;
  /** Leaves it: runs under way go on, and nobody waits for them. */
  readonly leave: AbortSignal | undefined;
  /** Called after each run that was not cancelled. */
  readonly onEnded: (ended: Ended) => Promise<void>;
}

/** So many in a row with an error that is not about the session end a backfill: the next would fare no better. */
const ENOUGH: Readonly<Record<string, number>> = { BLOCKED: 2, UNREACHABLE: 3, TIMEOUT: 3, STORE_FAILED: 3, BUSY: 3 };

/**
 * Runs the flow for each date in order, some at a time.
 * @returns why it ended before the last one; undefined when it did not
 * @throws what `leave` was aborted with, once it is
 */
export async function drive(runs: RunsPort, work: Drive): Promise<string | undefined> {
  const { signal, leave } = work;
  const streak = new Streak();
  const queue = work.dates.values();
  let failed = false;
  const over = () => failed || streak.verdict !== undefined || signal?.aborted === true;

  const worker = async (): Promise<void> => {
    for (const date of queue) {
      leave?.throwIfAborted();
      if (over()) return;
      const outcome = await runOne(runs, work, date);
      if (outcome.state === 'CANCELLED') continue;
      streak.add(outcome.error);
      await work.onEnded({ trade_date: date, outcome });
    }
  };
  const workers = Array.from({ length: Math.min(work.concurrency, work.dates.length) }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // Each comes to its end before the error of one is told: no run may be left without anyone who waits for it.
  for (const ended of await Promise.allSettled(workers)) if (ended.status === 'rejected') throw ended.reason;
  return signal?.aborted ? 'stopped on request' : streak.verdict;
}

async function runOne(runs: RunsPort, work: Drive, date: BusinessDate): Promise<FlowRunOutcome> {
  const { flowName, signal, leave } = work;
  const handle = await runs.run(flowName, { trade_date: date });
  const cancel = (): void => {
    // The run's outcome tells what came of it; a run that has just ended can't be cancelled any more.
    runs.cancel(handle.id, 'the backfill was stopped').catch(() => undefined);
  };
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await unlessLeft(handle.result(leave), leave);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** Whoever runs it may wait for the end of the run whatever the signal says. */
async function unlessLeft<T>(result: Promise<T>, leave: AbortSignal | undefined): Promise<T> {
  if (leave === undefined) return result;
  let give = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    give = () => reject(leave.reason);
    leave.addEventListener('abort', give, { once: true });
    if (leave.aborted) give();
  });
  try {
    return await Promise.race([result, left]);
  } finally {
    leave.removeEventListener('abort', give);
  }
}

/** Counts failures of one kind that follow one another. */
class Streak {
  readonly #counts = new Map<string, number>();
  #verdict: string | undefined;

  /** Why to stop; undefined while there is no reason. */
  get verdict(): string | undefined {
    return this.#verdict;
  }

  add(error: ErrorRecord | undefined): void {
    const codes = error === undefined ? [] : codesOf(error);
    for (const [code, most] of Object.entries(ENOUGH)) {
      const count = codes.includes(code) ? (this.#counts.get(code) ?? 0) + 1 : 0;
      this.#counts.set(code, count);
      if (count < most || error === undefined) continue;
      const what = code === 'BLOCKED' ? 'the exchange blocks us' : `it is ${code} again and again`;
      const hint = error.hint === undefined ? '' : `. ${error.hint}`;
      this.#verdict ??= `stopped because ${what}, ${count} sessions in a row: ${error.message}${hint}`;
    }
  }
}

/** A run of which several parts failed names the code of each. */
function codesOf({ code, context }: ErrorRecord): string[] {
  return [code, ...failedParts(context).map((part) => part.code)];
}

/** The slices that a run's error speaks of; none when it had only one. */
export function failedParts(context: ErrorRecord['context']): { readonly slice: string; readonly code: string }[] {
  if (!Array.isArray(context.failed)) return [];
  return context.failed.filter(
    (part): part is { slice: string; code: string } => typeof part?.slice === 'string' && typeof part.code === 'string',
  );
}
