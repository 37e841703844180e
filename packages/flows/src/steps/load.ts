import type { TableReference } from '../references.ts';
import type { Session } from '../session.ts';

/** Loads the session's silver and quarantine files into the warehouse, in place of an earlier revision's rows. */
export async function load(input: TableReference, session: Session): Promise<{ inserted: number; replaced: number }> {
  const { lake, dataset, date, services, task } = session;
  const warehouse = await services.warehouse();
  const source = input.raw.path;
  const loaded = await warehouse.loadSession({
    table: dataset.table,
    tradeDate: date,
    source,
    rows: input.rows,
    file: lake.absolute(input.silver),
  });
  const { quarantine } = input;
  await warehouse.loadSession({
    table: 'quarantine',
    tradeDate: date,
    dataset: dataset.name,
    source,
    rows: quarantine?.rows ?? 0,
    file: quarantine === null ? undefined : lake.absolute(quarantine.path),
  });
  const entry = await lake.manifest.get(dataset.name, date);
  if (entry) await lake.manifest.put({ ...entry, loaded_to_warehouse: true });
  const { inserted, replaced, skipped } = loaded;
  task.log.info(skipped ? `${input.rows} rows were loaded before` : `${inserted} rows loaded, ${replaced} replaced`);
  return { inserted, replaced };
}
