import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

export interface PanelProps {
  readonly title?: ReactNode;
  /** At the right end of the title: a count, a link, a button. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** The content reaches to the edges, as tables do. */
  readonly flush?: boolean;
  readonly className?: string;
}

/** One thing of a page, in a hairline box with its name. */
export function Panel({ title, aside, children, flush = false, className }: PanelProps) {
  return (
    <section className={cx('min-w-0 rounded-lg border border-line bg-surface', className)}>
      {title === undefined ? null : (
        <header className="flex min-h-8 items-center justify-between gap-3 border-b border-line px-3 py-1">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside === undefined ? null : <div className="text-sm text-ink-3">{aside}</div>}
        </header>
      )}
      <div className={flush ? '' : 'px-3 py-2.5'}>{children}</div>
    </section>
  );
}

export interface PageHeaderProps {
  readonly title: ReactNode;
  /** Above the title: where this is, mostly a link back. */
  readonly above?: ReactNode;
  /** Below the title, quiet: what this is. */
  readonly below?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page: its one h1, and what can be done. */
export function PageHeader({ title, above, below, actions }: PageHeaderProps) {
  return (
    <header className="mb-3 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
      <div className="min-w-0">
        {above === undefined ? null : <div className="mb-0.5 text-sm text-ink-3">{above}</div>}
        <h1 className="text-xl break-words">{title}</h1>
        {below === undefined ? null : <div className="mt-0.5 text-sm text-ink-2">{below}</div>}
      </div>
      {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

/** Names and values, one under the other. */
export function Facts({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      {items.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
