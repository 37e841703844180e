import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@champion/contract';
import { bundle, isWebStale, repoRoot } from '../../../../tools/build.mjs';

const START_MS = 90_000;
const STOP_MS = 30_000;

/** The product as people start it, on a port and in a home of its own. */
export interface Product {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  readonly client: Client;
  /** For files that a test hands to the product; gone with it. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** Builds the product apart from dist/, which may change meanwhile, and runs `champion up --simulated`. */
export async function startProduct(): Promise<Product> {
  const outdir = join(repoRoot, 'node_modules/.cache', `web-e2e-${process.pid}`);
  const folder = await mkdtemp(join(tmpdir(), 'champion-web-e2e-'));
  const clean = () => Promise.all([outdir, folder].map((path) => rm(path, { recursive: true, force: true })));
  let child: ChildProcess | undefined;
  try {
    await Promise.all([bundle({ champion: 'apps/cli/src/main.ts' }, outdir), webInto(join(outdir, 'web'))]);
    const home = join(folder, 'home');
    const { PATH = '', HOME = '' } = process.env;
    const program = [join(outdir, 'champion.js'), 'up', '--simulated', '--port', '0', '--home', home];
    child = spawn(process.execPath, program, { env: { PATH, HOME }, stdio: ['ignore', 'pipe', 'pipe'] });
    const url = await saidUrl(child);
    const running = child;
    return {
      url,
      client: createClient({ baseUrl: url }),
      folder,
      stop: async () => {
        await end(running);
        await clean();
      },
    };
  } catch (error) {
    if (child !== undefined) await end(child);
    await clean();
    throw error;
  }
}

/** The web app: the one in dist/ where it is of these sources, else a new one. */
async function webInto(outDir: string): Promise<void> {
  if (!isWebStale()) {
    await cp(join(repoRoot, 'dist/web'), outDir, { recursive: true });
    return;
  }
  const { build } = await import('vite');
  await build({
    configFile: join(repoRoot, 'apps/web/vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
}

/** Its address, from its start screen. */
function saidUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const late = setTimeout(
      () => reject(new Error(`it did not start within ${START_MS / 1000} s:\n${heard}`)),
      START_MS,
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece) => {
        // Read to the end, or the pipe fills up and the product waits; kept only until it is up.
        if (heard.length < 100_000) heard += piece;
        const found = /(http:\/\/127\.0\.0\.1:\d+)\/api\n/.exec(heard);
        if (found?.[1] === undefined) return;
        clearTimeout(late);
        resolve(found[1]);
      });
    }
    child.once('close', (code) => {
      clearTimeout(late);
      reject(new Error(`it ended with ${code} before it was up:\n${heard}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGINT');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await closed;
  clearTimeout(kill);
}
