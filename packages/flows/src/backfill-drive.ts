import type { BusinessDate, ErrorRecord } from '@champion/core';
import type { Engine, FlowRunOutcome } from '@champion/engine';

export interface Ended {
  readonly trade_date: BusinessDate;
  readonly outcome: FlowRunOutcome;
}

export interface Drive {
  readonly flowName: string;
  readonly dates: readonly BusinessDate[];
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  /** Called after each run that was not cancelled. */
  readonly onEnded: (ended: Ended) => Promise<void>;
}

/** So many in a row with an error that is not about the session end a backfill: the next would fare no better. */
const ENOUGH: Readonly<Record<string, number>> = { BLOCKED: 2, UNREACHABLE: 3, TIMEOUT: 3, STORE_FAILED: 3, BUSY: 3 };

/**
 * Runs the flow for each date in order, some at a time.
 * @returns why it ended before the last one; undefined when it did not
 */
export async function drive(engine: Pick<Engine, 'run' | 'cancel'>, work: Drive): Promise<string | undefined> {
  const { signal } = work;
  const streak = new Streak();
  const queue = work.dates.values();
  let failed = false;
  const over = () => failed || streak.verdict !== undefined || signal?.aborted === true;

  const worker = async (): Promise<void> => {
    for (const date of queue) {
      if (over()) return;
      const outcome = await runOne(engine, work.flowName, date, signal);
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

async function runOne(
  engine: Pick<Engine, 'run' | 'cancel'>,
  flowName: string,
  date: BusinessDate,
  signal: AbortSignal | undefined,
): Promise<FlowRunOutcome> {
  const handle = await engine.run(flowName, { trade_date: date });
  const cancel = (): void => {
    // The run's outcome tells what came of it; a run that has just ended can't be cancelled any more.
    engine.cancel(handle.id, 'the backfill was stopped').catch(() => undefined);
  };
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await handle.result();
  } finally {
    signal?.removeEventListener('abort', cancel);
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
