import type { NotificationRule } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { Field } from '../../ui/field.tsx';
import { FilterMenu } from '../../ui/filter-menu.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { blockQueries } from '../blocks/queries.ts';
import { canNotify, referenceOf } from '../blocks/words.ts';
import { datasetQueries } from '../datasets/queries.ts';
import { hasAddress, type RuleForm, type Wrong } from './rule-form.ts';
import { RULE_STATES, WEEKDAYS } from './rule-words.ts';

export interface PartProps {
  readonly form: RuleForm;
  readonly onForm: (change: Partial<RuleForm>) => void;
  readonly wrong: Wrong;
}

interface TicksProps<T extends string> {
  readonly legend: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly chosen: readonly T[];
  readonly onChosen: (chosen: T[]) => void;
  readonly error?: string | undefined;
}

/** Several of a few, as boxes to tick. */
function Ticks<T extends string>({ legend, options, chosen, onChosen, error }: TicksProps<T>) {
  return (
    <fieldset>
      <legend className="text-sm font-medium">{legend}</legend>
      <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {options.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              className="size-3.5 accent-accent"
              checked={chosen.includes(value)}
              onChange={(event) =>
                onChosen(event.currentTarget.checked ? [...chosen, value] : chosen.filter((other) => other !== value))
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

export function States({ form, onForm, wrong }: PartProps) {
  const known = new Set<string>(RULE_STATES.map(({ value }) => value));
  const options = [
    ...RULE_STATES,
    ...form.states.filter((state) => !known.has(state)).map((value) => ({ value, label: value })),
  ];
  return (
    <Ticks
      legend="States"
      options={options}
      chosen={form.states}
      onChosen={(states) => onForm({ states })}
      error={wrong.states}
    />
  );
}

export function Datasets({ form, onForm }: Pick<PartProps, 'form' | 'onForm'>) {
  const datasets = useQuery(datasetQueries.list());
  const names = [...new Set([...(datasets.data ?? []).map(({ name }) => name), ...form.datasets])];
  return (
    <div className="flex flex-col items-start gap-1">
      <span className="text-sm font-medium">Of datasets</span>
      <FilterMenu
        label={form.datasets.length === 0 ? 'Every dataset' : 'Datasets'}
        options={names.map((name) => ({ value: name, label: name }))}
        selected={form.datasets.length === 0 ? undefined : form.datasets}
        onSelected={(selected) => onForm({ datasets: selected ?? [] })}
      />
    </div>
  );
}

const TARGETS = [
  { value: 'block', label: 'A block' },
  { value: 'slack', label: 'Slack webhook' },
  { value: 'webhook', label: 'Generic webhook (JSON by POST)' },
] as const;

interface TargetProps extends PartProps {
  readonly rule: NotificationRule | undefined;
}

export function Target({ form, rule, onForm, wrong }: TargetProps) {
  const keeps = hasAddress(form, rule);
  return (
    <>
      <Field label="Send it to">
        <Select value={form.target} onValueChange={(target) => onForm({ target })} options={TARGETS} />
      </Field>
      {form.target === 'block' ? (
        <BlockChoice form={form} onForm={onForm} wrong={wrong} />
      ) : (
        <Field
          label="Address"
          hint={keeps ? `Empty: ${rule?.target.url} stays` : 'It is kept secret, and not shown again'}
          error={wrong.url}
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
      )}
      {form.target === 'webhook' ? (
        <Field label="Secret that signs the requests" hint="Empty: they are not signed" error={wrong.secret}>
          <Input
            type="password"
            autoComplete="new-password"
            value={form.secret}
            onChange={(event) => onForm({ secret: event.currentTarget.value })}
          />
        </Field>
      ) : null}
    </>
  );
}

function BlockChoice({ form, onForm, wrong }: PartProps) {
  const blocks = useQuery(blockQueries.list());
  const names = (blocks.data ?? []).filter((block) => canNotify(block.block_schema)).map(referenceOf);
  const all = [...new Set([...(form.block === '' ? [] : [form.block]), ...names])];
  return (
    <Field
      label="Block"
      hint={
        <>
          Wherever it leads when an alert is sent. They are made on the page{' '}
          <Link to="/blocks" className="link underline">
            Blocks
          </Link>
        </>
      }
      error={wrong.block}
    >
      <Select
        value={form.block}
        onValueChange={(block) => onForm({ block })}
        options={
          all.length === 0
            ? [{ value: '', label: 'There is none yet' }]
            : all.map((name) => ({ value: name, label: name }))
        }
      />
    </Field>
  );
}

const ZONES = ['Asia/Kolkata', 'UTC'];

export function Quiet({ form, onForm, wrong }: PartProps) {
  const id = useId();
  const { quietHours } = form;
  const set = (change: Partial<RuleForm['quietHours']>) => onForm({ quietHours: { ...quietHours, ...change } });
  const zones = [...new Set([...ZONES, Intl.DateTimeFormat().resolvedOptions().timeZone, quietHours.zone])];
  return (
    <>
      <label htmlFor={id} className="flex items-center gap-2 text-sm font-medium">
        <input
          id={id}
          type="checkbox"
          checked={form.quiet}
          onChange={(event) => onForm({ quiet: event.currentTarget.checked })}
          className="size-3.5 accent-accent"
        />
        Quiet hours
      </label>
      {form.quiet ? (
        <div className="flex flex-col gap-3 border-l-2 border-line pl-3">
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1fr_1fr_2fr]">
            <Field label="From" error={wrong.quietFrom}>
              <Input
                inputMode="numeric"
                value={quietHours.from}
                onChange={(event) => set({ from: event.currentTarget.value.trim() })}
                className="figures"
              />
            </Field>
            <Field label="To" error={wrong.quietTo}>
              <Input
                inputMode="numeric"
                value={quietHours.to}
                onChange={(event) => set({ to: event.currentTarget.value.trim() })}
                className="figures"
              />
            </Field>
            <Field label="Zone">
              <Select
                value={quietHours.zone}
                onValueChange={(zone) => set({ zone })}
                options={zones.map((zone) => ({
                  value: zone,
                  label: zone === 'Asia/Kolkata' ? 'IST (Asia/Kolkata)' : zone,
                }))}
              />
            </Field>
          </div>
          <Ticks
            legend="On nights that begin on"
            options={WEEKDAYS}
            chosen={quietHours.days}
            onChosen={(days) => set({ days })}
            error={wrong.quietDays}
          />
          <Field label="What comes meanwhile">
            <Select
              value={quietHours.meanwhile}
              onValueChange={(meanwhile) => set({ meanwhile })}
              options={[
                { value: 'hold', label: 'Is sent when they are over' },
                { value: 'drop', label: 'Is not sent' },
              ]}
            />
          </Field>
        </div>
      ) : null}
    </>
  );
}
