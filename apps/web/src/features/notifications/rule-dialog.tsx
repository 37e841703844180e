import type { NotificationRule } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { FilterMenu } from '../../ui/filter-menu.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { flowQueries } from '../flows/queries.ts';
import { useSaveRule } from './actions.ts';
import { Datasets, Quiet, States, Target } from './rule-fields.tsx';
import { bodyOf, formOf, PLACEHOLDERS, type RuleForm, type Wrong, wrongIn } from './rule-form.ts';

const TRIGGERS = [
  { value: 'run_state', label: 'A run comes into a state' },
  { value: 'run_duration', label: 'A run takes longer than' },
  { value: 'run_late', label: 'A run has not begun in time' },
  { value: 'dataset_stale', label: 'A dataset misses its latest session' },
  { value: 'pass_rate', label: 'Too few rows of a dataset are valid' },
] as const;

/** Said at once, for they are right to begin with. */
function quietOf({ quietFrom, quietTo, quietDays }: Wrong): Wrong {
  return {
    ...(quietFrom === undefined ? {} : { quietFrom }),
    ...(quietTo === undefined ? {} : { quietTo }),
    ...(quietDays === undefined ? {} : { quietDays }),
  };
}

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
  const wrong = wrongIn(form, rule);
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
        {form.trigger === 'run_state' ? <States form={form} onForm={set} wrong={told} /> : null}
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
        {ofRuns ? null : <Datasets form={form} onForm={set} />}
        {rule?.from_environment ? (
          <p className="text-sm text-ink-2">Its target is set by SLACK_WEBHOOK_URL, and changed only there.</p>
        ) : (
          <Target form={form} rule={rule} onForm={set} wrong={told} />
        )}
        <Field
          label="Words"
          hint={`Empty: Champion's own. With ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(' ')}`}
          error={wrong.template}
        >
          <TextArea
            rows={2}
            value={form.template}
            placeholder="{{flow}} {{state}}: {{message}} {{url}}"
            onChange={(event) => set({ template: event.currentTarget.value })}
          />
        </Field>
        <Quiet form={form} onForm={set} wrong={{ ...told, ...quietOf(wrong) }} />
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
