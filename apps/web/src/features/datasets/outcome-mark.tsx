import type { ReactNode } from 'react';
import { MARK_LABELS, type Mark } from './outcomes.ts';

const COLORS: Readonly<Record<Mark, string>> = {
  LOADED: 'var(--color-completed)',
  LAKE_ONLY: 'var(--color-completed)',
  NO_SESSION: 'var(--color-cancelled)',
  NOT_PUBLISHED_YET: 'var(--color-waiting)',
  MISSING: 'var(--color-failed)',
  BLOCKED: 'var(--color-late)',
  CORRUPT: 'var(--color-crashed)',
  NEVER_TRIED: 'var(--color-ink-3)',
};

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.4, strokeLinecap: 'round' } as const;
const cut = { fill: 'none', stroke: 'var(--color-surface)', strokeWidth: 1.6, strokeLinecap: 'round' } as const;

/** One shape per mark, on a grid of 14: told apart without any colour. */
const SHAPES: Readonly<Record<Mark, ReactNode>> = {
  LOADED: <rect x="1" y="1" width="12" height="12" rx="1.5" fill="currentColor" />,
  LAKE_ONLY: (
    <>
      <rect x="1.7" y="1.7" width="10.6" height="10.6" rx="1.2" {...line} />
      <path d="M1.5 12.5V3L11 12.5z" fill="currentColor" />
    </>
  ),
  NO_SESSION: <path d="M4 7h6" {...line} strokeWidth={2} />,
  NOT_PUBLISHED_YET: (
    <>
      <circle cx="7" cy="7" r="4.8" {...line} />
      <path d="M7 4.4V7l1.8 1.3" {...line} strokeWidth={1.2} />
    </>
  ),
  MISSING: (
    <>
      <rect x="1" y="1" width="12" height="12" rx="1.5" fill="currentColor" />
      <path d="m4.2 4.2 5.6 5.6m0-5.6L4.2 9.8" {...cut} />
    </>
  ),
  BLOCKED: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path d="M3.8 7h6.4" {...cut} strokeWidth={2} />
    </>
  ),
  CORRUPT: (
    <>
      <path d="M7 .8 13.4 13H.6z" fill="currentColor" />
      <path d="M7 5.2v3.6M7 10.9v.05" {...cut} />
    </>
  ),
  NEVER_TRIED: <rect x="1.7" y="1.7" width="10.6" height="10.6" rx="1.2" {...line} strokeDasharray="1.6 2" />,
};

/** The shape inside another drawing: a group of 14 by 14. */
export function OutcomeGlyph({ mark }: { readonly mark: Mark }) {
  return <g style={{ color: COLORS[mark] }}>{SHAPES[mark]}</g>;
}

export function OutcomeShape({ mark, size = 14 }: { readonly mark: Mark; readonly size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 14 14" className="block shrink-0">
      <OutcomeGlyph mark={mark} />
    </svg>
  );
}

/** What became of a session: shape, colour and word. */
export function OutcomeMark({ mark }: { readonly mark: Mark }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <OutcomeShape mark={mark} size={12} />
      {MARK_LABELS[mark]}
    </span>
  );
}
