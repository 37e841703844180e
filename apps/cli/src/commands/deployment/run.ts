import { ChampionError } from '@champion/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { collect, parseParameters } from '../../parameters.ts';
import { type BegunOptions, tellBegun } from '../../remote/begun.ts';
import { findDeployment, fullName } from '../../remote/find.ts';

interface Options extends BegunOptions {
  readonly param?: readonly string[];
  readonly idempotencyKey?: string;
  readonly startAt?: Date;
  readonly flowRunName?: string;
  readonly tag?: readonly string[];
}

export function deploymentRunCommand(parent: Command, cli: Cli): void {
  parent
    .command('run')
    .description('start a run of a deployment; a worker takes it')
    .argument('<deployment>', 'flow/deployment, or its own name')
    .option('-p, --param <key=value>', 'in place of the one that the deployment has; repeatable', collect)
    .option('--watch', 'show the run until it has ended')
    .option('--at, --start-at <time>', 'not before: 2026-01-12T18:00+05:30, "2026-01-12 18:00", or 18:00', instant)
    .option('--idempotency-key <key>', 'the same key again gives the same run')
    .option('--flow-run-name <name>', 'of the run')
    .option('--tag <tag>', 'for the run; repeatable', collect)
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `
Examples:
  champion deployment run 'nse-bhavcopy-etl/nse-bhavcopy-daily'
  champion deployment run nse-bhavcopy-daily --param trade_date=2026-01-12 --watch
  champion deployment run nse-bhavcopy-daily --at 18:30`,
    )
    .action(async (given: string, options: Options, command: Command) => {
      const { param = [], idempotencyKey, startAt, flowRunName, tag } = options;
      const parameters = parseParameters(param);
      const client = await cli.api(command);
      const deployment = await findDeployment(client, given);
      const known = Object.keys(propertiesOf(deployment.parameter_openapi_schema));
      const unknown = Object.keys(parameters).find((name) => known.length > 0 && !known.includes(name));
      if (unknown !== undefined && deployment.enforce_parameter_schema) {
        throw new ChampionError(`${fullName(deployment)} has no parameter ${unknown}`, {
          code: 'INVALID_INPUT',
          hint: `It has: ${known.join(', ')}.`,
        });
      }
      const run = await client.createDeploymentRun({
        params: { id: deployment.id },
        body: {
          parameters,
          ...(idempotencyKey === undefined ? {} : { idempotency_key: idempotencyKey }),
          ...(flowRunName === undefined ? {} : { name: flowRunName }),
          ...(tag === undefined ? {} : { tags: [...tag] }),
          ...(startAt === undefined
            ? {}
            : { state: { type: 'SCHEDULED', state_details: { scheduled_time: startAt.toISOString() } } }),
        },
      });
      await tellBegun(cli, client, run, options, command);
    });
}

function propertiesOf(schema: Readonly<Record<string, unknown>> | null): Record<string, unknown> {
  const properties = schema?.properties;
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

/** A moment as people write it; without a zone it is of this machine's. */
function instant(text: string): Date {
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, '0'));
  const full = /^\d{1,2}:\d{2}(:\d{2})?$/.test(text)
    ? `${day.join('-')}T${text.padStart(text.length === 4 ? 5 : 0, '0')}`
    : text;
  const at = new Date(full.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T'));
  if (/\d{1,2}:\d{2}/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('Expected a moment such as 2026-01-12T18:00+05:30, "2026-01-12 18:00" or 18:00.');
}
