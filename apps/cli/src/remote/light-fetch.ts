import { type IncomingMessage, request as overHttp } from 'node:http';
import type { FetchLike } from '@champion/contract';

/**
 * `fetch` for short answers. Node's own takes a tenth of a second to load, more than the rest of a command; what is not
 * a short answer over HTTP is left to it.
 */
export const lightFetch: FetchLike = (url, init) => {
  const headers = { ...(init.headers as Record<string, string> | undefined) };
  // Streams and files come piece by piece.
  if (!url.startsWith('http:') || headers.accept === 'text/event-stream' || headers.accept === '*/*')
    return fetch(url, init);
  const body = typeof init.body === 'string' ? init.body : undefined;
  return new Promise((resolve, reject) => {
    const request = overHttp(url, {
      method: init.method ?? 'GET',
      headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      ...(init.signal ? { signal: init.signal } : {}),
    });
    request.on('error', reject);
    request.on('response', (message) => {
      textOf(message).then((text) => resolve(answer(message, text)), reject);
    });
    request.end(body);
  });
};

async function textOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** As much of a Response as the client looks at. */
function answer({ statusCode = 0, headers }: IncomingMessage, text: string): Response {
  return {
    status: statusCode,
    ok: statusCode >= 200 && statusCode < 300,
    headers: { get: (name: string) => headers[name]?.toString() ?? null },
    text: async () => text,
  } as unknown as Response;
}
