import type { Readable } from 'node:stream';
import { ChampionError } from '@champion/core';

/** What a person's query may answer with, in bytes: it is held in memory whole. */
const MAX_BYTES = 64 * 1024 * 1024;

export async function responseText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > MAX_BYTES) {
      // Leaving the loop destroys the stream, and with it the request.
      throw new ChampionError(`the answer is larger than ${MAX_BYTES / 1024 / 1024} MiB`, {
        code: 'INVALID_INPUT',
        hint: 'Select fewer or shorter columns, or fewer rows.',
      });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
