import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@champion/contract';
import { plural } from '@champion/core';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { type BackfillOptions, gapLines, goOnLines } from './backfill.ts';
import { createMeter, type Meter } from './backfill-progress.ts';
import { resolveThere } from './coverage-subject.ts';

type Detail = Awaited<ReturnType<Client['readBackfill']>>;

const POLL_MS = 500;

/** A backfill on the server, watched to its end. Ctrl-C ends it early, there as here. */
export async function backfillThere(
  cli: Cli,
  client: Client,
  given: string,
  { output, ...wanted }: BackfillOptions,
  command: Command,
): Promise<void> {
  const { dataset } = resolveThere(await client.listDatasets(), given);
  await cli.interruptible(async (interruption) => {
    const { id } = await client.startBackfill({ body: { dataset: dataset.name, ...wanted } });
    const cancel = (): void => {
      // What it came to is read below; one that has just ended can't be cancelled any more.
      client.cancelBackfill({ params: { id } }).catch(() => undefined);
    };
    const meter = output === 'json' ? undefined : createMeter(cli.stderr, cli.err);
    let ended: Detail;
    try {
      ended = await interruption.handledBy(cancel, watch(client, id, meter));
    } finally {
      meter?.stop();
    }
    if (ended.state !== 'completed') cli.exitCode = EXIT.runFailed;
    if (output === 'json') return cli.print(`${JSON.stringify(ended, null, 2)}\n`);
    const { from, to, only } = wanted;
    const champion = championFor(homeOf(command));
    const again = `${champion} backfill ${dataset.flow.name} --from ${from} --to ${to} --only ${only}`;
    const { sessions } = await client.readCoverage({ params: { name: dataset.name }, query: { from, to } });
    return cli.print(`${render(ended, sessions, again, cli).join('\n')}\n`);
  });
}

async function watch(client: Client, id: string, meter: Meter | undefined): Promise<Detail> {
  let before: number | undefined;
  for (;;) {
    const backfill = await client.readBackfill({ params: { id } });
    const { sessions: total, done, failed } = backfill;
    before ??= done;
    meter?.update({ total, done, ran: done - before, failed });
    // A server that stopped and came back is not at work on it any more.
    if (!backfill.at_work) return backfill;
    await sleep(POLL_MS);
  }
}

function render(backfill: Detail, sessions: readonly string[], again: string, cli: Cli): string[] {
  const { state, done, gaps, gap_count, dataset } = backfill;
  const { bold, green, red, yellow } = cli.out;
  const away = plural(gap_count, 'slice');
  const ending = {
    completed: green('everything that was asked for is there'),
    incomplete: red(`${away} not there`),
    paused: yellow(`paused, ${away} not there yet`),
    running: yellow('its server stopped'),
  }[state];
  return [
    `${bold(dataset)}  ${plural(sessions.length, 'session')} in the span, ${done} of ${plural(backfill.sessions, 'session')} run: ${ending}`,
    ...gapLines(gaps, sessions, cli),
    ...goOnLines(backfill, again, cli),
  ];
}
