import { ChampionError, type ErrorRecord, fromErrorRecord, toErrorRecord } from '@champion/core';
import { isCancelled, isOwnershipLost, step, type WorkflowInput, type WorkflowOutput } from './durable.ts';
import { type AnyFlow, Completed, type FlowHook } from './flow.ts';
import { cancelledError, type FlowRun, runWithin } from './flow-run.ts';
import { throughJson } from './json.ts';
import type { FlowRunOutcome } from './outcome.ts';
import { isTerminal, type TerminalState } from './states.ts';

const HOOK_TIMEOUT_MS = 60_000;

interface Ending {
  readonly state: TerminalState;
  readonly result?: unknown;
  readonly error?: ErrorRecord;
}

export interface Executed {
  readonly outcome: FlowRunOutcome;
  /** What the durable workflow keeps; a run that did not complete throws its error there instead. */
  readonly conclude: () => WorkflowOutput;
}

/**
 * A flow run from its beginning, which may be its first or follow a crash, to its recorded end.
 * @throws only what means that this process has nothing more to say about the run
 */
export async function executeFlow(run: FlowRun, flow: AnyFlow | undefined, input: WorkflowInput): Promise<Executed> {
  const { host } = run;
  const begun = await host.records.begin({ id: run.id, ...input }, host.clock.now());
  const cancelledBefore = begun.ended && begun.stateType !== 'COMPLETED' && begun.stateType !== 'FAILED';
  if (cancelledBefore) run.stop('cancelled', cancelledError(run.name, begun.stateMessage ?? 'before it was resumed'));
  if (begun.runCount > 1 || begun.ended) run.history = await host.records.taskHistory(run.id);
  if (!begun.ended) announce(run, { type: 'RUNNING', name: 'Running' }, {});

  const ending = await endingOf(run, flow, input, begun.logicalStart);
  const at = host.clock.now();
  await host.runLog.flush();
  await host.records.end(run.id, ending.state, ending, at);
  const outcome: FlowRunOutcome = {
    id: run.id,
    state: ending.state.type,
    stateName: ending.state.name,
    ...(ending.state.message === undefined ? {} : { message: ending.state.message }),
    ...(ending.state.type === 'COMPLETED' ? { result: ending.result } : {}),
    ...(ending.error === undefined ? {} : { error: ending.error }),
    durationMs: at.getTime() - begun.startTime.getTime(),
  };
  announce(run, ending.state, ending);
  await runHooks(run, flow, input, outcome);
  return { outcome, conclude: () => conclude(run, ending) };
}

function conclude(run: FlowRun, { state, result, error }: Ending): WorkflowOutput {
  if (error !== undefined) throw fromErrorRecord(error);
  if (state.type !== 'COMPLETED') throw run.signal.reason;
  return { result, stateName: state.name, ...(state.message === undefined ? {} : { message: state.message }) };
}

/** Runs the flow's function and waits until nothing that it began is under way. */
async function endingOf(
  run: FlowRun,
  flow: AnyFlow | undefined,
  input: WorkflowInput,
  startedAt: Date,
): Promise<Ending> {
  try {
    run.signal.throwIfAborted();
    if (flow === undefined) throw unknownFlow(input.flowName);
    const context = { flowRunId: run.id, flowName: run.flowName, log: run.log, startedAt };
    const returned = await run.orStopped(runWithin({ run }, async () => flow.execute(input.parameters, context)));
    await run.orStopped(run.settled());
    const { result, stateName, message } =
      returned instanceof Completed ? returned : new Completed(returned, 'Completed', undefined);
    run.redaction.refuseIn(result, `The result of the flow ${run.flowName}`);
    const said = message === undefined ? {} : { message: run.redaction.text(message) };
    const state = { type: 'COMPLETED', name: stateName, ...said } as const;
    return { state, result: throughJson(result) };
  } catch (thrown) {
    if (isOwnershipLost(thrown)) run.stop('lost', thrown as Error);
    if (isCancelled(thrown)) run.stop('cancelled', cancelledError(run.name, 'in the database'));
    if (run.stopKind === 'suspended' || run.stopKind === 'lost') return run.halt();
    const error = run.redaction.value(toErrorRecord(thrown));
    // What still runs in parallel has lost its purpose, and must not outlive its run.
    run.stop('ended', new ChampionError(`The run failed: ${error.message}`, { code: 'CANCELLED' }));
    await run.settled();
    if (run.stopKind === 'cancelled') {
      const { message } = toErrorRecord(run.signal.reason);
      return { state: { type: 'CANCELLED', name: 'Cancelled', message } };
    }
    run.log.error(`The run failed: ${error.message}`, { code: error.code, hint: error.hint });
    return { state: { type: 'FAILED', name: 'Failed', message: error.message }, error };
  }
}

function announce(
  run: FlowRun,
  state: TerminalState | { type: 'RUNNING'; name: string },
  ending: Partial<Ending>,
): void {
  run.host.events.emit({
    type: 'flow_run',
    flowRunId: run.id,
    flowName: run.flowName,
    name: run.name,
    ...(run.parentFlowRunId === undefined ? {} : { parentFlowRunId: run.parentFlowRunId }),
    state,
    at: run.host.clock.now(),
    ...(isTerminal(state.type) && ending.result !== undefined ? { result: ending.result } : {}),
    ...(ending.error === undefined ? {} : { error: ending.error }),
  });
}

/** Each hook is a step, so that a resumed run does not notify twice. A hook that fails is logged; the run's end stands. */
async function runHooks(
  run: FlowRun,
  flow: AnyFlow | undefined,
  input: WorkflowInput,
  outcome: FlowRunOutcome,
): Promise<void> {
  const hooks =
    { COMPLETED: flow?.onCompletion, FAILED: flow?.onFailure, CANCELLED: undefined, CRASHED: undefined }[
      outcome.state
    ] ?? [];
  for (const [index, hook] of hooks.entries()) {
    await step(`hook-${outcome.state.toLowerCase()}-${index}`, () => runHook(run, hook, input, outcome));
  }
  if (hooks.length > 0) await run.host.runLog.flush();
}

async function runHook(run: FlowRun, hook: FlowHook, input: WorkflowInput, outcome: FlowRunOutcome): Promise<void> {
  const { flowName, name, parameters } = input;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${HOOK_TIMEOUT_MS} ms`)), HOOK_TIMEOUT_MS);
  });
  try {
    const alert = (rule?: string) => run.host.alert(run.id, rule);
    const event = { flowName, name, parameters, outcome, log: run.log, alert };
    await Promise.race([runWithin(undefined, async () => hook(event)), late]);
  } catch (error) {
    run.log.error(`A hook failed: ${toErrorRecord(error).message}`, { error });
  } finally {
    clearTimeout(timer);
  }
}

function unknownFlow(name: string): ChampionError {
  return new ChampionError(`This run is of the flow ${name}, which this Champion does not have`, {
    code: 'CONFIG',
    hint: 'It was probably renamed or removed since; run the new one.',
    context: { flow: name },
  });
}
