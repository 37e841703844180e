import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  readonly url: string;
  readonly host: string;
  /** Path and query of each request, in order. */
  readonly requests: string[];
  /** Connections accepted so far. */
  connections(): number;
}

/** A real HTTP server on a free port, ended with the test. */
export async function serve(handler: Handler): Promise<TestServer> {
  const requests: string[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    requests.push(request.url ?? '');
    handler(request, response);
  };
  const server = createServer(listener).on('connection', () => connections++);
  const address = await listen(server);
  return { ...address, requests, connections: () => connections };
}

/** A TCP server whose handler writes whatever it likes in answer to a request. */
export async function serveRaw(handler: (socket: Socket, request: string) => void): Promise<TestServer> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections++;
    socket.on('error', () => {}).on('data', (chunk) => handler(socket, chunk.toString('latin1')));
  });
  const address = await listen(server);
  return { ...address, requests: [], connections: () => connections };
}

async function listen(server: Server): Promise<{ url: string; host: string }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host };
}
