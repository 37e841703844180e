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
import { layoutOf } from './format.ts';

/**
 * Reads the published file into bronze: the columns as published, typed, plus `source_line`.
 * @throws ChampionError CORRUPT for an unknown header, no rows, or another session's file
 */
export async function parseIndicesClose({ files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const file = requireFile(files, 'indices-close');
  const csv = await openCsv(file);
  const { header, dataStart } = readHeader(csv);
  const layout = layoutOf(header, file.fileName);
  const rows = scanRows(csv, dataStart, layout);
  if (rows.lineNumbers.length === 0) {
    throw new ChampionError(`${file.fileName} has the header of the indices' closing file but no readable row`, {
      code: 'CORRUPT',
      hint: 'A session always has rows: fetch the file again; the raw file is kept.',
      context: { file: file.fileName, malformed: rows.malformed.length, first: rows.malformed[0] },
    });
  }
  refuseOtherDates(rows.dates.get('Index Date') ?? [], date, file.fileName);
  return {
    bronze: { 'indices-close': typedFrame(rows, layout) },
    format: 'ind_close_all',
    rowsInFile: rows.lineNumbers.length + rows.malformed.length,
    quarantined: rows.malformed,
  };
}

/** The lines of the published CSV. */
export async function indicesCloseLines(file: SourceFile): Promise<readonly string[]> {
  return textLines(await openCsv(file));
}
