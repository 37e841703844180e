import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageHeader } from '../../ui/panel.tsx';
import { InstrumentFinder } from './instrument-finder.tsx';

export interface MarketHeaderProps {
  readonly title: ReactNode;
  readonly below?: ReactNode;
  readonly actions?: ReactNode;
}

const tab =
  'flex h-7 items-center rounded-md px-2.5 text-sm text-ink-2 hover:bg-hover hover:text-ink ' +
  'data-[status=active]:bg-selected data-[status=active]:font-medium data-[status=active]:text-ink';

/** The head of the market's pages: where one is, and the way to any instrument. */
export function MarketHeader({ title, below, actions }: MarketHeaderProps) {
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <nav aria-label="Market" className="flex gap-1">
          <Link to="/market" activeOptions={{ exact: true, includeSearch: false }} className={tab}>
            Day
          </Link>
          <Link to="/market/options" activeOptions={{ includeSearch: false }} className={tab}>
            Option chains
          </Link>
        </nav>
        <InstrumentFinder />
      </div>
      <PageHeader title={title} below={below} actions={actions} />
    </>
  );
}
