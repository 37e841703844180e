import type { EventMessage } from './encode.ts';

/** The way to Kafka. */
export interface Sender {
  /**
   * Sends messages to a topic, and returns when all replicas have them.
   * @param signal ends the wait; whether they arrived is then unknown
   * @throws ChampionError UNREACHABLE when no broker answers, another code when one refuses
   */
  send(topic: string, messages: readonly EventMessage[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
