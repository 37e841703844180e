import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Facts, Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { Skeleton, SkeletonLines } from '../../ui/skeleton.tsx';
import { ChangeMark } from './change-mark.tsx';
import { changeOf, croreFigure, exact, inCrore, whole } from './figures.ts';
import { MarketHeader } from './market-header.tsx';
import { type Bar, barsQuery, type Deal, dealsQuery, seriesQuery } from './named.ts';
import { ask } from './queries.ts';
import { type InstrumentSearch, SPANS, type Span } from './search.ts';

const Candles = lazy(() => import('./candles.tsx'));

export interface InstrumentPageProps {
  readonly symbol: string;
  readonly search: InstrumentSearch;
  readonly onSearch: (change: InstrumentSearch) => void;
}

const SPAN_LABELS: Readonly<Record<Span, string>> = { '3m': '3 months', '1y': '1 year', '5y': '5 years', all: 'All' };
/** Sessions. */
const SPAN_BARS: Readonly<Record<Span, number | undefined>> = { '3m': 63, '1y': 250, '5y': 1240, all: undefined };
const DEALS = 200;

export function InstrumentPage({ symbol, search, onSearch }: InstrumentPageProps) {
  const all = useQuery(ask(seriesQuery, { symbol }));
  const series = search.series ?? all.data?.[0]?.series;
  const span = search.span ?? '1y';
  const bars = useQuery({
    ...ask(barsQuery, { symbol, series: series ?? '', limit: barsQuery.maxRows }),
    enabled: series !== undefined,
  });
  const deals = useQuery(ask(dealsQuery, { symbol, limit: DEALS }));
  const [hovered, setHovered] = useState<Bar>();
  const last = bars.data?.at(-1);
  const shown = hovered ?? last;
  const error = all.error ?? bars.error;
  const noDeals = useMemo<readonly Deal[]>(() => [], []);
  return (
    <Page>
      <MarketHeader
        title={
          <>
            {symbol} <span className="text-base font-normal text-ink-3">{series}</span>
          </>
        }
        below={
          last === undefined ? undefined : (
            <span className="flex flex-wrap items-baseline gap-x-3">
              <span>{last.name ?? ''}</span>
              <span className="figures">{last.isin ?? ''}</span>
            </span>
          )
        }
        actions={
          <>
            {(all.data?.length ?? 0) > 1 && series !== undefined ? (
              <Select
                aria-label="Series"
                value={series}
                onValueChange={(next) => onSearch({ series: next === all.data?.[0]?.series ? undefined : next })}
                options={(all.data ?? []).map((each) => ({
                  value: each.series,
                  label: `${each.series}, ${each.sessions} sessions`,
                }))}
              />
            ) : null}
            <Select
              aria-label="Span"
              value={span}
              onValueChange={(next) => onSearch({ span: next === '1y' ? undefined : next })}
              options={SPANS.map((value) => ({ value, label: SPAN_LABELS[value] }))}
            />
          </>
        }
      />
      {error ? (
        <ErrorState
          error={error}
          title="The bars could not be read"
          onRetry={() => {
            void all.refetch();
            void bars.refetch();
          }}
        />
      ) : all.data?.length === 0 || bars.data?.length === 0 ? (
        <EmptyState title={`No bar of ${symbol} is loaded`}>Look for another symbol, name or ISIN above.</EmptyState>
      ) : bars.data === undefined || shown === undefined ? (
        <SkeletonLines lines={12} />
      ) : (
        <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,1fr)_400px]">
          <Panel>
            <Readout bar={shown} />
            <Suspense fallback={<Skeleton className="h-[clamp(340px,58vh,640px)] w-full" />}>
              <Candles
                bars={bars.data}
                deals={deals.data ?? noDeals}
                visible={SPAN_BARS[span]}
                label={`Candles of ${symbol} ${series}, ${bars.data.length} sessions up to ${last?.trade_date}`}
                onHover={setHovered}
              />
            </Suspense>
            <p className="mt-1.5 text-xs text-ink-3">
              Hollow rose, solid fell. Below: volume, with what was delivered over it; then the share delivered. B bulk,
              K block deals, S short sales. Prices as traded: splits and bonuses are not adjusted for.
            </p>
          </Panel>
          <div className="flex min-w-0 flex-col gap-3">
            <Panel title={shown.trade_date} aside={hovered === undefined ? 'last session' : undefined}>
              <Facts
                items={[
                  ['Close', `₹ ${exact(shown.close)}`],
                  ['Previous close', `₹ ${exact(shown.prev_close)}`],
                  ['Turnover', inCrore(shown.turnover)],
                  ['Volume', whole(shown.volume)],
                  ['Trades', whole(shown.trades)],
                  ['Delivered', whole(shown.delivery_qty)],
                  ['Delivered %', exact(shown.delivery_pct)],
                ]}
              />
            </Panel>
            <Panel title="Deals" aside={deals.data === undefined ? undefined : `${deals.data.length}`} flush>
              {deals.error ? (
                <div className="p-3">
                  <ErrorState error={deals.error} onRetry={() => void deals.refetch()} />
                </div>
              ) : deals.data === undefined ? (
                <div className="px-3">
                  <SkeletonLines lines={3} />
                </div>
              ) : deals.data.length === 0 ? (
                <EmptyState title="No deal was reported" />
              ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keyboard too
                <section aria-label="Deals" tabIndex={0} className="max-h-96 overflow-y-auto">
                  <Deals deals={deals.data} />
                </section>
              )}
            </Panel>
          </div>
        </div>
      )}
    </Page>
  );
}

function Readout({ bar }: { readonly bar: Bar }) {
  return (
    <p className="mb-1.5 flex flex-wrap items-baseline gap-x-4 gap-y-0.5 text-sm">
      <span className="text-ink-3">{bar.trade_date}</span>
      {(['open', 'high', 'low', 'close'] as const).map((name) => (
        <span key={name} className="whitespace-nowrap">
          <span className="text-ink-3 capitalize">{name}</span> {exact(bar[name])}
        </span>
      ))}
      <ChangeMark percent={changeOf(bar.close, bar.prev_close)} />
      <span className="whitespace-nowrap">
        <span className="text-ink-3">₹ crore</span> {croreFigure(bar.turnover)}
      </span>
    </p>
  );
}

function Deals({ deals }: { readonly deals: readonly Deal[] }) {
  return (
    <SimpleTable
      caption="Bulk and block deals and short sales"
      rows={deals.map((deal, index) => ({ ...deal, index }))}
      rowKey={({ index }) => String(index)}
      columns={[
        {
          id: 'day',
          header: 'Day',
          className: 'whitespace-nowrap align-top',
          cell: ({ trade_date, deal_type }) => (
            <>
              {trade_date}
              <p className="text-xs text-ink-3">{deal_type.toLowerCase()}</p>
            </>
          ),
        },
        {
          id: 'client',
          header: 'Client',
          className: 'align-top',
          cell: ({ client_name, side }) => (
            <>
              {client_name ?? '–'}
              <p className="text-xs text-ink-3">{side?.toLowerCase() ?? ''}</p>
            </>
          ),
        },
        {
          id: 'quantity',
          header: 'Shares, ₹',
          align: 'end',
          className: 'whitespace-nowrap align-top',
          cell: ({ quantity, price }) => (
            <>
              {whole(quantity)}
              <p className="text-xs text-ink-3">{price === null ? '' : `at ${exact(price)}`}</p>
            </>
          ),
        },
      ]}
    />
  );
}
