import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import { candidates } from '../completion/candidates.ts';
import { namesOf } from '../completion/names.ts';
import { type Shell, scripts } from '../completion/scripts.ts';
import { connect } from '../remote/connect.ts';

export function completionCommand(parent: Command, cli: Cli): void {
  parent
    .command('completion')
    .description('print a script that completes commands, options and names at Tab')
    .addArgument(new Argument('<shell>', 'which shell it is for').choices(Object.keys(scripts)))
    .addHelpText(
      'after',
      `
Names of deployments, flows, runs and queues come from the server, as far as it answers within half a second.

Examples:
  source <(champion completion bash)                                      # in ~/.bashrc
  champion completion zsh > "\${fpath[1]}/_champion"
  champion completion fish > ~/.config/fish/completions/champion.fish`,
    )
    .action((shell: Shell) => cli.print(scripts[shell]));

  parent
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[], _: unknown, command: Command) => {
      const settings = cli.settings(command);
      const valueAfter = (option: string) => words[words.indexOf(option) + 1];
      const home = words.includes('--home') ? valueAfter('--home') : undefined;
      const apiUrl = words.includes('--api-url') ? valueAfter('--api-url') : undefined;
      const named = { ...settings, ...(home ? { home } : {}), ...(apiUrl ? { apiUrl } : {}) };
      const found = await candidates(
        parent,
        words,
        namesOf(() => connect(named)),
      );
      await cli.print(found.map(({ value, about }) => `${value}\t${about.split('\n')[0]}\n`));
    });
}
