import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ChampionError } from '@champion/core';

export interface LocalFile {
  readonly bytes: Uint8Array;
  /** Without its folder. */
  readonly fileName: string;
  /** file: URL, the provenance of an imported file. */
  readonly url: string;
}

/**
 * Reads a file from disk whole, for import.
 * @param options.maxBytes limit on its size, default 64 MiB
 * @throws ChampionError NOT_FOUND, or INVALID_INPUT when it is a folder, too large or unreadable
 */
export async function readLocalFile(path: string, options: { maxBytes?: number } = {}): Promise<LocalFile> {
  const { maxBytes = 64 * 1024 * 1024 } = options;
  const invalid = (message: string, hint: string, cause?: unknown) =>
    new ChampionError(message, { code: 'INVALID_INPUT', hint, context: { path }, cause });
  const tooLarge = () =>
    invalid(`${path} is larger than the limit of ${maxBytes} bytes`, 'Is this the file that was meant?');

  try {
    // Asked first, because opening a pipe would wait for its other end.
    const found = await stat(path);
    if (found.isDirectory()) throw invalid(`${path} is a folder`, `Name the files in it, for example ${path}/*.zip`);
    if (!found.isFile()) throw invalid(`${path} is not a regular file`, 'Save it to disk first.');
    if (found.size > maxBytes) throw tooLarge();

    // One byte of room more than the file had, to notice one that grows meanwhile.
    const buffer = Buffer.allocUnsafe(Math.min(found.size, maxBytes) + 1);
    const size = await fill(buffer, path);
    if (size > found.size) throw invalid(`${path} is still being written`, 'Try again when it is complete.');
    return { bytes: buffer.subarray(0, size), fileName: basename(path), url: pathToFileURL(resolve(path)).href };
  } catch (error) {
    if (error instanceof ChampionError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ChampionError(`there is no file ${path}`, {
        code: 'NOT_FOUND',
        hint: 'Check the path; it is taken from the current folder.',
        context: { path },
        cause: error,
      });
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw invalid(`${path} may not be read`, 'Check its permissions and its owner.', error);
    }
    throw invalid(`${path} cannot be read (${String(code ?? error)})`, 'Check the disk and the path.', error);
  }
}

/** Reads from the start of a file until the buffer is full or the file ends; the number of bytes read. */
async function fill(buffer: Buffer, path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    let size = 0;
    while (size < buffer.length) {
      const { bytesRead } = await file.read(buffer, size, buffer.length - size);
      if (bytesRead === 0) break;
      size += bytesRead;
    }
    return size;
  } finally {
    await file.close();
  }
}
