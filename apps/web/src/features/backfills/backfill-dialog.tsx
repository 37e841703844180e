import { type BusinessDate, parseIsoDate } from '@champion/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { count } from '../../lib/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { sessionsOf } from '../datasets/heat-map.ts';
import { isGap } from '../datasets/outcomes.ts';
import { datasetQueries } from '../datasets/queries.ts';
import { BackfillProgress, BackfillState } from './progress.tsx';
import { backfillQueries, isAtWork, useCancelBackfill, useStartBackfill } from './queries.ts';

type Only = 'missing' | 'failed' | 'all';

export interface BackfillSpan {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly only: Only;
}

export interface BackfillDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Default: it is chosen here. */
  readonly dataset?: string;
  readonly span?: BackfillSpan;
  readonly onOpenBackfill: (id: string) => void;
}

const ONLY: readonly { readonly value: Only; readonly label: string }[] = [
  { value: 'missing', label: 'What is not loaded' },
  { value: 'failed', label: 'What was tried and is not loaded' },
  { value: 'all', label: 'Everything, loaded or not' },
];

/** Asks what to load, then shows how far it is; closing it ends nothing. */
export function BackfillDialog({ open, onOpenChange, dataset, span, onOpenBackfill }: BackfillDialogProps) {
  const [started, setStarted] = useState<string>();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      width="md"
      title={dataset === undefined ? 'Backfill' : `Backfill ${dataset}`}
      description="Loads sessions after their day. Nothing is doubled: a session that is loaded again replaces itself."
    >
      {started === undefined ? (
        <Form dataset={dataset} span={span} onStarted={setStarted} />
      ) : (
        <Live id={started} onClose={() => onOpenChange(false)} onOpen={() => onOpenBackfill(started)} />
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly dataset: string | undefined;
  readonly span: BackfillSpan | undefined;
  readonly onStarted: (id: string) => void;
}

function Form({ dataset: fixed, span, onStarted }: FormProps) {
  const { data: datasets } = useQuery(datasetQueries.list());
  const able = (datasets ?? []).filter(({ latest_only }) => !latest_only);
  const [chosen, setChosen] = useState(fixed);
  const [from, setFrom] = useState<string>(span?.from ?? '');
  const [to, setTo] = useState<string>(span?.to ?? '');
  const [only, setOnly] = useState<Only>(span?.only ?? 'missing');
  const [concurrency, setConcurrency] = useState('4');
  const start = useStartBackfill(({ id }) => onStarted(id));
  const name = chosen ?? able[0]?.name;
  const [first, last] = [parseIsoDate(from), parseIsoDate(to)];
  const atOnce = Number(concurrency);
  const orderly = first !== undefined && last !== undefined && first <= last;
  const valid = name !== undefined && orderly && Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= 64;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) start.mutate({ dataset: name, from: first, to: last, only, concurrency: atOnce });
      }}
    >
      {fixed === undefined ? (
        <Field label="Dataset" hint="Datasets of which the exchange serves only the present are not here.">
          <Select
            value={name ?? ''}
            onValueChange={setChosen}
            options={able.map((each) => ({ value: each.name, label: `${each.name}: ${each.title}` }))}
          />
        </Field>
      ) : null}
      <div className="grid grid-cols-2 gap-3">
        <Field label="From">
          <Input type="date" required value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        </Field>
        <Field
          label="To"
          error={first !== undefined && last !== undefined && first > last ? 'It ends before it begins' : undefined}
        >
          <Input type="date" required value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        </Field>
        <Field label="Which">
          <Select value={only} onValueChange={setOnly} options={ONLY} />
        </Field>
        <Field label="At the same time" hint="1 to 64 sessions; the exchange's pace holds all the same">
          <Input
            type="number"
            min={1}
            max={64}
            required
            value={concurrency}
            onChange={(event) => setConcurrency(event.currentTarget.value)}
          />
        </Field>
      </div>
      {name !== undefined && orderly ? <Estimate name={name} from={first} to={last} only={only} /> : null}
      <div className="-mx-4 flex justify-end gap-2 border-t border-line px-4 pt-3">
        <Button type="submit" variant="primary" icon="play" disabled={!valid} busy={start.isPending}>
          Start
        </Button>
      </div>
    </form>
  );
}

interface EstimateProps {
  readonly name: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly only: Only;
}

/** What such a backfill would find to do now. */
function Estimate({ name, from, to, only }: EstimateProps) {
  const { data, error } = useQuery(datasetQueries.coverage(name, { from, to }));
  if (error) return <ErrorState error={error} compact />;
  if (data === undefined) return <p className="text-sm text-ink-3">Counting sessions…</p>;
  const sessions = sessionsOf(data);
  const gaps = sessions.filter(({ mark }) => isGap(mark));
  const tried = gaps.filter(({ slices }) => slices.some(({ updated_at }) => updated_at !== null));
  const work = only === 'all' ? sessions : only === 'missing' ? gaps : tried;
  return (
    <p aria-live="polite" className="rounded-md bg-sunken px-3 py-2 text-sm">
      {count(sessions.length)} {sessions.length === 1 ? 'session' : 'sessions'} in this span,{' '}
      {count(sessions.length - gaps.length)} of them loaded.{' '}
      <span className="font-medium">{work.length === 0 ? 'Nothing to do.' : `${count(work.length)} to run.`}</span>
    </p>
  );
}

interface LiveProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onOpen: () => void;
}

function Live({ id, onClose, onOpen }: LiveProps) {
  const client = useQueryClient();
  const { data: backfill, error, refetch } = useQuery(backfillQueries.byId(id));
  const cancel = useCancelBackfill();
  const { dataset, done } = backfill ?? {};
  // Each session that is done changes what the calendar behind this shows.
  useEffect(() => {
    if (dataset !== undefined && done !== undefined) {
      void client.invalidateQueries({ queryKey: ['datasets', dataset, 'coverage'] });
    }
  }, [client, dataset, done]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (backfill === undefined) return <p className="text-sm text-ink-3">Starting…</p>;
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap items-center justify-between gap-3 text-sm">
        <BackfillState backfill={backfill} />
        <span className="text-ink-2">
          {backfill.from} – {backfill.to}
        </span>
      </p>
      <BackfillProgress backfill={backfill} wide />
      {backfill.message === null ? null : <p className="text-sm text-ink-2">{backfill.message}</p>}
      {backfill.failures.slice(0, 3).map((failure) => (
        <p key={failure.trade_date} className="rounded-md bg-failed-soft px-2 py-1.5 text-sm">
          <span className="font-medium">{failure.trade_date}</span> {failure.message}
        </p>
      ))}
      <div className="-mx-4 flex justify-end gap-2 border-t border-line px-4 pt-3">
        <Button variant="quiet" onClick={onOpen}>
          Details
        </Button>
        {isAtWork(backfill) ? (
          <Button variant="danger" icon="stop" busy={cancel.isPending} onClick={() => cancel.mutate(id)}>
            End it
          </Button>
        ) : null}
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}
