import { Readable, Writable } from 'node:stream';
import { Cli } from '../cli.ts';
import { run } from '../run.ts';

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function champion(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  terminal: { readonly columns?: number; readonly stdin?: string | Readable } = {},
): Promise<Finished> {
  const out = new Heard(terminal.columns);
  const err = new Heard();
  const { stdin = '' } = terminal;
  const input = typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [stdin]) : stdin;
  const surroundings = { env, stdin: input, stdout: out, stderr: err };
  const code = await run(new Cli(surroundings as unknown as ConstructorParameters<typeof Cli>[0]), args);
  return { code, stdout: out.text, stderr: err.text };
}

class Heard extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor(columns?: number) {
    super();
    this.isTTY = columns !== undefined;
    this.columns = columns;
  }

  override _write(piece: Buffer | string, _: BufferEncoding, done: () => void): void {
    this.text += piece.toString();
    done();
  }
}
