import type { HandlersOf } from '@champion/contract';
import type { LiveFeed } from '../live/feed.ts';
import { streamAll, streamRun } from '../live/run-stream.ts';
import type { ApiParts } from '../parts.ts';

export function eventHandlers({ plane }: ApiParts, feed: LiveFeed): HandlersOf<'events'> {
  return {
    streamEvents: async ({ query, lastEventId, signal }) => {
      const lastLine = lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : undefined;
      const asked = { types: query.types, lastLine, signal };
      return query.flow_run_id === undefined
        ? streamAll(plane, feed, asked)
        : streamRun(plane, feed, query.flow_run_id, asked);
    },
  };
}
