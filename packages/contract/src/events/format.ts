import type { StreamItem } from '../route.ts';

/** Longer than any pause that a live connection has: a client that hears nothing for three of these connects anew. */
export const HEARTBEAT_MS = 15_000;

/** Says that the stream is over and need not be asked for again. */
const END = 'event: end\ndata:\n\n';
const HEARTBEAT = ': \n\n';

/** Headers of a response whose body is `eventStream`. */
export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // A proxy that gathers the body would hold back what happens.
  'x-accel-buffering': 'no',
};

/** One event as text. JSON has no line breaks of its own, so the data is one line. */
export function formatEvent({ id, data }: StreamItem<unknown>): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * The body of a response of server-sent events. Reads the next item only when the client takes it; says so by a comment
 * when there is none for `heartbeatMs`; tells the client when the items have ended. A client that goes away ends `items`.
 * @param onError told of what `items` threw; the client only sees the connection break, and asks again
 */
export function eventStream(
  items: AsyncIterable<StreamItem<unknown>>,
  options: { readonly heartbeatMs?: number; readonly onError?: (error: unknown) => void } = {},
): ReadableStream<Uint8Array> {
  const { heartbeatMs = HEARTBEAT_MS, onError } = options;
  const encoder = new TextEncoder();
  const iterator = items[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<StreamItem<unknown>>> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      // The first bytes tell the client that it is connected, before anything has happened.
      start: (controller) => controller.enqueue(encoder.encode(HEARTBEAT)),
      pull: async (controller) => {
        pending ??= iterator.next();
        try {
          const next = await orNothing(pending, heartbeatMs);
          if (next === undefined) return controller.enqueue(encoder.encode(HEARTBEAT));
          pending = undefined;
          if (!next.done) return controller.enqueue(encoder.encode(formatEvent(next.value)));
          controller.enqueue(encoder.encode(END));
          controller.close();
        } catch (error) {
          onError?.(error);
          controller.error(error);
        }
      },
      cancel: async () => {
        // A read that is under way ends with its iterator; what it says then is for nobody.
        pending?.catch(() => undefined);
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}

/** The value, or undefined when it takes longer than `ms`. */
async function orNothing<T>(value: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
