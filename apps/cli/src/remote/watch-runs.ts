import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, FlowRun } from '@champion/contract';
import type { Cli } from '../cli.ts';
import { printable } from '../output/text.ts';
import { localClock } from '../output/time.ts';
import { markOf, wordOf } from '../progress/marks.ts';
import { isOver } from '../progress/tracker.ts';
import { renderRunTable } from '../runs/table.ts';
import { viewOfRun } from '../runs/view.ts';

const REFRESH_MS = 2_000;

/**
 * Shows runs until Ctrl-C: on a terminal one list, drawn again and again; elsewhere a line whenever a run changes its
 * state.
 */
export async function watchRuns(cli: Cli, client: Client, list: () => Promise<readonly FlowRun[]>): Promise<void> {
  await cli.interruptible(async ({ signal }) => {
    if (cli.stdout.isTTY === true) await redraw(cli, list, signal);
    else await tellChanges(cli, client, list, signal);
  });
  // To stop watching is how it ends.
  cli.exitCode = 0;
}

async function redraw(cli: Cli, list: () => Promise<readonly FlowRun[]>, signal: AbortSignal): Promise<void> {
  let drawn = 0;
  while (!signal.aborted) {
    const rows = Math.max(3, (cli.stdout.rows ?? 24) - 1);
    const text = renderRunTable((await list()).map(viewOfRun), cli.out, cli.width);
    const lines = text.trimEnd().split('\n').slice(0, rows);
    await cli.print(`${drawn === 0 ? '' : `\u001b[${drawn}A`}\r\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
    await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function tellChanges(
  cli: Cli,
  client: Client,
  list: () => Promise<readonly FlowRun[]>,
  signal: AbortSignal,
): Promise<void> {
  await cli.print(renderRunTable((await list()).map(viewOfRun), cli.out, cli.width));
  for await (const event of client.streamEvents({ query: { types: ['flow_run'] }, signal })) {
    if (event.type === 'flow_run') await cli.print(runChange(event, cli));
  }
}

/** One line about a run that changed its state. */
export function runChange(
  event: {
    readonly at: string;
    readonly flow_run_id: string;
    readonly run_name: string;
    readonly state: { readonly type: string; readonly name: string; readonly message: string | null };
  },
  cli: Cli,
): string {
  const { at, run_name, state, flow_run_id } = event;
  const said = isOver(state) && state.message !== null ? `  ${printable(state.message)}` : '';
  const head = `${cli.out.dim(localClock(new Date(at)).slice(0, 8))}  ${markOf(state, cli.out)} ${printable(run_name)}`;
  return `${head}  ${wordOf(state, cli.out)}  ${cli.out.dim(flow_run_id.slice(0, 8))}${said}\n`;
}
