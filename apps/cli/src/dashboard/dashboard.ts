import { setTimeout as sleep } from 'node:timers/promises';
import { toErrorRecord } from '@champion/core';
import { localClock } from '../output/time.ts';
import type { View } from './frame.ts';
import { loadHead } from './head.ts';
import type { Drawing, Head, Source } from './panel.ts';
import { panels } from './panels/index.ts';

/** What happens within so long is asked for at once. */
const GATHER_MS = 1_000;

export interface DashboardOptions {
  readonly source: Omit<Source, 'signal'>;
  readonly head: Head;
  /** From 0. */
  readonly panel: number;
  /** What nothing told of is asked for again after so long. */
  readonly intervalMs: number;
  /** Looks for the server again: one that starts anew may have another address. */
  readonly findAgain: () => Promise<Omit<Source, 'signal'> | undefined>;
}

/** What the dashboard shows and how it changes, whatever draws it. */
export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #closed = new AbortController();
  readonly #drawings = new Map<number, { drawing: Drawing; updated: string }>();
  #source: Omit<Source, 'signal'>;
  #head: Head;
  #panel: number;
  #scroll = 0;
  #help = false;
  #notice: string | undefined;
  #refreshing = false;
  /** Ends the pause before the next refresh. */
  #wake = new AbortController();
  #changed: () => void = () => undefined;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#source = options.source;
    this.#head = options.head;
    this.#panel = options.panel;
  }

  get view(): View {
    const shown = this.#drawings.get(this.#panel);
    return {
      url: this.#source.url,
      head: this.#head,
      panel: this.#panel,
      drawing: shown?.drawing,
      scroll: this.#scroll,
      help: this.#help,
      notice: this.#notice,
      updated: shown?.updated ?? '',
      refreshing: this.#refreshing && shown === undefined,
    };
  }

  /** Fires when the person wants to leave. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  close(): void {
    this.#closed.abort();
    this.#wake.abort();
  }

  show(panel: number): void {
    this.#help = false;
    this.#scroll = 0;
    this.#panel = (panel + panels.length) % panels.length;
    this.#changed();
    this.refresh();
  }

  step(by: number): void {
    this.show(this.#panel + by);
  }

  scroll(by: number, most: number): void {
    this.#scroll = Math.min(most, Math.max(0, Math.min(this.#scroll, most) + by));
    this.#changed();
  }

  toggleHelp(): void {
    this.#help = !this.#help;
    this.#scroll = 0;
    this.#changed();
  }

  /** Asks the server now. */
  refresh(): void {
    this.#wake.abort();
  }

  /** Keeps what is shown up to date until it is closed. */
  async run(): Promise<void> {
    const listening = this.#listen();
    while (!this.closed.aborted) {
      const wake = new AbortController();
      this.#wake = wake;
      await this.#ask();
      await pause(this.#options.intervalMs, AbortSignal.any([wake.signal, this.closed]));
    }
    await listening;
  }

  async #ask(): Promise<void> {
    const number = this.#panel;
    this.#refreshing = true;
    const source: Source = { ...this.#source, signal: this.closed };
    try {
      this.#head = await loadHead(source.client);
      const drawing = await panels[number]?.load(source, this.#head);
      if (drawing) this.#drawings.set(number, { drawing, updated: localClock(new Date()).slice(0, 8) });
      this.#notice = undefined;
    } catch (error) {
      const { message, code } = toErrorRecord(error);
      const gone = code === 'UNREACHABLE' || code === 'TIMEOUT';
      this.#notice = gone ? `${source.url} does not answer; trying again` : `${message}; trying again`;
      if (gone) this.#source = (await this.#options.findAgain().catch(() => undefined)) ?? this.#source;
    } finally {
      this.#refreshing = false;
      if (!this.closed.aborted) this.#changed();
    }
  }

  /** What happens in runs is shown soon, without asking all the time. */
  async #listen(): Promise<void> {
    let gathering: NodeJS.Timeout | undefined;
    while (!this.closed.aborted) {
      const { client } = this.#source;
      try {
        const types = ['flow_run' as const, 'task_run' as const];
        for await (const _ of client.streamEvents({ query: { types }, signal: this.closed })) {
          gathering ??= setTimeout(() => {
            gathering = undefined;
            this.refresh();
          }, GATHER_MS);
        }
      } catch {
        // That the server is away is found by asking it, which goes on.
      }
      await pause(this.#options.intervalMs, this.closed);
    }
    clearTimeout(gathering);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
