import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ColorToken, useTokenColors } from './token-colors.ts';

export interface ChartSeries {
  readonly label: string;
  /** One for each place of `x`; null is a gap. */
  readonly values: readonly (number | null)[];
  readonly color: ColorToken;
  /** needles: bars that are narrow enough to stand before others. */
  readonly kind?: 'line' | 'area' | 'bars' | 'needles';
  readonly dashed?: boolean;
  /** The line goes on over gaps. */
  readonly joined?: boolean;
}

export interface LineChartProps {
  /** What it shows, for screen readers. */
  readonly label: string;
  /** Ascending. Seconds since 1970 with `time`, else any numbers. */
  readonly x: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly time?: boolean;
  readonly height?: number;
  readonly formatX: (x: number) => string;
  /** What the values above the chart are of; as on the axis when not given. */
  readonly nameX?: (x: number) => string;
  readonly formatY: (y: number) => string;
  /** Ends of the y axis; what is left out follows the values. */
  readonly min?: number;
  readonly max?: number;
}

const COLORS = ['accent', 'canvas', 'completed', 'crashed', 'failed', 'ink', 'ink-2', 'ink-3', 'late', 'line'] as const;
const MORE = ['line-strong', 'paused', 'running', 'surface'] as const;
const ALL = [...COLORS, ...MORE];

/** Numbers over time or over anything else that has an order, drawn by uPlot. Import it by `lazy`. */
export default function LineChart(props: LineChartProps) {
  const { label, x, series, time = false, height = 180, formatX, min, max } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const colors = useTokenColors(ALL);
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const names = series.map(({ label: name, color, kind, dashed }) => `${name}${color}${kind}${dashed}`);
  const shape = [x.length < 2, ...names].join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: values are given by the effect below; `shape` stands for the series
  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const axis = {
      stroke: colors['ink-3'],
      grid: { stroke: colors.line, width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        padding: [8, 12, 0, 0],
        scales: {
          x: { time, range: (_, first, last) => reach(first, last, time, series.some(isBars)) },
          y: { range: (_, low, high) => span(low, high, latest.current.min, latest.current.max) },
        },
        axes: [
          {
            ...axis,
            size: 24,
            gap: 4,
            space: 80,
            values: (_, ticks) => ticks.map((tick) => latest.current.formatX(tick)),
          },
          {
            ...axis,
            size: 58,
            gap: 6,
            space: 32,
            values: (_, ticks) => ticks.map((tick) => latest.current.formatY(tick)),
          },
        ],
        series: [
          {},
          ...series.map((each) => ({
            label: each.label,
            stroke: colors[each.color],
            width: isBars(each) ? 0 : 1.5,
            points: { show: x.length < 2 },
            spanGaps: each.joined ?? false,
            ...(each.dashed ? { dash: [4, 4] } : {}),
            ...(isBars(each) || each.kind === 'area'
              ? { fill: translucent(colors[each.color], isBars(each) ? 0.75 : 0.14) }
              : {}),
            ...(isBars(each) && uPlot.paths.bars
              ? { paths: uPlot.paths.bars({ size: each.kind === 'bars' ? [0.7, 24] : [0.28, 8] }) }
              : {}),
          })),
        ],
        hooks: { setCursor: [({ cursor }) => setAt(cursor.idx ?? null)] },
      },
      dataOf(x, series),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [colors, height, shape, time, min, max]);

  useEffect(() => {
    plot.current?.setData(dataOf(x, series));
  }, [x, series]);

  const shown = Math.min(at ?? x.length, x.length - 1);
  const here = x[shown];
  return (
    <figure aria-label={label} className="min-w-0">
      <figcaption className="flex flex-wrap gap-x-4 px-1 text-xs text-ink-2">
        {here === undefined ? null : <span className="text-ink-3">{(props.nameX ?? formatX)(here)}</span>}
        {series.map((each) => {
          const value = each.values[shown] ?? null;
          return (
            <span key={each.label} className="inline-flex items-center gap-1.5">
              <svg aria-hidden="true" width="12" height="8">
                {isBars(each) ? (
                  <rect
                    x={each.kind === 'bars' ? 2 : 4}
                    width={each.kind === 'bars' ? 8 : 4}
                    height="8"
                    fill={colors[each.color]}
                    opacity="0.7"
                  />
                ) : (
                  <path
                    d="M0 4h12"
                    stroke={colors[each.color]}
                    strokeWidth="2"
                    strokeDasharray={each.dashed ? '3 2' : undefined}
                  />
                )}
              </svg>
              {each.label}
              <span className="font-medium text-ink">{value === null ? '–' : props.formatY(value)}</span>
            </span>
          );
        })}
      </figcaption>
      <div ref={holder} style={{ height }} className="w-full overflow-hidden" />
    </figure>
  );
}

function isBars({ kind }: ChartSeries): boolean {
  return kind === 'bars' || kind === 'needles';
}

/** Room for the first and last bar, and for what has only begun: a minute, or one place. */
function reach(first: number, last: number, time: boolean, bars: boolean): uPlot.Range.MinMax {
  if (time && last - first < 60) return [last - 60, last];
  if (first === last) return [first - 1, last + 1];
  const half = bars && !time ? 0.6 : 0;
  return [first - half, last + half];
}

function dataOf(x: readonly number[], series: readonly ChartSeries[]): uPlot.AlignedData {
  // Of a single moment uPlot would make a whole day.
  const [only] = x;
  if (x.length === 1 && only !== undefined)
    return [[only - 1, only], ...series.map(({ values }) => [null, values[0] ?? null])];
  return [[...x], ...series.map(({ values }) => [...values])];
}

/** A little more than the values take, and something even where they all are the same. */
function span(
  low: number | null,
  high: number | null,
  min: number | undefined,
  max: number | undefined,
): uPlot.Range.MinMax {
  const bottom = min ?? low ?? 0;
  const top = max ?? high ?? 1;
  if (bottom >= top)
    return [bottom - (min === undefined ? Math.abs(bottom) * 0.01 || 1 : 0), bottom + (Math.abs(bottom) * 0.01 || 1)];
  const room = (top - bottom) * 0.06;
  return [min ?? bottom - room, max ?? top + room];
}

/** "rgb(1, 2, 3)" with an opacity. */
function translucent(color: string, opacity: number): string {
  return color.replace(
    /^rgba?\(([^)]*)\)$/,
    (_, parts: string) => `rgba(${parts.split(',').slice(0, 3).join()}, ${opacity})`,
  );
}
