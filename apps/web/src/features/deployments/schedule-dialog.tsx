import { type Deployment, type Schedule, SESSION_KINDS, type SessionRule } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { useDeploymentAction } from './actions.ts';
import { deploymentQueries } from './queries.ts';
import { cronWords, SESSION_KIND_WORDS } from './schedule-words.ts';
import { SlotList } from './slot-list.tsx';

const PREVIEWED = 10;

const ZONES = [
  { value: 'Asia/Kolkata', label: 'IST (Asia/Kolkata)' },
  { value: 'UTC', label: 'UTC' },
];
const DAYS = [
  { value: 'sessions', label: 'Sessions of the exchange only' },
  { value: 'every', label: 'Every day that it names' },
] as const;
const CATCH_UPS = [
  { value: 'all', label: 'Make up for every one' },
  { value: 'latest', label: 'Make up for the latest' },
  { value: 'none', label: 'Leave them out' },
] as const;

interface ScheduleDialogProps {
  readonly deployment: Deployment;
  /** Undefined: a new one. */
  readonly schedule: Schedule | undefined;
  readonly onClose: () => void;
}

/** Edits a schedule; the moments that it would name are seen before it is saved. */
export function ScheduleDialog({ deployment, schedule, onClose }: ScheduleDialogProps) {
  const [cron, setCron] = useState(schedule?.schedule.cron ?? '0 18 * * 1-5');
  const [timezone, setTimezone] = useState(
    schedule === undefined ? 'Asia/Kolkata' : (schedule.schedule.timezone ?? 'UTC'),
  );
  const [rule, setRule] = useState<SessionRule | null>(
    schedule === undefined ? { sessions: 'only' } : schedule.calendar,
  );
  const [catchUp, setCatchUp] = useState<Schedule['catch_up']>(schedule?.catch_up ?? 'latest');
  const action = useDeploymentAction(deployment);
  const sketch = useDeferredValue({ cron: cron.trim(), timezone, calendar: rule });
  const preview = useQuery({
    ...deploymentQueries.preview(sketch, PREVIEWED),
    enabled: sketch.cron !== '' && sketch.calendar?.kinds?.length !== 0,
  });
  const zones = ZONES.some(({ value }) => value === timezone)
    ? ZONES
    : [...ZONES, { value: timezone, label: timezone }];
  const save = () =>
    action.mutate(
      {
        kind: 'schedule',
        scheduleId: schedule?.id,
        schedule: { schedule: { cron: cron.trim(), timezone }, calendar: rule, catch_up: catchUp },
      },
      { onSuccess: onClose },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      width="lg"
      title={schedule === undefined ? 'Add a schedule' : 'Edit the schedule'}
      description={`${deployment.flow_name}/${deployment.name}`}
      actions={
        <>
          <Button onClick={onClose}>Leave it as it is</Button>
          <Button
            variant="primary"
            busy={action.isPending}
            disabled={cron.trim() === '' || preview.isError || rule?.kinds?.length === 0}
            onClick={save}
          >
            Save the schedule
          </Button>
        </>
      }
    >
      <div className="grid gap-x-6 gap-y-4 md:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
        <div className="flex flex-col gap-3">
          <Field label="Cron expression" hint={`${cronWords(cron)}. Minute, hour, day, month, day of the week.`}>
            <Input value={cron} onChange={(event) => setCron(event.currentTarget.value)} className="font-mono" />
          </Field>
          <Field label="Time zone">
            <Select value={timezone} onValueChange={setTimezone} options={zones} />
          </Field>
          <Field label="Days">
            <Select
              value={rule === null ? 'every' : 'sessions'}
              onValueChange={(days) => setRule(days === 'every' ? null : { sessions: 'only' })}
              options={DAYS}
            />
          </Field>
          {rule === null ? null : <RuleFields rule={rule} onRule={setRule} />}
          <Field label="Slots missed while the platform was down">
            <Select value={catchUp} onValueChange={setCatchUp} options={CATCH_UPS} />
          </Field>
        </div>
        <section aria-label="What it would name" className="min-w-0">
          <h3 className="mb-1 text-sm font-medium">The next moments that it names, IST</h3>
          <div className="rounded-lg border border-line bg-surface" aria-live="polite">
            {preview.isError ? (
              <div className="p-2">
                <ErrorState error={preview.error} />
              </div>
            ) : preview.data === undefined ? (
              <div className="px-3">
                <SkeletonLines lines={6} />
              </div>
            ) : preview.data.length === 0 ? (
              <p className="px-3 py-4 text-sm text-ink-3">It names no moment within the years ahead.</p>
            ) : (
              <SlotList slots={preview.data} label="Preview" />
            )}
          </div>
        </section>
      </div>
    </Dialog>
  );
}

interface RuleFieldsProps {
  readonly rule: SessionRule;
  readonly onRule: (rule: SessionRule) => void;
}

function RuleFields({ rule, onRule }: RuleFieldsProps) {
  const id = useId();
  const { not_before_close_minutes, after_close_minutes, hours, ...rest } = rule;
  const kinds = rule.kinds ?? SESSION_KINDS;
  const setKind = (kind: (typeof SESSION_KINDS)[number], isOn: boolean) => {
    const { kinds: _, ...others } = rule;
    const next = SESSION_KINDS.filter((each) => (each === kind ? isOn : kinds.includes(each)));
    // All of them is no condition: kinds that are to come are meant as well.
    onRule(next.length === SESSION_KINDS.length ? others : { ...others, kinds: next });
  };
  const build = (change: Partial<Record<'notBefore' | 'after', number | undefined>> & { within?: boolean }) => {
    const within = change.within ?? hours === 'session';
    // Within its hours is before its close.
    const notBefore = within ? undefined : 'notBefore' in change ? change.notBefore : not_before_close_minutes;
    const after = 'after' in change ? change.after : after_close_minutes;
    onRule({
      ...rest,
      ...(notBefore === undefined ? {} : { not_before_close_minutes: notBefore }),
      ...(after === undefined ? {} : { after_close_minutes: after }),
      ...(within ? { hours: 'session' as const } : {}),
    });
  };
  return (
    <>
      <fieldset>
        <legend className="text-sm font-medium">Kinds of sessions</legend>
        <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
          {SESSION_KINDS.map((kind) => (
            <label key={kind} className="flex items-center gap-1.5 text-sm">
              <input
                type="checkbox"
                className="size-3.5 accent-accent"
                checked={kinds.includes(kind)}
                onChange={(event) => setKind(kind, event.currentTarget.checked)}
              />
              {capitalized(SESSION_KIND_WORDS[kind])}
            </label>
          ))}
        </div>
        {kinds.length === 0 ? <p className="mt-1 text-xs text-failed">At least one kind</p> : null}
      </fieldset>
      <label htmlFor={id} className="flex items-center gap-2 text-sm">
        <input
          id={id}
          type="checkbox"
          checked={hours === 'session'}
          onChange={(event) => build({ within: event.currentTarget.checked })}
          className="size-3.5 accent-accent"
        />
        Only within the session's own hours
      </label>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Not before, min after close" hint="Earlier slots wait until then">
          <Input
            type="number"
            min={0}
            max={720}
            disabled={hours === 'session'}
            value={not_before_close_minutes ?? ''}
            onChange={(event) => build({ notBefore: minutesOf(event.currentTarget.value) })}
          />
        </Field>
        <Field label="Once more, min after close" hint="One slot besides">
          <Input
            type="number"
            min={0}
            max={720}
            value={after_close_minutes ?? ''}
            onChange={(event) => build({ after: minutesOf(event.currentTarget.value) })}
          />
        </Field>
      </div>
    </>
  );
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Undefined where nothing is written, and for what the API would refuse. */
function minutesOf(text: string): number | undefined {
  const count = Number(text);
  return text.trim() !== '' && Number.isInteger(count) && count >= 0 && count <= 720 ? count : undefined;
}
