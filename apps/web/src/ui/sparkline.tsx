export interface SparklineProps {
  /** Oldest first; null is a gap. */
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  /** What it shows, with its last value, for screen readers. */
  readonly label: string;
}

/** The course of a number, without axes; the last value is dotted. */
export function Sparkline({ values, width = 96, height = 20, label }: SparklineProps) {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const x = (index: number) => 2 + (index / Math.max(1, values.length - 1)) * (width - 4);
  const y = (value: number) => height - 2.5 - ((value - low) / span) * (height - 5);
  const path = values
    .map((value, index) =>
      value === null
        ? ''
        : `${(values[index - 1] ?? null) === null ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`,
    )
    .join('');
  const last = values.at(-1) ?? null;
  return (
    <svg width={width} height={height} role="img" aria-label={label} className="block shrink-0 text-ink-3">
      {known.length === 0 ? null : <path d={path} fill="none" stroke="currentColor" strokeWidth="1.25" />}
      {last === null ? null : <circle cx={x(values.length - 1)} cy={y(last)} r="2" fill="var(--color-accent)" />}
    </svg>
  );
}
