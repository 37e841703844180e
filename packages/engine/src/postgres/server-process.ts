import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { POSTGRES_ENV } from './data-folder.ts';
import type { Identity } from './identity.ts';

/**
 * Runs the server and a watcher that reads our end of a pipe. The kernel closes that end however we die, kill -9
 * included, and the watcher then asks the server for a fast shutdown.
 */
const WATCHED = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
( while read -r line; do :; done; kill -INT $server ) <&3 >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait $server
code=$?
kill $watcher 2>/dev/null
exit $code
`;

const STOP_TIMEOUT_MS = 30_000;

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #stdin: Writable;
  readonly exited: Promise<void>;
  hasExited = false;
  #output = '';

  constructor(identity: Identity, command: readonly string[], log: (line: string) => void) {
    const child = spawn('sh', ['-c', WATCHED, 'sh', ...identity.prefix, ...command], {
      ...identity.as,
      cwd: '/',
      env: POSTGRES_ENV,
      // A group of its own: Ctrl-C in a terminal reaches us first, and we stop the server when our work is down.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    this.#child = child;
    this.#stdin = child.stdin;
    child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      const ended = (error?: unknown) => {
        if (error instanceof Error) this.#output += error.message;
        this.hasExited = true;
        resolve();
      };
      child.once('error', ended).once('exit', () => ended());
    });
    readLines(child.stderr, (line) => {
      this.#output = `${this.#output}${line}\n`.slice(-8000);
      log(line);
    });
    // A program that ends without stopping the server should be able to end; the watcher does the rest.
    child.unref();
    for (const stream of [child.stdin, child.stderr]) (stream as unknown as { unref?: () => void }).unref?.();
  }

  /** What the server last said. */
  get output(): string {
    return this.#output.trim();
  }

  /** Fast shutdown; kills the server when it doesn't leave in time. */
  async stop(): Promise<void> {
    this.#child.ref();
    this.#stdin.end();
    const timer = new AbortController();
    await Promise.race([
      this.exited,
      sleep(STOP_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
    if (this.hasExited || this.#child.pid === undefined) return;
    process.kill(-this.#child.pid, 'SIGKILL');
    await this.exited;
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-8000);
    for (const line of lines) onLine(line);
  });
}
