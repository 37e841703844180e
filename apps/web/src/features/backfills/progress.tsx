import type { Backfill } from '@champion/contract';
import { count } from '../../lib/numbers.ts';
import { duration } from '../../lib/time.ts';
import { cx } from '../../ui/class-names.ts';
import { StateShape } from '../../ui/state-mark.tsx';
import { isAtWork } from './queries.ts';

const WORDS = {
  running: ['running', 'Running'],
  paused: ['paused', 'Paused'],
  completed: ['completed', 'Completed'],
  incomplete: ['failed', 'Incomplete'],
} as const;

const ORPHAN = ['late', 'Unattended'] as const;

/** A backfill's state: shape and word. One that is running while nobody here is at work on it is said so. */
export function BackfillState({ backfill }: { readonly backfill: Backfill }) {
  const [kind, word] = backfill.state === 'running' && !backfill.at_work ? ORPHAN : WORDS[backfill.state];
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      title={word === 'Unattended' ? 'A command line is at work on it, or it died with its process' : undefined}
    >
      <StateShape kind={kind} />
      {word}
    </span>
  );
}

/** How far it is: a bar, the count, and how long the rest takes. */
export function BackfillProgress({ backfill, wide = false }: { readonly backfill: Backfill; readonly wide?: boolean }) {
  const { sessions, done, failed, rate_per_minute, seconds_left } = backfill;
  const share = sessions === 0 ? (isAtWork(backfill) ? 0 : 1) : done / sessions;
  const bad = sessions === 0 ? 0 : failed / sessions;
  return (
    <div className={wide ? 'flex flex-col gap-1.5' : 'flex min-w-36 flex-col gap-1'}>
      <div
        role="progressbar"
        aria-label="Sessions that have been run"
        aria-valuemin={0}
        aria-valuemax={sessions}
        aria-valuenow={done}
        className={cx('relative overflow-hidden rounded-full bg-line', wide ? 'h-2' : 'h-1.5')}
      >
        <span
          className="absolute inset-y-0 left-0 bg-completed transition-[width] duration-300"
          style={{ width: `${share * 100}%` }}
        />
        <span
          className="hatched absolute inset-y-0 bg-failed text-surface"
          style={{ left: `${(share - bad) * 100}%`, width: `${bad * 100}%` }}
        />
      </div>
      <p className="flex flex-wrap gap-x-3 text-xs text-ink-2">
        <span>
          {count(done)} of {count(sessions)} {sessions === 1 ? 'session' : 'sessions'}
        </span>
        {failed === 0 ? null : <span className="text-failed">{count(failed)} failed</span>}
        {rate_per_minute === null ? null : <span>{rate_per_minute.toFixed(1)} a minute</span>}
        {seconds_left === null ? null : <span>{duration(seconds_left)} left</span>}
      </p>
    </div>
  );
}
