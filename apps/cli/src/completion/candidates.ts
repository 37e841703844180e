import type { Argument, Command, Option } from 'commander';

/** Something that a word may become. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What kind of name stands at a place, for those that only a server knows. */
type NameKind = 'deployment' | 'flow' | 'run' | 'queue' | 'pool' | 'block' | 'state';

export type Lookup = (kind: NameKind) => Promise<readonly Candidate[]>;

/** Arguments and options by what they are called in the help. */
const kinds: Readonly<Record<string, NameKind>> = {
  deployment: 'deployment',
  flow: 'flow',
  'flow|slice': 'flow',
  'run-id': 'run',
  'run-id|slice': 'run',
  queue: 'queue',
  pool: 'pool',
  block: 'block',
  state: 'state',
};

/**
 * What the last of `words` may become, by the tree of commands.
 * @param words the command line after the program's name; the last one is being typed, and may be empty
 */
export async function candidates(program: Command, words: readonly string[], lookup: Lookup): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const place = walk(program, words.slice(0, -1));
  const all = await suggestions(place, typed, lookup);
  return all.filter(({ value }) => value.startsWith(typed));
}

interface Place {
  readonly command: Command;
  /** How many of the command's arguments are there already. */
  readonly given: number;
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
  /** After "--" nothing is an option. */
  readonly plain: boolean;
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let given = 0;
  let pending: Option | undefined;
  let plain = false;
  for (const word of words) {
    if (pending !== undefined) {
      pending = undefined;
      continue;
    }
    if (word === '--') plain = true;
    else if (!plain && word.startsWith('-')) {
      const option = optionsOf(command).find(({ short, long }) => word === short || word === long);
      pending = option?.required || option?.optional ? option : undefined;
    } else {
      const next =
        given === 0
          ? command.commands.find((each) => each.name() === word || each.aliases().includes(word))
          : undefined;
      if (next === undefined) given++;
      else command = next;
    }
  }
  return { command, given, pending, plain };
}

async function suggestions(
  { command, given, pending, plain }: Place,
  typed: string,
  lookup: Lookup,
): Promise<Candidate[]> {
  if (pending !== undefined) return valuesOf(pending, /<(.+)>/.exec(pending.flags)?.[1] ?? '', lookup);
  if (typed.startsWith('-') && !plain) {
    return optionsOf(command).map(({ short, long, description }) => ({
      value: long ?? short ?? '',
      about: description,
    }));
  }
  const subcommands = command.commands
    .filter((each) => !each.name().startsWith('_'))
    .map((each) => ({ value: each.name(), about: each.description() }));
  const declared = command.registeredArguments;
  const last = declared.at(-1);
  const argument = declared[given] ?? (last?.variadic ? last : undefined);
  return [...subcommands, ...(argument === undefined ? [] : await valuesOf(argument, argument.name(), lookup))];
}

async function valuesOf({ argChoices }: Argument | Option, name: string, lookup: Lookup): Promise<Candidate[]> {
  if (argChoices !== undefined) return argChoices.map((value) => ({ value, about: '' }));
  const kind = kinds[name];
  return kind === undefined ? [] : [...(await lookup(kind))];
}

/** A command's options with those that may stand anywhere. */
function optionsOf(command: Command): readonly Option[] {
  const inherited = command.parent === null ? [] : optionsOf(command.parent);
  const help = command.createOption('-h, --help', 'display help for command');
  return [
    ...command.options,
    ...inherited.filter(({ long }) => long !== '--help' && long !== '--version'),
    help,
  ].filter((option) => !option.hidden);
}
