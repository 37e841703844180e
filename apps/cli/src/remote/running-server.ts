import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lightFetch } from './light-fetch.ts';

/** What a server writes into its home when it starts, and removes when it stops. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly startedAt: string;
}

const PATIENCE_MS = 2_000;

/** The server that runs on a home. One that was killed leaves its file behind: its process and its port are asked. */
export async function runningServer(home: string): Promise<RunningServer | undefined> {
  const server = await read(join(home, 'server.json'));
  return server !== undefined && isAlive(server.pid) && (await answers(server.url)) ? server : undefined;
}

async function read(file: string): Promise<RunningServer | undefined> {
  try {
    const { url, pid, startedAt } = JSON.parse(await readFile(file, 'utf8'));
    return typeof url === 'string' && typeof pid === 'number' ? { url, pid, startedAt: String(startedAt) } : undefined;
  } catch {
    // Not there, or half written: nobody can be found by it.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process lives as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether anybody is there: a refusal for want of a key is an answer, and one that is slow is at work. */
async function answers(url: string): Promise<boolean> {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  try {
    await lightFetch(`${url}/api/health`, { signal: deadline });
    return true;
  } catch {
    return deadline.aborted;
  }
}
