import type { z } from 'zod';
import { callFlow, endOfChild } from './child-flow.ts';
import { callFromFlow } from './flow-run.ts';
import type { FlowRunOutcome } from './outcome.ts';
import type { RunLogger } from './run-log.ts';

export interface FlowContext {
  readonly flowRunId: string;
  readonly flowName: string;
  readonly log: RunLogger;
  /** When the run was first begun; the same after a resumption, unlike the clock. */
  readonly startedAt: Date;
}

/** Called when a run has ended and is recorded; once, but again if the process dies in the middle of it. */
export type FlowHook = (event: {
  readonly flowName: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly outcome: FlowRunOutcome;
  readonly log: RunLogger;
  /**
   * Has a notification rule tell of this end, whatever its triggers and filter; what it tells of anyway is told once.
   * @param rule its name; default: the rule of SLACK_WEBHOOK_URL
   * @returns false when there is no such rule, or it is disabled
   */
  readonly alert: (rule?: string) => Promise<boolean>;
}) => Promise<void> | void;

export interface FlowOptions<Parameters extends z.ZodObject> {
  readonly name: string;
  readonly description?: string;
  readonly parameters: Parameters;
  /** Names a run for people. Default: the flow's name and the start of the run's id. */
  readonly runName?: (parameters: z.output<Parameters>) => string;
  readonly onCompletion?: readonly FlowHook[];
  readonly onFailure?: readonly FlowHook[];
}

/** Any flow, as the engine handles it. */
export interface AnyFlow {
  readonly name: string;
  readonly description: string | undefined;
  readonly parameters: z.ZodObject;
  readonly onCompletion: readonly FlowHook[];
  readonly onFailure: readonly FlowHook[];
  nameRun(parameters: Record<string, unknown>): string | undefined;
  execute(parameters: Record<string, unknown>, context: FlowContext): Promise<unknown>;
}

/** A flow. Called inside another flow it runs as a child, a run of its own; from outside, use engine.run(). */
export interface Flow<Parameters extends z.ZodObject, Result> extends AnyFlow {
  (parameters: z.input<Parameters>): Promise<Result>;
  /** Runs it as a child and gives how it ended: a child that failed is told, not thrown. Only for flows. */
  outcome(parameters: z.input<Parameters>): Promise<FlowRunOutcome>;
}

/** A result with a name for the state it ends in, see completed(). */
export class Completed<Result> {
  readonly result: Result;
  readonly stateName: string;
  readonly message: string | undefined;

  constructor(result: Result, stateName: string, message: string | undefined) {
    this.result = result;
    this.stateName = stateName;
    this.message = message;
  }
}

/** Returned from a flow, ends it COMPLETED under a name of its own: `completed(null, { name: 'NoSession', message })`. */
export function completed<Result>(
  result: Result,
  state: { readonly name?: string; readonly message?: string } = {},
): Completed<Result> {
  return new Completed(result, state.name ?? 'Completed', state.message);
}

/**
 * Declares a flow. Its function calls tasks and returns a JSON-serialisable result. It may be run again from its beginning
 * in another process, with the finished tasks' results at hand, so it must make the same calls each time.
 */
export function flow<Parameters extends z.ZodObject, Result>(
  options: FlowOptions<Parameters>,
  run: (parameters: z.output<Parameters>, context: FlowContext) => Promise<Result | Completed<Result>>,
): Flow<Parameters, Result> {
  const properties: AnyFlow & Pick<Flow<Parameters, Result>, 'outcome'> = {
    name: options.name,
    description: options.description,
    parameters: options.parameters,
    onCompletion: options.onCompletion ?? [],
    onFailure: options.onFailure ?? [],
    nameRun: (parameters) => options.runName?.(parameters as z.output<Parameters>),
    execute: (parameters, context) => run(parameters as z.output<Parameters>, context),
    outcome: (parameters) =>
      callFromFlow(`Flow ${options.name}`, (parent) => endOfChild(parent, properties, parameters)),
  };
  const call = (parameters: z.input<Parameters>) =>
    callFromFlow(`Flow ${options.name}`, (parent) => callFlow(parent, properties, parameters));
  // A function's own `name` can't be assigned, only defined.
  const descriptors = Object.getOwnPropertyDescriptors(properties);
  return Object.defineProperties(call, descriptors) as Flow<Parameters, Result>;
}
