import type { Client } from '@champion/contract';
import type { Command } from 'commander';
import { type Cli, championFor, homeOf } from '../../cli.ts';
import { EXIT } from '../../exit-code.ts';
import { resolveFlowName } from '../../flow-name.ts';
import { outputOption } from '../../options.ts';
import { collect, parseParameters } from '../../parameters.ts';
import { watchRun } from '../../remote/begun.ts';
import { allFlows } from '../../remote/lists.ts';
import { follow, runToEnd } from '../../runs/follow.ts';
import { outcomeJson, renderOutcome, succeeded } from '../../runs/outcome.ts';

interface Options {
  readonly param?: readonly string[];
  readonly output: 'text' | 'json';
}

export function flowRunCommand(parent: Command, cli: Cli): void {
  parent
    .command('run')
    .description('run a flow here and now')
    .argument('<flow>', 'its name, or module.path:function_name')
    .option('-p, --param <key=value>', 'a parameter; repeatable', collect)
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `
Values are read as true, false, null, numbers or JSON where they look like it, and as text otherwise.
With a server the run is made there and followed here; without one it runs in this process. Ctrl-C cancels the run; a
second one leaves at once, and the run is finished by the server or at the next start.

Examples:
  champion flow run nse-bhavcopy-etl -p trade_date=2024-07-10
  champion flow run nse-bhavcopy-etl -p trade_date=2024-07-10 -p load_to_clickhouse=false -o json
  champion flow run -p trade_date=2024-07-10 src.orchestration.flows:nse_bhavcopy_etl_flow`,
    )
    .action(async (given: string, options: Options, command: Command) => {
      const server = await cli.server(command);
      if (server !== undefined) return runThere(cli, server.client, given, options, command);
      const config = await cli.config(command);
      const { flows } = await import('@champion/server');
      const flowName = resolveFlowName(
        given,
        flows.map(({ name }) => name),
      );
      const parameters = parseParameters(options.param ?? []);
      const json = options.output === 'json';
      await cli.withStack(config, async (stack, interruption) => {
        const engine = await stack.engine();
        const { handle, outcome } = await follow(
          cli,
          engine,
          { detail: json ? undefined : 'tasks', interruption },
          () => runToEnd(engine, flowName, parameters, interruption),
        );
        await cli.print(
          json
            ? outcomeJson(flowName, handle.name, outcome)
            : renderOutcome(handle.name, outcome, championFor(homeOf(command)), cli.out),
        );
        if (!succeeded(outcome)) cli.exitCode = EXIT.runFailed;
      });
    });
}

/** On the server, followed live: Ctrl-C cancels the run there as it does here. */
async function runThere(cli: Cli, client: Client, given: string, options: Options, command: Command): Promise<void> {
  const known = (await allFlows(client)).map(({ name }) => name);
  const name = resolveFlowName(given, known);
  const parameters = parseParameters(options.param ?? []);
  await cli.interruptible(async (interruption) => {
    const run = await client.runFlow({ params: { name }, body: { parameters } });
    const { output } = options;
    await watchRun(cli, client, run, { output, interruption, cancel: true }, championFor(homeOf(command)));
  });
}
