import { toErrorRecord } from '@champion/core';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export interface ErrorStateProps {
  readonly error: unknown;
  /** What could not be done: "The runs could not be read". */
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
  /** In one line, for a small place. */
  readonly compact?: boolean;
}

/** What went wrong, where, and what to do about it. */
export function ErrorState({ error, title, onRetry, compact = false }: ErrorStateProps) {
  const { code, message, hint, context } = toErrorRecord(error);
  const evidence = Object.entries(context);
  return (
    <div role="alert" className="flex gap-2.5 rounded-md border border-line bg-failed-soft px-3 py-2.5 text-sm">
      <span className="mt-0.5 text-failed">
        <Icon name="warning" />
      </span>
      <div className="min-w-0 grow [overflow-wrap:anywhere]">
        <p className="font-medium">{title ?? message}</p>
        {title === undefined ? null : <p className="text-ink-2">{message}</p>}
        {hint === undefined ? null : <p className="text-ink-2">{hint}</p>}
        {compact ? null : (
          <details className="mt-1 text-xs text-ink-3">
            <summary>{code}</summary>
            <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 font-mono break-all">
              {evidence.map(([key, value]) => (
                <div key={key} className="contents">
                  <dt>{key}</dt>
                  <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </div>
      {onRetry === undefined ? null : (
        <Button size="sm" icon="retry" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
