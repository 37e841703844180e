import { describe, expect, it } from 'vitest';
import { plainStyle } from '../output/style.ts';
import { createDisplay, type Screen } from './display.ts';
import { type Detail, renderRuns } from './render.ts';
import { type RunEvent, Tracker } from './tracker.ts';

const startedAt = Date.parse('2024-07-10T12:30:00Z');
const at = (ms: number) => new Date(startedAt + ms);
const run = {
  type: 'flow_run',
  flowRunId: 'run-1',
  flowName: 'nse-bhavcopy-etl',
  name: 'bhavcopy-etl-2024-07-10',
} as const;
const task = (name: string) =>
  ({
    type: 'task_run',
    flowRunId: 'run-1',
    taskRunId: `id-${name}`,
    name,
    dynamicKey: `${name}-0`,
    attempt: 1,
  }) as const;
const log = { type: 'log', flowRunId: 'run-1' } as const;

const events: RunEvent[] = [
  { ...run, state: { type: 'RUNNING', name: 'Running' }, at: at(0) },
  { ...task('scrape_bhavcopy'), state: { type: 'RUNNING', name: 'Running' }, at: at(5) },
  { ...log, taskRunId: 'id-scrape_bhavcopy', level: 'warn', message: 'Attempt 1 failed: 503', at: at(50) },
  { ...task('scrape_bhavcopy'), state: { type: 'SCHEDULED', name: 'AwaitingRetry' }, retryWaitMs: 500, at: at(51) },
  { ...task('scrape_bhavcopy'), attempt: 2, state: { type: 'RUNNING', name: 'Running' }, at: at(551) },
  { ...log, taskRunId: 'id-scrape_bhavcopy', level: 'info', message: '166222 bytes,\nrevision 1', at: at(600) },
  {
    ...task('scrape_bhavcopy'),
    attempt: 2,
    state: { type: 'COMPLETED', name: 'Completed' },
    durationMs: 600,
    at: at(605),
  },
  { ...task('parse_polars_raw'), state: { type: 'COMPLETED', name: 'Completed' }, replayed: true, at: at(606) },
  { ...task('normalize_polars'), state: { type: 'RUNNING', name: 'Running' }, at: at(607) },
  { ...log, taskRunId: 'id-normalize_polars', level: 'debug', message: 'not shown', at: at(608) },
];
const failure: RunEvent[] = [
  { ...log, taskRunId: 'id-normalize_polars', level: 'error', message: 'bad file', at: at(609) },
  {
    ...task('normalize_polars'),
    state: { type: 'FAILED', name: 'Failed' },
    durationMs: 1234,
    error: { code: 'CORRUPT', message: 'bad file', retry: 'never', context: {} },
    at: at(1841),
  },
  { ...run, state: { type: 'FAILED', name: 'Failed', message: 'bad file' }, at: at(1850) },
];

function shown(detail: Detail): string[] {
  let text = '';
  const screen: Screen = {
    write: (piece) => {
      text += piece;
    },
  };
  const display = createDisplay(screen, plainStyle, detail);
  for (const event of [...events, ...failure]) display.handle(event);
  display.stop();
  return text.split('\n');
}

describe('where nothing can be redrawn', () => {
  it('each task gets a line when it ends', () => {
    expect(shown('tasks')).toEqual([
      'bhavcopy-etl-2024-07-10',
      '  warn  scrape_bhavcopy: Attempt 1 failed: 503',
      '  ✓ scrape_bhavcopy       Completed     600 ms  166222 bytes,\\nrevision 1',
      '  ✓ parse_polars_raw      Completed before',
      '  error  normalize_polars: bad file',
      '  ✗ normalize_polars      Failed        1.23 s',
      '',
    ]);
  });

  it('or each run', () => {
    expect(shown('runs')).toEqual([
      '  warn  bhavcopy-etl-2024-07-10 scrape_bhavcopy: Attempt 1 failed: 503',
      '  ✗ bhavcopy-etl-2024-07-10  Failed        1.85 s  bad file',
      '',
    ]);
  });
});

describe('child runs', () => {
  const parent = { type: 'flow_run', flowRunId: 'parent', flowName: 'combined', name: 'combined-etl' } as const;
  const child = { ...run, parentFlowRunId: 'parent' } as const;
  const all: RunEvent[] = [
    { ...parent, state: { type: 'RUNNING', name: 'Running' }, at: at(0) },
    { ...child, state: { type: 'RUNNING', name: 'Running' }, at: at(1) },
    ...events.slice(1),
    ...failure.slice(0, 2),
    { ...child, state: { type: 'FAILED', name: 'Failed', message: 'bad file' }, at: at(1850) },
    { ...task('sum_up'), flowRunId: 'parent', state: { type: 'RUNNING', name: 'Running' }, at: at(1900) },
  ];
  const tracker = new Tracker();
  for (const event of all) tracker.apply(event);
  const view = { style: plainStyle, now: startedAt + 2_000, width: 100 };

  it('have a line each under their parent, beside its tasks', () => {
    expect(renderRuns(tracker.runs, { ...view, detail: 'tasks' })).toEqual([
      'combined-etl',
      '  ✗ bhavcopy-etl-2024-07-10  Failed        1.85 s  bad file',
      '  ▸ sum_up                   Running       100 ms',
    ]);
  });

  it('are counted where each run has one line', () => {
    const early = new Tracker();
    for (const event of all.slice(0, -1)) early.apply(event);
    expect(renderRuns(early.runs, { ...view, detail: 'runs' })).toEqual([
      '  ▸ combined-etl  Running       2.00 s  1 of 1 child run ended',
    ]);
  });

  it('get a line when they end where nothing can be redrawn', () => {
    let text = '';
    const display = createDisplay({ write: (piece) => (text += piece) }, plainStyle, 'tasks');
    for (const event of all) display.handle(event);
    expect(text.split('\n')).toEqual([
      'combined-etl',
      '  warn  bhavcopy-etl-2024-07-10 scrape_bhavcopy: Attempt 1 failed: 503',
      '  ✗ bhavcopy-etl-2024-07-10           Failed        1.85 s  bad file',
      '',
    ]);
  });
});

describe('the picture of a terminal', () => {
  const tracker = new Tracker();
  for (const event of events) tracker.apply(event);
  const view = { style: plainStyle, now: startedAt + 1_007, frame: 0, width: 60 };

  it('shows tasks, the running one turning, cut to the width', () => {
    expect(renderRuns(tracker.runs, { ...view, detail: 'tasks' })).toEqual([
      'bhavcopy-etl-2024-07-10',
      '  ✓ scrape_bhavcopy   Completed     600 ms  166222 bytes,\\…',
      '  ✓ parse_polars_raw  Completed before',
      '  ⠋ normalize_polars  Running       400 ms',
    ]);
  });

  it('shows what each run is doing', () => {
    expect(renderRuns(tracker.runs, { ...view, detail: 'runs' })).toEqual([
      '  ⠋ bhavcopy-etl-2024-07-10  Running       1.01 s  normali…',
    ]);
  });

  it('knows a run that began before anyone listened', () => {
    const late = new Tracker();
    late.expect({ id: 'run-1', name: 'bhavcopy-etl-2024-07-10' }, at(0));
    late.apply({ ...task('parse_polars_raw'), state: { type: 'RUNNING', name: 'Running' }, at: at(5) });
    expect(renderRuns(late.runs, { ...view, detail: 'tasks' })[0]).toBe('bhavcopy-etl-2024-07-10');
  });
});
