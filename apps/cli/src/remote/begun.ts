import type { Client, FlowRun } from '@champion/contract';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { localTime } from '../output/time.ts';
import { fields, outcomeJson, renderOutcome, succeeded } from '../runs/outcome.ts';
import { followRun } from './follow.ts';

export interface BegunOptions {
  readonly watch?: true | undefined;
  readonly output: 'text' | 'json';
}

/** Says that a run was made; with `watch` shows it until it has ended, and the exit code says how. */
export async function tellBegun(
  cli: Cli,
  client: Client,
  run: FlowRun,
  { watch, output }: BegunOptions,
  command: Command,
): Promise<void> {
  const champion = championFor(homeOf(command));
  const short = run.id.slice(0, 8);
  if (watch)
    return cli.interruptible((interruption) =>
      watchRun(cli, client, run, { output, interruption, cancel: false }, champion),
    );
  if (output === 'json') return cli.print(`${JSON.stringify(run, null, 2)}\n`);
  const due = run.expected_start_time === null ? undefined : new Date(run.expected_start_time);
  return cli.print(
    `Created flow run ${cli.out.bold(run.name)}\n${fields(
      {
        id: run.id,
        ...Object.fromEntries(Object.entries(run.parameters).map(([key, value]) => [`-p ${key}`, value])),
        scheduled: due === undefined || due.getTime() <= Date.now() ? 'now' : localTime(due),
        queue: run.work_queue_name ?? undefined,
      },
      cli.out,
    )}${cli.out.cyan('follow:')} ${champion} flow-run logs -f ${short}\n`,
  );
}

/** Shows a run until it has ended, then how it did. */
export async function watchRun(
  cli: Cli,
  client: Client,
  run: FlowRun,
  options: Pick<BegunOptions, 'output'> & Pick<Parameters<typeof followRun>[3], 'interruption' | 'cancel'>,
  champion: string,
): Promise<void> {
  const json = options.output === 'json';
  const outcome = await followRun(cli, client, run, { ...options, detail: json ? undefined : 'tasks' });
  await cli.print(
    json ? outcomeJson(run.flow_name, run.name, outcome) : renderOutcome(run.name, outcome, champion, cli.out),
  );
  if (!succeeded(outcome)) cli.exitCode = EXIT.runFailed;
}
