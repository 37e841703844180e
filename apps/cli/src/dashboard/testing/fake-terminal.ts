import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const LEAVES = '\u001b[?1049l';

/** A terminal of a size: what is written to it, and keys typed into it. */
export class FakeTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  raw = false;
  #pieces: string[] = [];
  #tell = (): void => undefined;

  constructor(columns: number, rows: number) {
    const setRawMode = (mode: boolean) => {
      this.raw = mode;
    };
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode,
      ref: () => undefined,
      unref: () => undefined,
    });
    const output = new Writable({
      write: (piece, _, done) => {
        this.#pieces.push(String(piece));
        this.#tell();
        done();
      },
    });
    this.stdin = input as unknown as NodeJS.ReadStream;
    this.stdout = Object.assign(output, { isTTY: true, columns, rows }) as unknown as NodeJS.WriteStream;
  }

  type(keys: string): void {
    (this.stdin as unknown as PassThrough).write(keys);
  }

  /** The lines of the last frame that was drawn, without colours. */
  get lines(): string[] {
    const frames = this.#pieces.map((piece) => stripVTControlCharacters(piece)).filter((text) => text.includes('\n'));
    return (frames.at(-1) ?? '').replace(/\n$/, '').split('\n');
  }

  /** The screen that was there before has been brought back, and nothing was written after it. */
  get isLeft(): boolean {
    return this.#pieces.at(-1)?.endsWith(LEAVES) === true;
  }

  /** Waits until a frame is as it should be. */
  until(isSo: (lines: readonly string[]) => boolean): Promise<readonly string[]> {
    return new Promise((resolve) => {
      this.#tell = () => {
        const { lines } = this;
        if (!isSo(lines)) return;
        this.#tell = () => undefined;
        resolve(lines);
      };
      this.#tell();
    });
  }
}
