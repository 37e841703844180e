import type { Channel } from './channel.ts';
import type { EngineEvent, EngineEvents } from './events.ts';

/**
 * Tells the other processes on the database what happens here. Results, errors and log texts stay behind: they are in the
 * records, and may be long.
 * @returns the way to stop
 */
export function tellOthers(events: EngineEvents, channel: Channel): () => void {
  return events.subscribe((event) => {
    if (event.type === 'log' || told.has(event)) return;
    const { result: _result, error: _error, ...rest } = { result: undefined, error: undefined, ...event };
    channel.send({ kind: 'event', event: rest });
  });
}

/** Events that came from others, which have told everybody. */
const told = new WeakSet<EngineEvent>();

/** An event that another process told of. */
export function toldEvent(message: Readonly<Record<string, unknown>>): EngineEvent {
  const event = { ...message, at: new Date(String(message.at)) } as EngineEvent;
  told.add(event);
  return event;
}
