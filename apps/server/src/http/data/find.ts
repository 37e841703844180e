import { type BusinessDate, ChampionError, closest } from '@champion/core';
import { type Dataset, slicesOn } from '@champion/flows';

/** @throws ChampionError NOT_FOUND with the name that may be meant */
export function findDataset(datasets: readonly Dataset[], name: string): Dataset {
  const found = datasets.find((dataset) => dataset.name === name);
  if (found) return found;
  const names = datasets.map((dataset) => dataset.name);
  throw notFound(`there is no dataset "${name}"`, name, names, `The datasets: ${names.join(', ')}.`);
}

/**
 * Names of a dataset's slices on a day, or the one that is asked for.
 * @throws ChampionError NOT_FOUND with the name that may be meant
 */
export function findSlices(dataset: Dataset, date: BusinessDate, name: string | undefined): string[] {
  const names = slicesOn(dataset, date);
  if (name === undefined) return names;
  if (names.includes(name)) return [name];
  throw notFound(`${dataset.name} has no slice "${name}"`, name, names, `Its slices: ${names.join(', ')}.`);
}

function notFound(message: string, given: string, known: readonly string[], hint: string): ChampionError {
  const meant = closest(given, known);
  return new ChampionError(meant === undefined ? message : `${message}; did you mean ${meant}?`, {
    code: 'NOT_FOUND',
    hint,
    context: { given },
  });
}
