import { ChampionError } from '@champion/core';

/** One event of a stream. */
export interface ServerSentEvent {
  /** "message" unless it was named. */
  readonly event: string;
  readonly data: string;
  /** The latest id that the stream said, in this event or before. */
  readonly id: string;
}

/** No event of ours comes near it; a line without end must not fill the memory. */
const MAX_EVENT_CHARACTERS = 4_000_000;

/** Reads a stream of server-sent events as the HTML standard has it, from pieces of text cut anywhere. */
export class ServerSentEventParser {
  /** Milliseconds that the server asks to wait before connecting anew. */
  retryMs: number | undefined;
  #id: string;
  #rest = '';
  #event = '';
  #data: string[] = [];
  #size = 0;

  /** @param lastId the last event's id of the connection before */
  constructor(lastId = '') {
    this.#id = lastId;
  }

  /** The events that this piece completes. */
  push(piece: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    const text = this.#rest + piece;
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      if (character !== '\n' && character !== '\r') continue;
      // Whether a \r at the end belongs to a \r\n, only the next piece tells.
      if (character === '\r' && at === text.length - 1) break;
      this.#line(text.slice(from, at), events);
      if (character === '\r' && text[at + 1] === '\n') at++;
      from = at + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length + this.#size > MAX_EVENT_CHARACTERS) {
      throw new ChampionError(`an event of the stream is longer than ${MAX_EVENT_CHARACTERS} characters`, {
        code: 'CORRUPT',
        hint: 'Is the address that of a Champion server?',
      });
    }
    return events;
  }

  #line(line: string, events: ServerSentEvent[]): void {
    if (line === '') {
      if (this.#data.length > 0) {
        events.push({ event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id });
      }
      this.#event = '';
      this.#data = [];
      this.#size = 0;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    this.#size += line.length;
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#event = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
  }
}
