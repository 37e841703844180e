import type { NotificationRule } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Page } from '../../ui/page.tsx';
import { PageHeader, Panel } from '../../ui/panel.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { useDeleteRule, useSaveRule, useTestRule } from './actions.ts';
import { DeliveriesPanel } from './deliveries-panel.tsx';
import { notificationQueries } from './queries.ts';
import { RuleDialog } from './rule-dialog.tsx';
import { filterWords, quietWords, STATUS_WORDS, TARGET_WORDS, triggerWords } from './rule-words.ts';
import type { NotificationsSearch } from './search.ts';

interface NotificationsPageProps {
  readonly search: NotificationsSearch;
  readonly onSearch: (change: NotificationsSearch) => void;
}

/** Who is told of what, and whether it got there. */
export function NotificationsPage({ search, onSearch }: NotificationsPageProps) {
  const query = useQuery(notificationQueries.rules());
  const [adding, setAdding] = useState(false);
  const rules = query.data;
  const add = (
    <Button variant="primary" icon="plus" onClick={() => setAdding(true)}>
      New rule
    </Button>
  );
  return (
    <Page>
      <PageHeader title="Notifications" below="Who is told of what, and whether it got there" actions={add} />
      <div className="flex flex-col gap-3">
        {query.error ? (
          <ErrorState error={query.error} title="The rules could not be read" onRetry={() => void query.refetch()} />
        ) : rules === undefined ? (
          <SkeletonLines lines={4} />
        ) : (
          <Panel title="Rules" aside={rules.length === 0 ? undefined : rules.length} flush>
            {rules.length === 0 ? (
              <EmptyState title="No rules yet">
                A rule sends a message to Slack or to any webhook when a run fails, takes too long or comes late, or
                when a dataset is not there in time. With <code>SLACK_WEBHOOK_URL</code> set there is one for failures
                from the start.
              </EmptyState>
            ) : (
              <ul>
                {rules.map((rule) => (
                  <RuleRow
                    key={rule.id}
                    rule={rule}
                    chosen={search.rule === rule.id}
                    onHistory={() => onSearch({ rule: search.rule === rule.id ? undefined : rule.id })}
                  />
                ))}
              </ul>
            )}
          </Panel>
        )}
        <DeliveriesPanel
          rule={rules?.find(({ id }) => id === search.rule)}
          onEvery={() => onSearch({ rule: undefined })}
        />
      </div>
      {adding ? <RuleDialog rule={undefined} onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

interface RuleRowProps {
  readonly rule: NotificationRule;
  /** Its deliveries are shown below. */
  readonly chosen: boolean;
  readonly onHistory: () => void;
}

function RuleRow({ rule, chosen, onHistory }: RuleRowProps) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | undefined>();
  const save = useSaveRule();
  const test = useTestRule();
  const remove = useDeleteRule();
  const close = () => setDialog(undefined);
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line px-3 py-2 last:border-0">
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{rule.name}</span>
          {rule.enabled ? null : <Badge tone="warn">Off</Badge>}
          {rule.from_environment ? <Badge>SLACK_WEBHOOK_URL</Badge> : null}
        </p>
        <p className="text-ink-2">When {rule.triggers.map(triggerWords).join(', or ')}</p>
        <p className="break-all text-ink-3">
          {filterWords(rule.filter)} → {TARGET_WORDS[rule.target.type]} {rule.target.block ?? rule.target.url}
          {rule.target.signed ? ', signed' : ''}
        </p>
        {rule.quiet_hours === null && rule.template === null ? null : (
          <p className="text-ink-3">
            {[
              ...(rule.quiet_hours === null ? [] : [quietWords(rule.quiet_hours)]),
              ...(rule.template === null ? [] : ['in words of its own']),
            ].join(' · ')}
          </p>
        )}
        <p className="text-ink-3">
          {rule.last_delivery === null ? (
            'It has told nothing yet'
          ) : (
            <>
              Last: {STATUS_WORDS[rule.last_delivery.status].toLowerCase()},{' '}
              <Time at={rule.last_delivery.created} format="relative" />
            </>
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Button
          size="sm"
          busy={test.isPending}
          onClick={() => test.mutate(rule)}
          aria-label={`Send a test of ${rule.name}`}
        >
          Send a test
        </Button>
        <Button size="sm" onClick={onHistory} aria-pressed={chosen} aria-label={`History of ${rule.name}`}>
          History
        </Button>
        <Button size="sm" onClick={() => setDialog('edit')} aria-label={`Edit ${rule.name}`}>
          Edit
        </Button>
        <Button
          size="sm"
          icon={rule.enabled ? 'pause' : 'play'}
          busy={save.isPending}
          aria-label={`Turn ${rule.name} ${rule.enabled ? 'off' : 'on'}`}
          onClick={() => save.mutate({ id: rule.id, body: { enabled: !rule.enabled } })}
        >
          {rule.enabled ? 'Off' : 'On'}
        </Button>
        <Button size="sm" variant="danger" onClick={() => setDialog('delete')} aria-label={`Delete ${rule.name}`}>
          Delete
        </Button>
      </div>
      {dialog === 'edit' ? <RuleDialog rule={rule} onClose={close} /> : null}
      <Dialog
        open={dialog === 'delete'}
        onOpenChange={(open) => {
          if (!open) close();
        }}
        title={`Delete ${rule.name}?`}
        description="Nobody is told by it any more. The record of what it told stays."
        actions={
          <>
            <Button onClick={close}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                close();
                remove.mutate(rule);
              }}
            >
              Delete the rule
            </Button>
          </>
        }
      />
    </li>
  );
}
