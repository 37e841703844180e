import { ChampionError, type Parsed, type ParseInput, type SourceFile } from '@champion/core';
import type pl from 'nodejs-polars';
import {
  openCsv,
  readHeader,
  refuseOtherDates,
  requireFile,
  scanRows,
  textLines,
  typedFrame,
} from '../../csv/index.ts';
import { readDelivery } from './delivery/read-delivery.ts';
import { layoutOf } from './formats.ts';

/**
 * Reads a published bhavcopy (the zip, or the CSV inside it) into bronze: the columns as published, typed, plus
 * `source_line`; and beside it the delivery file, if there is one.
 * @throws ChampionError CORRUPT for a bad zip, an unknown header, no rows, or another session's bhavcopy; a
 * delivery file throws nothing
 */
export async function parseBhavcopy({ files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const file = requireFile(files, 'bhavcopy');
  const csv = await openCsv(file);
  const { header, dataStart } = readHeader(csv);
  const layout = layoutOf(header, file.fileName);
  const rows = scanRows(csv, dataStart, layout);
  if (rows.lineNumbers.length === 0) {
    throw new ChampionError(`${file.fileName} has a bhavcopy's header but no readable row`, {
      code: 'CORRUPT',
      hint: 'A session always has rows: fetch the file again; the raw file is kept.',
      context: { file: file.fileName, malformed: rows.malformed.length, first: rows.malformed[0] },
    });
  }
  refuseOtherDates(rows.dates.get(layout.dateColumn) ?? [], date, file.fileName);
  const delivery = files.delivery && (await readDelivery(files.delivery, date));
  return {
    bronze: { bhavcopy: typedFrame(rows, layout), ...(delivery && { delivery: delivery.bronze }) },
    format: layout.format,
    rowsInFile: rows.lineNumbers.length + rows.malformed.length,
    quarantined: [...rows.malformed, ...(delivery?.quarantined ?? [])],
  };
}

/** The lines of the published CSV, zipped or not. */
export async function bhavcopyLines(file: SourceFile): Promise<readonly string[]> {
  return textLines(await openCsv(file));
}
