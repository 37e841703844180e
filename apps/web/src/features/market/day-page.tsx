import type { BusinessDate } from '@champion/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count } from '../../lib/numbers.ts';
import { readDay } from '../../lib/search-params.ts';
import { dayBounds, dayName } from '../../lib/time.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Input } from '../../ui/input.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { BreadthBar } from './breadth-bar.tsx';
import { ChangeMark } from './change-mark.tsx';
import { croreFigure, exact, inCrore, whole } from './figures.ts';
import { MarketHeader } from './market-header.tsx';
import {
  breadthQuery,
  daySummaryQuery,
  indicesQuery,
  type Mover,
  moversQuery,
  sectorsQuery,
  sessionsQuery,
} from './named.ts';
import { ask } from './queries.ts';
import type { MarketSearch } from './search.ts';

export interface DayPageProps {
  readonly search: MarketSearch;
  readonly onSearch: (change: MarketSearch) => void;
}

/** Shares of less turnover move by accident: one crore rupees. */
const MIN_TURNOVER = '10000000';

export function DayPage({ search, onSearch }: DayPageProps) {
  const sessions = useQuery(ask(sessionsQuery, { limit: 1000 }));
  const dates = sessions.data?.map(({ trade_date }) => trade_date) ?? [];
  const day = search.day ?? dates[0];
  const at = day === undefined ? -1 : dates.indexOf(day);
  const [newer, older] = [dates[at - 1], at < 0 ? undefined : dates[at + 1]];
  return (
    <Page>
      <MarketHeader
        title={day === undefined ? 'Market' : dayName(dayBounds(day).from)}
        below="A session of the capital market, from the gold tables"
        actions={
          <>
            <Button
              icon="right"
              className="rotate-180"
              aria-label="Session before"
              disabled={older === undefined}
              onClick={() => onSearch({ day: older })}
            />
            <Input
              type="date"
              aria-label="Session"
              value={day ?? ''}
              onChange={(event) => onSearch({ day: readDay(event.currentTarget.value) })}
            />
            <Button
              icon="right"
              aria-label="Session after"
              disabled={newer === undefined}
              onClick={() => onSearch({ day: newer === dates[0] ? undefined : newer })}
            />
          </>
        }
      />
      {sessions.error ? (
        <ErrorState error={sessions.error} title="The sessions could not be read" onRetry={() => sessions.refetch()} />
      ) : sessions.data === undefined ? (
        <SkeletonLines lines={10} />
      ) : day === undefined ? (
        <EmptyState title="No session has been computed yet">
          The market's day is made of the bars of a session, by the flow market-gold-etl.
        </EmptyState>
      ) : (
        <Day day={day} />
      )}
    </Page>
  );
}

function Day({ day }: { readonly day: BusinessDate }) {
  const summary = useQuery(ask(daySummaryQuery, { date: day }));
  const breadth = useQuery(ask(breadthQuery, { date: day }));
  const sectors = useQuery(ask(sectorsQuery, { date: day }));
  const indices = useQuery(ask(indicesQuery, { date: day }));
  const [row] = summary.data ?? [];
  if (summary.data !== undefined && row === undefined) {
    return (
      <EmptyState title={`Nothing is known of ${day}`}>
        It was no session, or its bars are not loaded: see the coverage of{' '}
        <Link to="/datasets/$name" params={{ name: 'bhavcopy' }} search={{ day }} className="link">
          bhavcopy
        </Link>
        .
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Panel>
        {summary.error ? (
          <ErrorState error={summary.error} onRetry={() => summary.refetch()} />
        ) : row === undefined ? (
          <SkeletonLines lines={2} />
        ) : (
          <div className="grid grid-cols-2 items-start gap-x-6 gap-y-3 sm:flex sm:flex-wrap sm:gap-x-8">
            <Figure name="Turnover" value={inCrore(row.turnover)} note={`EQ ${inCrore(row.turnover_eq)}`} />
            <Figure name="Instruments traded" value={count(row.traded)} note={`of ${count(row.instruments)}`} />
            <Figure name="Shares" value={whole(row.volume)} note={`${whole(row.trades)} trades`} />
            <Figure
              name="Delivered"
              value={row.delivery_percent === null ? '–' : `${row.delivery_percent.toFixed(2)} %`}
              note="of the volume whose delivery is known"
            />
            <Figure
              name="52-week highs, lows"
              value={row.new_highs === null ? '–' : `${count(row.new_highs)}, ${count(row.new_lows ?? 0)}`}
              note={`of ${count(row.high_low_sessions)} sessions loaded`}
            />
            <Figure
              name="Bulk, block deals"
              value={`${row.bulk_deals ?? '–'}, ${row.block_deals ?? '–'}`}
              note={`bought ${inCrore(row.bulk_bought)}, ${inCrore(row.block_bought)}`}
            />
            <div className="grow max-sm:col-span-2 sm:min-w-60">
              <p className="label-caps mb-1">Advances and declines</p>
              <BreadthBar advances={row.advances} declines={row.declines} unchanged={row.unchanged} />
            </div>
          </div>
        )}
      </Panel>
      <div className="grid items-start gap-3 lg:grid-cols-2 2xl:grid-cols-3">
        <Movers title="Gainers" by="gainers" day={day} />
        <Movers title="Losers" by="losers" day={day} />
        <Movers title="Most turnover" by="active" day={day} />
        <Panel title="Breadth by group of series" flush>
          <Loaded of={breadth} what="The breadth">
            {(rows) => (
              <SimpleTable
                caption="Advances and declines by group of series"
                rows={rows}
                rowKey={({ series_group }) => series_group}
                columns={[
                  { id: 'group', header: 'Group', cell: ({ series_group }) => series_group.replaceAll('-', ' ') },
                  {
                    id: 'bar',
                    header: 'Advances and declines',
                    className: 'w-1/2',
                    cell: (each) => <BreadthBar {...each} small />,
                  },
                  {
                    id: 'turnover',
                    header: '₹ crore',
                    align: 'end',
                    cell: ({ turnover }) => croreFigure(turnover),
                  },
                ]}
              />
            )}
          </Loaded>
        </Panel>
        <Panel title="Industries" flush>
          <Loaded of={sectors} what="The industries">
            {(rows) => (
              <SimpleTable
                caption="Turnover by industry"
                rows={rows}
                rowKey={({ industry }) => industry ?? ''}
                columns={[
                  {
                    id: 'industry',
                    header: 'Industry',
                    cell: ({ industry }) => industry ?? <span className="text-ink-3">not known</span>,
                  },
                  {
                    id: 'moves',
                    header: '▲ ▼',
                    align: 'end',
                    className: 'whitespace-nowrap',
                    cell: ({ advances, declines }) => `${count(advances)} ${count(declines)}`,
                  },
                  {
                    id: 'share',
                    header: 'Share',
                    align: 'end',
                    className: 'whitespace-nowrap',
                    cell: ({ turnover_percent }) =>
                      turnover_percent === null ? '–' : `${turnover_percent.toFixed(1)} %`,
                  },
                  { id: 'turnover', header: '₹ crore', align: 'end', cell: ({ turnover }) => croreFigure(turnover) },
                ]}
              />
            )}
          </Loaded>
        </Panel>
        <Panel title="Indices" flush>
          <Loaded of={indices} what="The indices">
            {(rows) => (
              <SimpleTable
                caption="Indices"
                rows={rows}
                rowKey={({ index_name }) => index_name}
                columns={[
                  { id: 'name', header: 'Index', cell: ({ index_name }) => index_name },
                  { id: 'close', header: 'Close', align: 'end', cell: ({ close }) => exact(close) },
                  {
                    id: 'change',
                    header: 'Change',
                    align: 'end',
                    cell: ({ change_pct }) => <ChangeMark percent={change_pct === null ? null : Number(change_pct)} />,
                  },
                ]}
              />
            )}
          </Loaded>
        </Panel>
      </div>
    </div>
  );
}

function Figure({ name, value, note }: { readonly name: string; readonly value: string; readonly note: string }) {
  return (
    <div>
      <p className="label-caps">{name}</p>
      <p className="text-lg font-semibold sm:whitespace-nowrap">{value}</p>
      <p className="text-xs text-ink-3">{note}</p>
    </div>
  );
}

interface MoversProps {
  readonly title: string;
  readonly by: 'gainers' | 'losers' | 'active';
  readonly day: BusinessDate;
}

function Movers({ title, by, day }: MoversProps) {
  const query = useQuery(
    ask(moversQuery, { date: day, by, min_turnover: by === 'active' ? '0' : MIN_TURNOVER, limit: 12 }),
  );
  return (
    <Panel title={title} aside={by === 'active' ? undefined : 'above ₹ 1 crore turnover'} flush>
      <Loaded of={query} what="The movers">
        {(rows) => (
          <SimpleTable<Mover>
            caption={title}
            rows={rows}
            rowKey={({ symbol, series }) => `${symbol} ${series}`}
            columns={[
              {
                id: 'symbol',
                header: 'Symbol',
                cell: ({ symbol, series }) => (
                  <Link
                    to="/market/instruments/$symbol"
                    params={{ symbol }}
                    search={series === 'EQ' ? {} : { series }}
                    className="link"
                  >
                    {symbol} {series === 'EQ' ? null : <span className="text-xs text-ink-3">{series}</span>}
                  </Link>
                ),
              },
              { id: 'close', header: 'Close ₹', align: 'end', cell: ({ close }) => exact(close) },
              {
                id: 'change',
                header: 'Change',
                align: 'end',
                cell: ({ change_percent }) => <ChangeMark percent={change_percent} />,
              },
              { id: 'turnover', header: '₹ crore', align: 'end', cell: ({ turnover }) => croreFigure(turnover) },
              {
                id: 'delivery',
                header: 'Deliv. %',
                align: 'end',
                className: 'max-sm:hidden',
                cell: ({ delivery_pct }) => exact(delivery_pct),
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

interface LoadedProps<T> {
  readonly of: UseQueryResult<readonly T[]>;
  readonly what: string;
  readonly children: (rows: readonly T[]) => ReactNode;
}

function Loaded<T>({ of, what, children }: LoadedProps<T>) {
  if (of.error) {
    return (
      <div className="p-3">
        <ErrorState error={of.error} title={`${what} could not be read`} onRetry={() => void of.refetch()} />
      </div>
    );
  }
  if (of.data === undefined) {
    return (
      <div className="px-3">
        <SkeletonLines lines={6} />
      </div>
    );
  }
  return of.data.length === 0 ? <EmptyState title="None in this session" /> : children(of.data);
}
