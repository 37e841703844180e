import type { RunEvent } from '@champion/contract';
import type { State } from '@champion/engine';
import type { Happening } from '../live/feed.ts';
import { instant } from './instant.ts';

export function wireRunEvent(happening: Happening): RunEvent {
  const { run } = happening;
  const of = { flow_run_id: run.id, flow_name: run.flowName, run_name: run.name };
  if (happening.kind === 'log') {
    const { at, taskRunId, level, message } = happening.line;
    return { type: 'log', ...of, at: instant(at), task_run_id: taskRunId, level, message };
  }
  if (happening.kind === 'flow_run') {
    const { at, state } = happening.event;
    return {
      type: 'flow_run',
      ...of,
      at: instant(at),
      state: stateOf(state),
      deployment_id: run.deploymentId,
      parent_flow_run_id: run.parentFlowRunId,
    };
  }
  const { at, state, taskRunId, name, dynamicKey, attempt } = happening.event;
  return {
    type: 'task_run',
    ...of,
    at: instant(at),
    state: stateOf(state),
    task_run_id: taskRunId,
    task_name: name,
    task_key: dynamicKey,
    attempt,
  };
}

function stateOf({ type, name, message }: State) {
  return { type, name, message: message ?? null };
}
