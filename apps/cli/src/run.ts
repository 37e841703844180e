import { toErrorRecord } from '@champion/core';
import { CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { Interrupted } from './interruption.ts';
import { renderError } from './output/error.ts';
import { createProgram } from './program.ts';

/** From the arguments to the exit code; whatever goes wrong is said on standard error. */
export async function run(cli: Cli, args: readonly string[]): Promise<number> {
  const program = createProgram(cli);
  if (args.length === 0) {
    program.outputHelp();
    return EXIT.done;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    const record = toErrorRecord(error);
    const stopped = cli.exitCode === EXIT.interrupted && record.code === 'CANCELLED';
    if (error instanceof Interrupted || stopped) {
      await cli.note('interrupted\n');
      return EXIT.interrupted;
    }
    await cli.note(renderError(record, cli.err));
    return exitCodeOf(record.code);
  }
}
