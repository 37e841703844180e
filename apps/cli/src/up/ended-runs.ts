import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, FlowRunDetail } from '@champion/contract';
import { toErrorRecord } from '@champion/core';
import type { Cli } from '../cli.ts';
import { renderError } from '../output/error.ts';
import { duration, printable, truncate } from '../output/text.ts';
import { localClock } from '../output/time.ts';
import { markOf, wordOf } from '../progress/marks.ts';
import { isOver } from '../progress/tracker.ts';

const WIDEST = 120;
const AGAIN_MS = 1_000;

/** A line for each run that ends, until `signal` fires. What a child run came to is part of its parent's line. */
export async function tellEndedRuns(cli: Cli, client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of client.streamEvents({ query: { types: ['flow_run'] }, signal })) {
        if (event.type === 'flow_run' && isOver(event.state)) await tell(event.flow_run_id, cli, client, signal);
      }
    } catch (error) {
      // The server goes on without these lines.
      if (!signal.aborted) await cli.note(renderError(toErrorRecord(error), cli.err));
    }
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function tell(id: string, cli: Cli, client: Client, signal: AbortSignal): Promise<void> {
  try {
    const run = await client.readFlowRun({ params: { id }, signal });
    if (run.parent_flow_run_id === null) await cli.print(endedLine(run, cli));
  } catch (error) {
    // Deleted as soon as it ended: there is nothing to tell.
    if (toErrorRecord(error).code !== 'NOT_FOUND') throw error;
  }
}

function endedLine(run: FlowRunDetail, cli: Cli): string {
  const { dim } = cli.out;
  const state = { type: run.state_type ?? '', name: run.state_name ?? '' };
  const at = new Date(run.end_time ?? run.updated);
  const took = run.duration === null || run.duration === undefined ? '' : ` in ${duration(run.duration * 1000)}`;
  const said = run.error?.message ?? run.state?.message ?? '';
  return `${dim(localClock(at).slice(0, 8))}  ${markOf(state, cli.out)} ${printable(run.name)}  ${wordOf(state, cli.out)}${took}${
    said === '' ? '' : `  ${dim(truncate(printable(said), WIDEST))}`
  }  ${dim(run.id.slice(0, 8))}\n`;
}
