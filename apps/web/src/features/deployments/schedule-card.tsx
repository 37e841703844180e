import type { Deployment, Schedule } from '@champion/contract';
import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/panel.tsx';
import { useDeploymentAction } from './actions.ts';
import { ScheduleDialog } from './schedule-dialog.tsx';
import { CATCH_UP_WORDS, cronWords, ruleWords, zoneName } from './schedule-words.ts';

interface ScheduleCardProps {
  readonly deployment: Deployment;
  readonly schedule: Schedule;
}

/** A schedule in words, with what can be done about it. */
export function ScheduleCard({ deployment, schedule }: ScheduleCardProps) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const action = useDeploymentAction(deployment);
  const { cron, timezone, day_or } = schedule.schedule;
  const rules = ruleWords(schedule.calendar);
  const name = schedule.slug ?? cron;
  return (
    <section aria-label={`Schedule ${name}`} className="border-b border-line px-3 py-2.5 last:border-0">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <h3 className="flex flex-wrap items-center gap-2 text-base">
            {cronWords(cron, day_or)}, {zoneName(timezone)}
            {schedule.active ? null : <Badge tone="warn">Rests</Badge>}
          </h3>
          <p className="text-sm text-ink-2">
            {rules.length === 0 ? 'On every day that it names, session or not' : rules.join(' · ')}
          </p>
        </div>
        <div className="flex gap-1.5">
          <Button size="sm" onClick={() => setEditing(true)} aria-label={`Edit the schedule ${name}`}>
            Edit
          </Button>
          <Button
            size="sm"
            icon={schedule.active ? 'pause' : 'play'}
            busy={action.isPending && action.variables.kind === 'activate'}
            aria-label={schedule.active ? `Pause the schedule ${name}` : `Resume the schedule ${name}`}
            onClick={() => action.mutate({ kind: 'activate', scheduleId: schedule.id, active: !schedule.active })}
          >
            {schedule.active ? 'Pause' : 'Resume'}
          </Button>
          <Button
            size="sm"
            variant="danger"
            onClick={() => setDeleting(true)}
            aria-label={`Delete the schedule ${name}`}
          >
            Delete
          </Button>
        </div>
      </div>
      <div className="mt-2">
        <Facts
          items={[
            ['Type', 'Cron'],
            [
              'Cron',
              <span key="cron" className="figures">
                {cron}
              </span>,
            ],
            ['Time zone', timezone ?? 'UTC'],
            ['Slots missed while down', CATCH_UP_WORDS[schedule.catch_up]],
          ]}
        />
      </div>
      {editing ? (
        <ScheduleDialog deployment={deployment} schedule={schedule} onClose={() => setEditing(false)} />
      ) : null}
      <Dialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this schedule?"
        description={`${deployment.flow_name}/${deployment.name} no longer runs ${cronWords(cron, day_or).toLowerCase()}. Runs that have ended stay.`}
        actions={
          <>
            <Button onClick={() => setDeleting(false)}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                setDeleting(false);
                action.mutate({ kind: 'unschedule', scheduleId: schedule.id });
              }}
            >
              Delete the schedule
            </Button>
          </>
        }
      />
    </section>
  );
}
