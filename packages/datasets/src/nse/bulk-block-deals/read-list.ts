import type { SourceFile } from '@champion/core';
import { openCsv } from '../../csv/index.ts';
import type { DealType } from './kinds.ts';
import type { DealsList } from './list.ts';
import { readCsv } from './read-csv.ts';
import { looksLikeJson, readJson } from './read-json.ts';

/**
 * Reads a published list whole, whatever days it is of; its content tells its format.
 * @throws ChampionError CORRUPT for bytes in none of the formats
 */
export async function readDealsList(file: SourceFile, dealType: DealType): Promise<DealsList> {
  const bytes = await openCsv(file);
  const read = looksLikeJson(bytes) ? readJson : readCsv;
  return read(bytes, file.fileName, dealType);
}
