import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { fields } from '../runs/outcome.ts';
import { VERSION } from '../version.ts';

export function versionCommand(parent: Command, cli: Cli): void {
  parent
    .command('version')
    .description('show the versions of this program, of Node.js and of the server')
    .addHelpText('after', '\nExample:\n  champion version')
    .action(async (_: unknown, command: Command) => {
      const server = await cli.server(command);
      const system = await server?.client.readSystem();
      await cli.print(
        fields(
          {
            champion: VERSION,
            node: process.versions.node,
            platform: `${process.platform}-${process.arch}`,
            server: system === undefined ? 'none' : `${system.version} at ${server?.url}`,
          },
          cli.out,
        ),
      );
    });
}
