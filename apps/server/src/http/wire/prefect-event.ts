import { uuidV5 } from '@champion/core';
import type { Happening, RunIdentity } from '../live/feed.ts';
import { instant } from './instant.ts';

type Resource = Readonly<Record<string, string>>;

/** An event as Prefect's clients get it over the websocket. */
export interface PrefectEvent {
  readonly id: string;
  readonly occurred: string;
  readonly received: string;
  /** For example "prefect.flow-run.Running". */
  readonly event: string;
  readonly resource: Resource;
  readonly related: readonly Resource[];
  readonly payload: Readonly<Record<string, unknown>>;
  readonly follows: null;
}

/** A change of a run's state; it has the same id whether it is told as it happens or from the records. */
export function prefectEvent(happening: Exclude<Happening, { kind: 'log' }>): PrefectEvent {
  const { run, event } = happening;
  const { state } = event;
  const at = instant(event.at);
  const [kind, id, name] =
    happening.kind === 'flow_run'
      ? (['flow-run', run.id, run.name] as const)
      : (['task-run', happening.event.taskRunId, happening.event.dynamicKey] as const);
  return {
    id: uuidV5(['event', state.type, state.name, at].join('\n'), id),
    occurred: at,
    received: at,
    event: `prefect.${kind}.${state.name}`,
    resource: {
      'prefect.resource.id': `prefect.${kind}.${id}`,
      'prefect.resource.name': name,
      'prefect.state-message': state.message ?? '',
      'prefect.state-name': state.name,
      'prefect.state-timestamp': at,
      'prefect.state-type': state.type,
    },
    related: relatedTo(run, happening.kind),
    payload: { validated_state: { type: state.type, name: state.name, message: state.message ?? '' } },
    follows: null,
  };
}

function relatedTo(run: RunIdentity, kind: 'flow_run' | 'task_run'): Resource[] {
  const resource = (role: string, id: string, name: string): Resource => ({
    'prefect.resource.id': `prefect.${role}.${id}`,
    'prefect.resource.role': role,
    'prefect.resource.name': name,
  });
  return [
    ...(kind === 'task_run' ? [resource('flow-run', run.id, run.name)] : []),
    ...(run.flowId === null ? [] : [resource('flow', run.flowId, run.flowName)]),
    ...(run.deploymentId === null ? [] : [resource('deployment', run.deploymentId, run.deploymentName ?? '')]),
  ];
}
