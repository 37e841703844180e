import type { Deployment } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { workQueries } from '../work/queries.ts';
import { useDeploymentAction } from './actions.ts';

interface EditDialogProps {
  readonly deployment: Deployment;
  readonly onClose: () => void;
}

/** Edits where a deployment's runs wait, how many are at work at once, and its tags. */
export function EditDialog({ deployment, onClose }: EditDialogProps) {
  const [tags, setTags] = useState(deployment.tags.join(', '));
  const [queue, setQueue] = useState(deployment.work_queue_name ?? 'default');
  const [limit, setLimit] = useState(deployment.concurrency_limit?.toString() ?? '');
  const queues = useQuery(workQueries.queues());
  const action = useDeploymentAction(deployment);
  const names = [...new Set([queue, ...(queues.data ?? []).map(({ name }) => name)])];
  const wrong = limit.trim() !== '' && !/^[1-9]\d{0,5}$/.test(limit.trim());
  const save = () =>
    action.mutate(
      {
        kind: 'change',
        change: {
          tags: [...new Set(tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== ''),
          work_queue_name: queue,
          concurrency_limit: limit.trim() === '' ? null : Number(limit),
        },
      },
      { onSuccess: onClose },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Edit the deployment"
      description={`${deployment.flow_name}/${deployment.name}`}
      actions={
        <>
          <Button onClick={onClose}>Leave it as it is</Button>
          <Button variant="primary" disabled={wrong} busy={action.isPending} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Tags" hint="Separated by commas">
          <Input value={tags} onChange={(event) => setTags(event.currentTarget.value)} />
        </Field>
        <Field label="Work queue" hint="Workers of this queue take its runs">
          <Select
            value={queue}
            onValueChange={setQueue}
            options={names.map((name) => ({ value: name, label: name }))}
          />
        </Field>
        <Field
          label="Runs at work at once, at most"
          hint="Empty: any number"
          error={wrong ? 'A whole number from 1 on' : undefined}
        >
          <Input inputMode="numeric" value={limit} onChange={(event) => setLimit(event.currentTarget.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
