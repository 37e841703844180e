import { type BusinessDate, BusinessDateSchema, type DatasetDefinition } from '@champion/core';
import type { TaskContext } from '@champion/engine';
import type { Lake } from '@champion/lake';
import type pl from 'nodejs-polars';
import type { Services } from './services.ts';
import { recordingFailure } from './session-record.ts';
import { Staging } from './staging.ts';

/** What a step of an ingest flow works with: one dataset, one session, one run. */
export interface Session {
  readonly dataset: DatasetDefinition<pl.DataFrame>;
  readonly services: Services;
  readonly date: BusinessDate;
  readonly lake: Lake;
  readonly staging: Staging;
  readonly task: TaskContext;
}

/** Where a session's files are: enough to open it again in another process. */
export interface SessionReference {
  readonly trade_date: string;
  /** Lake folder chosen for this run; null is the configured one. */
  readonly output_base_path: string | null;
}

/** Opens a session for one task, and records the outcome when the step fails with one. */
export async function inSession<T>(
  dataset: Session['dataset'],
  services: Services,
  at: SessionReference,
  task: TaskContext,
  step: (session: Session) => Promise<T>,
): Promise<T> {
  const date = BusinessDateSchema.parse(at.trade_date);
  const lake = await services.lake(at.output_base_path ?? undefined);
  const staging = new Staging(lake, task.flowRunId);
  const session = { dataset, services, date, lake, staging, task };
  return recordingFailure(session, () => step(session));
}
