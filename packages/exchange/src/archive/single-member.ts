import { promisify } from 'node:util';
import { crc32, inflateRaw as inflateRawCallback } from 'node:zlib';
import { ChampionError } from '@champion/core';
import { type Entry, fromBufferPromise, getFileNameLowLevel, validateFileName, type ZipFile } from 'yauzl';

const inflateRaw = promisify(inflateRawCallback);

export interface SingleMemberOptions {
  /** The zip's name, for messages. */
  readonly fileName: string;
  /** Limit on the member's size once inflated. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /** Limit on how many times larger the member is than its compressed form. Default 200; the exchange's are about 3. */
  readonly maxRatio?: number | undefined;
}

export interface Member {
  /** Path inside the zip, with forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const STORED = 0;
const DEFLATED = 8;
/** The mark PK\x03\x04 with which a member begins. */
const LOCAL_HEADER = 0x04034b50;
/** The exchange's zips hold one entry, or two with a folder. */
const MAX_ENTRIES = 100;
const NAMES_SHOWN = 5;

/**
 * Reads a zip that holds exactly one file, in any folder. Nothing that the zip says of itself is trusted.
 * @throws ChampionError CORRUPT naming the zip and what is wrong with it
 */
export async function readSingleMember(zipBytes: Uint8Array, options: SingleMemberOptions): Promise<Member> {
  const { fileName, maxBytes = 64 * 1024 * 1024, maxRatio = 200 } = options;
  const buffer = Buffer.from(zipBytes.buffer, zipBytes.byteOffset, zipBytes.byteLength);
  const corrupt = (what: string, extra: Record<string, unknown> = {}, cause?: unknown) =>
    new ChampionError(`${fileName} ${what}`, {
      code: 'CORRUPT',
      hint: 'Fetch the file again; if it stays so, the exchange published it broken.',
      context: { file: fileName, bytes: buffer.length, ...extra },
      cause,
    });

  const zip = await openZip(buffer, corrupt);
  const { entry, name } = await soleEntry(zip, corrupt);
  const member = { member: name, compressed: entry.compressedSize, declared: entry.uncompressedSize };

  if (entry.isEncrypted()) throw corrupt(`holds "${name}" encrypted`, member);
  if (entry.uncompressedSize > maxBytes) {
    throw corrupt(`holds "${name}" of ${entry.uncompressedSize} bytes, more than the limit of ${maxBytes}`, member);
  }
  if (entry.uncompressedSize > entry.compressedSize * maxRatio) {
    const times = Math.round(entry.uncompressedSize / Math.max(entry.compressedSize, 1));
    throw corrupt(`looks like a zip bomb: "${name}" inflates ${times} times, the limit is ${maxRatio}`, member);
  }

  const raw = await compressedBytes(zip, buffer, entry).catch((error: unknown) => {
    throw corrupt(`is damaged: the data of "${name}" are not where the zip says (${messageOf(error)})`, member, error);
  });
  const bytes = await expand(raw, entry, name, (what, cause) => corrupt(what, member, cause));
  if (bytes.length !== entry.uncompressedSize) {
    const what = `is damaged: "${name}" has ${bytes.length} bytes where the zip says ${entry.uncompressedSize}`;
    throw corrupt(what, member);
  }
  if (crc32(bytes) !== entry.crc32)
    throw corrupt(`is damaged: the checksum (CRC-32) of "${name}" does not match`, member);
  return { name, bytes };
}

type Corrupt = (what: string, extra?: Record<string, unknown>, cause?: unknown) => ChampionError;

async function openZip(buffer: Buffer, corrupt: Corrupt): Promise<ZipFile> {
  // Names stay raw: this reader has an error of its own for each kind of bad name.
  return fromBufferPromise(buffer, { decodeStrings: false, validateEntrySizes: false }).catch((error: unknown) => {
    if (buffer.length === 0) throw corrupt('is empty, not a zip', {}, error);
    const marked = buffer.length >= 4 && buffer.readUInt32LE(0) === LOCAL_HEADER;
    if (!marked) throw corrupt(`is not a zip (${messageOf(error)})`, {}, error);
    const message = messageOf(error);
    throw message.startsWith('End of central directory')
      ? corrupt('is a zip cut short: its directory at the end is missing', {}, error)
      : corrupt(`is damaged: its end cannot be read (${message})`, {}, error);
  });
}

/** The one entry that is a file. */
async function soleEntry(zip: ZipFile, corrupt: Corrupt): Promise<{ entry: Entry; name: string }> {
  const files: { entry: Entry; name: string }[] = [];
  let seen = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (++seen > MAX_ENTRIES) throw corrupt(`holds more than ${MAX_ENTRIES} entries where one file is expected`);
      const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
      const badName = validateFileName(name);
      if (badName !== null) throw corrupt(`holds an unsafe path (${badName})`, { member: name });
      if (!name.endsWith('/')) files.push({ entry, name });
    }
  } catch (error) {
    if (error instanceof ChampionError) throw error;
    const message = messageOf(error);
    if (message.includes('encryption')) throw corrupt('is encrypted', {}, error);
    throw corrupt(`is damaged: its directory cannot be read (${message})`, {}, error);
  }
  const [only] = files;
  if (!only) throw corrupt('holds no file', { entries: seen });
  if (files.length > 1) {
    const names = files.slice(0, NAMES_SHOWN).map((file) => `"${file.name}"`);
    const more = files.length > NAMES_SHOWN ? ` and ${files.length - NAMES_SHOWN} more` : '';
    throw corrupt(`holds ${files.length} files where one is expected: ${names.join(', ')}${more}`);
  }
  return only;
}

async function compressedBytes(zip: ZipFile, buffer: Buffer, entry: Entry): Promise<Buffer> {
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return buffer.subarray(fileDataStart, fileDataStart + entry.compressedSize);
}

async function expand(
  raw: Buffer,
  entry: Entry,
  name: string,
  corrupt: (what: string, cause?: unknown) => ChampionError,
): Promise<Uint8Array> {
  // A copy, so that the member does not keep the whole zip in memory.
  if (entry.compressionMethod === STORED) return new Uint8Array(raw);
  if (entry.compressionMethod !== DEFLATED) {
    throw corrupt(`holds "${name}" compressed by method ${entry.compressionMethod}, which is not supported`);
  }
  try {
    // The declared size is within the limits; inflating stops where the content is larger than declared.
    return await inflateRaw(raw, { maxOutputLength: Math.max(entry.uncompressedSize, 1) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      const declared = entry.uncompressedSize;
      throw corrupt(`looks like a zip bomb: "${name}" inflates to more than the ${declared} bytes it declares`, error);
    }
    if (code === 'Z_BUF_ERROR') throw corrupt(`is damaged: the data of "${name}" are cut short`, error);
    throw corrupt(`is damaged: "${name}" cannot be inflated (${messageOf(error)})`, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
