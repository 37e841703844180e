import {
  type BusinessDate,
  BusinessDateSchema,
  ChampionError,
  type DatasetDefinition,
  type ErrorRecord,
  fromErrorRecord,
  type Slice,
  type Snapshot,
  toErrorRecord,
} from '@champion/core';
import type { TaskContext } from '@champion/engine';
import type { Lake, TableAddress } from '@champion/lake';
import type pl from 'nodejs-polars';
import type { FailedSlice, Request, Step } from './references.ts';
import type { Services } from './services.ts';
import { recordingFailure } from './session-record.ts';
import { Staging } from './staging.ts';

export type Dataset = DatasetDefinition<pl.DataFrame>;

/** What a step of an ingest flow works with: one slice of one dataset on one day, in one run. */
export interface Session {
  readonly dataset: Dataset;
  readonly slice: Slice;
  readonly services: Services;
  readonly request: Request;
  readonly date: BusinessDate;
  readonly lake: Lake;
  readonly staging: Staging;
  readonly task: TaskContext;
  /** Whether the task will be tried again should it fail. */
  readonly again: boolean;
}

/** The part of a table's day that is one snapshot's, so that snapshots of a day stand beside each other. */
export function partOf(name: string, snapshot: Snapshot | null | undefined): string {
  return snapshot ? `${name}.${snapshot.time.slice(11, 19).replaceAll(':', '')}` : name;
}

/** Where a table's file of this slice is. */
export function addressOf(
  { dataset, date }: Session,
  layer: TableAddress['layer'],
  table: string,
  part: string,
): TableAddress {
  return { layer, table, date, part, partition: dataset.per === 'session' ? 'trade_date' : 'as_of' };
}

/**
 * Does a step for each slice and goes on where one fails, so that it does not take the others with it. What failed is
 * recorded for its slice and handed on; the run ends with it. When all fail, the task does.
 * @param again whether the task will be tried again: then a failure that trying again may mend is thrown at once
 */
export async function forEachSlice<In extends { readonly slice: string }, Out>(
  {
    dataset,
    services,
    task,
    again = false,
  }: { dataset: Dataset; services: Services; task: TaskContext; again?: boolean },
  { request, slices, failed }: Step<In>,
  step: (input: In, session: Session) => Promise<Out>,
): Promise<Step<Out>> {
  const date = BusinessDateSchema.parse(request.trade_date);
  const lake = await services.lake(request.output_base_path ?? undefined);
  const staging = new Staging(lake, task.flowRunId);
  const known = dataset.slices(date, request.parameters);
  const done: Out[] = [];
  const failures: FailedSlice[] = [];
  for (const input of slices) {
    const slice = known.find(({ name }) => name === input.slice);
    if (!slice) throw new RangeError(`${dataset.name} has no slice ${input.slice} on ${date}`);
    const session: Session = { dataset, slice, services, request, date, lake, staging, task, again };
    try {
      done.push(await recordingFailure(session, () => step(input, session)));
    } catch (error) {
      const record = toErrorRecord(error);
      if (task.signal.aborted || slices.length === 1 || (again && record.retry !== 'never')) throw error;
      task.log.error(`${slice.name}: ${record.message}`, { code: record.code });
      failures.push({ slice: slice.name, error: record });
    }
  }
  if (done.length === 0 && failures.length > 0) throw failureOf(failures, slices.length);
  return { request, slices: done, failed: [...failed, ...failures] };
}

/** One error for a run of which some slices failed. */
export function failureOf(failed: readonly FailedSlice[], all: number): ChampionError {
  const [first] = failed;
  const record: ErrorRecord | undefined = first?.error;
  if (!record || failed.length + all === 1)
    return fromErrorRecord(record ?? toErrorRecord(new Error('nothing failed')));
  const said = failed.map(({ slice, error }) => `${slice}: ${error.message}`).join('; ');
  return new ChampionError(`${failed.length} of ${all} parts failed: ${said}`, {
    code: record.code,
    ...(record.hint === undefined ? {} : { hint: record.hint }),
    context: { failed: failed.map(({ slice, error }) => ({ slice, code: error.code, context: error.context })) },
  });
}
