import type { SourceFiles } from '@champion/core';
import { writeParquet } from '../parquet.ts';
import type { BronzeSlice, RawSlice } from '../references.ts';
import { addressOf, partOf, type Session } from '../session.ts';

/**
 * Reads the raw files into typed bronze rows; lines that are no rows are staged for quarantine.
 * @throws ChampionError CORRUPT when a file as a whole cannot be trusted
 */
export async function parse(raw: RawSlice, session: Session): Promise<BronzeSlice> {
  const { lake, dataset, slice, date, staging, task } = session;
  const files = await sourceFiles(raw, session);
  const parsed = await dataset.parse({ slice, files, date });
  const bronze: Record<string, string> = {};
  for (const [input, frame] of Object.entries(parsed.bronze)) {
    const { path } = await lake.writeTable({
      ...addressOf(session, 'bronze', dataset.name, partOf(input, parsed.snapshot)),
      write: (temporary) => writeParquet(frame, temporary),
    });
    bronze[input] = path;
  }
  const malformed =
    parsed.quarantined.length === 0
      ? null
      : await staging.writeJson(`${slice.name}.malformed.json`, parsed.quarantined);
  task.log.info(`${parsed.rowsInFile} rows, format ${parsed.format}`, { slice: slice.name });
  const { format, snapshot = null } = parsed;
  return { ...raw, bronze, format, snapshot, rows_in_file: parsed.rowsInFile, malformed };
}

/** The slice's files as they came. */
export async function sourceFiles(raw: RawSlice, { lake }: Session): Promise<SourceFiles> {
  const files = raw.files.map(async ({ input, path, file_name }) => {
    return [input, { bytes: await lake.readRaw(path), fileName: file_name }] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}
