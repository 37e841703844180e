import { ChampionError } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderError } from '../../output/error.ts';
import { renderTable } from '../../output/table.ts';
import { duration, printable } from '../../output/text.ts';
import { localTime } from '../../output/time.ts';
import { markOf, wordOf } from '../../progress/marks.ts';
import { findRunId } from '../../remote/find.ts';
import { findRun } from '../../runs/find.ts';
import { wireJson } from '../../runs/json.ts';
import { fields } from '../../runs/outcome.ts';
import { detailOfRow, detailOfRun, type RunDetailView } from '../../runs/view.ts';

export function flowRunInspectCommand(parent: Command, cli: Cli): void {
  parent
    .command('inspect')
    .description('show one run: its parameters, tasks, result or error')
    .argument('<run-id>', 'its id, or the beginning of it')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      '\nExamples:\n  champion flow-run inspect 8c3fdc3f\n  champion flow-run inspect 8c3fdc3f -o json',
    )
    .action(async (id: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const { json, view } = await read(id, command, cli);
      await cli.print(output === 'json' ? `${JSON.stringify(json, null, 2)}\n` : describe(view, cli));
    });
}

async function read(id: string, command: Command, cli: Cli): Promise<{ json: unknown; view: RunDetailView }> {
  const server = await cli.server(command);
  if (server !== undefined) {
    const params = { id: await findRunId(server.client, id) };
    const [run, tasks] = await Promise.all([
      server.client.readFlowRun({ params }),
      server.client.listFlowRunTasks({ params }),
    ]);
    return { json: { ...run, task_runs: tasks }, view: detailOfRun(run, tasks) };
  }
  const row = await cli.withStack(await cli.config(command), async (stack) => {
    const engine = await stack.engine();
    const found = await findRun(engine, id);
    const detail = await engine.runs.get(found.id);
    if (detail === undefined) throw new ChampionError(`the run ${id} was removed`, { code: 'NOT_FOUND' });
    return detail;
  });
  return { json: wireJson(row), view: detailOfRow(row) };
}

function describe(run: RunDetailView, cli: Cli): string {
  const about = fields(
    {
      id: run.id,
      flow: run.flow,
      deployment: run.deployment,
      ...Object.fromEntries(Object.entries(run.parameters).map(([key, value]) => [`-p ${key}`, value])),
      started: run.started === undefined ? undefined : localTime(run.started),
      due: run.started === undefined && run.at !== undefined ? localTime(run.at) : undefined,
      duration: run.durationMs === undefined ? undefined : duration(run.durationMs),
      worker: run.worker,
      queue: run.queue,
      // A run that was interrupted began more than once.
      begun: run.runCount > 1 ? `${run.runCount} times` : undefined,
      repeats: run.repeats,
      message: run.error === undefined && run.message !== '' ? run.message : undefined,
    },
    cli.out,
  );
  const tasks = run.tasks.map(({ name, state, attempts, durationMs, message }): string[] => [
    `${markOf(state, cli.out)} ${name}`,
    wordOf(state, cli.out),
    String(attempts),
    durationMs === undefined ? '' : duration(durationMs),
    printable(message),
  ]);
  const columns = [
    { header: '  task' },
    { header: 'state' },
    { header: 'attempts', align: 'right' } as const,
    { header: 'duration', align: 'right' } as const,
    { header: 'message', flexible: true },
  ];
  const { result } = run;
  const sections = [
    `${markOf(run.state, cli.out)} ${cli.out.bold(run.name)}  ${wordOf(run.state, cli.out)}\n${about}`,
    ...(tasks.length === 0 ? [] : [renderTable(columns, tasks, cli.out, cli.width)]),
    ...(run.error === undefined ? [] : [renderError(run.error, cli.out)]),
    ...(typeof result !== 'object' || result === null ? [] : [`result\n${fields({ ...result }, cli.out)}`]),
  ];
  return sections.join('\n');
}
