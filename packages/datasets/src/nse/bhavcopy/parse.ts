import type { Parsed, ParseInput } from '@champion/core';
import type pl from 'nodejs-polars';
import { readSessionCsv, requireFile } from '../../csv/index.ts';
import { readDelivery } from './delivery/read-delivery.ts';
import { layoutOf } from './formats.ts';

/**
 * Reads a published bhavcopy (the zip, or the CSV inside it) into bronze: the columns as published, typed, plus
 * `source_line`; and beside it the delivery file, if there is one.
 * @throws ChampionError CORRUPT for a bad zip, an unknown header, no rows, or another session's bhavcopy; a
 * delivery file throws nothing
 */
export async function parseBhavcopy({ files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const { bronze, layout, rowsInFile, malformed } = await readSessionCsv(
    requireFile(files, 'bhavcopy'),
    date,
    layoutOf,
  );
  const delivery = files.delivery && (await readDelivery(files.delivery, date));
  return {
    bronze: { bhavcopy: bronze, ...(delivery && { delivery: delivery.bronze }) },
    format: layout.format,
    rowsInFile,
    quarantined: [...malformed, ...(delivery?.quarantined ?? [])],
  };
}
