import type { QuarantineReference, SilverReference, TableReference } from '../references.ts';
import type { Session } from '../session.ts';
import { recordSession } from '../session-record.ts';

/** Publishes the staged silver and quarantine in the lake, and records the session as loaded there. */
export async function write(input: SilverReference, session: Session): Promise<TableReference> {
  const { lake, dataset, date, staging, task } = session;
  const silver = await lake.writeTable({
    layer: 'silver',
    table: dataset.table,
    date,
    write: (path) => staging.copyTo(input.silver, path),
  });
  const quarantine = await writeQuarantine(input.quarantine, session);
  await recordSession(session, {
    outcome: 'LOADED',
    current_revision: input.raw.revision,
    source_format: input.format,
    rows_in_file: input.rows_in_file,
    rows_loaded: input.rows,
    rows_quarantined: input.rows_quarantined,
    anomalies: [...input.anomalies],
    bronze: input.bronze,
    silver: silver.path,
    loaded_to_warehouse: false,
  });
  task.log.info(`${silver.path}: ${silver.bytes} bytes`);
  return { raw: input.raw, silver: silver.path, rows: input.rows, bytes: silver.bytes, quarantine };
}

/** The quarantine of an earlier revision goes when this one has none. */
async function writeQuarantine(
  staged: QuarantineReference | null,
  { lake, dataset, date, staging }: Session,
): Promise<QuarantineReference | null> {
  if (staged === null) {
    await lake.removeTable('quarantine', dataset.name, date);
    return null;
  }
  const file = await lake.writeTable({
    layer: 'quarantine',
    table: dataset.name,
    date,
    write: (path) => staging.copyTo(staged.path, path),
  });
  return { path: file.path, rows: staged.rows };
}
