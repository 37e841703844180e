import type { FlowRunOutcome } from '@champion/engine';

/** Whoever has flows run: an engine in this process, or a control plane whose workers are elsewhere. */
export interface RunsPort {
  run(flowName: string, parameters: Readonly<Record<string, unknown>>): Promise<StartedRun>;
  /** @returns false when it had ended already, or is being cancelled */
  cancel(id: string, reason?: string): Promise<boolean>;
}

export interface StartedRun {
  readonly id: string;
  /**
   * How the run ended, once it has.
   * @param signal ends the waiting, not the run
   */
  result(signal?: AbortSignal): Promise<FlowRunOutcome>;
}
