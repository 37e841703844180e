import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { outputOption } from '../../options.ts';
import { localTime } from '../../output/time.ts';
import { noServer } from '../../remote/connect.ts';
import { fields } from '../../runs/outcome.ts';

export function serverStatusCommand(parent: Command, cli: Cli): void {
  parent
    .command('status')
    .description('show the server that commands talk to, and its stores')
    .addOption(outputOption(['text', 'json'], 'text'))
    .addHelpText('after', '\nExample:\n  champion server status')
    .action(async ({ output }: { output: 'text' | 'json' }, command: Command) => {
      const server = await cli.server(command);
      if (server === undefined) throw noServer(cli.settings(command).home);
      const system = await server.client.readSystem();
      if (output === 'json') return cli.print(`${JSON.stringify({ url: server.url, ...system }, null, 2)}\n`);
      const workers = await server.client.listWorkers();
      const online = workers.filter(({ status }) => status !== 'offline');
      return cli.print(
        `${cli.out.green('●')} ${cli.out.bold(server.url)}  up since ${localTime(new Date(system.started_at))}\n${fields(
          {
            version: system.version,
            home: system.home,
            exchange: system.simulated ? 'simulated: none of the rows are real' : undefined,
            ...Object.fromEntries(
              system.stores.map(({ name, kind, state, detail }) => [
                name,
                state === 'up' ? `${kind}, ${detail}` : `${state}: ${detail}`,
              ]),
            ),
            workers:
              online.length === 0
                ? 'none'
                : online.map(({ name, running, concurrency }) => `${name}, ${running} of ${concurrency} runs`),
          },
          cli.out,
        )}`,
      );
    });
}
