import { outcomeOfCode, toErrorRecord } from '@champion/core';
import type { NewManifestEntry } from '@champion/lake';
import type { Session } from './session.ts';

/** Writes what became of a session to the lake's manifest, with all revisions that were ever fetched. */
export async function recordSession(
  { lake, dataset, date, task }: Session,
  entry: Omit<NewManifestEntry, 'dataset' | 'date' | 'revisions' | 'flow_run_id'>,
): Promise<void> {
  const revisions = await lake.rawRevisions(dataset.name, date);
  await lake.manifest.put({
    ...entry,
    dataset: dataset.name,
    date,
    revisions: revisions.map(({ sha256, path, fetchedAt, url }) => ({ sha256, path, fetched_at: fetchedAt, url })),
    flow_run_id: task.flowRunId,
  });
}

/**
 * Runs a step and, when it fails with one of the outcomes, records that for the session. A session that is loaded stays
 * so: a failed look at the exchange does not take its rows away.
 */
export async function recordingFailure<T>(session: Session, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { code, message } = toErrorRecord(error);
    const outcome = outcomeOfCode(code);
    if (outcome) {
      const before = await session.lake.manifest.get(session.dataset.name, session.date);
      if (before?.outcome !== 'LOADED') await recordSession(session, { outcome, message });
    }
    throw error;
  }
}
