import type { System } from '@champion/contract';
import { count, percent } from '../../lib/numbers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Facts } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { Time } from '../../ui/time.tsx';
import { availability } from './samples.ts';

const CIRCUITS = {
  closed: ['completed', 'Closed', 'asked as usual'],
  half_open: ['late', 'Half open', 'the next request decides'],
  open: ['paused', 'Open', 'left alone'],
} as const;

/** How the exchange answers, and whether it is asked. */
export function ExchangeHosts({ hosts }: { readonly hosts: System['exchange'] }) {
  if (hosts.length === 0) {
    return (
      <EmptyState title="Nothing was asked yet">
        This process has asked the exchange nothing since it started; workers of their own tell theirs at their metrics.
      </EmptyState>
    );
  }
  return (
    <SimpleTable
      caption="Hosts of the exchange and whether they are asked"
      rows={hosts}
      rowKey={({ host }) => host}
      columns={[
        { id: 'host', header: 'Host', cell: ({ host }) => <span className="font-medium break-all">{host}</span> },
        {
          id: 'circuit',
          header: 'Circuit',
          cell: ({ circuit, open_until }) => {
            const [kind, word, meaning] = CIRCUITS[circuit];
            return (
              <span className="inline-flex flex-wrap items-center gap-x-1.5">
                <StateShape kind={kind} />
                {word}
                <span className="text-ink-3">
                  {meaning}
                  {open_until === null ? null : (
                    <>
                      {' '}
                      until <Time at={open_until} format="clock" />
                    </>
                  )}
                </span>
              </span>
            );
          },
        },
        { id: 'failures', header: 'Failed in a row', align: 'end', cell: ({ failures }) => count(failures) },
        {
          id: 'last',
          header: 'Last answer',
          className: 'max-sm:hidden',
          cell: ({ last_outcome, last_at }) => (
            <>
              {last_outcome}{' '}
              <span className="text-ink-3">
                <Time at={last_at} format="relative" />
              </span>
            </>
          ),
        },
      ]}
    />
  );
}

/** Of the requests that came, how many got the answer that they should. */
export function Availability({ api, since }: { readonly api: System['api']; readonly since: string }) {
  const item = (label: string, requests: System['api']['last_hour']) => {
    const share = availability(requests);
    const { answered, refused, failed } = requests;
    const shown =
      share === null ? (
        'no requests'
      ) : (
        <>
          <span className={share === 1 ? 'font-medium' : 'font-medium text-failed'}>{percent(share, 2)}</span>
          <span className="block text-ink-3">
            {count(answered)} answered, {count(refused)} refused, {count(failed)} failed
          </span>
        </>
      );
    return [label, shown] as const;
  };
  return (
    <>
      <Facts items={[item('Last hour', api.last_hour), item('Last day', api.last_day)]} />
      <p className="mt-2 text-xs text-ink-3">
        Counted since the server started, <Time at={since} format="relative" />; while it was away nothing was counted.
      </p>
    </>
  );
}
