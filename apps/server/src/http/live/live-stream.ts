import type { LiveEvent, StreamItem } from '@champion/contract';
import { wireRunEvent } from '../wire/event.ts';
import { closing } from './closing.ts';
import type { LiveFeed } from './feed.ts';
import { Listener } from './listener.ts';
import type { Pulse } from './pulse.ts';

/**
 * What a page lives on: the states of all runs, tasks and lines of those that are followed, and how the platform is. It
 * ends when the client goes; what happened while nobody listened is not told, for a page reads everything when it begins.
 */
export async function streamLive(
  feed: LiveFeed,
  pulse: Pulse,
  { follow, signal }: { readonly follow: readonly string[]; readonly signal: AbortSignal },
): Promise<AsyncIterable<StreamItem<LiveEvent>>> {
  const runs = await feed.listen({ linesOf: follow });
  const out = new Listener<LiveEvent>(() => {
    runs.close();
    unsubscribe();
  });
  // Who hears this is connected, and knows from when on it is told everything.
  out.push({ type: 'platform', at: new Date().toISOString() });
  const unsubscribe = pulse.subscribe((event) => out.push(event));
  const forward = async () => {
    for (;;) {
      const taken = await runs.take();
      if (typeof taken === 'string') return out.close();
      const { item } = taken;
      if (item.kind === 'flow_run' || follow.includes(item.run.id)) out.push(wireRunEvent(item));
    }
  };
  forward().catch((error: unknown) => out.cut(error instanceof Error ? error.message : String(error)));
  return closing(out, signal, itemsOf(out));
}

async function* itemsOf(listener: Listener<LiveEvent>): AsyncGenerator<StreamItem<LiveEvent>> {
  for (;;) {
    const taken = await listener.take();
    if (typeof taken === 'string') return;
    yield { data: taken.item };
  }
}
