import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Count, Id, NumberedPage, paginated } from '../schemas/common.ts';
import { Conditions } from '../schemas/filters.ts';
import { Flow, FlowCreate, FlowQuery, FlowRunRequest, FlowSort } from '../schemas/flow.ts';
import { FlowRun } from '../schemas/flow-run.ts';

export const flowRoutes = {
  createFlow: {
    method: 'POST',
    path: '/flows',
    tag: 'flows',
    summary: 'Make a flow known by its name; 200 when it is already',
    body: FlowCreate,
    responses: { 201: Flow, 200: Flow },
  },
  filterFlows: {
    method: 'POST',
    path: '/flows/filter',
    tag: 'flows',
    summary: 'List flows',
    body: FlowQuery,
    responses: { 200: z.array(Flow) },
  },
  countFlows: {
    method: 'POST',
    path: '/flows/count',
    tag: 'flows',
    summary: 'Count flows',
    body: z.object(Conditions),
    responses: { 200: Count },
  },
  paginateFlows: {
    method: 'POST',
    path: '/flows/paginate',
    tag: 'flows',
    summary: 'List flows by numbered pages',
    body: z.object({ ...Conditions, ...NumberedPage, sort: FlowSort.nullish() }),
    responses: { 200: paginated(Flow) },
  },
  readFlowByName: {
    method: 'GET',
    path: '/flows/name/{name}',
    tag: 'flows',
    summary: 'One flow by its name',
    params: z.object({ name: z.string() }),
    responses: { 200: Flow },
  },
  readFlow: {
    method: 'GET',
    path: '/flows/{id}',
    tag: 'flows',
    summary: 'One flow',
    params: z.object({ id: Id }),
    responses: { 200: Flow },
  },
  runFlow: {
    method: 'POST',
    path: '/flows/{name}/run',
    tag: 'flows',
    summary: 'Start a run without a deployment; 200 when the idempotency key already has one',
    params: z.object({ name: z.string() }),
    body: FlowRunRequest,
    responses: { 201: FlowRun, 200: FlowRun },
  },
} as const satisfies RouteTable;
