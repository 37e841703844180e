import type { HandlersOf } from '@champion/contract';
import type { LiveFeed } from '../live/feed.ts';
import { streamLive } from '../live/live-stream.ts';
import type { Pulse } from '../live/pulse.ts';
import { streamAll, streamRun } from '../live/run-stream.ts';
import type { ApiParts } from '../parts.ts';

export function eventHandlers({ plane }: ApiParts, feed: LiveFeed, pulse: Pulse): HandlersOf<'events'> {
  return {
    streamLive: async ({ query, signal }) => streamLive(feed, pulse, { follow: query.follow ?? [], signal }),
    streamEvents: async ({ query, lastEventId, signal }) => {
      const lastLine = lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
      const asked = { types: query.types, lastLine, signal };
      return query.flow_run_id === undefined
        ? streamAll(plane, feed, asked)
        : streamRun(plane, feed, query.flow_run_id, asked);
    },
  };
}
