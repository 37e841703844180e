import { ChampionError, fromErrorRecord, uuidV5 } from '@champion/core';
import { isCancelled, isOwnershipLost, start, type WorkflowInput } from './durable.ts';
import type { AnyFlow } from './flow.ts';
import { cancelledError, type FlowRun } from './flow-run.ts';
import type { FlowRunOutcome } from './outcome.ts';
import { parseParameters } from './parameters.ts';
import { runNameOf } from './run-name.ts';

/** Runs a flow as the child of a run and gives its result, or throws what it failed with. */
export async function callFlow(parent: FlowRun, flow: AnyFlow, given: unknown): Promise<unknown> {
  const outcome = await endOfChild(parent, flow, given);
  if (outcome.state === 'COMPLETED') return outcome.result;
  if (outcome.error !== undefined) throw fromErrorRecord(outcome.error);
  throw new ChampionError(
    `The child run of ${flow.name} ended ${outcome.stateName}: ${outcome.message ?? 'no reason given'}`,
    {
      code: outcome.state === 'CANCELLED' ? 'CANCELLED' : 'INTERNAL',
      context: { run: outcome.id, flow: flow.name },
    },
  );
}

/**
 * Runs a flow as the child of a run and waits for its outcome, whatever it is. Its id follows from the parent's, so a
 * replay finds it.
 */
export async function endOfChild(parent: FlowRun, flow: AnyFlow, given: unknown): Promise<FlowRunOutcome> {
  // Nothing is awaited before the start, for the same reason as with a task.
  if (parent.signal.aborted) return parent.halt();
  const id = uuidV5(parent.nextKey(`flow:${flow.name}`), parent.id);
  if (!parent.host.hasFlow(flow.name)) throw unknownChild(parent, flow);
  const parameters = parseParameters(flow.name, flow.parameters, given);
  parent.redaction.refuseIn(parameters, `What is given to the flow ${flow.name}`);
  const input = {
    flowName: flow.name,
    name: runNameOf(flow, parameters, id),
    parameters,
    parentFlowRunId: parent.id,
  };
  return outcomeOfChild(parent, id, input);
}

async function outcomeOfChild(parent: FlowRun, id: string, input: WorkflowInput): Promise<FlowRunOutcome> {
  const { host } = parent;
  let started: string | undefined;
  try {
    // A replay finds the child that it started before. Waiting for it is no step: its outcome can't change any more.
    started = (await start(id, input)).id;
    return await parent.orStopped(host.outcomeOf(started));
  } catch (error) {
    if (isOwnershipLost(error)) parent.stop('lost', error as Error);
    if (isCancelled(error)) parent.stop('cancelled', cancelledError(parent.name, 'in the database'));
    if (!parent.signal.aborted) throw error;
    if (started !== undefined && (parent.stopKind === 'cancelled' || parent.stopKind === 'ended')) {
      await host.cancel(started, `its parent ${parent.name} ended`);
      await host.outcomeOf(started);
    }
    return parent.halt();
  }
}

function unknownChild(parent: FlowRun, flow: AnyFlow): ChampionError {
  return new ChampionError(`The flow ${flow.name}, called by ${parent.flowName}, is not known to the engine`, {
    code: 'CONFIG',
    hint: `Give ${flow.name} to Engine.start() along with ${parent.flowName}.`,
    context: { flow: flow.name, parent: parent.flowName },
  });
}
