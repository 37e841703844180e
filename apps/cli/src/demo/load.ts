import type { Client, FlowRun } from '@champion/contract';
import type { BusinessDate } from '@champion/core';
import type { Cli } from '../cli.ts';
import type { Meter } from '../commands/backfill-progress.ts';
import type { Interruption } from '../interruption.ts';
import { followRun } from '../remote/follow.ts';
import { someRuns } from '../remote/lists.ts';
import { type RunOutcome, succeeded } from '../runs/outcome.ts';
import { outcomeOfRun } from '../runs/view.ts';
import type { Session } from './report.ts';

const COMBINED = 'combined-market-data-etl';
const GOLD = 'market-gold-etl';
/** Runs looked at for what is loaded: a home may have been used for much else. */
const MOST_RUNS = 2_000;

export interface Load {
  /** Oldest first. */
  readonly dates: readonly BusinessDate[];
  readonly client: Client;
  readonly meter: Meter;
  readonly interruption: Interruption;
}

/**
 * Loads sessions, oldest first and one after the other, for the gold of a session rests on those before it. Whole runs
 * rather than backfills of the datasets with gold after them: those save a quarter of the time, and show less of the
 * product. What an earlier demo loaded stays, but gold that is older than a session before its own is computed again.
 * @throws Interrupted at Ctrl-C
 */
export async function loadSessions({ dates, client, meter, interruption }: Load, cli: Cli): Promise<Session[]> {
  const run = async (flow: string, date: BusinessDate): Promise<{ name: string; outcome: RunOutcome }> => {
    interruption.check();
    const begun = await client.runFlow({ params: { name: flow }, body: { parameters: { trade_date: date } } });
    const outcome = await followRun(cli, client, begun, { detail: undefined, interruption, cancel: false });
    return { name: begun.name, outcome };
  };
  const [loaded, golds] = await Promise.all([completedRuns(client, COMBINED), completedRuns(client, GOLD)]);
  const total = dates.filter((date) => !loaded.has(date)).length;
  const sessions: Session[] = [];
  let loadedUntil = Number.NEGATIVE_INFINITY;
  let done = 0;
  for (const date of dates) {
    const before = loaded.get(date);
    if (before === undefined) {
      const session = { date, ...(await run(COMBINED, date)) };
      sessions.push(session);
      loadedUntil = Date.now();
      done += 1;
      const failed = sessions.filter(({ outcome }) => !succeeded(outcome)).length;
      meter.update({ total, done, ran: done, failed, last: { trade_date: date, outcome: session.outcome } });
      continue;
    }
    if (endOf(golds.get(date) ?? before) < loadedUntil) await run(GOLD, date);
    loadedUntil = Math.max(loadedUntil, endOf(before));
    const detail = await client.readFlowRun({ params: { id: before.id } });
    sessions.push({ date, name: before.name, outcome: outcomeOfRun(detail), earlier: true });
  }
  return sessions;
}

/** The latest completed run of a flow for each session that has one. */
async function completedRuns(client: Client, flow: string): Promise<Map<string, FlowRun>> {
  const conditions = {
    flows: { name: { any_: [flow] } },
    flow_runs: { state: { type: { any_: ['COMPLETED' as const] } } },
  };
  const runs = await someRuns(client, conditions, MOST_RUNS, 'END_TIME_DESC');
  const latest = new Map<string, FlowRun>();
  for (const run of runs) {
    const date = run.parameters.trade_date;
    if (typeof date === 'string' && !latest.has(date)) latest.set(date, run);
  }
  return latest;
}

function endOf({ end_time, updated }: FlowRun): number {
  return Date.parse(end_time ?? updated);
}
