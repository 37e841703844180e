import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { findDeployment, fullName } from '../../remote/find.ts';

export function deploymentPauseCommand(parent: Command, cli: Cli): void {
  parent
    .command('pause')
    .description('let the schedules of deployments rest; runs can still be started by hand')
    .argument('<deployment...>', 'flow/deployment, or its own name')
    .addHelpText('after', '\nExample:\n  champion deployment pause nse-bhavcopy-daily')
    .action(async (names: readonly string[], _: unknown, command: Command) => {
      const client = await cli.api(command);
      for (const given of names) {
        const deployment = await findDeployment(client, given);
        await client.pauseDeployment({ params: { id: deployment.id } });
        await cli.print(`Paused deployment ${fullName(deployment)}\n`);
      }
    });
}

export function deploymentResumeCommand(parent: Command, cli: Cli): void {
  parent
    .command('resume')
    .description('let the schedules of deployments go on')
    .argument('<deployment...>', 'flow/deployment, or its own name')
    .addHelpText('after', '\nExample:\n  champion deployment resume nse-bhavcopy-daily')
    .action(async (names: readonly string[], _: unknown, command: Command) => {
      const client = await cli.api(command);
      for (const given of names) {
        const deployment = await findDeployment(client, given);
        await client.resumeDeployment({ params: { id: deployment.id } });
        await cli.print(`Resumed deployment ${fullName(deployment)}\n`);
      }
    });
}

export function deploymentDeleteCommand(parent: Command, cli: Cli): void {
  parent
    .command('delete')
    .description('delete a deployment; its runs stay. One that is in the code comes back with champion deploy')
    .argument('<deployment>', 'flow/deployment, or its own name')
    .addHelpText('after', '\nExample:\n  champion deployment delete nse-bhavcopy-daily')
    .action(async (given: string, _: unknown, command: Command) => {
      const client = await cli.api(command);
      const deployment = await findDeployment(client, given);
      await client.deleteDeployment({ params: { id: deployment.id } });
      await cli.print(`Deleted deployment ${fullName(deployment)}\n`);
    });
}
