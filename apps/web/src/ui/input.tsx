import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';

export const fieldClass =
  'h-7.5 rounded-md border border-line-strong bg-surface px-2 text-sm text-ink placeholder:text-ink-3 ' +
  'hover:border-ink-3 disabled:opacity-50 aria-invalid:border-failed';

/** A line of text, a number or a date. Give it a label: `<Field>`, or `aria-label`. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cx(fieldClass, 'min-w-0', className)} />;
}

export interface SearchInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onValueChange: (value: string) => void;
}

/** Finds; Escape empties it. */
export function SearchInput({ value, onValueChange, className, ...rest }: SearchInputProps) {
  return (
    <span className={cx('relative inline-flex items-center text-ink-3', className)}>
      <span className="pointer-events-none absolute left-2">
        <Icon name="search" size={14} />
      </span>
      <input
        type="search"
        {...rest}
        value={value}
        onChange={(event) => onValueChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') onValueChange('');
        }}
        className={cx(fieldClass, 'w-full pl-7 [&::-webkit-search-cancel-button]:hidden')}
      />
    </span>
  );
}
