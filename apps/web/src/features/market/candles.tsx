import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  LineSeries,
  type SeriesMarker,
  type Time,
} from 'lightweight-charts';
import { useLayoutEffect, useRef } from 'react';
import { useTokenColors } from '../../ui/token-colors.ts';
import { shortNumber } from './figures.ts';
import type { Bar, Deal } from './named.ts';

export interface CandlesProps {
  readonly bars: readonly Bar[];
  readonly deals: readonly Deal[];
  /** Bars that are seen at first; all when undefined. */
  readonly visible?: number | undefined;
  readonly label: string;
  /** Told the bar under the pointer; undefined when it leaves. */
  readonly onHover: (bar: Bar | undefined) => void;
}

const TOKENS = ['completed', 'failed', 'ink-3', 'line', 'line-strong', 'surface', 'accent', 'late'] as const;

const PRICES = {
  type: 'custom',
  minMove: 0.01,
  formatter: (price: number) => price.toLocaleString('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
} as const;

const SHARES = { type: 'custom', minMove: 0.01, formatter: (share: number) => `${share.toFixed(0)} %` } as const;

/** On the axis: lakh and crore, for its digits have no room. */
const VOLUMES = { type: 'custom', minMove: 1, formatter: shortNumber } as const;

/** The letter that marks a day of deals: B bulk, K block, S short sales. */
const LETTERS: Readonly<Record<string, string>> = { BULK: 'B', BLOCK: 'K', SHORT: 'S' };

/** Candles, the share delivered, and volume below each other. A hollow body rose, a solid one fell. */
export default function Candles({ bars, deals, visible, label, onHover }: CandlesProps) {
  const holder = useRef<HTMLElement>(null);
  const colors = useTokenColors(TOKENS);
  const hover = useRef(onHover);
  hover.current = onHover;

  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const chart: IChartApi = createChart(element, {
      autoSize: true,
      layout: {
        background: { type: ColorType.Solid, color: colors.surface },
        textColor: colors['ink-3'],
        fontSize: 11,
        panes: { separatorColor: colors.line },
      },
      grid: { vertLines: { color: colors.line }, horzLines: { color: colors.line } },
      rightPriceScale: { borderColor: colors.line },
      timeScale: { borderColor: colors.line, rightOffset: 2 },
    });
    const candles = chart.addSeries(CandlestickSeries, {
      upColor: colors.surface,
      borderUpColor: colors.completed,
      wickUpColor: colors.completed,
      downColor: colors.failed,
      borderDownColor: colors.failed,
      wickDownColor: colors.failed,
      priceLineColor: colors['ink-3'],
      priceFormat: PRICES,
      lastValueVisible: false,
    });
    candles.setData(
      bars.map((bar) => ({
        time: bar.trade_date,
        open: Number(bar.open),
        high: Number(bar.high),
        low: Number(bar.low),
        close: Number(bar.close),
      })),
    );
    createSeriesMarkers(candles, markersOf(bars, deals, colors));
    const volume = chart.addSeries(
      HistogramSeries,
      { color: colors['line-strong'], priceFormat: VOLUMES, priceLineVisible: false, lastValueVisible: false },
      1,
    );
    volume.setData(bars.map((bar) => ({ time: bar.trade_date, value: Number(bar.volume) })));
    const delivered = chart.addSeries(
      HistogramSeries,
      { color: colors.accent, priceFormat: VOLUMES, priceLineVisible: false, lastValueVisible: false },
      1,
    );
    // Of the volume, the part that was delivered, drawn over it.
    delivered.setData(
      bars.flatMap((bar) =>
        bar.delivery_qty === null ? [] : [{ time: bar.trade_date, value: Number(bar.delivery_qty) }],
      ),
    );
    const share = chart.addSeries(
      LineSeries,
      { color: colors.accent, lineWidth: 1, priceFormat: SHARES, priceLineVisible: false, lastValueVisible: false },
      2,
    );
    share.setData(
      bars.flatMap((bar) =>
        bar.delivery_pct === null ? [] : [{ time: bar.trade_date, value: Number(bar.delivery_pct) }],
      ),
    );
    const [first, second, third] = chart.panes();
    first?.setStretchFactor(5);
    second?.setStretchFactor(1.6);
    third?.setStretchFactor(1.1);
    if (visible !== undefined && visible < bars.length) {
      chart.timeScale().setVisibleLogicalRange({ from: bars.length - visible, to: bars.length + 2 });
    } else chart.timeScale().fitContent();
    const byDay = new Map<string, Bar>(bars.map((bar) => [bar.trade_date, bar]));
    chart.subscribeCrosshairMove(({ time }) => {
      hover.current(typeof time === 'string' ? byDay.get(time) : undefined);
    });
    return () => chart.remove();
  }, [bars, deals, visible, colors]);

  return <figure ref={holder} aria-label={label} className="h-[clamp(340px,58vh,640px)] w-full" />;
}

function markersOf(
  bars: readonly Bar[],
  deals: readonly Deal[],
  colors: Readonly<Record<(typeof TOKENS)[number], string>>,
): SeriesMarker<Time>[] {
  const days = new Map<string, Set<string>>();
  for (const { trade_date, deal_type } of deals) {
    const types = days.get(trade_date) ?? new Set<string>();
    days.set(trade_date, types.add(LETTERS[deal_type] ?? '?'));
  }
  return bars.flatMap(({ trade_date }) => {
    const types = days.get(trade_date);
    if (types === undefined) return [];
    return [
      {
        time: trade_date,
        position: 'aboveBar' as const,
        shape: 'circle' as const,
        size: 0.6,
        color: colors.late,
        text: [...types].sort().join(''),
      },
    ];
  });
}
