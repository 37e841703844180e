import type { Deployment, HandlersOf, Input } from '@champion/contract';
import { type DeploymentPatch, type DeploymentRow, parseSchedule } from '@champion/engine';
import { deploymentFilter } from '../filters/deployments.ts';
import { given } from '../filters/support.ts';
import type { ApiParts, Plane } from '../parts.ts';
import { wireDeployment, wireDeployReport } from '../wire/deployment.ts';
import { wireFlowRun } from '../wire/flow-run.ts';
import { patchOf, ruleOf, scheduleOf, wireSchedule, wireSlot } from '../wire/schedule.ts';
import { createDeploymentRun } from './create-run.ts';
import { findDeployment, findDeploymentByName, findFlow } from './find.ts';
import { numbered, range, slice } from './pages.ts';
import { addSchedules, replaceSchedules, upcoming } from './schedules.ts';

const ORDERS = { CREATED_DESC: 'newest', UPDATED_DESC: 'updated', NAME_ASC: 'name', NAME_DESC: 'name' } as const;

export function deploymentHandlers(parts: ApiParts): HandlersOf<'deployments' | 'automations'> {
  const { plane, clock } = parts;
  const { deployments } = plane;
  return {
    createDeployment: async ({ body }) => {
      const flow = await findFlow(plane, body.flow_id);
      const existing = await deployments.byName(`${flow.name}/${body.name}`);
      if (existing !== undefined) {
        const { id } = await deployments.update(existing.id, patchFrom(body));
        if (body.schedules != null) await replaceSchedules(plane, id, body.schedules);
        return { status: 200, body: await wireOne(plane, await findDeployment(plane, id)) };
      }
      const { paused, tags = [], parameters = {}, ...patch } = patchFrom(body);
      const row = await deployments.create({
        ...patch,
        tags: [...tags],
        parameters: { ...parameters },
        flowName: flow.name,
        name: body.name,
        paused: paused ?? false,
        entrypoint: body.entrypoint ?? null,
        schedules: (body.schedules ?? []).map(scheduleOf),
      });
      return { status: 201, body: await wireOne(plane, row) };
    },
    filterDeployments: async ({ body }) => wireAll(plane, await list(plane, body, range(body))),
    countDeployments: async ({ body }) => deployments.count(await deploymentFilter(plane, body)),
    paginateDeployments: async ({ body }) => {
      const [rows, count] = await Promise.all([
        list(plane, body, slice(body)),
        deploymentFilter(plane, body).then((filter) => deployments.count(filter)),
      ]);
      return numbered(await wireAll(plane, rows), count, body);
    },
    readScheduledRuns: async ({ body }) => {
      const { rows } = await plane.runs.flowRuns.list(
        given({
          deploymentIds: body.deployment_ids,
          stateTypes: ['SCHEDULED'] as const,
          expectedStart: body.scheduled_before == null ? undefined : { to: new Date(body.scheduled_before) },
        }),
        { sort: 'nextScheduledAsc', ...range(body) },
      );
      return rows.map((row) => wireFlowRun(row, clock.now()));
    },
    readDeploymentByName: async ({ params }) =>
      wireOne(plane, await findDeploymentByName(plane, `${params.flow_name}/${params.name}`)),
    readDeployment: async ({ params }) => wireOne(plane, await findDeployment(plane, params.id)),
    updateDeployment: async ({ params, body }) => {
      await deployments.update(params.id, patchFrom(body));
      if (body.schedules != null) await replaceSchedules(plane, params.id, body.schedules);
    },
    deleteDeployment: ({ params }) => deployments.delete(params.id),
    createDeploymentRun: ({ params, body }) => createDeploymentRun(parts, params.id, body),
    pauseDeployment: async ({ params }) => {
      await deployments.pause(params.id);
      return null;
    },
    resumeDeployment: async ({ params }) => {
      await deployments.resume(params.id);
      return null;
    },
    readUpcoming: ({ params, query }) => upcoming(parts, params.id, query.limit),
    listSchedules: async ({ params }) => (await findDeployment(plane, params.id)).schedules.map(wireSchedule),
    createSchedules: async ({ params, body }) =>
      (await addSchedules(plane, await findDeployment(plane, params.id), body)).map(wireSchedule),
    updateSchedule: async ({ params, body }) => {
      await deployments.updateSchedule(params.id, params.schedule_id, patchOf(body));
    },
    deleteSchedule: ({ params }) => deployments.deleteSchedule(params.id, params.schedule_id),
    previewSchedule: async ({ body }) => {
      const schedule = parseSchedule({
        cron: body.cron,
        timezone: body.timezone ?? 'UTC',
        dayOr: body.day_or ?? true,
        calendar: body.calendar == null ? null : ruleOf(body.calendar),
      });
      const nowhere = { scheduleId: null, flowRunId: null, restsBecause: null };
      return plane.scheduler.upcoming(schedule, body.limit, clock.now()).map((slot) => wireSlot(slot, nowhere));
    },
    deploy: async ({ body }) => {
      const plan = await (body.apply ? deployments.apply(parts.definitions) : deployments.plan(parts.definitions));
      return wireDeployReport(plan, body.apply);
    },
    listRelatedAutomations: () => [],
    deleteOwnedAutomations: () => null,
  };
}

type Wanted = Input<'filterDeployments'>['body'] | Input<'paginateDeployments'>['body'];

async function list(plane: Plane, asked: Wanted, page: { readonly limit: number; readonly offset: number }) {
  const filter = await deploymentFilter(plane, asked);
  const order = ORDERS[asked.sort ?? 'NAME_ASC'];
  if (asked.sort !== 'NAME_DESC') return plane.deployments.list({ ...filter, ...page, order });
  // From the other end: the last names first.
  const count = await plane.deployments.count(filter);
  const offset = Math.max(0, count - page.offset - page.limit);
  const limit = Math.max(0, count - page.offset - offset);
  return (await plane.deployments.list({ ...filter, offset, limit, order })).reverse();
}

/** What a client changes. Null is a value where there can be none: no version, no description, no limit. */
function patchFrom(body: Input<'updateDeployment'>['body']): DeploymentPatch {
  return given({
    version: body.version,
    description: body.description,
    concurrencyLimit: body.concurrency_limit,
    paused: body.paused ?? undefined,
    tags: body.tags ?? undefined,
    parameters: body.parameters ?? undefined,
    workQueue: body.work_queue_name ?? undefined,
    workPool: body.work_pool_name ?? undefined,
  });
}

async function wireOne(plane: Plane, row: DeploymentRow): Promise<Deployment> {
  const [flow, queue] = await Promise.all([
    plane.runs.flows.find(row.flowId),
    row.workQueueId === null ? undefined : plane.queues.queue(row.workQueueId),
  ]);
  return wireDeployment(row, { flow, queue });
}

async function wireAll(plane: Plane, rows: readonly DeploymentRow[]): Promise<Deployment[]> {
  const queueIds = rows.flatMap(({ workQueueId }) => workQueueId ?? []);
  const [flows, queues] = await Promise.all([
    plane.runs.flows.list({ ids: [...new Set(rows.map(({ flowId }) => flowId))] }),
    plane.queues.queues({ ids: [...new Set(queueIds)] }),
  ]);
  return rows.map((row) =>
    wireDeployment(row, {
      flow: flows.find(({ id }) => id === row.flowId),
      queue: queues.find(({ id }) => id === row.workQueueId),
    }),
  );
}
