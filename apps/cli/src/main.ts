import { toErrorRecord } from '@champion/core';
import { CommanderError } from 'commander';
import { Cli } from './cli.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { Interrupted } from './interruption.ts';
import { renderError } from './output/error.ts';
import { createProgram } from './program.ts';

// Every write learns of its failure by itself; unheard here, a reader that left (| head) would end us with a stack trace.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const cli = new Cli(process);
process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
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
