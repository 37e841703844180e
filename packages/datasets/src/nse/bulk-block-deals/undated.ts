import type { SourceFile } from '@champion/core';
import { readHeader } from '../../csv/index.ts';
import { readFileName } from './file-names.ts';

/** Longer files hold rows. */
const MAX_NOTICE_BYTES = 200;
const NOTICE = /^"?\s*NO RECORDS?[\s",]*$/i;

/** Whether a list says, in place of rows, that there are none. */
export function saysNoRecords(csv: Buffer, dataStart: number): boolean {
  if (csv.length - dataStart > MAX_NOTICE_BYTES) return false;
  return NOTICE.test(csv.toString('utf8', Math.min(dataStart, csv.length)));
}

/** The API quotes what it prints and answers for the days asked; the archives' files do neither. */
export function isQuoted(header: string): boolean {
  return header.startsWith('"');
}

/** A rolling file without deals, under a name that tells no day: nothing in it says which session had none. */
export function saysNothingOfItsDay({ bytes, fileName }: SourceFile): boolean {
  if (readFileName(fileName)?.span !== undefined) return false;
  const csv = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, dataStart } = readHeader(csv);
  return !isQuoted(header) && saysNoRecords(csv, dataStart);
}
