export { type Outbox, type OutboxOptions, openOutbox, type Statement } from './outbox.ts';
export { type Pin, pinFile } from './pins.ts';
export type { NewReference, Reference, TopicStatus } from './reference.ts';
export { Relay, type RelayOptions, type Turn } from './relay.ts';
export type { Sender } from './sender.ts';
export type { TailedEvent, TailOptions } from './tail.ts';

/** The client of Kafka is loaded by those who use it. */
export async function connectKafka(brokers: readonly string[]): Promise<import('./sender.ts').Sender> {
  const { openSender } = await import('./kafka.ts');
  return openSender(brokers);
}

/** As `tailEvents` of tail.ts. */
export async function* tail(options: import('./tail.ts').TailOptions): AsyncGenerator<import('./tail.ts').TailedEvent> {
  const { tailEvents } = await import('./tail.ts');
  yield* tailEvents(options);
}
