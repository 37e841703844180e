import type { QuarantineReference, SilverSlice, WrittenSlice } from '../references.ts';
import { addressOf, type Session } from '../session.ts';
import { recordSession } from '../session-record.ts';

/** Publishes the staged silver and quarantine in the lake, and records the slice as loaded there. */
export async function write(input: SilverSlice, session: Session): Promise<WrittenSlice> {
  const { lake, dataset, staging, task } = session;
  const silver = await lake.writeTable({
    ...addressOf(session, 'silver', dataset.table, input.part),
    write: (path) => staging.copyTo(input.silver, path),
  });
  const quarantine = await writeQuarantine(input.quarantine, input.part, session);
  await recordLoaded(input, silver.path, session);
  task.log.info(`${silver.path}: ${silver.bytes} bytes`);
  return { ...input, silver: silver.path, bytes: silver.bytes, quarantine };
}

/**
 * The manifest's entry of a day speaks of its newest snapshot. An older one that comes after it leaves the entry as it
 * is, but for the files that were fetched: its own rows, quarantine and quality stand beside the others'.
 */
async function recordLoaded(input: SilverSlice, silver: string, session: Session): Promise<void> {
  const { lake, slice, date } = session;
  const { snapshot } = input;
  if (snapshot) {
    const before = await lake.manifest.get(slice.name, date);
    const newer = before?.outcome === 'LOADED' && (before.snapshot_time ?? '') > snapshot.time;
    if (newer) return recordSession(session, before);
  }
  await recordSession(session, {
    outcome: 'LOADED',
    ...(snapshot && { snapshot_time: snapshot.time }),
    current_revision: input.files[0]?.revision,
    source_format: input.format,
    rows_in_file: input.rows_in_file,
    rows_loaded: input.rows,
    rows_quarantined: input.rows_quarantined,
    metrics: { ...input.metrics },
    anomalies: [...input.anomalies],
    bronze: input.bronze[slice.inputs[0].name],
    silver,
    loaded_to_warehouse: false,
  });
}

/** The quarantine of an earlier revision goes when this one has none. */
async function writeQuarantine(
  staged: QuarantineReference | null,
  part: string,
  session: Session,
): Promise<QuarantineReference | null> {
  const { lake, dataset, staging } = session;
  const address = addressOf(session, 'quarantine', dataset.name, part);
  if (staged === null) {
    await lake.removeTable(address);
    return null;
  }
  const file = await lake.writeTable({ ...address, write: (path) => staging.copyTo(staged.path, path) });
  return { path: file.path, rows: staged.rows };
}
