import { once } from 'node:events';
import { inflateRawSync } from 'node:zlib';
import { type BusinessDate, ChampionError } from '@champion/core';
import { ZipFile } from 'yazl';

/** A zip of one text member, stamped 18:00 on `date`, so that the same content gives the same bytes. */
export async function zipOne(name: string, text: string, date: BusinessDate): Promise<Buffer> {
  const zip = new ZipFile();
  // A zip's stamp is wall-clock time without a zone, taken from the Date's local fields: build it from local fields.
  const [year, month, day] = date.split('-').map(Number);
  const mtime = new Date(year ?? 1994, (month ?? 1) - 1, day ?? 1, 18, 0, 0);
  zip.addBuffer(Buffer.from(text), name, { mtime, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  const chunks: Buffer[] = [];
  zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(zip.outputStream, 'end');
  return Buffer.concat(chunks);
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIZE = 22;
const LARGEST_MEMBER = 64 * 1024 * 1024;

/**
 * Reads the only member of a zip that the exchange published. It serves replayed files, which a person chose; it is no
 * reader for zips from elsewhere.
 * @throws ChampionError CORRUPT when there is not exactly one deflated or stored member of at most 64 MiB
 */
export function unzipOne(bytes: Buffer): { readonly name: string; readonly text: string } {
  let end = bytes.length - END_SIZE;
  const earliest = Math.max(0, end - 0xffff);
  while (end >= earliest && bytes.readUInt32LE(end) !== END_SIGNATURE) end--;
  if (end < earliest || bytes.readUInt16LE(end + 10) !== 1) throw notOneMember('it does not hold exactly one member');
  try {
    const entry = bytes.readUInt32LE(end + 16);
    if (bytes.readUInt32LE(entry) !== ENTRY_SIGNATURE) throw new RangeError('no entry where the directory should be');
    const method = bytes.readUInt16LE(entry + 10);
    const packed = bytes.readUInt32LE(entry + 20);
    const nameLength = bytes.readUInt16LE(entry + 28);
    const local = bytes.readUInt32LE(entry + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + packed);
    const content = method === 0 ? data : inflateRawSync(data, { maxOutputLength: LARGEST_MEMBER });
    return { name: bytes.toString('utf8', entry + 46, entry + 46 + nameLength), text: content.toString('utf8') };
  } catch (cause) {
    throw notOneMember(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function notOneMember(why: string, cause?: unknown): ChampionError {
  return new ChampionError(`cannot read the zip: ${why}`, { code: 'CORRUPT', cause });
}
