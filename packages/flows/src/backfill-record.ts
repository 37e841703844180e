import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BusinessDateSchema, ChampionError } from '@champion/core';
import type { Lake } from '@champion/lake';
import { z } from 'zod';

/** Which of a span's sessions a backfill asks for. */
export const BACKFILL_SELECTIONS = ['missing', 'failed', 'all'] as const;
export type BackfillSelection = (typeof BACKFILL_SELECTIONS)[number];

/**
 * What is known of one backfill, for people and for whoever goes on with it: `backfills/<id>.json` in the lake. What is
 * loaded is the manifest's to say; nothing is lost with this file but the history.
 */
export const BackfillRecordSchema = z.object({
  /** Made of what was asked, so that the same command again is the same backfill. */
  id: z.string(),
  flow: z.string(),
  from: BusinessDateSchema,
  to: BusinessDateSchema,
  only: z.enum(BACKFILL_SELECTIONS),
  concurrency: z.number().int().positive(),
  /** Where a server is at work on it: part of its runs' idempotency keys. A restarted server goes on with what has one. */
  run_key: z.string().optional(),
  /**
   * running: at work, or its process died; paused: ended early, on request or because the exchange refuses; completed:
   * everything that was asked for is there; incomplete: all was tried, some is not there.
   */
  state: z.enum(['running', 'paused', 'completed', 'incomplete']),
  /** Why it paused. */
  message: z.string().optional(),
  /** Sessions that it set out to run, since it first began. */
  sessions: z.number().int().nonnegative(),
  /** Of those, how many have been run. */
  done: z.number().int().nonnegative(),
  /** How many times a process began or went on with it. */
  attempts: z.number().int().positive(),
  /** Sessions whose run did not complete. */
  failures: z.array(
    z.object({
      trade_date: BusinessDateSchema,
      code: z.string(),
      message: z.string(),
      flow_run_id: z.string(),
    }),
  ),
  started_at: z.string(),
  updated_at: z.string(),
  ended_at: z.string().optional(),
});
export type BackfillRecord = z.infer<typeof BackfillRecordSchema>;

const FOLDER = 'backfills';

export function backfillId(asked: Pick<BackfillRecord, 'flow' | 'from' | 'to' | 'only'>): string {
  return `${asked.flow}.${asked.from}.${asked.to}.${asked.only}`;
}

/** Ids come from outside as well, and name files. */
const ID = /^[a-z0-9-]+(\.\d{4}-\d{2}-\d{2}){2}\.[a-z]+$/;

export async function readBackfill(lake: Lake, id: string): Promise<BackfillRecord | undefined> {
  if (!ID.test(id)) return undefined;
  const path = `${FOLDER}/${id}.json`;
  const text = await readFile(lake.absolute(path), 'utf8').catch(missing);
  if (text === undefined) return undefined;
  const record = BackfillRecordSchema.safeParse(jsonOf(text));
  if (record.success) return record.data;
  throw new ChampionError(`the record of a backfill, ${path} in the lake, cannot be read`, {
    code: 'STORE_FAILED',
    hint: 'Remove the file: what is loaded is known without it.',
    context: { path, reason: z.prettifyError(record.error) },
  });
}

/** Backfills, the one that was last at work first: the latest so many. */
export async function listBackfills(lake: Lake, most = 1_000): Promise<BackfillRecord[]> {
  const names = ((await readdir(lake.absolute(FOLDER)).catch(missing)) ?? []).filter((name) => name.endsWith('.json'));
  // A record is written anew at each step, so that its file's time tells when it was last at work.
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(lake.absolute(`${FOLDER}/${name}`)).catch(missing))?.mtimeMs ?? 0,
    })),
  );
  const latest = files.sort((a, b) => b.at - a.at).slice(0, most);
  const records = await Promise.all(latest.map(({ name }) => readBackfill(lake, name.slice(0, -'.json'.length))));
  return records
    .filter((record) => record !== undefined)
    .sort((a, b) => (a.updated_at < b.updated_at ? 1 : a.updated_at > b.updated_at ? -1 : 0));
}

/** A reader sees the record before or after, never half of it. */
export async function writeBackfill(lake: Lake, record: BackfillRecord): Promise<void> {
  const path = lake.absolute(`${FOLDER}/${record.id}.json`);
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, `${JSON.stringify(record, null, 2)}\n`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
