import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient, Error as DBOSErrors, DBOSWorkflowConflictError, type DLogger } from '@dbos-inc/dbos-sdk';
import { registerInternalQueue } from '@dbos-inc/dbos-sdk/eventreceiver';
import type pg from 'pg';
import type { InternalLog, LogLevel } from './events.ts';

// The only file that knows DBOS. A flow run is one DBOS workflow with the run's id; a task call is one step of it.

/** What a run needs to be run again from its beginning, in any process. */
export interface WorkflowInput {
  readonly flowName: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly parentFlowRunId?: string;
}

/** What DBOS keeps of a completed run; enough to restore its record. */
export interface WorkflowOutput {
  readonly result: unknown;
  readonly stateName: string;
  readonly message?: string;
}

export interface StartedWorkflow {
  /** The id asked for, unless a restart has kept a child that an earlier run started. */
  readonly id: string;
  /** Resolves when DBOS has written the outcome; never rejects. */
  readonly written: () => Promise<void>;
}

export type WorkflowFate =
  | { readonly status: 'active' }
  | { readonly status: 'completed'; readonly output: WorkflowOutput }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'cancelled' }
  | { readonly status: 'exhausted' };

type Executor = (id: string, input: WorkflowInput) => Promise<WorkflowOutput>;

const SCHEMA = 'dbos';
/** Constant, so that a rebuilt product still resumes the runs of its predecessor. */
const APPLICATION_VERSION = '1';
const FATES_AT_ONCE = 500;
/** Time for DBOS to write the outcome of runs that are over. */
const FINISH_WRITES_MS = 5_000;

/**
 * Runs that this process takes over, or restarts from a task, go through a queue that only it serves: DBOS's own queue
 * for them is served by every process on the database, one that is about to stop included.
 */
const OWN_QUEUE = `champion-${randomUUID()}`;

let executor: Executor | undefined;

/**
 * One workflow for all flows. DBOS takes registrations once, before its launch, and can't recover a workflow it does not
 * know; this way flows come and go with the engine, and a run of a flow that is no more ends with a clear error.
 */
const flowWorkflow = DBOS.registerWorkflow(
  async (input: WorkflowInput): Promise<WorkflowOutput> => {
    const id = DBOS.workflowID;
    if (executor === undefined || id === undefined) throw new Error('A flow run was started without an engine');
    return executor(id, input);
  },
  { name: 'flow' },
);

export async function launch(options: {
  databaseUrl: string;
  execute: Executor;
  internalLog: InternalLog;
}): Promise<void> {
  executor = options.execute;
  DBOS.setConfig({
    name: 'champion',
    systemDatabaseUrl: withIdleTransactionLimit(options.databaseUrl),
    systemDatabaseSchemaName: SCHEMA,
    applicationVersion: APPLICATION_VERSION,
    // Another at each launch: who goes on with a dead process's runs is for the records to say, not for a name.
    executorID: randomUUID(),
    logger: quietLogger(options.internalLog),
  });
  registerInternalQueue(OWN_QUEUE);
  try {
    await DBOS.launch();
  } catch (error) {
    await shutdown({ finish: false });
    throw error;
  }
}

/** DBOS would set this by a query of its own on each new connection, in a way that pg warns about on the terminal. */
function withIdleTransactionLimit(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', `${given ?? ''} -c idle_in_transaction_session_timeout=60000`.trim());
  return url.href;
}

/** @param options.finish whether all runs here are over, so that waiting for DBOS's last writes makes sense */
export async function shutdown(options: { finish: boolean }): Promise<void> {
  await DBOS.shutdown(options.finish ? { workflowCompletionTimeoutMS: FINISH_WRITES_MS } : {});
  executor = undefined;
}

/**
 * Starts a run unless there is one with this id. From inside a flow it becomes a child of that run; the step number is
 * taken before the first await, so concurrent calls number alike on every replay.
 * @returns once the run is durable
 */
export async function start(id: string, input: WorkflowInput): Promise<StartedWorkflow> {
  const handle = await DBOS.startWorkflow(flowWorkflow, { workflowID: id })(input);
  // The outcome reaches the caller through the run records, a failure included.
  const ignore = () => undefined;
  return { id: handle.workflowID, written: () => handle.getResult().then(ignore, ignore) };
}

/** Goes on, in this process and within about a second, with runs that another process had. Those that ended stay ended. */
export async function takeOver(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await DBOS.resumeWorkflows([...ids], { queueName: OWN_QUEUE });
}

/**
 * Begins, in this process, a run that keeps the results which another run had before one of its steps. Nothing happens
 * when there is a run with this id.
 * @param from the name of a step, or the id of a child run, from which on everything runs again
 * @returns false when that run has no such step, or is not known any more
 */
export async function restart(id: string, origin: string, from: string): Promise<boolean> {
  if ((await fates([id])).has(id)) return true;
  const steps = (await DBOS.listWorkflowSteps(origin)) ?? [];
  const first = steps.find((step) => step.name === from || step.childWorkflowID === from);
  if (first === undefined) return false;
  await DBOS.forkWorkflow(origin, first.functionID, { newWorkflowID: id, queueName: OWN_QUEUE });
  return true;
}

/** Removes what is kept of ended runs. Works in processes without an engine too. */
export async function forget(databaseUrl: string, pool: pg.Pool, ids: readonly string[]): Promise<void> {
  // On a database where no flow ever ran, there is nothing to forget, nor where it would be.
  const { rows } = await pool.query<{ exists: boolean }>(
    `SELECT to_regclass('${SCHEMA}.workflow_status') IS NOT NULL AS exists`,
  );
  if (ids.length === 0 || rows[0]?.exists !== true) return;
  const client = await DBOSClient.create({
    systemDatabaseUrl: databaseUrl,
    systemDatabasePool: pool,
    systemDatabaseSchemaName: SCHEMA,
  });
  try {
    await client.deleteWorkflows([...ids]);
  } finally {
    await client.destroy();
  }
}

/**
 * Runs `work` as the next step of the current run, or returns what it returned before a crash. Numbered synchronously.
 * @param work gets the signal that fires when another process cancels the run
 */
export function step<Output>(name: string, work: (cancelled: AbortSignal) => Promise<Output>): Promise<Output> {
  return DBOS.runStep(
    () => {
      const status = DBOS.stepStatus;
      if (status === undefined) throw new Error(`Step ${name} runs outside a flow run`);
      return work(status.cancelSignal);
    },
    { name },
  );
}

export async function cancel(id: string): Promise<void> {
  await DBOS.cancelWorkflow(id);
}

/** What became of runs; those that DBOS does not know are missing. */
export async function fates(ids: readonly string[]): Promise<Map<string, WorkflowFate>> {
  const found = new Map<string, WorkflowFate>();
  for (let from = 0; from < ids.length; from += FATES_AT_ONCE) {
    const workflowIDs = ids.slice(from, from + FATES_AT_ONCE);
    for (const workflow of await DBOS.listWorkflows({ workflowIDs, loadInput: false })) {
      found.set(workflow.workflowID, fate(workflow.status, workflow.output, workflow.error));
    }
  }
  return found;
}

function fate(status: string, output: unknown, error: unknown): WorkflowFate {
  if (status === 'SUCCESS') return { status: 'completed', output: output as WorkflowOutput };
  if (status === 'ERROR') return { status: 'failed', error };
  if (status === 'CANCELLED') return { status: 'cancelled' };
  if (status === 'MAX_RECOVERY_ATTEMPTS_EXCEEDED') return { status: 'exhausted' };
  return { status: 'active' };
}

/** Another process has taken the run over; this one must leave it alone. */
export function isOwnershipLost(error: unknown): boolean {
  return error instanceof DBOSWorkflowConflictError;
}

/** The run was cancelled in the database. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DBOSErrors.DBOSWorkflowCancelledError;
}

/** What DBOS warns of when a run was cancelled or taken over, which we know and have said ourselves. */
const EXPECTED_WARNING = /Waiting for the (owner's )?recorded outcome/;

/** DBOS's own log is about its inner life, and repeats each failure of a run; none of it is for the product's terminal. */
function quietLogger(internalLog: InternalLog): DLogger {
  const at = (level: LogLevel) => (entry: unknown) => {
    const message = String(entry);
    internalLog(EXPECTED_WARNING.test(message) ? 'debug' : level, `dbos: ${message}`);
  };
  return { debug: at('debug'), info: at('debug'), warn: at('warn'), error: at('debug') };
}
