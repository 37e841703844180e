import { addDays, type BusinessDate, ChampionError, type ErrorRecord } from '@champion/core';
import { drive, type Ended, failedParts } from './backfill-drive.ts';
import { BackfillLog, type BackfillProgress } from './backfill-log.ts';
import type { BackfillRecord, BackfillSelection } from './backfill-record.ts';
import { groupBySession, selectSessions } from './backfill-selection.ts';
import { coverage, isThere, type SliceCoverage } from './coverage.ts';
import { latestPublished } from './publication.ts';
import type { RunsPort } from './runs-port.ts';
import type { Services } from './services.ts';
import type { Dataset } from './session.ts';

export interface BackfillRequest {
  readonly dataset: Dataset;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  /**
   * missing: not loaded in lake and warehouse; failed: those of them that were tried; all: loaded ones as well, to find
   * what the exchange has corrected.
   */
  readonly only: BackfillSelection;
  /** Sessions at work at the same time. */
  readonly concurrency: number;
  /** Ends it early: runs under way are cancelled. */
  readonly signal?: AbortSignal;
  /** Leaves it at work: its runs go on, its record says so, and `backfill` throws the signal's reason. */
  readonly leave?: AbortSignal;
  /** Of a server: what tells this beginning's runs from earlier ones'. Kept in the record. */
  readonly runKey?: string;
  /** Called before the first session and after each. */
  readonly onProgress?: (progress: BackfillProgress) => void;
}

/** A slice that was asked for and is not there, or whose run failed. */
export interface BackfillGap {
  readonly trade_date: BusinessDate;
  readonly slice: string;
  /** LOADED: an earlier run's rows are there, and this one failed. A code that is no outcome: no answer came. */
  readonly outcome: SliceCoverage['outcome'] | ErrorRecord['code'];
  readonly message: string;
  readonly flow_run_id: string | null;
}

export interface BackfillReport {
  readonly id: string;
  readonly state: BackfillRecord['state'];
  /** Why it ended early; null when it did not. */
  readonly message: string | null;
  /** Sessions of the span that should be published. */
  readonly sessions: number;
  /** Sessions run by this process. */
  readonly ran: number;
  /** The last session that should be published. */
  readonly last_published: BusinessDate;
  /** Sessions of the span after it, for which nobody was asked. */
  readonly not_published: number;
  /** Sessions that `failed` passed over because nobody ever tried them. */
  readonly never_tried: number;
  /** By date. Empty: everything that was asked for is there. */
  readonly gaps: readonly BackfillGap[];
}

/**
 * Runs a dataset's flow for each session of a span that is wanted, each a durable run of its own. The lake's manifest is
 * what it goes by, so that after any interruption the same request goes on with what is left. Let runs that a killed
 * predecessor left (`engine.recovered`) end first: they hold sessions that may be wanted.
 * @throws ChampionError INVALID_INPUT for a span that ends before it begins, or a dataset that has no past
 */
export async function backfill(services: Services, runs: RunsPort, request: BackfillRequest): Promise<BackfillReport> {
  checkRequest(request);
  const { dataset, from, only } = request;
  const { calendar, clock } = services;
  const lake = await services.lake(undefined);
  const lastPublished = latestPublished(dataset, calendar, clock);
  const to = request.to < lastPublished ? request.to : lastPublished;
  const look = () => coverage(services, { dataset, from, to });

  const before = await look();
  const log = await BackfillLog.open(lake, { ...request, flow: dataset.flow.name }, () => clock.now().toISOString());
  const dates = selectSessions(before, only, log.unfinished);
  await log.begin(dates.length);
  request.onProgress?.(log.progress());
  const failures = new Map<BusinessDate, Ended>();
  const stopped = await drive(runs, {
    flowName: dataset.flow.name,
    dates,
    concurrency: request.concurrency,
    signal: request.signal,
    leave: request.leave,
    onEnded: async (ended) => {
      if (ended.outcome.state !== 'COMPLETED') failures.set(ended.trade_date, ended);
      const recorded = log.ended(ended);
      request.onProgress?.(log.progress(ended));
      await recorded;
    },
  });

  const after = groupBySession(await look());
  const asked = only === 'failed' ? dates : before.sessions;
  const gaps = asked.flatMap((date) => gapsOf(after.get(date) ?? [], failures.get(date)));
  const state = stopped !== undefined ? 'paused' : gaps.length === 0 ? 'completed' : 'incomplete';
  await log.end(state, stopped);
  const untried = (date: BusinessDate) => after.get(date)?.some(({ updated_at }) => updated_at === null) === true;
  return {
    id: log.id,
    state,
    message: stopped ?? null,
    sessions: before.sessions.length,
    ran: log.progress().ran,
    last_published: lastPublished,
    not_published: calendar.sessions(from > lastPublished ? from : addDays(lastPublished, 1), request.to).length,
    never_tried: only === 'failed' ? before.sessions.filter(untried).length : 0,
    gaps,
  };
}

/** @throws ChampionError INVALID_INPUT for a span that ends before it begins, or a dataset that has no past */
function checkRequest({ dataset, from, to }: BackfillRequest): void {
  if (dataset.per === 'day' || dataset.latestOnly) {
    throw new ChampionError(`the exchange publishes only the present state of the ${dataset.title}`, {
      code: 'INVALID_INPUT',
      hint: `There is nothing to backfill: run it today with champion flow run ${dataset.flow.name}, or import older files.`,
      context: { dataset: dataset.name },
    });
  }
  if (from > to) {
    throw new ChampionError(`the span from ${from} to ${to} ends before it begins`, {
      code: 'INVALID_INPUT',
      hint: `Exchange the two: from ${to} to ${from}.`,
    });
  }
}

/** What is not there of a session, and why: the run of this backfill knows best, then the manifest. */
function gapsOf(slices: readonly SliceCoverage[], failure: Ended | undefined): BackfillGap[] {
  const run = failure?.outcome;
  const parts = failedParts(run?.error?.context ?? {}).map(({ slice }) => slice);
  const failedHere = (slice: string) => run !== undefined && (parts.length === 0 || parts.includes(slice));
  return slices
    .filter((slice) => !isThere(slice) || failedHere(slice.slice))
    .map((slice): BackfillGap => {
      const { trade_date, slice: name, outcome } = slice;
      const known = { trade_date, slice: name, outcome, flow_run_id: slice.flow_run_id };
      if (run === undefined || !failedHere(name) || (slice.flow_run_id === run.id && slice.message !== null)) {
        return { ...known, message: slice.message ?? whyNotThere(slice) };
      }
      const message = run.error?.message ?? run.message ?? `its run ended ${run.stateName}`;
      return {
        ...known,
        outcome: outcome === 'LOADED' ? outcome : (run.error?.code ?? outcome),
        message: isThere(slice) ? `kept as it was before; asked again: ${message}` : message,
        flow_run_id: run.id,
      };
    });
}

function whyNotThere({ outcome }: SliceCoverage): string {
  return outcome === 'LOADED' ? 'in the lake, but not in the warehouse' : 'not tried';
}
