import type { PoolWorker, Worker, WorkPool, WorkQueue } from '@champion/contract';
import { uuidV5 } from '@champion/core';
import type { QueueStatus, WorkerRow, WorkPoolRow, WorkQueueRow } from '@champion/engine';

import { instant, instantOrNull } from './instant.ts';

const STATUS: Readonly<Record<QueueStatus, 'READY' | 'NOT_READY' | 'PAUSED'>> = {
  ready: 'READY',
  not_ready: 'NOT_READY',
  paused: 'PAUSED',
};

export function wirePool(row: WorkPoolRow): WorkPool {
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    name: row.name,
    description: row.description,
    type: row.type,
    base_job_template: {},
    is_paused: row.isPaused,
    concurrency_limit: row.concurrencyLimit,
    status: STATUS[row.status],
    default_queue_id: row.defaultQueueId,
    storage_configuration: {
      bundle_upload_step: null,
      bundle_execution_step: null,
      default_result_storage_block_id: null,
    },
    active_slots: row.running,
  };
}

export function wireQueue(row: WorkQueueRow): WorkQueue {
  return {
    id: row.id,
    created: instant(row.createdAt),
    updated: instant(row.updatedAt),
    name: row.name,
    description: row.description,
    is_paused: row.isPaused,
    concurrency_limit: row.concurrencyLimit,
    priority: row.priority,
    work_pool_id: row.workPoolId,
    work_pool_name: row.workPoolName,
    filter: null,
    last_polled: instantOrNull(row.lastPolled),
    status: STATUS[row.status],
    active_slots: row.running,
    rate_limit: row.rate === null ? null : { runs: row.rate.runs, per_seconds: row.rate.perSeconds },
    counts: { scheduled: row.scheduled, late: row.late, running: row.running },
  };
}

export function wireWorker(row: WorkerRow): Worker {
  return {
    name: row.name,
    status: row.status,
    work_queues: [...row.workQueues],
    host: row.host,
    pid: row.pid,
    version: row.version,
    concurrency: row.concurrency,
    running: row.running,
    started_at: instant(row.startedAt),
    last_heartbeat_at: instant(row.lastHeartbeatAt),
  };
}

/** A worker as Prefect's clients know it; they want an id, which follows from pool and name. */
export function wirePoolWorker(row: WorkerRow, pool: WorkPoolRow): PoolWorker {
  return {
    id: uuidV5(`worker\n${row.name}`, pool.id),
    created: instant(row.startedAt),
    updated: instant(row.lastHeartbeatAt),
    name: row.name,
    work_pool_id: pool.id,
    last_heartbeat_time: instant(row.lastHeartbeatAt),
    heartbeat_interval_seconds: 2,
    status: row.status === 'offline' ? 'OFFLINE' : 'ONLINE',
  };
}
