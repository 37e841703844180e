import type { Deployment } from '@champion/contract';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Facts } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';

/** Active or paused, in a word. */
export function DeploymentStatus({ deployment }: { readonly deployment: Pick<Deployment, 'paused' | 'status'> }) {
  if (deployment.paused) return <Badge tone="warn">Paused</Badge>;
  return deployment.status === 'READY' ? <Badge tone="good">Active</Badge> : <Badge tone="warn">No worker</Badge>;
}

export function DeploymentFacts({ deployment }: { readonly deployment: Deployment }) {
  return (
    <Facts
      items={[
        ['Name', deployment.name],
        [
          'Flow',
          <Link key="flow" to="/flows/$name" params={{ name: deployment.flow_name }} className="link">
            {deployment.flow_name}
          </Link>,
        ],
        ['Version', deployment.version ?? '–'],
        [
          'Work queue',
          <Link key="queue" to="/work-queues" className="link">
            {deployment.work_queue_name ?? '–'}
          </Link>,
        ],
        ['Status', <DeploymentStatus key="status" deployment={deployment} />],
        [
          'At once, at most',
          deployment.concurrency_limit === null ? 'any number of its runs' : `${deployment.concurrency_limit} runs`,
        ],
        ['Session goes into', deployment.session_parameter ?? 'no parameter'],
        [
          'Tags',
          deployment.tags.length === 0 ? (
            '–'
          ) : (
            <span key="tags" className="flex flex-wrap gap-1">
              {deployment.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          ),
        ],
        ['Changed', <Time key="changed" at={deployment.updated} />],
      ]}
    />
  );
}
