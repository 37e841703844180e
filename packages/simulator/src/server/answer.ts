import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setInterval as ticks } from 'node:timers/promises';

/** An answer, decided but not yet sent. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly headers?: OutgoingHttpHeaders;
  /** How the body goes out, when not at once. */
  readonly delivery?: { readonly kind: 'reset' } | { readonly kind: 'drip'; readonly seconds: number };
}

export function html(status: number, page: string, headers?: OutgoingHttpHeaders): Answer {
  return { status, type: 'text/html; charset=utf-8', body: Buffer.from(page), ...(headers ? { headers } : {}) };
}

const DRIPS = 20;

/** Sends an answer; for a HEAD request its head alone. */
export function send(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  const { status, type, body, headers = {}, delivery } = answer;
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, ...headers });
  if (headOnly) response.end();
  else if (delivery?.kind === 'reset') reset(response, body);
  else if (delivery?.kind === 'drip') void drip(response, body, delivery.seconds);
  else response.end(body);
}

/** Promises the whole body, sends half of it and resets the connection. */
function reset(response: ServerResponse, body: Buffer): void {
  response.write(body.subarray(0, body.length >> 1), () => response.socket?.resetAndDestroy());
}

/** Sends the body in equal parts over a time, and stops when the client or the server hangs up. */
async function drip(response: ServerResponse, body: Buffer, seconds: number): Promise<void> {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort());
  const size = Math.ceil(body.length / DRIPS);
  let sent = 0;
  try {
    for await (const _ of ticks((seconds * 1000) / DRIPS, undefined, { signal: hungUp.signal })) {
      const part = body.subarray(sent, sent + size);
      sent += part.length;
      if (sent < body.length) response.write(part);
      else {
        response.end(part);
        return;
      }
    }
  } catch (error) {
    // The wait was cut short because nobody listens any more; there is no one to tell.
    if (!hungUp.signal.aborted) throw error;
  }
}
