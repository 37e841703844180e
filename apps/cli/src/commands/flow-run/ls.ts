import { type FlowRunFilter, type FlowRunQuery, STATE_TYPES, type StateType } from '@champion/contract';
import { ChampionError, closest } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption, wholeNumber } from '../../options.ts';
import { collect } from '../../parameters.ts';
import { findDeployment } from '../../remote/find.ts';
import { someRuns } from '../../remote/lists.ts';
import { watchRuns } from '../../remote/watch-runs.ts';
import { wireJson } from '../../runs/json.ts';
import { renderRunTable } from '../../runs/table.ts';
import { viewOfRow, viewOfRun } from '../../runs/view.ts';

interface Options {
  readonly limit: number;
  readonly flowName?: readonly string[];
  readonly stateType?: readonly string[];
  readonly deployment?: string;
  readonly upcoming?: true;
  readonly watch?: true;
  readonly output: 'table' | 'json';
}

/** Listed at most. */
const MOST = 1_000;

type Conditions = Pick<FlowRunQuery, 'flows' | 'flow_runs' | 'deployments'>;

export function flowRunLsCommand(parent: Command, cli: Cli): void {
  parent
    .command('ls')
    .description('list runs, latest first; those still to come with --upcoming')
    .option('-l, --limit <n>', 'at most so many', wholeNumber(1, MOST), 20)
    .option('--flow, --flow-name <flow>', 'only of this flow; repeatable', collect)
    .option('--state, --state-type <state>', 'only in this state (failed, Late, ...); repeatable', collect)
    .option('--deployment <name>', 'only of this deployment')
    .option('--upcoming', 'those that are still to come, the next one first')
    .option('--watch', 'keep the list fresh until Ctrl-C')
    .addOption(outputOption(['table', 'json'], 'table'))
    .addHelpText(
      'after',
      `
Examples:
  champion flow-run ls -l 5
  champion flow-run ls --state failed --state crashed --flow nse-bhavcopy-etl
  champion flow-run ls --upcoming
  champion flow-run ls --watch
  champion flow-run ls -o json`,
    )
    .action(async (options: Options, command: Command) => {
      const { limit, output, flowName: flow, stateType: state, deployment, upcoming, watch } = options;
      const server = await cli.server(command);
      if (server === undefined) {
        const embedded = [flow, state, deployment, upcoming, watch].every((option) => option === undefined);
        // Filters are the server's.
        if (!embedded) await cli.api(command);
        const all = await cli.withStack(await cli.config(command), async (stack) =>
          (await stack.engine()).runs.list({ limit: MOST }),
        );
        // A server that ran here before has left runs that are still to come.
        const rows = all.filter(({ stateType }) => stateType !== 'SCHEDULED').slice(0, limit);
        if (output === 'json') return cli.print(`${JSON.stringify(wireJson(rows), null, 2)}\n`);
        return cli.print(renderRunTable(rows.map(viewOfRow), cli.out, cli.width));
      }
      const { client } = server;
      const conditions: Conditions = {
        ...(flow === undefined ? {} : { flows: { name: { any_: [...flow] } } }),
        flow_runs: { ...(state === undefined ? {} : inStates(state)), ...spanOf(options) },
        ...(deployment === undefined
          ? {}
          : { deployments: { id: { any_: [(await findDeployment(client, deployment)).id] } } }),
      };
      if (watch)
        return watchRuns(cli, client, () =>
          someRuns(client, conditions, limit, upcoming ? 'EXPECTED_START_TIME_ASC' : undefined),
        );
      const runs = await someRuns(client, conditions, limit, upcoming ? 'EXPECTED_START_TIME_ASC' : undefined);
      if (output === 'json') return cli.print(`${JSON.stringify(runs, null, 2)}\n`);
      return cli.print(renderRunTable(runs.map(viewOfRun), cli.out, cli.width));
    });
}

/** How far ahead a run may be due to count as one of now. */
const NOW_MS = 60_000;

/** What is still to come fills many pages; it is shown when asked for. */
function spanOf({ upcoming, stateType }: Options): Pick<FlowRunFilter, 'expected_start_time'> {
  const now = Date.now();
  if (upcoming) return { expected_start_time: { after_: new Date(now).toISOString() } };
  if (stateType !== undefined) return {};
  return { expected_start_time: { before_: new Date(now + NOW_MS).toISOString() } };
}

/** Types in any case ("failed"), names as they are ("Late"). */
function inStates(states: readonly string[]): FlowRunFilter {
  const types = states.map((state) => state.toUpperCase()).filter(isType);
  const names = states.filter((state) => !isType(state.toUpperCase()));
  for (const name of names) {
    const meant = closest(name.toUpperCase(), STATE_TYPES);
    if (meant === undefined) continue;
    throw new ChampionError(`there is no state "${name}"`, {
      code: 'INVALID_INPUT',
      hint: `Did you mean ${meant.toLowerCase()}?`,
    });
  }
  return {
    state: {
      operator: 'or_',
      ...(types.length === 0 ? {} : { type: { any_: types } }),
      ...(names.length === 0 ? {} : { name: { any_: names } }),
    },
  };
}

function isType(text: string): text is StateType {
  return (STATE_TYPES as readonly string[]).includes(text);
}
