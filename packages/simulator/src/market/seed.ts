import { ChampionError } from '@champion/core';

/** @throws ChampionError INVALID_INPUT when `seed` is not a whole number */
export function checkSeed(seed: number): void {
  if (Number.isSafeInteger(seed)) return;
  throw new ChampionError(`${seed} is not a seed`, {
    code: 'INVALID_INPUT',
    hint: 'Use a whole number, for example 1.',
    context: { seed },
  });
}
