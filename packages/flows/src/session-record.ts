import { outcomeOfCode, toErrorRecord } from '@champion/core';
import type { NewManifestEntry } from '@champion/lake';
import type { Session } from './session.ts';

/**
 * Writes what became of a slice to the lake's manifest, with all revisions of its main file that were ever fetched. It
 * is this run that says so, unless the entry names another.
 */
export async function recordSession(
  { lake, slice, date, task }: Session,
  entry: Omit<NewManifestEntry, 'dataset' | 'date' | 'revisions'>,
): Promise<void> {
  const revisions = await lake.rawRevisions(slice.inputs[0].name, date);
  await lake.manifest.put({
    ...entry,
    dataset: slice.name,
    date,
    revisions: revisions.map(({ sha256, path, fetchedAt, url }) => ({ sha256, path, fetched_at: fetchedAt, url })),
    flow_run_id: entry.flow_run_id ?? task.flowRunId,
  });
}

/**
 * Runs a step and, when it fails with one of the outcomes, records that for the slice. A session that is loaded stays
 * so: a failed look at the exchange does not take its rows away.
 */
export async function recordingFailure<T>(session: Session, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { code, message } = toErrorRecord(error);
    const outcome = outcomeOfCode(code);
    if (outcome) {
      const before = await session.lake.manifest.get(session.slice.name, session.date);
      if (before?.outcome !== 'LOADED') await recordSession(session, { outcome, message });
    }
    throw error;
  }
}
