import { ChampionError, closest } from '@champion/core';

/**
 * Finds the flow a person means: its name, or the form `module.path:some_flow_name_flow` that names the function.
 * @param known names of the flows there are
 * @throws ChampionError INVALID_INPUT listing them
 */
export function resolveFlowName(given: string, known: readonly string[]): string {
  const name = given.slice(given.lastIndexOf(':') + 1).replaceAll('_', '-');
  const found = [given, name, name.replace(/-flow$/, '')].find((candidate) => known.includes(candidate));
  if (found !== undefined) return found;
  const meant = closest(given, known);
  throw new ChampionError(`there is no flow "${given}"`, {
    code: 'INVALID_INPUT',
    hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}The flows are: ${known.join(', ')}.`,
  });
}
