import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { ChainTable } from './chain-table.tsx';
import { exact, whole } from './figures.ts';
import { MarketHeader } from './market-header.tsx';
import { optionChainQuery, optionExpiriesQuery, optionSummaryQuery } from './named.ts';
import { PainChart } from './pain-chart.tsx';
import { around } from './payoff.ts';
import { ask } from './queries.ts';
import type { OptionsSearch } from './search.ts';

export interface OptionsPageProps {
  readonly search: OptionsSearch;
  readonly onSearch: (change: OptionsSearch) => void;
}

/** Strikes on each side of the money. */
const NEAR = 15;

export function OptionsPage({ search, onSearch }: OptionsPageProps) {
  const known = useQuery(ask(optionExpiriesQuery, {}));
  const symbols = [...new Set(known.data?.map(({ symbol }) => symbol))];
  const symbol = search.symbol ?? (symbols.includes('NIFTY') ? 'NIFTY' : symbols[0]);
  const expiries = known.data?.filter((each) => each.symbol === symbol) ?? [];
  const current = expiries.find(({ expiry }) => expiry === search.expiry) ?? expiries[0];
  const asked = { symbol: symbol ?? '', expiry: current?.expiry ?? '', snapshot: current?.snapshot_time ?? '' };
  const enabled = current !== undefined;
  const chain = useQuery({ ...ask(optionChainQuery, asked), enabled });
  const summary = useQuery({ ...ask(optionSummaryQuery, asked), enabled });
  const [figures] = summary.data ?? [];
  const underlying = Number(figures?.underlying ?? chain.data?.find((row) => row.underlying !== null)?.underlying);
  const money = Number.isFinite(underlying) && underlying > 0 ? underlying : null;
  const rows = useMemo(
    () => (search.strikes === 'all' ? (chain.data ?? []) : around(chain.data ?? [], money, NEAR)),
    [chain.data, money, search.strikes],
  );
  const error = known.error ?? chain.error ?? summary.error;
  return (
    <Page>
      <MarketHeader
        title={symbol === undefined ? 'Option chains' : `${symbol} options`}
        below={current === undefined ? undefined : `As of ${current.snapshot_time.slice(0, 19)} IST`}
        actions={
          symbol === undefined || current === undefined ? undefined : (
            <>
              <Select
                aria-label="Underlying"
                value={symbol}
                onValueChange={(next) => onSearch({ symbol: next, expiry: undefined })}
                options={symbols.map((value) => ({ value, label: value }))}
              />
              <Select
                aria-label="Expiry"
                value={current.expiry}
                onValueChange={(next) => onSearch({ expiry: expiries.find(({ expiry }) => expiry === next)?.expiry })}
                options={expiries.map(({ expiry }) => ({ value: expiry, label: `Expires ${expiry}` }))}
              />
              <Select
                aria-label="Strikes"
                value={search.strikes ?? 'near'}
                onValueChange={(next) => onSearch({ strikes: next === 'all' ? 'all' : undefined })}
                options={[
                  { value: 'near', label: `${2 * NEAR} near the money` },
                  { value: 'all', label: 'Every strike' },
                ]}
              />
            </>
          )
        }
      />
      {error ? (
        <ErrorState
          error={error}
          title="The chain could not be read"
          onRetry={() => {
            for (const query of [known, chain, summary]) void query.refetch();
          }}
        />
      ) : known.data?.length === 0 ? (
        <EmptyState title="No option chain is loaded yet">
          The flow option-chain-etl takes a snapshot every 30 minutes of a session.
        </EmptyState>
      ) : chain.data === undefined ? (
        <SkeletonLines lines={12} />
      ) : (
        <div className="flex flex-col gap-3">
          <div className="grid items-start gap-3 lg:grid-cols-[auto_minmax(0,1fr)]">
            <Panel title="What it comes to">
              <dl className="grid grid-cols-2 gap-x-8 gap-y-3">
                <Figure name="Underlying" value={exact(figures?.underlying ?? null)} />
                <Figure
                  name="Max pain"
                  title="The strike at which the writers of all these options together would pay least"
                  value={exact(figures?.max_pain ?? null)}
                />
                <Figure
                  name="Put-call ratio"
                  title="Open interest of puts over that of calls"
                  value={figures?.put_call_ratio?.toFixed(4) ?? '–'}
                />
                <Figure
                  name="At the money"
                  value={exact(figures?.atm_strike ?? null)}
                  note={figures?.atm_iv == null ? undefined : `volatility ${figures.atm_iv.toFixed(2)} %`}
                />
                <Figure name="Call open interest" value={whole(figures?.call_oi.split('.')[0] ?? null)} />
                <Figure name="Put open interest" value={whole(figures?.put_oi.split('.')[0] ?? null)} />
              </dl>
            </Panel>
            <Panel title="What writers would pay, by strike at expiry">
              <PainChart
                chain={chain.data}
                shown={rows}
                underlying={money}
                maxPain={figures?.max_pain == null ? null : Number(figures.max_pain)}
              />
            </Panel>
          </div>
          <Panel flush>
            <ChainTable rows={rows} underlying={money} maxPain={figures?.max_pain ?? null} />
          </Panel>
        </div>
      )}
    </Page>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly title?: string;
}

function Figure({ name, value, note, title }: FigureProps) {
  return (
    <div title={title}>
      <dt className="label-caps">{name}</dt>
      <dd className="text-lg font-semibold whitespace-nowrap">
        {value}
        {note === undefined ? null : <span className="block text-xs font-normal text-ink-3">{note}</span>}
      </dd>
    </div>
  );
}
