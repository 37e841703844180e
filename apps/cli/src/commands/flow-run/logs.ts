import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, LOG_LEVELS, type LogLevel, type RunLog } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { type Command, Option } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption, wholeNumber } from '../../options.ts';
import type { Style } from '../../output/style.ts';
import { printable } from '../../output/text.ts';
import { localClock } from '../../output/time.ts';
import { isOver } from '../../progress/tracker.ts';
import { findRunId } from '../../remote/find.ts';
import { findRun } from '../../runs/find.ts';
import { wireJson } from '../../runs/json.ts';

interface Options {
  readonly follow?: true;
  readonly level?: LogLevel;
  readonly tail?: number;
  readonly output: 'text' | 'jsonl';
}

/** A line of a log with the name of what wrote it. */
interface Line {
  readonly at: Date;
  readonly level: LogLevel;
  readonly source: string;
  readonly message: string;
  readonly json: unknown;
}

type Source = (after: number) => Promise<{ lines: Line[]; last: number }>;

const PAGE = 1_000;
const FOLLOW_MS = 400;
const looks = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const satisfies Record<
  LogLevel,
  keyof Style
>;

export function flowRunLogsCommand(parent: Command, cli: Cli): void {
  parent
    .command('logs')
    .description("print a run's log")
    .argument('<run-id>', 'its id, or the beginning of it')
    .option('-f, --follow', 'go on until the run has ended')
    .addOption(new Option('--level <level>', 'lines of this level and above').choices(LOG_LEVELS))
    .option('-t, --tail <n>', 'only the last lines', wholeNumber(1, 100_000))
    .addOption(outputOption(['text', 'jsonl'], 'text'))
    .addHelpText(
      'after',
      `
Examples:
  champion flow-run logs 8c3fdc3f
  champion flow-run logs -f 8c3fdc3f
  champion flow-run logs 8c3fdc3f --level warn --tail 20 -o jsonl`,
    )
    .action(async (id: string, options: Options, command: Command) => {
      const server = await cli.server(command);
      const print = (lines: readonly Line[]) => cli.print(lines.map((line) => textOf(line, options.output, cli.out)));
      if (server !== undefined) {
        const { client } = server;
        const runId = await findRunId(client, id);
        const source = await remote(client, runId, options.level);
        const last = await printAll(source, options.tail, print);
        if (options.follow) await follow(cli, client, runId, source, last, print);
        return;
      }
      if (options.follow) await cli.api(command);
      await cli.withStack(await cli.config(command), async (stack) => {
        const engine = await stack.engine();
        const run = await findRun(engine, id);
        const detail = await engine.runs.get(run.id);
        if (detail === undefined) throw new ChampionError(`the run ${id} was removed`, { code: 'NOT_FOUND' });
        const tasks = new Map(detail.taskRuns.map((task) => [task.id, task.name]));
        const least = LOG_LEVELS.indexOf(options.level ?? 'debug');
        const source: Source = async (after) => {
          const rows = await engine.runs.logs(run.id, { after, limit: PAGE });
          const lines = rows
            .filter(({ level }) => LOG_LEVELS.indexOf(level) >= least)
            .map((row): Line => {
              const { at, level, message, taskRunId } = row;
              const source = taskRunId === null ? run.name : (tasks.get(taskRunId) ?? '');
              return { at, level, message, source, json: wireJson(row) };
            });
          return { lines, last: rows.length < PAGE ? 0 : (rows.at(-1)?.id ?? 0) };
        };
        await printAll(source, options.tail, print);
      });
    });
}

/** The run's lines from the server. A task that began later than the last look at them is looked up again. */
async function remote(client: Client, id: string, level: LogLevel | undefined): Promise<Source> {
  const params = { id };
  const run = await client.readFlowRun({ params });
  const names = new Map<string, string>();
  const learn = async (logs: readonly RunLog[]): Promise<void> => {
    if (logs.every(({ task_run_id }) => task_run_id === null || names.has(task_run_id))) return;
    for (const task of await client.listFlowRunTasks({ params })) names.set(task.id, task.name);
  };
  return async (after) => {
    const query = { after, limit: PAGE, ...(level === undefined ? {} : { level }) };
    const logs = await client.listFlowRunLogs({ params, query });
    await learn(logs);
    const lines = logs.map((log): Line => {
      const source = log.task_run_id === null ? run.name : (names.get(log.task_run_id) ?? '');
      return { at: new Date(log.at), level: log.level, message: log.message, source, json: log };
    });
    return { lines, last: logs.at(-1)?.id ?? after };
  };
}

/** Every line so far, or the last ones. @returns where to go on */
async function printAll(
  source: Source,
  tail: number | undefined,
  print: (lines: readonly Line[]) => Promise<void>,
): Promise<number> {
  let after = 0;
  let kept: Line[] = [];
  for (;;) {
    const { lines, last } = await source(after);
    if (tail === undefined) await print(lines);
    else kept = [...kept, ...lines].slice(-tail);
    if (last > after) after = last;
    if (lines.length === 0 || last === 0) break;
  }
  await print(kept);
  return after;
}

async function follow(
  cli: Cli,
  client: Client,
  id: string,
  source: Source,
  from: number,
  print: (lines: readonly Line[]) => Promise<void>,
): Promise<void> {
  await cli.interruptible(async ({ signal }) => {
    for (let after = from; !signal.aborted; ) {
      // Asked before the lines are: an ended run writes no more of them.
      const run = await client.readFlowRun({ params: { id } });
      const { lines, last } = await source(after);
      await print(lines);
      after = last;
      if (lines.length < PAGE && isOver({ type: run.state_type ?? '', name: '' })) return;
      if (lines.length < PAGE) await sleep(FOLLOW_MS, undefined, { signal }).catch(() => undefined);
    }
  });
}

function textOf({ at, level, source, message, json }: Line, output: Options['output'], style: Style): string {
  if (output === 'jsonl') return `${JSON.stringify(json)}\n`;
  const word = style[looks[level]](level.padEnd(5));
  return `${style.dim(localClock(at))}  ${word}  ${source}: ${printable(message)}\n`;
}
