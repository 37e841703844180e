import type { RunBar } from '@champion/contract';
import { type PointerEvent, useMemo, useRef, useState } from 'react';
import { STATE_COLORS, STATE_LABELS, stateKind } from '../../lib/states.ts';
import { clockTime, duration, exactMoment, shortMoment } from '../../lib/time.ts';
import { useWidth } from '../../ui/use-width.ts';
import { type Dot, nearest, scatter } from './scatter-layout.ts';

const HEIGHT = 150;
const EDGES = { height: HEIGHT, left: 44, right: 10, top: 10, bottom: 20 };

interface ScatterChartProps {
  readonly bars: readonly RunBar[];
  readonly onOpen: (id: string) => void;
}

/** How long runs took, over time. The table below says the same in words. */
export function ScatterChart({ bars, onOpen }: ScatterChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [hovered, setHovered] = useState<Dot>();
  const { dots, xTicks, yTicks } = useMemo(
    () => scatter(bars, { ...EDGES, width: Math.max(200, width) }),
    [bars, width],
  );
  const point = (event: PointerEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setHovered(nearest(dots, event.clientX - left, event.clientY - top, 16));
  };
  const now = Date.now();
  const first = xTicks[0]?.value ?? 0;
  const short = (xTicks.at(-1)?.value ?? 0) - first < 36 * 3_600_000;
  return (
    <div ref={frame} className="relative h-[150px]">
      {width === 0 ? null : (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the table below has the same runs, and the keys
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`How long the last ${bars.length} runs took, over time`}
          onPointerMove={point}
          onPointerLeave={() => setHovered(undefined)}
          onClick={() => {
            if (hovered !== undefined) onOpen(hovered.bar.id);
          }}
          className={hovered === undefined ? undefined : 'cursor-pointer'}
        >
          {yTicks.map(({ at, value }) => (
            <g key={value}>
              <path d={`M${EDGES.left} ${at}H${width - EDGES.right}`} stroke="var(--color-line)" />
              <text x={EDGES.left - 6} y={at + 3.5} textAnchor="end" className="fill-ink-3 text-2xs">
                {tickOf(value)}
              </text>
            </g>
          ))}
          {xTicks.map(({ at, value }) => (
            <text key={value} x={at} y={HEIGHT - 5} textAnchor="middle" className="fill-ink-3 text-2xs">
              {short ? clockTime(value, 'minute') : shortMoment(value, now).slice(0, 6)}
            </text>
          ))}
          {dots.map((dot) => (
            <Mark key={dot.bar.id} dot={dot} />
          ))}
          {hovered === undefined ? null : (
            <circle cx={hovered.x} cy={hovered.y} r="7" fill="none" stroke="var(--color-ink)" strokeWidth="1.5" />
          )}
        </svg>
      )}
      {hovered === undefined ? null : (
        <p
          className="pointer-events-none absolute top-0 z-10 rounded-md bg-ink px-2 py-0.5 text-xs whitespace-nowrap text-canvas"
          style={hovered.x > width / 2 ? { right: width - hovered.x + 12 } : { left: hovered.x + 12 }}
        >
          {STATE_LABELS[stateKind(hovered.bar.state_type)]} · {duration(hovered.bar.duration)} ·{' '}
          {exactMoment(hovered.bar.timestamp)}
        </p>
      )}
    </div>
  );
}

function tickOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${seconds / 60} m` : `${seconds / 3600} h`;
}

/** A shape for each way to end, as everywhere. */
function Mark({ dot: { bar, x, y } }: { readonly dot: Dot }) {
  const kind = stateKind(bar.state_type);
  const color = STATE_COLORS[kind];
  if (kind === 'failed') return <path d={`M${x} ${y - 5}l5 5-5 5-5-5z`} fill={color} />;
  if (kind === 'crashed') return <path d={`M${x} ${y - 5}l5 9h-10z`} fill={color} />;
  if (kind === 'completed') return <circle cx={x} cy={y} r="2.5" fill={color} fillOpacity="0.7" />;
  return <circle cx={x} cy={y} r="3.5" fill="none" stroke={color} strokeWidth="1.5" />;
}
