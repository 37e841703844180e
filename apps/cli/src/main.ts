import { Cli } from './cli.ts';
import { run } from './run.ts';

// Every write learns of its failure by itself; unheard here, a reader that left (| head) would end us with a stack trace.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await run(new Cli(process), process.argv.slice(2));
