import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../ui/icon.tsx';

export interface Destination {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly icon: IconName;
  /** Pressed after "g". */
  readonly key: string;
  readonly group: 'Work' | 'Data' | 'Platform';
  /** Has a place in the bar at the bottom of a phone; there are four, the rest is behind "More". */
  readonly primary?: boolean;
}

/** Every page that can be gone to: sidebar, phone bar, command palette and shortcuts are made of this list. */
export const destinations: readonly Destination[] = [
  { to: '/', label: 'Home', icon: 'home', key: 'h', group: 'Work', primary: true },
  { to: '/runs', label: 'Runs', icon: 'runs', key: 'r', group: 'Work', primary: true },
  { to: '/flows', label: 'Flows', icon: 'flows', key: 'f', group: 'Work' },
  { to: '/deployments', label: 'Deployments', icon: 'deployments', key: 'd', group: 'Work' },
  { to: '/work-queues', label: 'Work queues', icon: 'queues', key: 'q', group: 'Work' },
  { to: '/workers', label: 'Workers', icon: 'blocks', key: 'w', group: 'Work' },
  { to: '/blocks', label: 'Blocks', icon: 'key', key: 'k', group: 'Work' },
  { to: '/notifications', label: 'Notifications', icon: 'bell', key: 'n', group: 'Work' },
  { to: '/market', label: 'Market', icon: 'market', key: 'm', group: 'Data', primary: true },
  { to: '/datasets', label: 'Datasets', icon: 'datasets', key: 'a', group: 'Data', primary: true },
  { to: '/backfills', label: 'Backfills', icon: 'download', key: 'b', group: 'Data' },
  { to: '/lineage', label: 'Lineage', icon: 'lineage', key: 'l', group: 'Data' },
  { to: '/sql', label: 'SQL', icon: 'sql', key: 's', group: 'Data' },
  { to: '/system', label: 'System', icon: 'system', key: 'y', group: 'Platform' },
];
