import { ChampionError } from '@champion/core';
import type { Engine } from '@champion/server';

export type FlowRunRow = Awaited<ReturnType<Engine['runs']['list']>>[number];

/** Runs among which a shortened id is looked for. */
const RECENT = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Finds a run by its id or the beginning of it.
 * @throws ChampionError NOT_FOUND, or INVALID_INPUT when several begin that way
 */
export async function findRun(engine: Engine, id: string): Promise<FlowRunRow> {
  const wanted = id.toLowerCase();
  const found = UUID.test(wanted)
    ? [await engine.runs.find(wanted)].filter((run) => run !== undefined)
    : (await engine.runs.list({ limit: RECENT })).filter((run) => wanted !== '' && run.id.startsWith(wanted));
  const [run, second] = found;
  if (run === undefined) {
    throw new ChampionError(`there is no run ${id}`, {
      code: 'NOT_FOUND',
      hint: 'The runs: champion flow-run ls. An id may be shortened to its beginning.',
    });
  }
  if (second === undefined) return run;
  throw new ChampionError(`${found.length} runs begin with ${id}`, {
    code: 'INVALID_INPUT',
    hint: `Give more of the id: ${found
      .slice(0, 5)
      .map((candidate) => candidate.id.slice(0, wanted.length + 4))
      .join(', ')}…`,
  });
}
