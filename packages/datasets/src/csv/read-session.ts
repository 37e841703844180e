import { ChampionError, type QuarantinedRow, type SourceFile } from '@champion/core';
import type pl from 'nodejs-polars';
import { type RowLayout, readHeader, scanRows, textLines } from './scan-rows.ts';
import { openCsv, refuseOtherDates } from './source-file.ts';
import { typedFrame } from './typed-frame.ts';

/** The layout of a file that holds one session, and the column that names it. */
export interface SessionLayout extends RowLayout {
  readonly dateColumn: string;
}

export interface SessionRows<Layout extends SessionLayout> {
  /** Typed as published, with `source_line`. */
  readonly bronze: pl.DataFrame;
  readonly layout: Layout;
  /** Rows of bronze and malformed lines. */
  readonly rowsInFile: number;
  readonly malformed: readonly QuarantinedRow[];
}

/**
 * Reads a CSV file that holds one session, zipped or not.
 * @param layoutOf the layout of a header; throws CORRUPT on one it does not know
 * @throws ChampionError CORRUPT for a bad zip, an unknown header, no readable row, or a row of another session
 */
export async function readSessionCsv<Layout extends SessionLayout>(
  file: SourceFile,
  date: string,
  layoutOf: (header: string, fileName: string) => Layout,
): Promise<SessionRows<Layout>> {
  const csv = await openCsv(file);
  const { header, dataStart } = readHeader(csv);
  const layout = layoutOf(header, file.fileName);
  const rows = scanRows(csv, dataStart, layout);
  if (rows.lineNumbers.length === 0) {
    throw new ChampionError(`${file.fileName} has the right header but no readable row`, {
      code: 'CORRUPT',
      hint: 'A session always has rows: fetch the file again; the raw file is kept.',
      context: { file: file.fileName, malformed: rows.malformed.length, first: rows.malformed[0] },
    });
  }
  refuseOtherDates(rows.dates.get(layout.dateColumn) ?? [], date, file.fileName);
  return {
    bronze: typedFrame(rows, layout),
    layout,
    rowsInFile: rows.lineNumbers.length + rows.malformed.length,
    malformed: rows.malformed,
  };
}

/** The lines of a published CSV, zipped or not. */
export async function csvLines(file: SourceFile): Promise<readonly string[]> {
  return textLines(await openCsv(file));
}
