import type { Client, MarketToday, System } from '@champion/contract';
import type { Style } from '../output/style.ts';

/** Where the panels get what they show. */
export interface Source {
  readonly client: Client;
  /** Of the server, without /api at the end. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** How to call this program again for the same server, ready to be pasted into a shell. */
  readonly champion: string;
  readonly signal: AbortSignal;
}

/** What every panel may count on, asked once for all of them. */
export interface Head {
  readonly system: System;
  readonly today: MarketToday;
}

/** What a panel is drawn on. */
export interface Screen {
  /** Columns; a line may take them all. Infinite in files and pipes. */
  readonly width: number;
  /** Lines that are seen at once; a panel with more is scrolled. */
  readonly height: number;
  readonly style: Style;
}

/** Draws what was asked of the server; again and again, as the terminal changes. */
export type Drawing = (screen: Screen) => string[];

export interface Panel {
  /** One word, for the row of tabs. */
  readonly tab: string;
  readonly title: string;
  /** @throws ChampionError what the server said */
  readonly load: (source: Source, head: Head) => Promise<Drawing>;
}
