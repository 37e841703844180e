import type { NotificationDelivery, NotificationRule } from '@champion/contract';
import { plural } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { useRetryDelivery } from './actions.ts';
import { notificationQueries } from './queries.ts';
import { STATUS_TONES, STATUS_WORDS } from './rule-words.ts';

interface DeliveriesPanelProps {
  /** Undefined: of every rule. */
  readonly rule: NotificationRule | undefined;
  readonly onEvery: () => void;
}

/** Alerts and what became of them. */
export function DeliveriesPanel({ rule, onEvery }: DeliveriesPanelProps) {
  const query = useQuery(notificationQueries.deliveries(rule?.id));
  const deliveries = query.data;
  return (
    <Panel
      title={rule === undefined ? 'Deliveries' : `Deliveries of ${rule.name}`}
      aside={
        rule === undefined ? (
          'IST'
        ) : (
          <Button size="sm" variant="quiet" onClick={onEvery}>
            Those of every rule
          </Button>
        )
      }
      flush
    >
      {query.error ? (
        <div className="p-3">
          <ErrorState
            error={query.error}
            title="The deliveries could not be read"
            onRetry={() => void query.refetch()}
          />
        </div>
      ) : deliveries === undefined ? (
        <div className="px-3">
          <SkeletonLines lines={3} />
        </div>
      ) : deliveries.length === 0 ? (
        <p className="px-3 py-4 text-sm text-ink-3">None yet. What a rule tells, and every test, is listed here.</p>
      ) : (
        <SimpleTable
          caption="Deliveries"
          rows={deliveries}
          rowKey={({ id }) => id}
          columns={[
            {
              id: 'at',
              header: 'Made',
              className: 'w-28',
              cell: ({ created }) => <Time at={created} format="short" />,
            },
            {
              id: 'what',
              header: 'What',
              cell: (delivery) => <What delivery={delivery} />,
            },
            { id: 'rule', header: 'Rule', className: 'max-lg:hidden', cell: ({ rule_name }) => rule_name },
            {
              id: 'status',
              header: 'What became of it',
              cell: (delivery) => <Outcome delivery={delivery} />,
            },
            {
              id: 'again',
              header: <span className="sr-only">Actions</span>,
              align: 'end',
              cell: (delivery) => <SendAgain delivery={delivery} />,
            },
          ]}
        />
      )}
    </Panel>
  );
}

function What({ delivery }: { readonly delivery: NotificationDelivery }) {
  const { kind, flow, run, flow_run_id, state_name, message, suppressed } = delivery;
  if (kind === 'test') return <span title={delivery.text ?? undefined}>Test</span>;
  const name = `${flow} · ${run}`;
  return (
    <div className="min-w-0" title={delivery.text ?? undefined}>
      {flow_run_id === null ? (
        name
      ) : (
        <Link to="/runs/$runId" params={{ runId: flow_run_id }} className="link break-all">
          {name}
        </Link>
      )}{' '}
      <span className="text-ink-2">{state_name}</span>
      <div className="line-clamp-2 text-xs text-ink-3">
        {message}
        {suppressed === 0 ? '' : ` · ${suppressed} more alike not sent`}
      </div>
    </div>
  );
}

function Outcome({ delivery }: { readonly delivery: NotificationDelivery }) {
  const { status, attempts, response_status, error, next_attempt } = delivery;
  return (
    <div>
      <Badge tone={STATUS_TONES[status]}>{STATUS_WORDS[status]}</Badge>
      <div className="text-xs break-words text-ink-3">
        {attempts === 0 ? null : plural(attempts, 'attempt')}
        {response_status === null ? null : ` · HTTP ${response_status}`}
        {status === 'pending' && next_attempt !== null ? (
          <>
            {' · next '}
            <Time at={next_attempt} format="relative" />
          </>
        ) : null}
        {error === null ? null : <span className="block">{error}</span>}
      </div>
    </div>
  );
}

function SendAgain({ delivery }: { readonly delivery: NotificationDelivery }) {
  const retry = useRetryDelivery();
  if (delivery.status === 'delivered' || delivery.kind === 'test') return null;
  return (
    <Button
      size="sm"
      icon="retry"
      busy={retry.isPending}
      aria-label={`Send the alert of ${delivery.run} now`}
      onClick={() => retry.mutate(delivery.id)}
    >
      Send
    </Button>
  );
}
