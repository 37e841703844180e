import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createApp } from '../app.ts';
import { type Listening, listen } from '../listen.ts';
import type { Parts } from '../parts.ts';
import type { TestApi } from './api.ts';

/** The API on a port of its own. */
export async function listenOn(api: TestApi, parts: Partial<Parts> = {}): Promise<Listening> {
  const all = { ...api.parts, ...parts };
  return listen(await createApp(all, api.feed), api.feed, { ...all, port: 0 });
}

type Message = Readonly<Record<string, unknown>>;

/** A websocket as Prefect's clients use it: messages are taken one after the other. */
export class TestSocket {
  readonly #client: WebSocket;
  readonly #messages: Message[] = [];
  #wake: () => void = () => undefined;
  /** Code and reason of its end. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(url: string, options: { readonly headers?: Record<string, string>; readonly token?: string } = {}) {
    this.#client = new WebSocket(url.replace(/^http/, 'ws'), ['prefect'], { headers: options.headers ?? {} });
    this.#client.on('message', (data) => {
      this.#messages.push(JSON.parse(String(data)) as Message);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.#client.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
      this.#client.on('unexpected-response', (_, response) => resolve({ code: response.statusCode ?? 0, reason: '' }));
      this.#client.on('error', () => undefined);
    });
  }

  async send(message: unknown): Promise<void> {
    if (this.#client.readyState === WebSocket.CONNECTING) await once(this.#client, 'open');
    this.#client.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message that fits; those before it are passed over. */
  async next(fits: (message: Message) => boolean = () => true): Promise<Message> {
    for (;;) {
      const message = this.#messages.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (fits(message)) return message;
    }
  }

  close(): void {
    this.#client.close();
  }
}
