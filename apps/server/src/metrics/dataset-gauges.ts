import { stat } from 'node:fs/promises';
import { addDays, businessDate, instantAt, median, today } from '@champion/core';
import { type Dataset, slicesOn } from '@champion/flows';
import type { Lake, ManifestEntry } from '@champion/lake';
import { Gauge, type Registry } from 'prom-client';
import { freshnessOf } from '../http/data/freshness.ts';
import { type LastLoaded, lastLoaded } from '../http/data/loaded.ts';
import type { Collector } from './collectors.ts';
import type { MetricsParts } from './parts.ts';

const EVERY_MS = 15_000;
/** Sessions whose median is what is expected, as the glossary has it. */
const USUAL_SESSIONS = 20;

type Market = Pick<MetricsParts, 'services' | 'datasets'>;

/** What is there of each dataset, by the lake's manifest: how fresh, how much and how good. */
export function datasetCollector(registry: Registry, { services, datasets }: Market): Collector {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['dataset'], registers: [registry] });
  const stale = gauge(
    'champion_dataset_staleness_seconds',
    "For how long a dataset has lacked what should be there by the exchange's calendar and its time of publication; 0: nothing is missing",
  );
  const day = gauge(
    'champion_dataset_loaded_day_timestamp_seconds',
    'The day up to which every slice of a dataset is loaded: its beginning in India, Unix time',
  );
  const at = gauge('champion_dataset_last_load_timestamp_seconds', 'When a dataset was last loaded, Unix time');
  const rows = gauge('champion_dataset_rows', 'Rows of the day that was loaded last, all slices together');
  const expected = gauge(
    'champion_dataset_expected_rows',
    'Rows that a day usually has: the median of the 20 sessions before the last, summed over the slices',
  );
  const filtered = gauge('champion_dataset_filtered_rows', 'Rows in quarantine of the day that was loaded last');
  const anomalies = gauge('champion_dataset_anomalies', 'Anomalies of the day that was loaded last');
  const passed = gauge(
    'champion_dataset_validation_pass_ratio',
    'Share of the rows of the day that was loaded last that broke no hard rule, 0 to 1',
  );
  const bytes = gauge('champion_dataset_file_bytes', 'Size of the silver files of the day that was loaded last');
  const gauges = [stale, day, at, rows, expected, filtered, anomalies, passed, bytes];
  return {
    name: 'datasets',
    everyMs: EVERY_MS,
    collect: async () => {
      const lake = await services.lake(undefined);
      const found = await Promise.all(
        datasets.map(async (dataset) => {
          const loaded = await lastLoaded(lake, dataset, services.clock);
          return { dataset, loaded, last: loaded && (await lastDay(lake, dataset, loaded, services)) };
        }),
      );
      for (const each of gauges) each.reset();
      for (const { dataset, loaded, last } of found) {
        const label = { dataset: dataset.name };
        stale.set(label, stalenessSeconds(dataset, loaded, services));
        if (loaded === null || last === null) continue;
        if (loaded.complete !== null) day.set(label, instantAt(loaded.complete, '00:00').getTime() / 1_000);
        at.set(label, new Date(loaded.at).getTime() / 1_000);
        rows.set(label, loaded.rows);
        if (last.expected !== undefined) expected.set(label, last.expected);
        filtered.set(label, last.filtered);
        anomalies.set(label, last.anomalies);
        passed.set(label, last.inFile === 0 ? 1 : Math.max(0, 1 - last.filtered / last.inFile));
        bytes.set(label, last.bytes);
      }
    },
    clear: () => {
      for (const each of gauges) each.reset();
    },
  };
}

/** Since when the first thing that is not there should have been. */
function stalenessSeconds(
  dataset: Dataset,
  loaded: LastLoaded | null,
  { calendar, clock }: Market['services'],
): number {
  const { trade_date: due, state } = freshnessOf(dataset, loaded, { calendar, clock });
  if (state === 'fresh' || due === null) return 0;
  // Of a dataset that was never there, nobody can say since when; then it is the last session that counts.
  const firstMissing = dataset.per === 'session' && loaded?.complete ? calendar.nextSession(loaded.complete) : due;
  const deadline = instantAt(businessDate(firstMissing), dataset.publication.deadline);
  return Math.max(0, (clock.now().getTime() - deadline.getTime()) / 1_000);
}

interface LastDay {
  readonly inFile: number;
  readonly filtered: number;
  readonly anomalies: number;
  readonly bytes: number;
  /** Undefined when there was no session before. */
  readonly expected: number | undefined;
}

async function lastDay(
  lake: Lake,
  dataset: Dataset,
  { trade_date }: LastLoaded,
  { clock }: Market['services'],
): Promise<LastDay> {
  const { manifest } = lake;
  const slices = await Promise.all(
    slicesOn(dataset, today(clock)).map(async (slice) => ({
      entry: await manifest.previousLoaded(slice, addDays(trade_date, 1)),
      usual: median(await manifest.recentRowCounts(slice, trade_date, USUAL_SESSIONS)),
    })),
  );
  const ofDay = slices.filter(({ entry }) => entry?.date === trade_date);
  const entries = ofDay.map(({ entry }) => entry).filter((entry): entry is ManifestEntry => entry !== undefined);
  const usual = ofDay.map((slice) => slice.usual).filter((rows) => rows !== undefined && rows !== null);
  const sum = (of: (entry: ManifestEntry) => number | undefined) =>
    entries.reduce((total, entry) => total + (of(entry) ?? 0), 0);
  const sizes = await Promise.all(entries.map(({ silver }) => (silver === undefined ? 0 : sizeOf(lake, silver))));
  return {
    inFile: sum(({ rows_in_file }) => rows_in_file),
    filtered: sum(({ rows_quarantined }) => rows_quarantined),
    anomalies: sum((entry) => entry.anomalies?.length),
    bytes: sizes.reduce((total, size) => total + size, 0),
    expected: usual.length === 0 ? undefined : usual.reduce((total, rows) => total + rows, 0),
  };
}

/** A file may be replaced, or its day withdrawn, between the look at the manifest and this one. */
async function sizeOf(lake: Lake, path: string): Promise<number> {
  try {
    return (await stat(lake.absolute(path))).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
