import type { Listener } from './listener.ts';

/**
 * The items that are made of what a listener hears. The listener is let go when they end, and at once when the client goes
 * or asks for no more: a generator by itself would first wait for the next item.
 */
export function closing<T>(
  listener: Listener<unknown>,
  signal: AbortSignal,
  items: AsyncGenerator<T>,
): AsyncIterable<T> {
  const close = () => {
    signal.removeEventListener('abort', close);
    listener.close();
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const next = await items.next().catch((error: unknown) => {
          close();
          throw error;
        });
        if (next.done === true) close();
        return next;
      },
      return: async () => {
        close();
        return items.return(undefined);
      },
    }),
  };
}
