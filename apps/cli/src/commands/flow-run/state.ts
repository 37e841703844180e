import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { printable } from '../../output/text.ts';
import { localTime } from '../../output/time.ts';
import { markOf, wordOf } from '../../progress/marks.ts';
import { findRunId } from '../../remote/find.ts';
import { findRun } from '../../runs/find.ts';

/** A state as it is printed, and as programs get it. */
interface Shown {
  readonly type: string;
  readonly name: string;
  readonly message: string | null;
  readonly timestamp: string;
}

export function flowRunStateCommand(parent: Command, cli: Cli): void {
  parent
    .command('state')
    .description("show a run's state and how it came to it")
    .argument('<run-id>', 'its id, or the beginning of it')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      '\nExamples:\n  champion flow-run state 8c3fdc3f\n  champion flow-run state 8c3fdc3f -o json | jq -r .type',
    )
    .action(async (id: string, { output }: { output: 'text' | 'json' }, command: Command) => {
      const { name, states } = await read(id, command, cli);
      const last = states.at(-1);
      if (output === 'json') return cli.print(`${JSON.stringify(last ?? null, null, 2)}\n`);
      const history = states.map((state) => {
        const when = cli.out.dim(localTime(new Date(state.timestamp)));
        const said = state.message === null ? '' : `  ${printable(state.message)}`;
        return `  ${when}  ${markOf(state, cli.out)} ${wordOf(state, cli.out)}${said}\n`;
      });
      const head =
        last === undefined ? '' : `${markOf(last, cli.out)} ${cli.out.bold(name)}  ${wordOf(last, cli.out)}\n`;
      return cli.print([head, ...history]);
    });
}

async function read(id: string, command: Command, cli: Cli): Promise<{ name: string; states: readonly Shown[] }> {
  const server = await cli.server(command);
  if (server !== undefined) {
    const { client } = server;
    const runId = await findRunId(client, id);
    const run = await client.readFlowRun({ params: { id: runId } });
    const states = await client.listFlowRunStates({ query: { flow_run_id: runId } });
    return { name: run.name, states: states.length === 0 && run.state !== null ? [run.state] : states };
  }
  return cli.withStack(await cli.config(command), async (stack) => {
    const engine = await stack.engine();
    const run = await findRun(engine, id);
    const states = (await engine.runs.get(run.id))?.states ?? [];
    return {
      name: run.name,
      states: states.map(({ type, name, message, at }) => ({ type, name, message, timestamp: at.toISOString() })),
    };
  });
}
