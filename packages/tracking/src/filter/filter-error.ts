import { ChampionError } from '@champion/core';

/** Which text it was: what a search keeps, or one of the things it sorts by. */
export type FilterSource = 'filter' | 'order_by';

export interface FilterErrorOptions {
  readonly source: FilterSource;
  readonly text: string;
  /** Where the text stops making sense: an offset in UTF-16 code units, `text.length` at its end. */
  readonly position: number;
  readonly expected: string;
  /** What stands there instead; the end of the text when absent. */
  readonly found?: string | undefined;
  readonly hint: string;
}

const MAX_QUOTED = 60;

/** A filter or an order that cannot be understood: where, what was expected there, and what to write instead. */
export class FilterError extends ChampionError {
  readonly position: number;
  readonly expected: string;
  readonly found: string | undefined;

  constructor(options: FilterErrorOptions) {
    const { source, text, position, expected, found, hint } = options;
    const here = found === undefined ? 'the end' : `"${shortened(found)}"`;
    super(`Invalid ${source} at character ${position + 1}: expected ${expected}, found ${here}`, {
      code: 'INVALID_INPUT',
      hint,
      context: { source, text: shortened(text, 1_000), position, expected, ...(found === undefined ? {} : { found }) },
    });
    this.position = position;
    this.expected = expected;
    this.found = found;
  }
}

function shortened(text: string, limit = MAX_QUOTED): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
