import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

const tones = {
  neutral: 'border-line-strong text-ink-2',
  accent: 'border-accent text-accent',
  good: 'border-completed text-completed',
  warn: 'border-late text-late bg-late-soft',
  bad: 'border-failed text-failed bg-failed-soft',
};

/** A word that classifies: a tag, a kind, "Simulated data". Its meaning is in the word, never in the colour alone. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  readonly tone?: keyof typeof tones;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={cx('inline-flex h-4.5 items-center rounded-sm border px-1.5 text-xs whitespace-nowrap', tones[tone])}
    >
      {children}
    </span>
  );
}
