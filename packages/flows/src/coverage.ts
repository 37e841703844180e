import { type BusinessDate, type Outcome, outcomeOfCode, type Slice } from '@champion/core';
import type { Lake, ManifestEntry } from '@champion/lake';
import { z } from 'zod';
import { latestPublished, tooEarly } from './publication.ts';
import type { Services } from './services.ts';
import type { Dataset } from './session.ts';

/** What the lake knows of one slice on one session. */
export interface SliceCoverage {
  readonly slice: string;
  readonly trade_date: BusinessDate;
  /** NEVER_TRIED: nobody has asked for it, or no answer came. Without a try, a session still to come is NOT_PUBLISHED_YET. */
  readonly outcome: Exclude<Outcome, 'NO_SESSION'> | 'NEVER_TRIED';
  /** Its rows are in the warehouse as well. */
  readonly in_warehouse: boolean;
  readonly rows: number | null;
  readonly quarantined: number | null;
  readonly anomalies: number | null;
  /** The file whose rows are there, 1 for the first that the exchange served; null while none is. */
  readonly revision: number | null;
  /** Instant, ISO 8601; null when it was never tried. */
  readonly updated_at: string | null;
  /** Why it is not loaded. */
  readonly message: string | null;
  /** The run that said so. */
  readonly flow_run_id: string | null;
}

export interface Coverage {
  readonly dataset: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  /** Sessions of the span. Days on which the exchange was closed are no part of it. */
  readonly sessions: readonly BusinessDate[];
  /** One for each session and slice, by date and then in the dataset's order. */
  readonly slices: readonly SliceCoverage[];
  /** How many of `slices` have each outcome; outcomes that none has are left out. */
  readonly counts: Readonly<Partial<Record<SliceCoverage['outcome'], number>>>;
}

export interface CoverageRequest {
  readonly dataset: Dataset;
  /** Only this slice. */
  readonly slice?: string | undefined;
  /** Default: the first session that was ever tried, or the first one of `to`'s month. */
  readonly from?: BusinessDate | undefined;
  /** Default: the last session that should be published. */
  readonly to?: BusinessDate | undefined;
  /** Where `from` is not given: only the latest so many sessions. */
  readonly mostSessions?: number;
}

type Reading = Pick<Services, 'calendar' | 'clock' | 'lake'>;

/** Which sessions of a span are there, slice by slice, and why the others are not. Reads each manifest entry once. */
export async function coverage(services: Reading, request: CoverageRequest): Promise<Coverage> {
  const { calendar, clock } = services;
  const { dataset } = request;
  const to = request.to ?? latestPublished(dataset, calendar, clock);
  const entries = new Entries(await services.lake(undefined), { ...request, to });
  const first = request.from ?? (await entries.firstDate(slicesOn(dataset, to, request.slice))) ?? monthOf(to);
  const all = calendar.sessions(first, to);
  const sessions = request.from === undefined ? all.slice(-(request.mostSessions ?? all.length)) : all;
  const from = sessions.length < all.length ? (sessions[0] ?? first) : first;
  const slices: SliceCoverage[] = [];
  const counts: Partial<Record<SliceCoverage['outcome'], number>> = {};
  for (const date of sessions) {
    for (const slice of slicesOn(dataset, date, request.slice)) {
      const entry = await entries.get(slice, date);
      const found = entry ? asCovered(entry) : untried(slice, date, tooEarly(dataset, date, clock)?.message);
      slices.push(found);
      counts[found.outcome] = (counts[found.outcome] ?? 0) + 1;
    }
  }
  return { dataset: dataset.name, from, to, sessions, slices, counts };
}

/** The rows are where people ask for them. */
export function isThere({ outcome, in_warehouse }: SliceCoverage): boolean {
  return outcome === 'LOADED' && in_warehouse;
}

/** Names of the slices that a run with default parameters is made of. */
export function slicesOn(dataset: Dataset, date: BusinessDate, only?: string): string[] {
  const names = defaultSlices(dataset, date).map(({ name }) => name);
  return only === undefined ? names : names.filter((name) => name === only);
}

/** The slices that a run with default parameters is made of. */
export function defaultSlices(dataset: Dataset, date: BusinessDate): readonly Slice[] {
  let parameters = defaults.get(dataset);
  if (parameters === undefined) {
    parameters = z.object(dataset.parameters ?? {}).parse({});
    defaults.set(dataset, parameters);
  }
  return dataset.slices(date, parameters);
}

/** Default parameters by dataset: a coverage asks for them session by session. */
const defaults = new WeakMap<Dataset, Readonly<Record<string, unknown>>>();

/** The manifest's entries of the span, all of a slice's read at its first mention. */
class Entries {
  readonly #lake: Lake;
  readonly #range: { from?: BusinessDate; to: BusinessDate };
  readonly #bySlice = new Map<string, Promise<Map<BusinessDate, ManifestEntry>>>();

  constructor(lake: Lake, { from, to }: { from?: BusinessDate | undefined; to: BusinessDate }) {
    this.#lake = lake;
    this.#range = { ...(from === undefined ? {} : { from }), to };
  }

  async get(slice: string, date: BusinessDate): Promise<ManifestEntry | undefined> {
    return (await this.#of(slice)).get(date);
  }

  async firstDate(slices: readonly string[]): Promise<BusinessDate | undefined> {
    const firsts = await Promise.all(slices.map(async (slice) => (await this.#of(slice)).keys().next().value));
    return firsts.filter((date) => date !== undefined).sort()[0];
  }

  #of(slice: string): Promise<Map<BusinessDate, ManifestEntry>> {
    let entries = this.#bySlice.get(slice);
    if (entries === undefined) {
      entries = this.#lake.manifest
        .list(slice, this.#range)
        .then((list) => new Map(list.map((entry) => [entry.date, entry])));
      this.#bySlice.set(slice, entries);
    }
    return entries;
  }
}

function asCovered(entry: ManifestEntry): SliceCoverage {
  const loaded = entry.outcome === 'LOADED';
  return {
    slice: entry.dataset,
    trade_date: entry.date,
    // The manifest is of sessions that were tried; no flow writes NO_SESSION there.
    outcome: loaded ? 'LOADED' : ((outcomeOfCode(entry.outcome) ?? 'NEVER_TRIED') as SliceCoverage['outcome']),
    in_warehouse: entry.loaded_to_warehouse ?? false,
    rows: loaded ? (entry.rows_loaded ?? null) : null,
    quarantined: loaded ? (entry.rows_quarantined ?? null) : null,
    anomalies: loaded ? (entry.anomalies?.length ?? null) : null,
    revision: entry.current_revision ?? null,
    updated_at: entry.updated_at,
    message: entry.message ?? null,
    flow_run_id: entry.flow_run_id ?? null,
  };
}

function untried(slice: string, date: BusinessDate, tooEarlyBecause: string | undefined): SliceCoverage {
  return {
    slice,
    trade_date: date,
    outcome: tooEarlyBecause === undefined ? 'NEVER_TRIED' : 'NOT_PUBLISHED_YET',
    in_warehouse: false,
    rows: null,
    quarantined: null,
    anomalies: null,
    revision: null,
    updated_at: null,
    message: tooEarlyBecause ?? null,
    flow_run_id: null,
  };
}

function monthOf(date: BusinessDate): BusinessDate {
  return `${date.slice(0, 7)}-01` as BusinessDate;
}
