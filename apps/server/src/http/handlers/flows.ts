import type { HandlersOf } from '@champion/contract';
import { ChampionError, closest } from '@champion/core';
import type { FlowSort } from '@champion/engine';
import { flowsOf, MOST_FLOWS } from '../filters/flows.ts';
import type { ApiParts } from '../parts.ts';
import { wireFlow } from '../wire/flow.ts';
import { wireFlowRun } from '../wire/flow-run.ts';
import { findFlow, findFlowByName, findFlowRun, findQueueByName } from './find.ts';
import { numbered, range, slice } from './pages.ts';
import { checkingParameters } from './parameters.ts';

const SORTS = {
  CREATED_DESC: 'createdDesc',
  UPDATED_DESC: 'updatedDesc',
  NAME_ASC: 'nameAsc',
  NAME_DESC: 'nameDesc',
} as const satisfies Record<string, FlowSort>;

export function flowHandlers({ plane, clock }: ApiParts): HandlersOf<'flows'> {
  const { flows } = plane.runs;
  return {
    createFlow: async ({ body }) => {
      const flow = await flows.findByName(body.name);
      if (flow !== undefined) return { status: 200, body: wireFlow(flow) };
      const meant = closest(
        body.name,
        (await flows.list({}, { limit: MOST_FLOWS })).map(({ name }) => name),
      );
      throw new ChampionError(`There is no flow ${body.name}, and a client cannot make one`, {
        code: 'INVALID_INPUT',
        hint: meant === undefined ? 'Flows are part of the program: see packages/flows.' : `Did you mean ${meant}?`,
        context: { flow: body.name },
      });
    },
    filterFlows: async ({ body }) => {
      const filter = await flowsOf(plane, body);
      const rows = await flows.list(filter, { sort: SORTS[body.sort ?? 'CREATED_DESC'], ...range(body) });
      return rows.map(wireFlow);
    },
    countFlows: async ({ body }) => flows.count(await flowsOf(plane, body)),
    paginateFlows: async ({ body }) => {
      const filter = await flowsOf(plane, body);
      const [rows, count] = await Promise.all([
        flows.list(filter, { sort: SORTS[body.sort ?? 'CREATED_DESC'], ...slice(body) }),
        flows.count(filter),
      ]);
      return numbered(rows.map(wireFlow), count, body);
    },
    readFlowByName: async ({ params }) => wireFlow(await findFlowByName(plane, params.name)),
    readFlow: async ({ params }) => wireFlow(await findFlow(plane, params.id)),
    runFlow: async ({ params, body }) => {
      const { name, tags, parameters, idempotency_key, scheduled_time, work_queue_name } = body;
      const queue = work_queue_name === undefined ? undefined : await findQueueByName(plane, work_queue_name);
      const made = await checkingParameters(() =>
        plane.control.create({
          flowName: params.name,
          parameters: parameters ?? {},
          createdBy: 'api',
          ...(name === undefined ? {} : { name }),
          ...(tags === undefined ? {} : { tags }),
          ...(idempotency_key === undefined ? {} : { idempotencyKey: idempotency_key }),
          ...(scheduled_time === undefined ? {} : { scheduledTime: new Date(scheduled_time) }),
          ...(queue === undefined ? {} : { workQueueId: queue.id }),
        }),
      );
      const run = wireFlowRun(await findFlowRun(plane, made.id), clock.now());
      return { status: made.created ? 201 : 200, body: run };
    },
  };
}
