import type { Deployment } from '@champion/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useDeploymentAction } from './actions.ts';
import { EditDialog } from './edit-dialog.tsx';
import { RunDialog } from './run-dialog.tsx';

/** Run, pause or resume, edit. */
export function DeploymentActions({ deployment }: { readonly deployment: Deployment }) {
  const [dialog, setDialog] = useState<'run' | 'edit' | undefined>();
  const action = useDeploymentAction(deployment);
  const close = () => setDialog(undefined);
  return (
    <>
      <Button
        icon={deployment.paused ? 'play' : 'pause'}
        busy={action.isPending}
        aria-label={`${deployment.paused ? 'Resume' : 'Pause'} ${deployment.name}`}
        onClick={() => action.mutate({ kind: deployment.paused ? 'resume' : 'pause' })}
      >
        {deployment.paused ? 'Resume' : 'Pause'}
      </Button>
      <Button onClick={() => setDialog('edit')} aria-label={`Edit ${deployment.name}`}>
        Edit
      </Button>
      <Button variant="primary" icon="play" onClick={() => setDialog('run')} aria-label={`Run ${deployment.name}`}>
        Run
      </Button>
      {dialog === 'run' ? <RunDialog deployment={deployment} onClose={close} /> : null}
      {dialog === 'edit' ? <EditDialog deployment={deployment} onClose={close} /> : null}
    </>
  );
}
