import { plural } from '@champion/core';
import type { Engine, FlowRunHandle } from '@champion/server';
import type { Cli } from '../cli.ts';
import type { Interruption } from '../interruption.ts';

import { createDisplay, silentDisplay } from '../progress/display.ts';
import type { Detail } from '../progress/render.ts';
import type { RunOutcome } from './outcome.ts';

/**
 * Shows the engine's runs while `work` goes on. Runs that a killed predecessor left come first: they hold the sessions
 * that `work` may want.
 * @param options.detail undefined: nothing is shown
 */
export async function follow<T>(
  cli: Cli,
  engine: Engine,
  options: { detail: Detail | undefined; interruption: Interruption },
  work: () => Promise<T>,
): Promise<T> {
  const left = engine.recovered;
  if (left.length > 0 && options.detail !== undefined) {
    await cli.note(
      `Finishing ${plural(left.length, 'run')} that an earlier process left: ${left.map(({ name }) => name).join(', ')}\n`,
    );
  }
  const display = options.detail === undefined ? silentDisplay : createDisplay(cli.stderr, cli.err, options.detail);
  for (const handle of left) display.expect(handle);
  const unsubscribe = engine.events.subscribe(display.handle);
  try {
    await options.interruption.race(Promise.all(left.map((handle) => handle.result())));
    return await work();
  } finally {
    unsubscribe();
    display.stop();
  }
}

/** Runs a flow to its end. Ctrl-C cancels the run, which then ends by itself. */
export async function runToEnd(
  engine: Engine,
  flow: string,
  parameters: Readonly<Record<string, unknown>>,
  interruption: Interruption,
): Promise<{ handle: FlowRunHandle; outcome: RunOutcome }> {
  interruption.check();
  const handle = await engine.run(flow, parameters);
  const cancel = (): void => {
    // The run's outcome tells what came of it; a run that has just ended can't be cancelled any more.
    engine.cancel(handle.id, 'stopped from the keyboard').catch(() => undefined);
  };
  const outcome = await interruption.handledBy(cancel, handle.result());
  return { handle, outcome };
}
