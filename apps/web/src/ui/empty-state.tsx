import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly title: ReactNode;
  /** Why there is nothing, and how there comes to be something. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing here, said calmly. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-10 text-center">
      <p className="text-base font-medium text-ink-2">{title}</p>
      {children === undefined ? null : <div className="max-w-[56ch] text-sm text-ink-3">{children}</div>}
      {action === undefined ? null : <div className="mt-2">{action}</div>}
    </div>
  );
}
