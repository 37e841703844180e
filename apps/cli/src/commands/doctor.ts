import { plural, toErrorRecord } from '@champion/core';
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { type Finding, fail, type Level, ok, warn } from '../doctor/check.ts';
import { checkBinaries, checkDisk, checkHome, checkNode, checkPlatform } from '../doctor/machine.ts';
import { checkServer } from '../doctor/server.ts';
import { checkCalendar, checkEngine, checkExchange, checkLake, checkWarehouse } from '../doctor/stores.ts';
import { EXIT } from '../exit-code.ts';
import { Interrupted } from '../interruption.ts';
import { outputOption } from '../options.ts';
import { padEnd, printable } from '../output/text.ts';

export function doctorCommand(parent: Command, cli: Cli): void {
  parent
    .command('doctor')
    .description('check this machine, the stores and the way to the exchange')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText(
      'after',
      `
Starts the stores, or asks the server that has them, and asks each of the exchange's hosts one question. A warning leaves something to do; only a
failure makes the exit code 1.

Examples:
  champion doctor
  champion doctor -o json`,
    )
    .action(async ({ output }: { output: 'text' | 'json' }, command: Command) => {
      const found: Finding[] = [];
      const add = async (finding: Finding): Promise<void> => {
        found.push(finding);
        if (output === 'text') await cli.print(line(finding, cli));
      };

      await add(await checkNode());
      await add(await checkPlatform());
      const binaries = await checkBinaries(() => import('@champion/server'));
      await add(binaries);
      // Without its native parts nothing else can be asked.
      if (binaries.level !== 'fail') await checkStack(command, cli, add);

      if (output === 'json') await cli.print(`${JSON.stringify(found, null, 2)}\n`);
      else await cli.print(`\n${summary(found)}\n`);
      if (found.some(({ level }) => level === 'fail')) cli.exitCode = EXIT.runFailed;
    });
}

async function checkStack(command: Command, cli: Cli, add: (finding: Finding) => Promise<void>): Promise<void> {
  const config = await cli.config(command);
  const home = await checkHome(config.home);
  await add(home);
  if (home.level === 'fail') return;
  await add(await checkDisk(config.home));
  const server = await cli.server(command);
  if (server !== undefined) {
    // The stores are the server's while it runs: it says how they are.
    for (const finding of await checkServer(server)) await add(finding);
    return;
  }
  try {
    await cli.withStack(config, async (stack, interruption) => {
      await add({ what: 'Held by', ...ok('no other process') });
      for (const checkStore of [checkEngine, checkWarehouse, checkLake]) {
        interruption.check();
        await add(await checkStore(stack));
      }
      for (const finding of await checkExchange(stack, interruption.signal)) await add(finding);
      await add(await checkCalendar(stack));
    });
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const { code, message, hint } = toErrorRecord(error);
    // Someone at work in the folder is no fault of it.
    if (code === 'BUSY') await add({ what: 'Held by', ...warn(`${message}; the stores were not checked`, hint ?? '') });
    else await add({ what: 'Stores', ...fail(message, hint ?? 'See the other findings.') });
  }
}

const looks = { ok: 'green', warn: 'yellow', fail: 'red' } as const satisfies Record<Level, string>;

function line({ level, what, detail, advice }: Finding, cli: Cli): string {
  const first = `${cli.out[looks[level]](level.padEnd(4))}  ${padEnd(what, 18)}  ${printable(detail)}\n`;
  return advice === undefined ? first : `${first}      ${cli.out.dim('→')} ${printable(advice)}\n`;
}

function summary(found: readonly Finding[]): string {
  const failures = found.filter(({ level }) => level === 'fail').length;
  const warnings = found.filter(({ level }) => level === 'warn').length;
  if (failures > 0) return `${plural(failures, 'check')} failed, ${plural(warnings, 'warning')}.`;
  return warnings > 0 ? `Ready, with ${plural(warnings, 'warning')}.` : 'Ready.';
}
