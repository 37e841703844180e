import type { FlowRunDetail } from '@champion/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { SkeletonLines } from '../../ui/skeleton.tsx';
import { parameterErrors } from '../deployments/parameter-errors.ts';
import { flowQueries } from '../flows/queries.ts';
import { sessionNote } from '../market/session-note.tsx';
import { useRunAction } from './actions.ts';

interface CloneDialogProps {
  readonly run: FlowRunDetail;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** The same run with other parameters. */
export function CloneDialog({ run, open, onOpenChange }: CloneDialogProps) {
  const flow = useQuery({ ...flowQueries.byName(run.flow_name), enabled: open });
  const [parameters, setParameters] = useState<Readonly<Record<string, unknown>>>(run.parameters);
  const [valid, setValid] = useState(true);
  const action = useRunAction();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Run with other parameters"
      description={`A new run of ${run.flow_name}; this one stays as it is.`}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            icon="play"
            disabled={!valid || flow.data === undefined}
            busy={action.isPending}
            onClick={() =>
              action.mutate({ kind: 'clone', id: run.id, parameters }, { onSuccess: () => onOpenChange(false) })
            }
          >
            Run
          </Button>
        </>
      }
    >
      {flow.error ? (
        <ErrorState
          error={flow.error}
          title="The flow's parameters could not be read"
          onRetry={() => void flow.refetch()}
        />
      ) : flow.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <SchemaForm
          schema={flow.data.parameters}
          value={run.parameters}
          errors={parameterErrors(action.error)}
          note={sessionNote}
          onChange={(next, ok) => {
            setParameters(next);
            setValid(ok);
          }}
        />
      )}
    </Dialog>
  );
}
