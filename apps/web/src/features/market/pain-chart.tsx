import { cx } from '../../ui/class-names.ts';
import type { ChainRow } from './named.ts';
import { pains } from './payoff.ts';

export interface PainChartProps {
  readonly chain: readonly ChainRow[];
  /** The strikes that are drawn; all of the chain counts. */
  readonly shown: readonly ChainRow[];
  readonly underlying: number | null;
  readonly maxPain: number | null;
}

const HEIGHT = 168;
const FOOT = 2;
const PITCH = 22;

/** Bars of what writers of calls (plain) and of puts (hatched) would pay; the least is max pain. */
export function PainChart({ chain, shown, underlying, maxPain }: PainChartProps) {
  const strikes = new Set(shown.map(({ strike }) => Number(strike)));
  const drawn = pains(chain).filter(({ strike }) => strikes.has(strike));
  const highest = Math.max(1, ...drawn.map(({ calls, puts }) => calls + puts));
  const tall = (value: number) => (value / highest) * (HEIGHT - FOOT - 14);
  const floor = HEIGHT - FOOT;
  const first = drawn[0]?.strike ?? 0;
  const gap = ((drawn.at(-1)?.strike ?? 1) - first) / Math.max(1, drawn.length - 1);
  const money = underlying === null ? null : ((underlying - first) / gap) * PITCH + PITCH / 2;
  const every = Math.ceil(drawn.length / 12);
  return (
    <div>
      <svg
        viewBox={`0 0 ${Math.max(1, drawn.length) * PITCH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`What writers would pay at each strike; least at ${maxPain ?? 'no strike'}`}
        className="block h-44 w-full"
      >
        <defs>
          <pattern id="puts" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="2" height="4" fill="var(--color-failed)" />
          </pattern>
        </defs>
        <path d={`M0 ${floor}H${drawn.length * PITCH}`} stroke="var(--color-line-strong)" />
        {drawn.map(({ strike, calls, puts }, index) => (
          <g key={strike} transform={`translate(${index * PITCH} 0)`}>
            <title>{`${strike}: calls ${Math.round(calls).toLocaleString('en-IN')}, puts ${Math.round(puts).toLocaleString('en-IN')}`}</title>
            <rect width={PITCH} height={HEIGHT} fill="transparent" />
            <rect x="4" width={PITCH - 8} y={floor - tall(calls)} height={tall(calls)} fill="var(--color-completed)" />
            <rect x="4" width={PITCH - 8} y={floor - tall(calls) - tall(puts)} height={tall(puts)} fill="url(#puts)" />
            {strike === maxPain ? (
              <path d={`M${PITCH / 2} ${floor - tall(calls + puts) - 3}l-4.5-8h9z`} fill="var(--color-ink)" />
            ) : null}
          </g>
        ))}
        {money === null ? null : (
          <path d={`M${money} 0V${floor}`} stroke="var(--color-accent)" strokeWidth="1.5" strokeDasharray="4 3" />
        )}
      </svg>
      <div aria-hidden="true" className="relative h-4 text-2xs text-ink-3">
        {drawn.map(({ strike }, index) =>
          index % every === 0 ? (
            <span
              key={strike}
              className={cx('absolute -translate-x-1/2', index % (2 * every) > 0 && 'max-sm:hidden')}
              style={{ left: `${(100 * (index + 0.5)) / drawn.length}%` }}
            >
              {strike.toLocaleString('en-IN')}
            </span>
          ) : null,
        )}
      </div>
      <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-ink-2">
        <span>
          <span aria-hidden="true" className="mr-1 inline-block size-2 bg-completed" />
          writers of calls
        </span>
        <span>
          <span aria-hidden="true" className="hatched mr-1 inline-block size-2 text-failed" />
          writers of puts
        </span>
        <span>▼ max pain</span>
        <span className="text-accent">┆ underlying</span>
      </p>
    </div>
  );
}
