import { ChampionError, type SourceFile, type SourceFiles } from '@champion/core';
import { readSingleMember } from '@champion/exchange';

/** The file of an input. @throws ChampionError INVALID_INPUT when it was not given */
export function requireFile(files: SourceFiles, input: string): SourceFile {
  const file = files[input];
  if (file) return file;
  throw new ChampionError(`the file "${input}" is needed and was not given`, {
    code: 'INVALID_INPUT',
    hint: 'Import it together with its session, or let the flow fetch it.',
    context: { input, given: Object.keys(files) },
  });
}

/** The text of a file that is published as it is or as the only member of a zip. */
export async function openCsv({ bytes, fileName }: SourceFile): Promise<Buffer> {
  const zipped = (bytes[0] === 0x50 && bytes[1] === 0x4b) || fileName.toLowerCase().endsWith('.zip');
  const csv = zipped ? (await readSingleMember(bytes, { fileName })).bytes : bytes;
  return Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength);
}

/**
 * The exchange sometimes serves another day's file under a URL; its rows must never pass for the day asked for.
 * @throws ChampionError CORRUPT naming the dates found
 */
export function refuseOtherDates(dates: readonly (string | null)[], asked: string, fileName: string): void {
  const others = new Map<string, number>();
  for (const date of dates) {
    if (date !== asked) others.set(date ?? 'no date', (others.get(date ?? 'no date') ?? 0) + 1);
  }
  if (others.size === 0) return;
  const said = Array.from(others, ([date, rows]) => `${date} (${rows} rows)`).slice(0, 5);
  throw new ChampionError(`${fileName} was asked for as ${asked} but holds ${said.join(', ')}`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded. Fetch it again later; the exchange corrects such files, and the raw file is kept.',
    context: { file: fileName, asked, found: said },
  });
}
