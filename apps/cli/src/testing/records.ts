import type { Deployment, Flow, FlowRun, FlowRunDetail, Schedule, TaskRunDetail, WorkQueue } from '@champion/contract';

// Records as a server tells them, with as much in them as a test may want to see again.

export const ID = '7781f905-47ff-435b-bc27-fcde9ed1a967';
const AT = '2026-01-12T12:30:00Z';
const stored = { id: ID, created: AT, updated: AT };

export function aFlow(name = 'nse-bhavcopy-etl'): Flow {
  return { ...stored, name, tags: [], labels: {}, description: 'End-of-day prices', parameters: {} };
}

export function aSchedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    ...stored,
    deployment_id: ID,
    schedule: { cron: '30 12 * * 1-5', timezone: 'UTC', day_or: true },
    active: true,
    max_scheduled_runs: null,
    parameters: {},
    slug: 'evening',
    calendar: { sessions: 'only' },
    catch_up: 'all',
    ...changes,
  };
}

export function aDeployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    ...stored,
    name: 'nse-bhavcopy-daily',
    version: '1.0.0',
    description: 'Each session at 18:00 IST',
    flow_id: ID,
    flow_name: 'nse-bhavcopy-etl',
    paused: false,
    schedules: [aSchedule()],
    concurrency_limit: null,
    global_concurrency_limit: null,
    concurrency_options: null,
    job_variables: {},
    parameters: { load_to_clickhouse: true },
    tags: ['nse'],
    labels: {},
    work_queue_name: 'default',
    work_queue_id: ID,
    work_pool_name: 'default',
    last_polled: AT,
    parameter_openapi_schema: { properties: { trade_date: {}, load_to_clickhouse: {} } },
    path: null,
    pull_steps: null,
    entrypoint: null,
    storage_document_id: null,
    infrastructure_document_id: null,
    created_by: null,
    updated_by: null,
    status: 'READY',
    enforce_parameter_schema: true,
    session_parameter: 'trade_date',
    ...changes,
  } as Deployment;
}

export function aRun(type: NonNullable<FlowRun['state_type']>, changes: Partial<FlowRunDetail> = {}): FlowRunDetail {
  const name = type.charAt(0) + type.slice(1).toLowerCase();
  return {
    ...stored,
    name: 'nse-bhavcopy-etl-2026-01-12',
    flow_id: ID,
    flow_name: 'nse-bhavcopy-etl',
    state_id: ID,
    deployment_id: ID,
    deployment_name: 'nse-bhavcopy-daily',
    deployment_version: '1.0.0',
    work_queue_id: ID,
    work_queue_name: 'default',
    work_pool_id: ID,
    work_pool_name: 'default',
    flow_version: null,
    parameters: { trade_date: '2026-01-12' },
    idempotency_key: null,
    context: {},
    empirical_policy: {},
    tags: [],
    labels: {},
    parent_task_run_id: null,
    parent_flow_run_id: null,
    state_type: type,
    state_name: name,
    run_count: 1,
    expected_start_time: AT,
    next_scheduled_start_time: null,
    start_time: AT,
    end_time: type === 'RUNNING' ? null : '2026-01-12T12:30:02Z',
    total_run_time: 2,
    estimated_run_time: 2,
    estimated_start_time_delta: 0,
    auto_scheduled: false,
    infrastructure_document_id: null,
    infrastructure_pid: null,
    created_by: null,
    job_variables: null,
    state: { id: ID, type, name, timestamp: AT, message: `${name}, says the state`, data: null, state_details: {} },
    worker_name: 'night-1',
    schedule_id: null,
    retry_of: null,
    restart_from: null,
    duration: 2,
    error: null,
    result: type === 'COMPLETED' ? { rows_loaded: 2900 } : null,
    logs: [],
    ...changes,
  };
}

export function aTask(name: string, changes: Partial<TaskRunDetail> = {}): TaskRunDetail {
  return {
    ...stored,
    id: '11111111-1111-4111-8111-111111111111',
    name,
    flow_run_id: ID,
    task_key: `${name}-0`,
    dynamic_key: '0',
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: {},
    tags: [],
    labels: {},
    state_id: ID,
    task_inputs: {},
    state_type: 'COMPLETED',
    state_name: 'Completed',
    run_count: 1,
    flow_run_run_count: 1,
    expected_start_time: AT,
    next_scheduled_start_time: null,
    start_time: AT,
    end_time: '2026-01-12T12:30:01Z',
    total_run_time: 1,
    estimated_run_time: 1,
    estimated_start_time_delta: 0,
    state: null,
    error: null,
    attempts: [],
    parents: [],
    result: null,
    ...changes,
  };
}

export function aQueue(changes: Partial<WorkQueue> = {}): WorkQueue {
  return {
    ...stored,
    name: 'default',
    description: null,
    is_paused: false,
    concurrency_limit: null,
    priority: 1,
    work_pool_id: ID,
    work_pool_name: 'default',
    filter: null,
    last_polled: AT,
    status: 'READY',
    active_slots: 0,
    rate_limit: null,
    counts: { scheduled: 3, late: 1, running: 2 },
    ...changes,
  };
}
