import { ChampionError, type Parsed, type ParseInput } from '@champion/core';
import { readSingleMember } from '@champion/exchange';
import type pl from 'nodejs-polars';
import { readHeader, scanRows, textLines } from '../../csv/scan-rows.ts';
import { typedFrame } from '../../csv/typed-frame.ts';
import { layoutOf } from './formats.ts';

/**
 * Reads a published bhavcopy (the zip, or the CSV inside it) into bronze: the columns as published, typed, plus
 * `source_line`.
 * @throws ChampionError CORRUPT for a bad zip, an unknown header, no rows, or another session's file
 */
export async function parseBhavcopy(input: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const csv = await openCsv(input.bytes, input.fileName);
  const { header, dataStart } = readHeader(csv);
  const layout = layoutOf(header, input.fileName);
  const rows = scanRows(csv, dataStart, layout);
  if (rows.lineNumbers.length === 0) {
    throw new ChampionError(`${input.fileName} has a bhavcopy's header but no readable row`, {
      code: 'CORRUPT',
      hint: 'A session always has rows: fetch the file again; the raw file is kept.',
      context: { file: input.fileName, malformed: rows.malformed.length, first: rows.malformed[0] },
    });
  }
  refuseOtherSessions(rows.dates.get(layout.dateColumn) ?? [], input);
  return {
    bronze: typedFrame(rows, layout),
    format: layout.format,
    rowsInFile: rows.lineNumbers.length + rows.malformed.length,
    quarantined: rows.malformed,
  };
}

/** The lines of the published CSV, zipped or not. */
export async function bhavcopyLines(bytes: Uint8Array, fileName: string): Promise<readonly string[]> {
  return textLines(await openCsv(bytes, fileName));
}

async function openCsv(bytes: Uint8Array, fileName: string): Promise<Buffer> {
  const zipped = (bytes[0] === 0x50 && bytes[1] === 0x4b) || fileName.toLowerCase().endsWith('.zip');
  const csv = zipped ? (await readSingleMember(bytes, { fileName })).bytes : bytes;
  return Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength);
}

/** The exchange sometimes serves another session's file under a URL; its rows must never pass for the session asked for. */
function refuseOtherSessions(dates: readonly (string | null)[], input: ParseInput): void {
  const others = new Map<string, number>();
  for (const date of dates) {
    if (date !== input.date) others.set(date ?? 'no date', (others.get(date ?? 'no date') ?? 0) + 1);
  }
  if (others.size === 0) return;
  const said = Array.from(others, ([date, rows]) => `${date} (${rows} rows)`);
  throw new ChampionError(`${input.fileName} was asked for as ${input.date} but holds ${said.slice(0, 5).join(', ')}`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded. Fetch it again later; the exchange corrects such files, and the raw file is kept.',
    context: { file: input.fileName, asked: input.date, found: said.slice(0, 5) },
  });
}
