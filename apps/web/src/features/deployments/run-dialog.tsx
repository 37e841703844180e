import type { Deployment } from '@champion/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { sessionNote } from '../market/session-note.tsx';
import { useRunDeployment } from './actions.ts';
import { parameterErrors } from './parameter-errors.ts';

interface RunDialogProps {
  readonly deployment: Deployment;
  readonly onClose: () => void;
}

/** Starts a run of a deployment with parameters of one's own. */
export function RunDialog({ deployment, onClose }: RunDialogProps) {
  const [parameters, setParameters] = useState<Readonly<Record<string, unknown>>>(deployment.parameters);
  const [valid, setValid] = useState(true);
  const run = useRunDeployment(deployment);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      width="md"
      title={`Run ${deployment.name}`}
      description={
        deployment.session_parameter === null
          ? 'It starts at once.'
          : `It starts at once. Without ${deployment.session_parameter} it is for the latest session.`
      }
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            variant="primary"
            icon="play"
            disabled={!valid}
            busy={run.isPending}
            onClick={() => run.mutate(parameters)}
          >
            Start the run
          </Button>
        </>
      }
    >
      <SchemaForm
        schema={deployment.parameter_openapi_schema ?? {}}
        value={deployment.parameters}
        errors={parameterErrors(run.error)}
        note={sessionNote}
        onChange={(value, whole) => {
          setParameters(value);
          setValid(whole);
        }}
      />
    </Dialog>
  );
}
