import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';

/** Lines of text, in a fixed pitch. Give it a label: `<Field>`, or `aria-label`. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...rest}
      className={cx(
        'min-w-0 rounded-md border border-line-strong bg-surface px-2 py-1.5 font-mono text-sm text-ink',
        'placeholder:text-ink-3 hover:border-ink-3 disabled:opacity-50 aria-invalid:border-failed',
        className,
      )}
    />
  );
}
