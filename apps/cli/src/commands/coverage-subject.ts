import type { BusinessDate } from '@champion/core';
import { ChampionError } from '@champion/core';
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
  const flows = datasets.map(({ flow }) => flow.name);
  const slices = datasets.flatMap((dataset) => slicesOn(dataset, on).map((slice) => ({ dataset, slice })));
  const found = slices.find(({ slice }) => slice === given);
  if (found) return found;
  const dataset = datasets.find(({ name, flow }) => name === given || flow.name === flowNamed(given, flows));
  if (dataset) return { dataset, slice: undefined };
  throw new ChampionError(`there is no flow or slice "${given}"`, {
    code: 'INVALID_INPUT',
    hint: `The flows are: ${flows.join(', ')}. The slices: ${slices.map(({ slice }) => slice).join(', ')}.`,
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
