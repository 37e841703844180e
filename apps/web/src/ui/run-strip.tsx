import { STATE_COLORS, type StateKind } from '../lib/states.ts';

interface StripRun {
  readonly id: string;
  readonly kind: StateKind;
  /** Seconds; decides the height of a run that went well. */
  readonly seconds: number | null;
  /** Read on hover. */
  readonly title: string;
}

export interface RunStripProps {
  /** Oldest first; the last `slots` are shown, at the right end. */
  readonly runs: readonly StripRun[];
  readonly slots?: number;
  readonly height?: number;
  /** Read by screen readers: "Last 30 runs of nse-bhavcopy-etl: 28 completed, 2 failed". */
  readonly label: string;
  readonly onOpen?: (id: string) => void;
}

const PITCH = 7;
const WIDTH = 5;

/**
 * The last runs at a glance. Completed: a solid bar, higher for longer. Failed: full height, cut in two. Crashed: full
 * height, cut in three. Cancelled: hollow. Running: full height, breathing. Waiting: a dot. No session: a dash.
 */
export function RunStrip({ runs, slots = 30, height = 22, label, onOpen }: RunStripProps) {
  const shown = runs.slice(-slots);
  const longest = Math.max(0.001, ...shown.map(({ seconds }) => seconds ?? 0));
  const first = slots - shown.length;
  const width = slots * PITCH - 2;
  return (
    <svg
      width={width}
      height={height}
      // Where there is less room the runs stand closer, rather than the first ones being cut off.
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className="block max-w-full"
    >
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--color-line)" />
      {shown.map((run, index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the picture says it all by its label; the runs' table is the way by keyboard
        <g
          key={run.id}
          transform={`translate(${(first + index) * PITCH} 0)`}
          style={{ color: STATE_COLORS[run.kind] }}
          className={onOpen === undefined ? undefined : 'cursor-pointer'}
          onClick={onOpen === undefined ? undefined : () => onOpen(run.id)}
        >
          <title>{run.title}</title>
          <rect x="-1" width={PITCH} height={height} fill="transparent" />
          <Bar run={run} height={height} share={Math.sqrt((run.seconds ?? 0) / longest)} />
        </g>
      ))}
    </svg>
  );
}

function Bar({ run, height, share }: { readonly run: StripRun; readonly height: number; readonly share: number }) {
  const full = height - 1;
  switch (run.kind) {
    case 'completed': {
      const tall = Math.max(4, Math.round(share * (full - 4)));
      return <rect y={full - tall} width={WIDTH} height={tall} fill="currentColor" />;
    }
    case 'failed':
      return <path d={`M0 0h5v${full * 0.42}H0zM0 ${full * 0.58}h5V${full}H0z`} fill="currentColor" />;
    case 'crashed':
      return (
        <path
          d={`M0 0h5v${full * 0.24}H0zM0 ${full * 0.38}h5v${full * 0.24}H0zM0 ${full * 0.76}h5V${full}H0z`}
          fill="currentColor"
        />
      );
    case 'running':
    case 'retrying':
    case 'cancelling':
      return <rect width={WIDTH} height={full} fill="currentColor" className="breathing" />;
    case 'cancelled':
      return (
        <rect x="0.5" y={full * 0.4} width={WIDTH - 1} height={full * 0.6 - 0.5} fill="none" stroke="currentColor" />
      );
    case 'no-session':
      return <path d={`M0 ${full - 2}h5`} stroke="currentColor" strokeWidth="2" />;
    default:
      return <circle cx="2.5" cy={full - 3} r="2" fill="none" stroke="currentColor" strokeWidth="1.2" />;
  }
}
