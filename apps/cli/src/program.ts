import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { backfillCommand } from './commands/backfill.ts';
import { blockInspectCommand, blockLsCommand, blockTypesCommand } from './commands/block/ls.ts';
import { blockDeleteCommand, blockSetCommand, blockTestCommand } from './commands/block/set.ts';
import { completionCommand } from './commands/completion.ts';
import { coverageCommand } from './commands/coverage.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { demoCommand } from './commands/demo.ts';
import { deployCommand } from './commands/deploy.ts';
import { deploymentInspectCommand } from './commands/deployment/inspect.ts';
import { deploymentLsCommand } from './commands/deployment/ls.ts';
import {
  deploymentDeleteCommand,
  deploymentPauseCommand,
  deploymentResumeCommand,
} from './commands/deployment/pause.ts';
import { deploymentRunCommand } from './commands/deployment/run.ts';
import { deploymentScheduleCommands } from './commands/deployment/schedule.ts';
import { deploymentSetScheduleCommand } from './commands/deployment/set-schedule.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eventsStatusCommand } from './commands/events/status.ts';
import { eventsTailCommand } from './commands/events/tail.ts';
import { flowLsCommand } from './commands/flow/ls.ts';
import { flowRunCommand } from './commands/flow/run.ts';
import { flowRunCloneCommand, flowRunRestartCommand, flowRunRetryCommand } from './commands/flow-run/again.ts';
import { flowRunCancelCommand } from './commands/flow-run/cancel.ts';
import { flowRunDeleteCommand } from './commands/flow-run/delete.ts';
import { flowRunInspectCommand } from './commands/flow-run/inspect.ts';
import { flowRunLogsCommand } from './commands/flow-run/logs.ts';
import { flowRunLsCommand } from './commands/flow-run/ls.ts';
import { flowRunStateCommand } from './commands/flow-run/state.ts';
import { flowRunWatchCommand } from './commands/flow-run/watch.ts';
import { importCommand } from './commands/import.ts';
import { marketCommand } from './commands/market.ts';
import { qualityCommand } from './commands/quality.ts';
import { serverStatusCommand } from './commands/server/status.ts';
import { simulatorStartCommand } from './commands/simulator/start.ts';
import { sqlCommand } from './commands/sql.ts';
import { upCommand } from './commands/up.ts';
import { versionCommand } from './commands/version.ts';
import {
  workPoolChangeCommands,
  workPoolCreateCommand,
  workPoolInspectCommand,
  workPoolLsCommand,
} from './commands/work-pool/commands.ts';
import {
  workQueueChangeCommands,
  workQueueCreateCommand,
  workQueueDeleteCommand,
} from './commands/work-queue/change.ts';
import { workQueueInspectCommand, workQueueLsCommand } from './commands/work-queue/ls.ts';
import { workerLsCommand } from './commands/worker/ls.ts';
import { workerStartCommand } from './commands/worker/start.ts';
import { VERSION } from './version.ts';

/** The whole command line. Errors are thrown; nothing exits the process. */
export function createProgram(cli: Cli): Command {
  const program = new Command('champion')
    .description('Market-data platform for the National Stock Exchange of India.')
    .option('--home <dir>', 'folder of the embedded stack (default: $CHAMPION_HOME, or ./data)')
    .option('--api-url <url>', 'server to talk to (default: $CHAMPION_API_URL, or the one of this home)')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) => cli.stderr.write(text),
      getOutHelpWidth: () => cli.stdout.columns || 100,
      getErrHelpWidth: () => cli.stderr.columns || 100,
    })
    .helpCommand(false)
    .showHelpAfterError('Try it with --help.')
    .configureHelp({ styleTitle: cli.out.bold, styleSubcommandTerm: cli.out.cyan, styleOptionTerm: cli.out.cyan })
    // A misspelt setting is told before anything is done with its default.
    .hook('preAction', async (_, command) => {
      await cli.checkSettings(command);
    })
    .addHelpText(
      'after',
      `
Commands talk to the server of the home, or of --api-url. Without one, those that look at data or run a flow do it
themselves; the others say how to start one.

Examples:
  champion demo                                            the platform on a simulated market
  champion up                                              the server, with scheduler and worker
  champion flow run nse-bhavcopy-etl -p trade_date=2024-07-10
  champion sql "SELECT symbol, close FROM equity_ohlc LIMIT 10"

Exit codes: 0 done, 1 the run failed, 2 wrong usage, 3 a store or host could not be reached.`,
    );

  upCommand(program, cli);
  const server = group(program, 'server', 'the server that commands talk to');
  upCommand(server, cli, 'start');
  serverStatusCommand(server, cli);
  const worker = group(program, 'worker', 'processes that take runs from work queues').alias('agent');
  workerStartCommand(worker, cli);
  workerLsCommand(worker, cli);

  deployCommand(program, cli);
  const deployment = group(program, 'deployment', 'flows with schedules and parameters');
  deploymentLsCommand(deployment, cli);
  deploymentInspectCommand(deployment, cli);
  deploymentRunCommand(deployment, cli);
  deploymentSetScheduleCommand(deployment, cli);
  deploymentScheduleCommands(group(deployment, 'schedule', "a deployment's schedules"), cli);
  deploymentPauseCommand(deployment, cli);
  deploymentResumeCommand(deployment, cli);
  deploymentDeleteCommand(deployment, cli);
  const flow = group(program, 'flow', 'list and run flows');
  flowLsCommand(flow, cli);
  flowRunCommand(flow, cli);
  const flowRun = group(program, 'flow-run', 'look at runs, and change them');
  flowRunLsCommand(flowRun, cli);
  flowRunInspectCommand(flowRun, cli);
  flowRunLogsCommand(flowRun, cli);
  flowRunStateCommand(flowRun, cli);
  flowRunWatchCommand(flowRun, cli);
  flowRunCancelCommand(flowRun, cli);
  flowRunRetryCommand(flowRun, cli);
  flowRunRestartCommand(flowRun, cli);
  flowRunCloneCommand(flowRun, cli);
  flowRunDeleteCommand(flowRun, cli);
  const workQueue = group(program, 'work-queue', 'where runs wait for a worker');
  workQueueLsCommand(workQueue, cli);
  workQueueInspectCommand(workQueue, cli);
  workQueueCreateCommand(workQueue, cli);
  workQueueChangeCommands(workQueue, cli);
  workQueueDeleteCommand(workQueue, cli);
  const workPool = group(program, 'work-pool', 'groups of work queues');
  workPoolLsCommand(workPool, cli);
  workPoolInspectCommand(workPool, cli);
  workPoolCreateCommand(workPool, cli);
  workPoolChangeCommands(workPool, cli);

  const block = group(program, 'block', 'typed configuration and secrets');
  blockLsCommand(block, cli);
  blockInspectCommand(block, cli);
  blockTypesCommand(block, cli);
  blockSetCommand(block, cli);
  blockTestCommand(block, cli);
  blockDeleteCommand(block, cli);

  const events = group(program, 'events', 'rows on their way to Kafka');
  eventsTailCommand(events, cli);
  eventsStatusCommand(events, cli);

  backfillCommand(program, cli);
  coverageCommand(program, cli);
  qualityCommand(program, cli);
  marketCommand(program, cli);
  sqlCommand(program, cli);
  importCommand(program, cli);
  dashboardCommand(program, cli);
  demoCommand(program, cli);
  doctorCommand(program, cli);
  const simulator = group(program, 'simulator', 'the simulated exchange');
  simulatorStartCommand(simulator, cli);
  completionCommand(program, cli);
  versionCommand(program, cli);
  return program;
}

function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).helpCommand(false);
}
