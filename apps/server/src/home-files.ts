import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChampionError } from '@champion/core';
import { z } from 'zod';

// What the server that has a home writes into it for the other processes of this machine: where it answers (server.json)
// and where its stores are (stores.json). The latter has passwords in it; both are for the home's owner alone.

const SERVER = 'server.json';
const STORES = 'stores.json';

/** Where the API of the server on a home answers. */
const ServerFileSchema = z.object({
  url: z.url(),
  pid: z.int(),
  startedAt: z.iso.datetime(),
});
export type ServerFile = z.infer<typeof ServerFileSchema>;

/** What a worker needs to work beside the server, on the same stores and towards the same exchange. */
const StoresFileSchema = z.object({
  pid: z.int(),
  databaseUrl: z.string(),
  clickhouseUrl: z.string(),
  archivesUrl: z.string(),
  siteUrl: z.string(),
  requestsPerSecond: z.number(),
  kafkaBrokers: z.array(z.string()).readonly().optional(),
});
export type StoresFile = z.infer<typeof StoresFileSchema>;

/** Writes both files. @returns the way to remove them */
export async function publish(home: string, server: ServerFile, stores: StoresFile): Promise<() => Promise<void>> {
  await write(join(home, SERVER), server);
  await write(join(home, STORES), stores);
  return async () => {
    await Promise.all([SERVER, STORES].map((file) => rm(join(home, file), { force: true })));
  };
}

/** The stores of the server on a home; undefined when none says that it runs there. */
export async function readStores(home: string): Promise<StoresFile | undefined> {
  const path = join(home, STORES);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
  try {
    const stores = StoresFileSchema.parse(JSON.parse(text));
    return isAlive(stores.pid) ? stores : undefined;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A server that was killed leaves its files behind. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Through a temporary name, so that nobody reads half of it, and nobody but the owner reads it at all. */
async function write(path: string, content: ServerFile | StoresFile): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

function unreadable(path: string, cause: unknown): ChampionError {
  return new ChampionError(`${path} can't be read`, {
    code: 'CONFIG',
    hint: 'It is written by the server on this home: restart that, or remove the file if none runs.',
    context: { path },
    cause,
  });
}
