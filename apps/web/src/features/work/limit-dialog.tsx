import type { WorkPool, WorkQueue } from '@champion/contract';
import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { usePoolChange, useQueueChange } from './actions.ts';

const WHOLE = /^\d{1,6}$/;
const POSITIVE = /^[1-9]\d{0,5}$/;

function isWrong(text: string, pattern: RegExp): boolean {
  return text.trim() !== '' && !pattern.test(text.trim());
}

interface FrameProps {
  readonly title: string;
  readonly wrong: boolean;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Frame({ title, wrong, busy, onSave, onClose, children }: FrameProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Leave it as it is</Button>
          <Button variant="primary" disabled={wrong} busy={busy} onClick={onSave}>
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">{children}</div>
    </Dialog>
  );
}

/** How many of a queue's runs, how fast, and before which other queues. */
export function QueueLimits({ queue, onClose }: { readonly queue: WorkQueue; readonly onClose: () => void }) {
  const [limit, setLimit] = useState(queue.concurrency_limit?.toString() ?? '');
  const [priority, setPriority] = useState(String(queue.priority));
  const [runs, setRuns] = useState(queue.rate_limit?.runs.toString() ?? '');
  const [seconds, setSeconds] = useState(queue.rate_limit?.per_seconds.toString() ?? '60');
  const change = useQueueChange(queue);
  const wrongLimit = isWrong(limit, WHOLE);
  const wrongPriority = !POSITIVE.test(priority.trim());
  const wrongRate = isWrong(runs, POSITIVE) || (runs.trim() !== '' && !POSITIVE.test(seconds.trim()));
  return (
    <Frame
      title={`Limits of ${queue.name}`}
      wrong={wrongLimit || wrongPriority || wrongRate}
      busy={change.isPending}
      onClose={onClose}
      onSave={() =>
        change.mutate(
          {
            concurrency_limit: limit.trim() === '' ? null : Number(limit),
            priority: Number(priority),
            rate_limit: runs.trim() === '' ? null : { runs: Number(runs), per_seconds: Number(seconds) },
          },
          { onSuccess: onClose },
        )
      }
    >
      <Field
        label="Runs at work at once, at most"
        hint="Empty: any number"
        error={wrongLimit ? 'A whole number' : undefined}
      >
        <Input inputMode="numeric" value={limit} onChange={(event) => setLimit(event.currentTarget.value)} />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label="Runs handed out" hint="Empty: as they come" error={wrongRate ? 'Whole numbers' : undefined}>
          <Input inputMode="numeric" value={runs} onChange={(event) => setRuns(event.currentTarget.value)} />
        </Field>
        <Field label="in so many seconds">
          <Input inputMode="numeric" value={seconds} onChange={(event) => setSeconds(event.currentTarget.value)} />
        </Field>
      </div>
      <Field label="Priority" hint="1 is served first" error={wrongPriority ? 'A whole number from 1 on' : undefined}>
        <Input inputMode="numeric" value={priority} onChange={(event) => setPriority(event.currentTarget.value)} />
      </Field>
    </Frame>
  );
}

/** How many runs of all a pool's queues together. */
export function PoolLimits({ pool, onClose }: { readonly pool: WorkPool; readonly onClose: () => void }) {
  const [limit, setLimit] = useState(pool.concurrency_limit?.toString() ?? '');
  const change = usePoolChange(pool);
  const wrong = isWrong(limit, WHOLE);
  return (
    <Frame
      title={`Limit of the pool ${pool.name}`}
      wrong={wrong}
      busy={change.isPending}
      onClose={onClose}
      onSave={() =>
        change.mutate({ concurrency_limit: limit.trim() === '' ? null : Number(limit) }, { onSuccess: onClose })
      }
    >
      <Field
        label="Runs of its queues at work at once, at most"
        hint="Empty: any number"
        error={wrong ? 'A whole number' : undefined}
      >
        <Input inputMode="numeric" value={limit} onChange={(event) => setLimit(event.currentTarget.value)} />
      </Field>
    </Frame>
  );
}
