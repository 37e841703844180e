import type { FlowRun } from '@champion/contract';

/** What went wrong with a flow and has not been put right since. */
export interface FlowTrouble {
  readonly flow: string;
  /** The latest run that failed. */
  readonly run: FlowRun;
  /** How many have failed for the same reason, that one included. */
  readonly times: number;
}

/**
 * The failures that still matter, the latest first, one for each flow and kind of error. Put right is what a later run of
 * the same flow with the same parameters completed.
 * @param failures the latest first
 * @param recent the last runs of each flow, to find those later ones
 */
export function troubles(failures: readonly FlowRun[], recent: readonly FlowRun[]): FlowTrouble[] {
  const completed = recent.filter((run) => run.state_type === 'COMPLETED');
  const open = failures.filter(
    (failed) =>
      !completed.some(
        (run) =>
          run.flow_name === failed.flow_name &&
          (run.start_time ?? '') > (failed.start_time ?? '') &&
          JSON.stringify(run.parameters) === JSON.stringify(failed.parameters),
      ),
  );
  const found = new Map<string, FlowTrouble>();
  for (const run of open) {
    const key = `${run.flow_name} ${run.error?.code ?? run.state_name}`;
    const known = found.get(key);
    found.set(key, known === undefined ? { flow: run.flow_name, run, times: 1 } : { ...known, times: known.times + 1 });
  }
  return [...found.values()];
}
