import type { Parsed, ParseInput } from '@champion/core';
import type pl from 'nodejs-polars';
import { readSessionCsv, requireFile } from '../../csv/index.ts';
import { layoutOf } from './format.ts';

/**
 * Reads the published file into bronze: the columns as published, typed, plus `source_line`.
 * @throws ChampionError CORRUPT for an unknown header, no rows, or another session's file
 */
export async function parseIndicesClose({ files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const file = requireFile(files, 'indices-close');
  const { bronze, rowsInFile, malformed } = await readSessionCsv(file, date, layoutOf);
  return { bronze: { 'indices-close': bronze }, format: 'ind_close_all', rowsInFile, quarantined: malformed };
}
