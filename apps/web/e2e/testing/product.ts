import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@champion/contract';
import { buildSite, bundle, isSiteStale, repoRoot, siteNames } from '../../../../tools/build.mjs';

const START_MS = 90_000;
const STOP_MS = 30_000;

/** The product as people start it, on a port and in a home of its own. */
export interface Product {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  /** Of the tracking app and its API. */
  readonly trackingUrl: string;
  readonly client: Client;
  /** For files that a test hands to the product; gone with it. */
  readonly folder: string;
  /** As when the machine fails: at once, and nothing is tidied up. */
  kill(): Promise<void>;
  /** Starts it anew where it was, once it was killed. @param apiKey what every request must carry from now on */
  restart(options?: StartOptions): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** What every request must carry; nothing when not given. */
  readonly apiKey?: string;
  /** Sessions that the home has before it starts. */
  readonly sessions?: number;
  /** The apps that it serves; all unless said otherwise. */
  readonly sites?: typeof siteNames;
}

/** Builds the product apart from dist/, which may change meanwhile, and runs `champion up --simulated`. */
export async function startProduct({ apiKey, sessions, sites = siteNames }: StartOptions = {}): Promise<Product> {
  const outdir = join(repoRoot, 'node_modules/.cache', `web-e2e-${process.pid}`);
  const folder = await mkdtemp(join(tmpdir(), 'champion-web-e2e-'));
  const clean = () => Promise.all([outdir, folder].map((path) => rm(path, { recursive: true, force: true })));
  let child: ChildProcess | undefined;
  try {
    await Promise.all([bundle({ champion: 'apps/cli/src/main.ts' }, outdir), sitesInto(outdir, sites)]);
    const home = join(folder, 'home');
    const run = (given: readonly string[], key: string | undefined) => {
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, ...(key === undefined ? {} : { CHAMPION_API_KEY: key }) };
      const program = [join(outdir, 'champion.js'), ...given, '--home', home];
      return spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    };
    if (sessions !== undefined) await ended(run(['demo', '--once', '--sessions', String(sessions)], undefined));
    child = run(['up', '--simulated', '--port', '0'], apiKey);
    const { url, trackingUrl } = await saidUrls(child);
    const { port } = new URL(url);
    return {
      url,
      trackingUrl,
      client: createClient({ baseUrl: url, apiKey }),
      folder,
      kill: async () => {
        if (child === undefined) return;
        const closed = once(child, 'exit');
        child.kill('SIGKILL');
        await closed;
      },
      restart: async ({ apiKey: key } = {}) => {
        child = run(['up', '--simulated', '--port', port, '--tracking-port', '0'], key);
        await saidUrls(child);
      },
      stop: async () => {
        if (child !== undefined) await end(child);
        await clean();
      },
    };
  } catch (error) {
    if (child !== undefined) await end(child);
    await clean();
    throw error;
  }
}

/** Waits for a program that ends by itself. */
async function ended(program: ChildProcess): Promise<void> {
  let said = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream?.on('data', (piece) => {
      said = (said + piece).slice(-5000);
    });
  }
  const [code] = await once(program, 'close');
  if (code !== 0) throw new Error(`it ended with ${code}:\n${said}`);
}

/** The web app and the tracking app: those in dist/ where they are of these sources, else new ones. */
async function sitesInto(outdir: string, sites: typeof siteNames): Promise<void> {
  for (const site of sites) {
    if (isSiteStale(site)) await buildSite(site, join(outdir, site));
    else await cp(join(repoRoot, 'dist', site), join(outdir, site), { recursive: true });
  }
}

/** Its addresses, from its start screen. */
function saidUrls(child: ChildProcess): Promise<Pick<Product, 'url' | 'trackingUrl'>> {
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
        const url = /(http:\/\/127\.0\.0\.1:\d+)\/api\n/.exec(heard)?.[1];
        const trackingUrl = /Tracking +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(heard)?.[1];
        if (url === undefined || trackingUrl === undefined) return;
        clearTimeout(late);
        resolve({ url, trackingUrl });
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
