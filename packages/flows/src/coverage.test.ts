import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusinessDate, businessDate, fixedClock, type Slice, TradingCalendar } from '@champion/core';
import { bhavcopy } from '@champion/datasets';
import { type Lake, type NewManifestEntry, openLake } from '@champion/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillRecord } from './backfill-record.ts';
import { selectSessions } from './backfill-selection.ts';
import { type CoverageRequest, coverage } from './coverage.ts';
import type { Dataset } from './session.ts';

const d = businessDate;
// Friday 2024-07-12, in the afternoon in India: the last published session is the day before.
const clock = fixedClock('2024-07-12T15:00:00+05:30');
const calendar = new TradingCalendar();
let folder = '';
let lake: Lake;

/** Two slices, the second since 2024-07-09. */
const deals: Dataset = {
  ...bhavcopy,
  name: 'deals',
  slices: (date) => {
    const names = date < '2024-07-09' ? ['bulk'] : ['bulk', 'block'];
    const [template] = bhavcopy.slices(date, {}) as [Slice];
    return names.map((name) => ({ ...template, name }));
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'champion-coverage-'));
  lake = await openLake(folder, { clock });
  const put = (dataset: string, date: string, rest: Omit<NewManifestEntry, 'dataset' | 'date' | 'revisions'>) =>
    lake.manifest.put({ dataset, date: d(date), revisions: [], ...rest });
  const loaded: Omit<NewManifestEntry, 'dataset' | 'date' | 'revisions'> = {
    outcome: 'LOADED',
    rows_loaded: 7,
    rows_quarantined: 1,
    current_revision: 2,
    anomalies: [],
  };
  await put('bulk', '2024-07-04', { ...loaded, loaded_to_warehouse: true });
  await put('bulk', '2024-07-08', { ...loaded, loaded_to_warehouse: false });
  await put('bulk', '2024-07-09', { ...loaded, loaded_to_warehouse: true });
  await put('block', '2024-07-09', { outcome: 'MISSING', message: 'no file', flow_run_id: 'run' });
  await put('bulk', '2024-07-10', { outcome: 'BLOCKED', message: 'refused' });
  await put('block', '2024-07-10', { outcome: 'CORRUPT', message: 'another day' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const look = (request: Partial<CoverageRequest> = {}) =>
  coverage({ calendar, clock, lake: async () => lake }, { dataset: deals, ...request });
const told = async (request: Partial<CoverageRequest> = {}) =>
  (await look(request)).slices.map(({ trade_date, slice, outcome }) => `${trade_date.slice(8)} ${slice} ${outcome}`);

describe('coverage', () => {
  it('tells each session and slice, from the first that was tried to the last published one', async () => {
    expect(await told()).toEqual([
      '04 bulk LOADED',
      '05 bulk NEVER_TRIED',
      '08 bulk LOADED',
      '09 bulk LOADED',
      '09 block MISSING',
      '10 bulk BLOCKED',
      '10 block CORRUPT',
      '11 bulk NEVER_TRIED',
      '11 block NEVER_TRIED',
    ]);
    expect(await look()).toMatchObject({
      from: '2024-07-04',
      to: '2024-07-11',
      counts: { LOADED: 3, NEVER_TRIED: 3, MISSING: 1, BLOCKED: 1, CORRUPT: 1 },
    });
  });

  it('has the particulars of each', async () => {
    const { slices } = await look({ from: d('2024-07-08'), to: d('2024-07-09') });
    expect(slices).toEqual([
      {
        slice: 'bulk',
        trade_date: '2024-07-08',
        outcome: 'LOADED',
        in_warehouse: false,
        rows: 7,
        quarantined: 1,
        anomalies: 0,
        revision: 2,
        updated_at: '2024-07-12T09:30:00.000Z',
        message: null,
        flow_run_id: null,
      },
      expect.objectContaining({ trade_date: '2024-07-09', in_warehouse: true }),
      {
        slice: 'block',
        trade_date: '2024-07-09',
        outcome: 'MISSING',
        in_warehouse: false,
        rows: null,
        quarantined: null,
        anomalies: null,
        revision: null,
        updated_at: '2024-07-12T09:30:00.000Z',
        message: 'no file',
        flow_run_id: 'run',
      },
    ]);
  });

  it('of one slice leaves the others out', async () => {
    expect(await told({ slice: 'block' })).toEqual(['09 block MISSING', '10 block CORRUPT', '11 block NEVER_TRIED']);
  });

  it('knows what cannot be there yet, and what is no session', async () => {
    expect(await told({ slice: 'bulk', from: d('2024-07-12'), to: d('2024-07-17') })).toEqual([
      '12 bulk NOT_PUBLISHED_YET',
      '15 bulk NOT_PUBLISHED_YET',
      '16 bulk NOT_PUBLISHED_YET',
    ]);
  });

  it('of a dataset that was never tried begins with the month', async () => {
    const { from, to, counts } = await look({ dataset: bhavcopy });
    expect({ from, to, counts }).toEqual({ from: '2024-07-01', to: '2024-07-11', counts: { NEVER_TRIED: 9 } });
  });

  it('lists the manifest once per slice, however many sessions there are', async () => {
    const listed: string[] = [];
    const counting: Lake = {
      ...lake,
      manifest: {
        get: () => expect.unreachable(),
        put: () => expect.unreachable(),
        recentRowCounts: () => expect.unreachable(),
        previousLoaded: () => expect.unreachable(),
        list: (slice, range) => {
          listed.push(slice);
          return lake.manifest.list(slice, range);
        },
      },
    };
    const { sessions } = await coverage(
      { calendar, clock, lake: async () => counting },
      { dataset: deals, from: d('2004-01-01') },
    );
    expect(sessions.length).toBeGreaterThan(5_000);
    expect(listed.sort()).toEqual(['block', 'bulk']);
  });
});

describe('the sessions that a backfill asks for', () => {
  const select = async (...[only, unfinished]: [only: 'missing' | 'failed' | 'all', unfinished?: BackfillRecord]) =>
    selectSessions(await look(), only, unfinished).map((date: BusinessDate) => date.slice(8));

  it('missing: those of which a slice is not in lake and warehouse', async () => {
    expect(await select('missing')).toEqual(['05', '08', '09', '10', '11']);
  });

  it('failed: of those, what was tried', async () => {
    expect(await select('failed')).toEqual(['08', '09', '10']);
  });

  it('all: each of them, and after an interruption those that it had not come to', async () => {
    expect(await select('all')).toEqual(['04', '05', '08', '09', '10', '11']);
    const begun = (started_at: string): BackfillRecord => ({
      id: 'x',
      flow: 'x',
      from: d('2024-07-04'),
      to: d('2024-07-11'),
      only: 'all',
      concurrency: 2,
      state: 'running',
      sessions: 6,
      done: 1,
      attempts: 1,
      failures: [],
      started_at,
      updated_at: started_at,
    });
    expect(await select('all', begun('2024-07-12T09:00:00.000Z'))).toEqual(['05', '08', '09', '10', '11']);
    expect(await select('all', begun('2024-07-12T10:00:00.000Z'))).toHaveLength(6);
  });
});
