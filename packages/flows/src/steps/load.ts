import { qualityLines, qualityOf } from '../quality.ts';
import type { SliceResult, WrittenSlice } from '../references.ts';
import type { Session } from '../session.ts';

/**
 * Loads the slice's silver and quarantine files into the warehouse, in place of an earlier revision's rows, and ends with
 * the report of their quality.
 */
export async function load(input: WrittenSlice, session: Session): Promise<WrittenSlice> {
  const { lake, dataset, slice, date, services, task } = session;
  const warehouse = await services.warehouse();
  const { source, quarantine } = input;
  const loaded = await warehouse.loadSlice({
    table: dataset.table,
    scope: input.scope,
    source,
    rows: input.rows,
    file: input.rows === 0 ? undefined : lake.absolute(input.silver),
  });
  await warehouse.loadSlice({
    table: 'quarantine',
    scope: { trade_date: date, dataset: input.part },
    source,
    rows: quarantine?.rows ?? 0,
    file: quarantine === null ? undefined : lake.absolute(quarantine.path),
  });
  const quality = qualityOf(input, session);
  await warehouse.recordQuality([quality], services.clock.now());
  const entry = await lake.manifest.get(slice.name, date);
  // An older snapshot than the day's newest is loaded without a word about that one.
  if (entry?.silver === input.silver) await lake.manifest.put({ ...entry, loaded_to_warehouse: true });
  const { inserted, replaced, skipped } = loaded;
  task.log.info(skipped ? `${input.rows} rows were loaded before` : `${inserted} rows loaded, ${replaced} replaced`);
  for (const line of qualityLines(quality)) task.log.info(line);
  return input;
}

/** What a run says of a slice that it finished. */
export function resultOf(slice: WrittenSlice): SliceResult {
  return {
    slice: slice.slice,
    source_format: slice.format,
    revision: slice.files[0]?.revision ?? 1,
    rows_in_file: slice.rows_in_file,
    rows_loaded: slice.rows,
    rows_quarantined: slice.rows_quarantined,
    anomalies: slice.anomalies,
    metrics: slice.metrics,
    file_size_bytes: slice.bytes,
  };
}
