import { ChampionError } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { renderError } from '../../output/error.ts';
import { renderTable } from '../../output/table.ts';
import { duration } from '../../output/text.ts';
import { localTime } from '../../output/time.ts';
import { markOf, wordOf } from '../../progress/marks.ts';
import { findRun } from '../../runs/find.ts';
import { wireJson } from '../../runs/json.ts';
import { fields } from '../../runs/outcome.ts';

type Engine = import('@champion/server').Engine;
type Detail = NonNullable<Awaited<ReturnType<Engine['runs']['get']>>>;

export function flowRunInspectCommand(parent: Command, cli: Cli): void {
  parent
    .command('inspect')
    .description('show one run: its parameters, tasks, result or error')
    .argument('<id>', 'its id, or the beginning of it')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExample:\n  champion flow-run inspect 8c3fdc3f')
    .action(async (id: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const run = await cli.withStack(await cli.config(command), async (stack) => {
        const engine = await stack.engine();
        const found = await findRun(engine, id);
        const detail = await engine.runs.get(found.id);
        if (detail === undefined) throw new ChampionError(`the run ${id} was removed`, { code: 'NOT_FOUND' });
        return detail;
      });
      await cli.print(output === 'json' ? `${JSON.stringify(wireJson(run), null, 2)}\n` : describe(run, cli));
    });
}

function describe(run: Detail, cli: Cli): string {
  const state = { type: run.stateType, name: run.stateName };
  const about = fields(
    {
      id: run.id,
      flow: run.flowName,
      ...Object.fromEntries(Object.entries(run.parameters).map(([key, value]) => [`-p ${key}`, value])),
      started: run.startTime === null ? undefined : localTime(run.startTime),
      duration: elapsed(run.startTime, run.endTime),
      // A run that was interrupted began more than once.
      begun: run.runCount > 1 ? `${run.runCount} times` : undefined,
      message: run.error === null ? run.stateMessage : undefined,
    },
    cli.out,
  );
  const tasks = run.taskRuns.map((task): string[] => {
    const taskState = { type: task.stateType, name: task.stateName };
    return [
      `${markOf(taskState, cli.out)} ${task.name}`,
      wordOf(taskState, cli.out),
      String(task.attempts.length),
      elapsed(task.startTime, task.endTime) ?? '',
      task.error?.message ?? task.stateMessage ?? '',
    ];
  });
  const columns = [
    { header: '  task' },
    { header: 'state' },
    { header: 'attempts', align: 'right' } as const,
    { header: 'duration', align: 'right' } as const,
    { header: 'message' },
  ];
  const sections = [
    `${markOf(state, cli.out)} ${cli.out.bold(run.name)}  ${wordOf(state, cli.out)}\n${about}`,
    ...(tasks.length === 0 ? [] : [renderTable(columns, tasks, cli.out)]),
    ...(run.error === null ? [] : [renderError(run.error, cli.out)]),
    ...(run.result === null || typeof run.result !== 'object' ? [] : [`result\n${fields({ ...run.result }, cli.out)}`]),
  ];
  return sections.join('\n');
}

function elapsed(from: Date | null, to: Date | null): string | undefined {
  return from === null || to === null ? undefined : duration(to.getTime() - from.getTime());
}
