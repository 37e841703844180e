import type { BronzeReference, RawReference } from '../references.ts';
import type { Session } from '../session.ts';

/**
 * Reads the raw file into typed bronze rows; lines that are no rows are staged for quarantine.
 * @throws ChampionError CORRUPT when the file as a whole cannot be trusted
 */
export async function parse(raw: RawReference, session: Session): Promise<BronzeReference> {
  const { lake, dataset, date, staging, task } = session;
  const parsed = await dataset.parse({ bytes: await lake.readRaw(raw.path), fileName: raw.file_name, date });
  const bronze = await lake.writeTable({
    layer: 'bronze',
    table: dataset.name,
    date,
    write: (path) => parsed.bronze.writeParquet(path, { compression: 'zstd' }),
  });
  const malformed =
    parsed.quarantined.length === 0 ? null : await staging.writeJson('malformed.json', parsed.quarantined);
  task.log.info(`${parsed.rowsInFile} rows, format ${parsed.format}`);
  return { raw, bronze: bronze.path, format: parsed.format, rows_in_file: parsed.rowsInFile, malformed };
}
