import type { Input } from '@champion/contract';
import { ChampionError } from '@champion/core';
import type { DeploymentRow } from '@champion/engine';
import type { ApiParts } from '../parts.ts';
import { wireFlowRun } from '../wire/flow-run.ts';
import { findDeployment, findFlow, findFlowRun, findQueueByName } from './find.ts';
import { checkingParameters } from './parameters.ts';

type Wanted = Omit<Input<'createDeploymentRun'>['body'], 'labels' | 'context'>;

/** Starts a run of a deployment: its parameters and tags, and over them those of the request. */
export async function createDeploymentRun(parts: ApiParts, id: string, body: Wanted) {
  const deployment = await findDeployment(parts.plane, id);
  if (Object.keys(body.job_variables ?? {}).length > 0) {
    throw new ChampionError("Champion's workers take no job variables", {
      code: 'INVALID_INPUT',
      hint: 'What a run is to know belongs in its parameters.',
      context: { deployment: id },
    });
  }
  return create(parts, { flowName: deployment.flowName, deployment }, body);
}

/** Starts a run without a deployment, as Prefect's clients ask for it; one that they would execute themselves is refused. */
export async function createFlowRun(parts: ApiParts, body: Input<'createFlowRun'>['body']) {
  const flow = await findFlow(parts.plane, body.flow_id);
  if (body.state != null && body.state.type !== 'SCHEDULED') {
    throw new ChampionError(`Champion's workers execute its runs: a client cannot begin one of ${flow.name} itself`, {
      code: 'INVALID_INPUT',
      hint: `Ask for it: champion flow run ${flow.name}, or POST /api/flows/${flow.name}/run.`,
      context: { flow: flow.name, state: body.state.type },
    });
  }
  const deployment = body.deployment_id == null ? undefined : await findDeployment(parts.plane, body.deployment_id);
  return create(parts, { flowName: flow.name, deployment }, body);
}

async function create(
  { plane, clock }: ApiParts,
  of: { readonly flowName: string; readonly deployment: DeploymentRow | undefined },
  body: Pick<Wanted, 'state' | 'name' | 'parameters' | 'tags' | 'idempotency_key' | 'work_queue_name'>,
) {
  const { deployment } = of;
  if (body.state != null && body.state.type !== 'SCHEDULED') {
    throw new ChampionError(`A run begins as SCHEDULED, not as ${body.state.type}`, {
      code: 'INVALID_INPUT',
      hint: 'Leave the state out to have it begin at once.',
    });
  }
  const at = body.state?.state_details?.scheduled_time;
  const queueName = body.work_queue_name;
  const queueId =
    queueName == null
      ? deployment?.workQueueId
      : (await findQueueByName(plane, queueName, deployment?.workPool ?? undefined)).id;
  const made = await checkingParameters(() =>
    plane.control.create({
      flowName: of.flowName,
      parameters: { ...deployment?.parameters, ...body.parameters },
      tags: [...new Set([...(deployment?.tags ?? []), ...(body.tags ?? [])])],
      createdBy: 'api',
      ...(deployment === undefined ? {} : { deployment: { id: deployment.id, version: deployment.version } }),
      ...(body.name == null ? {} : { name: body.name }),
      ...(body.idempotency_key == null ? {} : { idempotencyKey: body.idempotency_key }),
      ...(at == null ? {} : { scheduledTime: new Date(at) }),
      ...(queueId == null ? {} : { workQueueId: queueId }),
    }),
  );
  const run = wireFlowRun(await findFlowRun(plane, made.id), clock.now());
  return made.created ? { status: 201 as const, body: run } : { status: 200 as const, body: run };
}
