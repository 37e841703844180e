import { relative, resolve } from 'node:path';
import type { Client } from '@champion/contract';
import type { Config, Stack } from '@champion/server';
import type { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import { Interruption } from './interruption.ts';
import { type Style, styleFor } from './output/style.ts';
import { connect, noServer, type Server } from './remote/connect.ts';
import { readSettings, type Settings } from './settings.ts';

/** The parts of the process that commands touch. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Buffer | string>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What each command is given: output, configuration, the stack. */
export class Cli {
  readonly #surroundings: Surroundings;
  readonly out: Style;
  readonly err: Style;
  /** Set by commands whose work ended badly without an exception. */
  exitCode: number = EXIT.done;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.out = styleFor(surroundings.stdout, surroundings.env);
    this.err = styleFor(surroundings.stderr, surroundings.env);
  }

  get stderr(): NodeJS.WriteStream {
    return this.#surroundings.stderr;
  }

  get stdin(): AsyncIterable<Buffer | string> {
    return this.#surroundings.stdin;
  }

  get stdout(): NodeJS.WriteStream {
    return this.#surroundings.stdout;
  }

  /** Columns that a table may take: those of the terminal, and any number in a file or pipe. */
  get width(): number {
    const { isTTY, columns } = this.#surroundings.stdout;
    return isTTY === true ? columns || 80 : Number.POSITIVE_INFINITY;
  }

  /** What a command needs to find its server; it loads nothing. */
  settings(command: Command): Settings {
    return readSettings(this.#surroundings.env, command.optsWithGlobals());
  }

  /** @throws ChampionError CONFIG for a misspelt setting, before anything is done with its default */
  async checkSettings(command: Command): Promise<void> {
    // To know every name takes the server's table; one that this program reads itself needs no look into it.
    if (this.settings(command).others.length > 0) await this.config(command);
  }

  /** The server that commands talk to: the one that was named, else the one of this home; undefined when there is none. */
  async server(command: Command): Promise<Server | undefined> {
    return connect(this.settings(command));
  }

  /**
   * The API of the server.
   * @throws ChampionError UNREACHABLE when there is none
   */
  async api(command: Command): Promise<Client> {
    const server = await this.server(command);
    if (server === undefined) throw noServer(this.settings(command).home);
    return server.client;
  }

  /** Listens for Ctrl-C while `use` goes on; afterwards the exit code says whether there was one. */
  async interruptible<T>(use: (interruption: Interruption) => Promise<T>): Promise<T> {
    const interruption = new Interruption(() => {
      this.#surroundings.stderr.write('stopping… (Ctrl-C again leaves at once)\n');
    });
    try {
      return await use(interruption);
    } finally {
      interruption.stop();
      if (interruption.happened) this.exitCode = EXIT.interrupted;
    }
  }

  /** Writes to standard output and waits until it is taken, so that a slow reader slows the writer. */
  async print(text: string | Iterable<string>): Promise<void> {
    for (const piece of chunks(text)) await write(this.#surroundings.stdout, piece);
  }

  /** Writes a remark for a person to standard error. */
  async note(text: string): Promise<void> {
    await write(this.#surroundings.stderr, text);
  }

  /**
   * The configuration: the environment, `--home` above it, and `overrides` above both.
   * @throws ChampionError CONFIG
   */
  async config(command: Command, overrides: Readonly<Record<string, string | undefined>> = {}): Promise<Config> {
    const { parseEnv } = await import('@champion/server');
    const home = homeOf(command);
    return parseEnv({
      ...this.#surroundings.env,
      ...(home === undefined ? {} : { CHAMPION_HOME: home }),
      ...overrides,
    });
  }

  /**
   * Opens the stack for the time of `use`, and closes it whatever happens. After Ctrl-C the exit code says so; `use` sees
   * to it that it ends soon. A second Ctrl-C leaves at once.
   */
  async withStack<T>(config: Config, use: (stack: Stack, interruption: Interruption) => Promise<T>): Promise<T> {
    const { openStack } = await import('@champion/server');
    return this.interruptible(async (interruption) => {
      const stack = await openStack(config);
      try {
        return await use(stack, interruption);
      } finally {
        await stack.close();
      }
    });
  }
}

/** What `--home` says, wherever on the line it stands. */
export function homeOf(command: Command): string | undefined {
  return command.optsWithGlobals<{ home?: string }>().home;
}

/** How to call this program again for the stores in `home`, ready to be pasted into a shell. */
export function championFor(home: string | undefined): string {
  if (home === undefined) return 'npx champion';
  const below = relative('', home);
  const path = below === '' || below.startsWith('..') ? resolve(home) : below;
  return `npx champion --home ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`}`;
}

/** Small pieces gathered, for a write per row would be slow. */
function* chunks(text: string | Iterable<string>): Generator<string> {
  if (typeof text === 'string') return yield text;
  let gathered = '';
  for (const piece of text) {
    gathered += piece;
    if (gathered.length < 65_536) continue;
    yield gathered;
    gathered = '';
  }
  if (gathered !== '') yield gathered;
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      // The reader (head, a pager) has had enough: that is no failure.
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
