import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Refusal } from './failure.ts';

/** A request's body as text. @throws Refusal when it is longer than `limit` bytes */
export async function bodyText(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of atMost(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Writes a request's body to a new file. @throws Refusal when it is longer than `limit` bytes */
export async function bodyToFile(
  request: IncomingMessage,
  file: string,
  limit: number,
  signal: AbortSignal,
): Promise<void> {
  await pipeline(atMost(request, limit), createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal });
}

/** The rest of a body that is too long is read and dropped: a client that cannot send does not read what it is told. */
async function* atMost(request: IncomingMessage, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).byteLength;
    if (size <= limit) yield chunk as Buffer;
  }
  if (size > limit) {
    throw new Refusal(
      307,
      'TOO_MANY_BYTES',
      `The request has ${size} bytes of body; ${limit} are the most it may have`,
    );
  }
}
