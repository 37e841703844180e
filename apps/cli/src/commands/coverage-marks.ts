import type { Style } from '../output/style.ts';

interface Mark {
  readonly sign: string;
  readonly words: string;
  readonly colour: keyof Style;
}

const marks: Readonly<Record<string, Mark>> = {
  LOADED: { sign: '✓', words: 'loaded', colour: 'green' },
  LAKE_ONLY: { sign: 'w', words: 'in the lake, not in the warehouse', colour: 'yellow' },
  NEVER_TRIED: { sign: '○', words: 'never tried', colour: 'dim' },
  NOT_PUBLISHED_YET: { sign: '…', words: 'not published yet', colour: 'dim' },
  MISSING: { sign: '✗', words: 'missing', colour: 'red' },
  BLOCKED: { sign: 'B', words: 'blocked', colour: 'yellow' },
  CORRUPT: { sign: '!', words: 'corrupt', colour: 'red' },
};
/** Worst first: what a session of several slices is shown as. */
const BY_WEIGHT = ['CORRUPT', 'BLOCKED', 'MISSING', 'NOT_PUBLISHED_YET', 'NEVER_TRIED', 'LAKE_ONLY', 'LOADED'];

export function stateOf(slice: { readonly outcome: string; readonly in_warehouse: boolean }): string {
  return slice.outcome === 'LOADED' && !slice.in_warehouse ? 'LAKE_ONLY' : slice.outcome;
}

export function worst(states: readonly string[]): string | undefined {
  return BY_WEIGHT.find((state) => states.includes(state));
}

export function signOf(state: string, style: Style): string {
  const mark = marks[state];
  return mark ? style[mark.colour](mark.sign) : '?';
}

/** "missing", "not published yet"; other codes as they are, in lower case. */
export function wordsFor(state: string): string {
  return marks[state]?.words ?? state.toLowerCase().replaceAll('_', ' ');
}

/** Every sign that `states` use, with its words. */
export function legend(states: readonly string[], style: Style): string {
  const used = [...BY_WEIGHT].reverse().filter((state) => states.includes(state));
  return [...used.map((state) => `${signOf(state, style)} ${wordsFor(state)}`), `${style.dim('·')} no session`].join(
    '   ',
  );
}
