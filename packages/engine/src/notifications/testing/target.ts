import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: string;
  readonly body: Record<string, unknown>;
}

/** A webhook's receiver. By the path of its address it answers, fails, hangs or redirects. */
export interface TestTarget {
  url(path: string): string;
  /** What came to a path, oldest first. */
  at(path: string): Received[];
  texts(path: string): unknown[];
  /** Resolves when a request has come to a path. */
  arrival(path: string): Promise<void>;
  /** How a path answers from now on; without one it answers 200. */
  answer(path: string, how: (response: ServerResponse) => void): void;
  clear(): void;
  close(): Promise<void>;
}

export async function startTarget(): Promise<TestTarget> {
  const received: Received[] = [];
  const answers = new Map<string, (response: ServerResponse) => void>();
  const waiting = new Map<string, () => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    received.push({ path, headers: request.headers, raw, body: JSON.parse(raw) });
    waiting.get(path)?.();
    const answer = answers.get(path);
    if (answer !== undefined) answer(response);
    else response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const at = (path: string) => received.filter((each) => each.path === path);
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    at,
    texts: (path) => at(path).map(({ body }) => body.text),
    arrival: (path) => new Promise<void>((resolve) => waiting.set(path, resolve)),
    answer: (path, how) => void answers.set(path, how),
    clear: () => {
      received.length = 0;
      answers.clear();
      waiting.clear();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
