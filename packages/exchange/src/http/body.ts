import type { Readable } from 'node:stream';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders = {
  br: createBrotliDecompress,
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
} as const;

/** What this package can decode, for the request's accept-encoding. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** A layer of encoding costs memory and none of the exchange's answers has two. */
const MAX_ENCODINGS = 2;

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

export class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError';
}

interface ReceivedBody {
  readonly bytes: Uint8Array;
  /** What ended the body early, if anything did; `bytes` is then what had come until there. */
  readonly error?: unknown;
}

/**
 * Reads an answer's body to its end and decodes it.
 * @param encoding the content-encoding header
 * @param maxBytes limit on the bytes received and, again, on the bytes decoded
 * @param onChunk called with the size of each chunk received
 */
export async function readBody(
  body: Readable,
  options: { encoding: string | undefined; maxBytes: number; onChunk: (bytes: number) => void },
): Promise<ReceivedBody> {
  const { maxBytes } = options;
  let received = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      received += chunk.length;
      options.onChunk(chunk.length);
      if (received > maxBytes) done(new BodyTooLargeError(`more than ${maxBytes} bytes were sent`));
      else done(null, chunk);
    },
  });

  const chunks: Uint8Array[] = [];
  let size = 0;
  const collect = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      // The chunk that crosses the limit is kept out, so that memory stays within it.
      if (size + chunk.length > maxBytes) {
        done(new BodyTooLargeError(`the content decodes to more than ${maxBytes} bytes`));
        return;
      }
      size += chunk.length;
      chunks.push(chunk);
      done();
    },
  });

  try {
    await pipeline([body, count, ...decodersFor(options.encoding), collect]);
    return { bytes: Buffer.concat(chunks, size) };
  } catch (error) {
    body.on('error', () => {}).destroy();
    return { bytes: Buffer.concat(chunks, size), error };
  }
}

function decodersFor(encoding: string | undefined) {
  const names = (encoding ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  if (names.length > MAX_ENCODINGS)
    throw new UnknownEncodingError(`content-encoding "${encoding}" has too many layers`);
  return names.map((name) => {
    if (!Object.hasOwn(decoders, name)) throw new UnknownEncodingError(`content-encoding "${name}" was not asked for`);
    return decoders[name as keyof typeof decoders]({ chunkSize: 64 * 1024 });
  });
}
