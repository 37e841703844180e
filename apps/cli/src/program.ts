import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { backfillCommand } from './commands/backfill.ts';
import { coverageCommand } from './commands/coverage.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { flowLsCommand } from './commands/flow/ls.ts';
import { flowRunCommand } from './commands/flow/run.ts';
import { flowRunInspectCommand } from './commands/flow-run/inspect.ts';
import { flowRunLogsCommand } from './commands/flow-run/logs.ts';
import { flowRunLsCommand } from './commands/flow-run/ls.ts';
import { importCommand } from './commands/import.ts';
import { marketCommand } from './commands/market.ts';
import { qualityCommand } from './commands/quality.ts';
import { simulatorStartCommand } from './commands/simulator/start.ts';
import { sqlCommand } from './commands/sql.ts';

/** The whole command line. Errors are thrown; nothing exits the process. */
export function createProgram(cli: Cli): Command {
  const program = new Command('champion')
    .description('Market-data platform for the National Stock Exchange of India.')
    .option('--home <dir>', 'folder of the embedded stack (default: $CHAMPION_HOME, or ./data)')
    .version('0.1.0')
    .exitOverride()
    .helpCommand(false)
    .showHelpAfterError('Try it with --help.')
    .configureHelp({ styleTitle: cli.out.bold, styleSubcommandTerm: cli.out.cyan, styleOptionTerm: cli.out.cyan })
    // A misspelt setting is told before anything is done with its default.
    .hook('preAction', async (_, command) => {
      await cli.config(command);
    })
    .addHelpText(
      'after',
      `
Examples:
  champion demo                                            five simulated sessions, end to end
  champion flow run nse-bhavcopy-etl -p trade_date=2024-07-10
  champion sql "SELECT symbol, close FROM equity_ohlc LIMIT 10"

Exit codes: 0 done, 1 the run failed, 2 wrong usage, 3 a store or host could not be reached.`,
    );

  backfillCommand(program, cli);
  coverageCommand(program, cli);
  demoCommand(program, cli);
  doctorCommand(program, cli);
  const flow = group(program, 'flow', 'list and run flows');
  flowLsCommand(flow, cli);
  flowRunCommand(flow, cli);
  const flowRun = group(program, 'flow-run', 'look at runs');
  flowRunLsCommand(flowRun, cli);
  flowRunInspectCommand(flowRun, cli);
  flowRunLogsCommand(flowRun, cli);
  importCommand(program, cli);
  qualityCommand(program, cli);
  marketCommand(program, cli);
  const simulator = group(program, 'simulator', 'the simulated exchange');
  simulatorStartCommand(simulator, cli);
  sqlCommand(program, cli);
  return program;
}

function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).helpCommand(false);
}
