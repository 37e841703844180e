import type { Dataset as ServedDataset } from '@champion/contract';
import { type BusinessDate, ChampionError, closest } from '@champion/core';
import { resolveFlowName } from '../flow-name.ts';

type Server = typeof import('@champion/server');
type Dataset = Server['datasets'][number];

/**
 * Finds what a person means by a flow's or a slice's name.
 * @param on the day whose slices count
 * @throws ChampionError INVALID_INPUT listing both
 */
export function resolveSubject(
  { datasets, slicesOn }: Pick<Server, 'datasets' | 'slicesOn'>,
  given: string,
  on: BusinessDate,
): { readonly dataset: Dataset; readonly slice: string | undefined } {
  return choose(
    given,
    datasets,
    datasets.flatMap((dataset) => slicesOn(dataset, on).map((slice) => ({ dataset, slice }))),
  );
}

/** The same, of the datasets that a server tells of. */
export function resolveThere(
  datasets: readonly ServedDataset[],
  given: string,
): { readonly dataset: ServedDataset; readonly slice: string | undefined } {
  const slices = datasets.flatMap((dataset) => dataset.slices.map((slice) => ({ dataset, slice })));
  return choose(given, datasets, slices);
}

function choose<D extends { readonly name: string; readonly flow: { readonly name: string } }>(
  given: string,
  datasets: readonly D[],
  slices: readonly { readonly dataset: D; readonly slice: string }[],
): { readonly dataset: D; readonly slice: string | undefined } {
  const flows = datasets.map(({ flow }) => flow.name);
  const found = slices.find(({ slice }) => slice === given);
  if (found) return found;
  const dataset = datasets.find(({ name, flow }) => name === given || flow.name === flowNamed(given, flows));
  if (dataset) return { dataset, slice: undefined };
  const names = slices.map(({ slice }) => slice);
  const meant = closest(given, [...flows, ...names]);
  throw new ChampionError(`there is no flow or slice "${given}"`, {
    code: 'INVALID_INPUT',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}The flows are: ${flows.join(', ')}. The slices: ${names.join(', ')}.`,
  });
}

function flowNamed(given: string, flows: readonly string[]): string | undefined {
  try {
    return resolveFlowName(given, flows);
  } catch {
    // Not a flow: the caller says what else it could have been.
    return undefined;
  }
}
