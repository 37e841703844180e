import type { StateType } from '@champion/contract';
import type { ReactNode } from 'react';
import { STATE_COLORS, STATE_LABELS, type StateKind, stateKind, stateLabel } from '../lib/states.ts';

const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 } as const;
/** What is cut out of a solid shape. */
const cut = { fill: 'none', stroke: 'var(--color-surface)', strokeWidth: 1.5, strokeLinecap: 'round' } as const;

/** One shape per state, on a grid of 12: told apart without any colour. */
const shapes: Readonly<Record<StateKind, ReactNode>> = {
  completed: (
    <>
      <circle cx="6" cy="6" r="5.5" fill="currentColor" />
      <path d="m3.6 6.2 1.7 1.7 3.2-3.6" {...cut} />
    </>
  ),
  failed: (
    <>
      <path d="M6 .2 11.8 6 6 11.8.2 6z" fill="currentColor" />
      <path d="m4.4 4.4 3.2 3.2m0-3.2L4.4 7.6" {...cut} />
    </>
  ),
  crashed: (
    <>
      <path d="M6 .6 11.8 11.2H.2z" fill="currentColor" />
      <path d="M6 4.5v3M6 9.3v.05" {...cut} />
    </>
  ),
  running: (
    <>
      <circle cx="6" cy="6" r="4.7" {...line} opacity="0.3" />
      <path
        d="M6 1.3A4.7 4.7 0 0 1 10.7 6"
        {...line}
        strokeWidth={2}
        className="turning"
        style={{ transformBox: 'view-box' }}
      />
      <circle cx="6" cy="6" r="1.8" fill="currentColor" />
    </>
  ),
  scheduled: (
    <>
      <circle cx="6" cy="6" r="4.7" {...line} />
      <path d="M6 3.5V6l1.7 1.3" {...line} strokeWidth={1.2} />
    </>
  ),
  late: (
    <>
      <path d="M3.5.9h5l2.6 2.6v5L8.5 11.1h-5L.9 8.5v-5z" {...line} />
      <path d="M6 3.3v3.2M6 8.6v.05" {...line} strokeLinecap="round" />
    </>
  ),
  pending: <circle cx="6" cy="6" r="4.7" {...line} strokeDasharray="2 1.69" />,
  retrying: (
    <>
      <path d="M10.5 6A4.5 4.5 0 1 1 8.8 2.5" {...line} />
      <path d="M9.2.4v2.8H6.4" {...line} />
    </>
  ),
  'no-session': <path d="M1.5 6h9" {...line} strokeWidth={2} />,
  cancelled: (
    <>
      <circle cx="6" cy="6" r="4.7" {...line} />
      <path d="m2.8 9.2 6.4-6.4" {...line} />
    </>
  ),
  cancelling: (
    <>
      <circle cx="6" cy="6" r="4.7" {...line} strokeDasharray="2 1.69" />
      <path d="m2.8 9.2 6.4-6.4" {...line} />
    </>
  ),
  paused: <path d="M3.5 1.5v9M8.5 1.5v9" {...line} strokeWidth={2.5} />,
};

export interface StateShapeProps {
  readonly kind: StateKind;
  readonly size?: number;
}

/** The state's shape alone: only where its word stands right beside it. */
export function StateShape({ kind, size = 12 }: StateShapeProps) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 12 12"
      className="shrink-0"
      style={{ color: STATE_COLORS[kind] }}
    >
      {shapes[kind]}
    </svg>
  );
}

export interface StateMarkProps {
  readonly type: StateType | null | undefined;
  readonly name?: string | null | undefined;
  /** Only the shape is seen; the word is there for screen readers and on hover. */
  readonly iconOnly?: boolean;
}

/** A run's state: shape, colour and word. */
export function StateMark({ type, name, iconOnly = false }: StateMarkProps) {
  const kind = stateKind(type, name);
  const label = stateLabel(type, name);
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={iconOnly ? label : undefined}>
      <StateShape kind={kind} />
      <span className={iconOnly ? 'sr-only' : 'text-sm'}>{label}</span>
    </span>
  );
}

/** A kind of state with its word, for filters and legends. */
export function StateLabel({ kind }: { readonly kind: StateKind }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <StateShape kind={kind} />
      {STATE_LABELS[kind]}
    </span>
  );
}
