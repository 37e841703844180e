import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import type { Style } from '../../output/style.ts';
import { printable } from '../../output/text.ts';
import { localClock } from '../../output/time.ts';
import { findRun } from '../../runs/find.ts';
import { wireJson } from '../../runs/json.ts';

const PAGE = 1_000;
const looks = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const satisfies Record<
  string,
  keyof Style
>;

export function flowRunLogsCommand(parent: Command, cli: Cli): void {
  parent
    .command('logs')
    .description("print a run's log")
    .argument('<id>', 'its id, or the beginning of it')
    .addOption(outputOption(['text', 'jsonl'], 'text'))
    .addHelpText('after', '\nExample:\n  champion flow-run logs 8c3fdc3f')
    .action(async (id: string, { output }: { output: 'text' | 'jsonl' }, command: Command) => {
      await cli.withStack(await cli.config(command), async (stack) => {
        const engine = await stack.engine();
        const run = await findRun(engine, id);
        const detail = await engine.runs.get(run.id);
        const tasks = new Map(detail?.taskRuns.map((task) => [task.id, task.name]));
        for (let after = 0; ; ) {
          const lines = await engine.runs.logs(run.id, { after, limit: PAGE });
          const texts = lines.map((line) => {
            if (output === 'jsonl') return `${JSON.stringify(wireJson(line))}\n`;
            const source = line.taskRunId === null ? run.name : (tasks.get(line.taskRunId) ?? '');
            const level = cli.out[looks[line.level]](line.level.padEnd(5));
            return `${cli.out.dim(localClock(line.at))}  ${level}  ${source}: ${printable(line.message)}\n`;
          });
          await cli.print(texts);
          const last = lines.at(-1);
          if (last === undefined || lines.length < PAGE) return;
          after = last.id;
        }
      });
    });
}
