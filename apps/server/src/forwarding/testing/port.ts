import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port at which nobody listens until somebody is told to. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  await closed(server);
  return port;
}

export async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

export async function closed(server: Server): Promise<void> {
  const over = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await over;
}

interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** Takes whatever is posted to it, or says what `answer` says. */
export interface Receiver {
  readonly server: Server;
  readonly received: Received[];
  answer: ((received: Received) => number) | undefined;
}

export function receiver(): Receiver {
  const made: Receiver = {
    received: [],
    answer: undefined,
    server: createServer(async (request, response) => {
      const { url = '', headers } = request;
      const got = { path: url, authorization: headers.authorization, body: await bodyOf(request) };
      response.statusCode = made.answer?.(got) ?? 201;
      if (response.statusCode < 300) made.received.push(got);
      response.end();
    }),
  };
  return made;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}
