import { once } from 'node:events';
import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { wholeNumber } from '../../options.ts';
import { collect } from '../../parameters.ts';

interface Options {
  readonly port: number;
  readonly seed: number;
  readonly replay?: string;
  readonly fault?: readonly string[];
  readonly publishAll?: true;
}

export function simulatorStartCommand(parent: Command, cli: Cli): void {
  parent
    .command('start')
    .description('serve a simulated exchange on this machine until Ctrl-C')
    .option('--port <n>', 'port to listen on; 0 takes any that is free', wholeNumber(0, 65_535), 4280)
    .option('--seed <n>', 'another seed is another market', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--replay <dir>', "serve this folder's real files under the exchange's URLs, and nothing made up")
    .option('--fault <rule>', 'something that goes wrong; repeatable', collect)
    .option('--publish-all', "serve today's files at any hour, not only from 18:00 IST")
    .addHelpText(
      'after',
      `
Faults: KIND[:OPTION=VALUE][@YYYY-MM-DD][ xN]

Examples:
  champion simulator start --port 4280
  champion simulator start --replay ~/bhavcopies
  champion simulator start --fault '429:retry-after=2 x1' --fault truncated-zip@2024-07-10`,
    )
    .action(async (options: Options) => {
      const { parseFault, startSimulator } = await import('@champion/server');
      const simulator = await startSimulator({
        port: options.port,
        seed: options.seed,
        faults: (options.fault ?? []).map(parseFault),
        publishAll: options.publishAll === true,
        ...(options.replay === undefined ? {} : { replayDir: options.replay }),
      });
      try {
        const { bold, dim } = cli.out;
        const what =
          options.replay === undefined ? `simulated market, seed ${options.seed}` : `files of ${options.replay}`;
        await cli.print(
          `${bold(simulator.url)}  ${what}

To use it, in another terminal:
  export NSE_ARCHIVES_URL=${simulator.url}
  export NSE_SITE_URL=${simulator.url}
  export NSE_REQUESTS_PER_SECOND=50
  export CHAMPION_HOME=./data/simulated  ${dim('# keeps its rows apart from real ones')}

Ctrl-C stops it.
`,
        );
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      } finally {
        await simulator.close();
      }
    });
}
