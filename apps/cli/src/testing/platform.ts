import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, repoRoot } from '../../../../tools/build.mjs';

export interface Platform {
  /** "http://127.0.0.1:4200" */
  readonly url: string;
  readonly trackingUrl: string;
  readonly home: string;
  /** Ctrl-C, and what is left of it removed. */
  stop(): Promise<void>;
}

/** `champion up --simulated` in a process and a home of its own, built apart from dist/, which may change meanwhile. */
export async function startPlatform(name: string): Promise<Platform> {
  const outdir = join(repoRoot, 'node_modules/.cache', `${name}-${process.pid}`);
  await bundle({ champion: 'apps/cli/src/main.ts' }, outdir);
  const home = await mkdtemp(join(tmpdir(), `champion-${name}-`));
  const { PATH = '', HOME = '' } = process.env;
  const args = [join(outdir, 'champion.js'), 'up', '--simulated', '--port', '0', '--home', home];
  const child = spawn(process.execPath, args, { env: { PATH, HOME }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let said = '';
  let complained = '';
  child.stderr.on('data', (piece) => {
    complained += piece;
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
    await rm(home, { recursive: true, force: true });
    await rm(outdir, { recursive: true, force: true });
  };
  const ready = new Promise<readonly [string, string]>((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      said += piece;
      const url = /(http:\/\/127\.0\.0\.1:\d+)\/api\n/.exec(said)?.[1];
      const tracking = /Tracking +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said)?.[1];
      if (url !== undefined && tracking !== undefined) resolve([url, tracking]);
    });
    ended.then(([code]) => reject(new Error(`champion up ended with ${code}: ${complained}`)));
  });
  try {
    const [url, trackingUrl] = await ready;
    return { url, trackingUrl, home, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
