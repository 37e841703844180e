import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption, wholeNumber } from '../../options.ts';
import { renderTable } from '../../output/table.ts';
import { duration, printable, truncate } from '../../output/text.ts';
import { localTime } from '../../output/time.ts';
import { markOf, wordOf } from '../../progress/marks.ts';
import { wireJson } from '../../runs/json.ts';

interface Options {
  readonly limit: number;
  readonly output: 'table' | 'json';
}

export function flowRunLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list runs, latest first')
    .option('-l, --limit <n>', 'at most so many', wholeNumber(1, 1000), 20)
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText('after', '\nExamples:\n  champion flow-run ls -l 5\n  champion flow-run ls -o json')
    .action(async ({ limit, output }: Options, command: Command) => {
      const runs = await cli.withStack(await cli.config(command), async (stack) =>
        (await stack.engine()).runs.list({ limit }),
      );
      if (output === 'json') return cli.print(`${JSON.stringify(wireJson(runs), null, 2)}\n`);
      const rows = runs.map((run): string[] => {
        const state = { type: run.stateType, name: run.stateName };
        const { startTime, endTime } = run;
        return [
          run.id.slice(0, 8),
          `${markOf(state, cli.out)} ${wordOf(state, cli.out)}`,
          run.name,
          startTime === null ? '' : localTime(startTime),
          startTime === null || endTime === null ? '' : duration(endTime.getTime() - startTime.getTime()),
          truncate(printable(run.stateMessage ?? ''), 80),
        ];
      });
      const columns = [
        { header: 'id' },
        { header: 'state' },
        { header: 'name' },
        { header: 'started' },
        { header: 'duration', align: 'right' } as const,
        { header: 'message' },
      ];
      return cli.print(renderTable(columns, rows, cli.out));
    });
}
