import type { RunMetric } from '@champion/contract';
import { metricSentence } from './metric-words.ts';

const HEIGHT = 18;
const MIDDLE = HEIGHT / 2;

/**
 * The runs before as dots, what is usual of them as a band with the median across it, and this run as a diamond. Places are
 * percent of the width, so that it fits whatever it stands in.
 */
export function SpreadStrip({ metric }: { readonly metric: RunMetric }) {
  const { usual, value } = metric;
  if (usual === null) return null;
  const low = Math.min(usual.min, usual.low, value ?? usual.low);
  const high = Math.max(usual.max, usual.high, value ?? usual.high);
  const place = (of: number) => (high === low ? 50 : 3 + (94 * (of - low)) / (high - low));
  const at = (of: number) => `${place(of)}%`;
  return (
    <svg role="img" aria-label={metricSentence(metric)} width="100%" height={HEIGHT} className="block min-w-32">
      <line x1="1%" x2="99%" y1={MIDDLE} y2={MIDDLE} stroke="var(--color-line)" />
      <rect
        x={at(usual.low)}
        width={`${Math.max(0.8, place(usual.high) - place(usual.low))}%`}
        y={MIDDLE - 5}
        height={10}
        rx={2}
        fill="var(--color-accent-soft)"
        stroke="var(--color-line-strong)"
      />
      {usual.values.map((each, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values have no name, and may be the same
        <circle key={i} cx={at(each)} cy={MIDDLE} r={1.8} fill="var(--color-ink-3)" fillOpacity={0.55} />
      ))}
      <line
        x1={at(usual.median)}
        x2={at(usual.median)}
        y1={MIDDLE - 6}
        y2={MIDDLE + 6}
        stroke="var(--color-ink-2)"
        strokeWidth={1.5}
      />
      {value === null ? null : (
        <svg x={at(value)} y={MIDDLE} overflow="visible" aria-hidden="true">
          <path
            d="M0-6 5 0 0 6-5 0z"
            fill={
              metric.verdict === 'above' || metric.verdict === 'below' ? 'var(--color-late)' : 'var(--color-accent)'
            }
            stroke="var(--color-surface)"
          />
        </svg>
      )}
    </svg>
  );
}

const SHAPES: Readonly<Record<RunMetric['verdict'], string>> = {
  above: 'M5 1 9.5 9h-9z',
  below: 'M5 9 .5 1h9z',
  usual: 'M5 1.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z',
  unknown: 'M1 4.3h8v1.4H1z',
};

/** One shape per verdict, told apart without any colour. */
export function VerdictShape({ verdict }: { readonly verdict: RunMetric['verdict'] }) {
  return (
    <svg aria-hidden="true" width="10" height="10" viewBox="0 0 10 10" className="block shrink-0">
      <path d={SHAPES[verdict]} fill="currentColor" />
    </svg>
  );
}
