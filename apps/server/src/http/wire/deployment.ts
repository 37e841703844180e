import type { Deployment, DeployReport } from '@champion/contract';
import type { DeploymentPlan, DeploymentRow, FlowRow, WorkQueueRow } from '@champion/engine';
import { instant, instantOrNull } from './instant.ts';
import { wireSchedule } from './schedule.ts';

/** @param beside what a deployment's row only names; undefined where it is gone */
export function wireDeployment(
  row: DeploymentRow,
  beside: { readonly flow: FlowRow | undefined; readonly queue: WorkQueueRow | undefined },
): Deployment {
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    name: row.name,
    version: row.version,
    description: row.description,
    flow_id: row.flowId,
    flow_name: row.flowName,
    paused: row.paused,
    schedules: row.schedules.map(wireSchedule),
    concurrency_limit: row.concurrencyLimit,
    global_concurrency_limit: null,
    concurrency_options: null,
    job_variables: {},
    parameters: { ...row.parameters },
    tags: [...row.tags],
    labels: { 'prefect.flow.id': row.flowId },
    work_queue_name: row.workQueue,
    work_queue_id: row.workQueueId,
    work_pool_name: row.workPool,
    last_polled: instantOrNull(beside.queue?.lastPolled),
    parameter_openapi_schema: beside.flow === undefined ? null : { ...beside.flow.parameters },
    path: null,
    pull_steps: null,
    entrypoint: row.entrypoint,
    storage_document_id: null,
    infrastructure_document_id: null,
    created_by: null,
    updated_by: null,
    status: beside.queue?.status === 'ready' ? 'READY' : 'NOT_READY',
    enforce_parameter_schema: true,
    session_parameter: row.sessionParameter,
  };
}

/** One line for each thing that differs. What a person changed stays, and says so in place of a change. */
export function wireDeployReport(plan: DeploymentPlan, applied: boolean): DeployReport {
  const changes = plan.changes.flatMap(({ name, action, fields, schedules }): DeployReport['changes'] => {
    if (action !== 'update') {
      return [{ deployment: name, kind: action, field: null, from: null, to: null }];
    }
    const ofFields = fields
      .filter(({ kept }) => !kept)
      .map(({ field, from, to }) => ({ deployment: name, kind: 'update' as const, field, from, to }));
    const ofSchedules = schedules.flatMap((schedule): DeployReport['changes'] => {
      const field = `schedule ${schedule.slug}`;
      const { action: does } = schedule;
      if (does === 'kept' || does === 'unchanged') return [];
      const values = (side: 'from' | 'to') =>
        Object.fromEntries(schedule.fields.map((change) => [change.field, change[side]]));
      return [
        {
          deployment: name,
          kind: does,
          field,
          from: does === 'create' ? null : values('from'),
          to: does === 'delete' ? null : values('to'),
        },
      ];
    });
    return [...ofFields, ...ofSchedules];
  });
  return { changes, applied };
}
