import type { HandlersOf } from '@champion/contract';
import type { WorkPoolPatch, WorkQueuePatch } from '@champion/engine';
import { given, supportOnly } from '../filters/support.ts';
import { poolsOf, queuesOf } from '../filters/work.ts';
import type { ApiParts, Plane } from '../parts.ts';
import { wirePool, wirePoolWorker, wireQueue, wireWorker } from '../wire/work.ts';
import { findQueue, findQueueByName, missing } from './find.ts';
import { range } from './pages.ts';

export function workHandlers({ plane }: ApiParts): HandlersOf<'work'> {
  const { queues } = plane;
  const create = async (body: QueueFields & { readonly name: string }, workPool = 'default') => {
    const { rate, ...rest } = queuePatch(body);
    const row = await queues.createQueue({ ...rest, ...(rate == null ? {} : { rate }), name: body.name, workPool });
    return wireQueue(row);
  };
  const worker = async (name: string) => {
    const all = await plane.workers.list();
    const names = all.map((row) => row.name);
    return all.find((row) => row.name === name) ?? missing('worker', name, 'champion worker status', names);
  };
  return {
    createWorkPool: async ({ body }) =>
      wirePool(
        await queues.createPool({
          ...poolPatch(body),
          name: body.name,
          ...(body.type == null ? {} : { type: body.type }),
        }),
      ),
    filterWorkPools: async ({ body }) => page(await poolsOf(plane, body.work_pools), body).map(wirePool),
    countWorkPools: async ({ body }) => (await poolsOf(plane, body.work_pools)).length,
    readWorkPool: async ({ params }) => wirePool(await findPool(plane, params.name)),
    updateWorkPool: async ({ params, body }) => {
      await queues.updatePool(params.name, poolPatch(body));
    },
    deleteWorkPool: ({ params }) => queues.deletePool(params.name),
    filterPoolQueues: async ({ params, body }) => {
      await findPool(plane, params.pool);
      return page(await queuesOf(plane, body.work_queues, [params.pool]), body).map(wireQueue);
    },
    createPoolQueue: ({ params, body }) => create(body, params.pool),
    readPoolQueue: async ({ params }) => wireQueue(await findQueueByName(plane, params.name, params.pool)),
    updatePoolQueue: async ({ params, body }) => {
      const { id } = await findQueueByName(plane, params.name, params.pool);
      await queues.updateQueue(id, queuePatch(body));
    },
    deletePoolQueue: async ({ params }) =>
      queues.deleteQueue((await findQueueByName(plane, params.name, params.pool)).id),
    filterPoolWorkers: async ({ params, body }) => {
      supportOnly('workers', body.workers, ['status.any_', 'status.not_any_']);
      const pool = await findPool(plane, params.pool);
      const { any_: any, not_any_: not } = body.workers?.status ?? {};
      const all = (await plane.workers.list()).filter(({ workPool }) => workPool === pool.name);
      const fit = all
        .map((row) => wirePoolWorker(row, pool))
        .filter(({ status }) => (any == null || any.includes(status)) && not?.includes(status) !== true);
      return page(fit, body);
    },
    createWorkQueue: ({ body }) => create(body),
    filterWorkQueues: async ({ body }) => page(await queuesOf(plane, body.work_queues), body).map(wireQueue),
    readWorkQueueByName: async ({ params }) => wireQueue(await findQueueByName(plane, params.name)),
    readWorkQueue: async ({ params }) => wireQueue(await findQueue(plane, params.id)),
    updateWorkQueue: async ({ params, body }) => {
      await queues.updateQueue(params.id, queuePatch(body));
    },
    deleteWorkQueue: ({ params }) => queues.deleteQueue(params.id),
    readWorkQueueStatus: async ({ params }) => {
      const { status, late, lastPolled } = await findQueue(plane, params.id);
      return {
        healthy: status === 'ready' && late === 0,
        late_runs_count: late,
        last_polled: lastPolled?.toISOString() ?? null,
        health_check_policy: { maximum_late_runs: 0, maximum_seconds_since_last_polled: 10 },
      };
    },
    listWorkers: async () => (await plane.workers.list()).map(wireWorker),
    readWorker: async ({ params }) => wireWorker(await worker(params.name)),
  };
}

async function findPool(plane: Plane, name: string) {
  const pool = await plane.queues.pool(name);
  if (pool !== undefined) return pool;
  return missing(
    'work pool',
    name,
    'champion work-pool ls',
    (await plane.queues.pools()).map((row) => row.name),
  );
}

interface PoolFields {
  readonly description?: string | null | undefined;
  readonly is_paused?: boolean | null | undefined;
  readonly concurrency_limit?: number | null | undefined;
}

interface QueueFields extends PoolFields {
  readonly priority?: number | null | undefined;
  readonly rate_limit?: { readonly runs: number; readonly per_seconds: number } | null | undefined;
}

/** Null is a value for a description and a limit: none. */
function poolPatch({ description, is_paused, concurrency_limit }: PoolFields): WorkPoolPatch {
  return given({ description, isPaused: is_paused ?? undefined, concurrencyLimit: concurrency_limit });
}

function queuePatch({ priority, rate_limit: rate, ...rest }: QueueFields): WorkQueuePatch {
  return given({
    ...poolPatch(rest),
    priority: priority ?? undefined,
    rate: rate && { runs: rate.runs, perSeconds: rate.per_seconds },
  });
}

function page<T>(rows: readonly T[], asked: Parameters<typeof range>[0]): T[] {
  const { limit, offset } = range(asked);
  return rows.slice(offset, offset + limit);
}
