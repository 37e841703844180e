import type { NotificationRule } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FilterMenu } from '../../ui/filter-menu.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { flowQueries } from '../flows/queries.ts';
import { useSaveRule } from './actions.ts';
import { bodyOf, formOf, type RuleForm, wrongIn } from './rule-form.ts';
import { RULE_STATES } from './rule-words.ts';

const TRIGGERS = [
  { value: 'run_state', label: 'A run comes into a state' },
  { value: 'run_duration', label: 'A run takes longer than' },
  { value: 'run_late', label: 'A run has not begun in time' },
  { value: 'dataset_stale', label: 'A dataset misses its latest session' },
  { value: 'pass_rate', label: 'Too few rows of a dataset are valid' },
] as const;
const TARGETS = [
  { value: 'slack', label: 'Slack webhook' },
  { value: 'webhook', label: 'Generic webhook (JSON by POST)' },
] as const;

interface RuleDialogProps {
  /** Undefined: a new one. */
  readonly rule: NotificationRule | undefined;
  readonly onClose: () => void;
}

/** Makes or edits a rule: what makes an alert, of which runs, and where it goes. */
export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const [form, setForm] = useState(() => formOf(rule));
  const [tried, setTried] = useState(false);
  const flows = useQuery(flowQueries.list());
  const save = useSaveRule();
  const set = (change: Partial<RuleForm>) => setForm((before) => ({ ...before, ...change }));
  const wrong = wrongIn(form, rule === undefined);
  const told = tried ? wrong : {};
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length > 0) return;
    const body = bodyOf(form, rule);
    const { target } = body;
    if (rule !== undefined) save.mutate({ id: rule.id, body }, { onSuccess: onClose });
    else if (target !== undefined) save.mutate({ id: undefined, body: { ...body, target } }, { onSuccess: onClose });
  };
  const timed = form.trigger === 'run_duration' || form.trigger === 'run_late';
  const ofRuns = timed || form.trigger === 'run_state';
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      width="md"
      title={rule === undefined ? 'A new rule' : `Edit ${rule.name}`}
      actions={
        <>
          <Button onClick={onClose}>{rule === undefined ? 'Not now' : 'Leave it as it is'}</Button>
          <Button variant="primary" busy={save.isPending} onClick={submit}>
            Save the rule
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Name" error={told.name}>
          <Input value={form.name} onChange={(event) => set({ name: event.currentTarget.value })} />
        </Field>
        <Field
          label="Tell when"
          hint={
            rule !== undefined && rule.triggers.length > 1
              ? `And ${rule.triggers.length - 1} more, which stay as they are`
              : undefined
          }
        >
          <Select value={form.trigger} onValueChange={(trigger) => set({ trigger })} options={TRIGGERS} />
        </Field>
        {form.trigger === 'run_state' ? <States form={form} onForm={set} error={told.states} /> : null}
        {timed ? (
          <Field label={form.trigger === 'run_late' ? 'Seconds after it was due' : 'Seconds'} error={told.seconds}>
            <Input
              inputMode="numeric"
              value={form.seconds}
              onChange={(event) => set({ seconds: event.currentTarget.value })}
            />
          </Field>
        ) : null}
        {form.trigger === 'pass_rate' ? (
          <Field label="Valid rows below, per cent" error={told.share}>
            <Input
              inputMode="decimal"
              value={form.share}
              onChange={(event) => set({ share: event.currentTarget.value })}
            />
          </Field>
        ) : null}
        {ofRuns ? (
          <div className="grid gap-3 sm:grid-cols-2">
            <div className="flex flex-col items-start gap-1">
              <span className="text-sm font-medium">Of flows</span>
              <FilterMenu
                label={form.flows.length === 0 ? 'Every flow' : 'Flows'}
                options={(flows.data ?? []).map(({ name }) => ({ value: name, label: name }))}
                selected={form.flows.length === 0 ? undefined : form.flows}
                onSelected={(selected) => set({ flows: selected ?? [] })}
              />
            </div>
            <Field label="With the tags" hint="All of them, separated by commas; empty: any">
              <Input value={form.tags} onChange={(event) => set({ tags: event.currentTarget.value })} />
            </Field>
          </div>
        ) : null}
        {rule?.from_environment ? (
          <p className="text-sm text-ink-2">Its target is set by SLACK_WEBHOOK_URL, and changed only there.</p>
        ) : (
          <Target form={form} rule={rule} onForm={set} error={told.url} secretError={told.secret} />
        )}
        <Field
          label="Of alerts alike, send one in so many minutes"
          hint="0: every one"
          error={told.dedupeMinutes ?? wrong.dedupeMinutes}
        >
          <Input
            inputMode="numeric"
            value={form.dedupeMinutes}
            onChange={(event) => set({ dedupeMinutes: event.currentTarget.value })}
          />
        </Field>
      </div>
    </Dialog>
  );
}

interface PartProps {
  readonly form: RuleForm;
  readonly onForm: (change: Partial<RuleForm>) => void;
  readonly error: string | undefined;
}

function States({ form, onForm, error }: PartProps) {
  const known = new Set<string>(RULE_STATES.map(({ value }) => value));
  const options = [
    ...RULE_STATES,
    ...form.states.filter((state) => !known.has(state)).map((value) => ({ value, label: value })),
  ];
  return (
    <fieldset>
      <legend className="text-sm font-medium">States</legend>
      <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {options.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              className="size-3.5 accent-accent"
              checked={form.states.includes(value)}
              onChange={(event) =>
                onForm({
                  states: event.currentTarget.checked
                    ? [...form.states, value]
                    : form.states.filter((state) => state !== value),
                })
              }
            />
            {label}
          </label>
        ))}
      </div>
      {error === undefined ? null : <p className="mt-1 text-xs text-failed">{error}</p>}
    </fieldset>
  );
}

interface TargetProps extends PartProps {
  readonly rule: NotificationRule | undefined;
  readonly secretError: string | undefined;
}

function Target({ form, rule, onForm, error, secretError }: TargetProps) {
  return (
    <>
      <Field label="Send it to">
        <Select value={form.target} onValueChange={(target) => onForm({ target })} options={TARGETS} />
      </Field>
      <Field
        label="Address"
        hint={rule === undefined ? 'It is kept secret, and not shown again' : `Empty: ${rule.target.url} stays`}
        error={error}
      >
        <Input
          type="url"
          autoComplete="off"
          value={form.url}
          placeholder={form.target === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://example.org/alerts'}
          onChange={(event) => onForm({ url: event.currentTarget.value })}
          className="font-mono"
        />
      </Field>
      {form.target === 'webhook' ? (
        <Field label="Secret that signs the requests" hint="Empty: they are not signed" error={secretError}>
          <Input
            type="password"
            autoComplete="off"
            value={form.secret}
            onChange={(event) => onForm({ secret: event.currentTarget.value })}
          />
        </Field>
      ) : null}
    </>
  );
}
