import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

type Variant = 'primary' | 'default' | 'quiet' | 'danger';

const base =
  'inline-flex items-center justify-center gap-1.5 rounded-md border text-sm font-medium whitespace-nowrap select-none ' +
  'transition-colors duration-75 disabled:opacity-50 aria-disabled:opacity-50';

const variants: Record<Variant, string> = {
  primary: 'border-transparent bg-accent text-on-solid enabled:hover:bg-accent-strong',
  default: 'border-line-strong bg-surface text-ink enabled:hover:bg-hover',
  quiet: 'border-transparent bg-transparent text-ink-2 enabled:hover:bg-hover enabled:hover:text-ink',
  danger: 'border-line-strong bg-surface text-failed enabled:hover:border-failed enabled:hover:bg-failed-soft',
};

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: Variant;
  readonly size?: 'sm' | 'md';
  readonly icon?: IconName;
  /** Shows that it works, and takes no more clicks. */
  readonly busy?: boolean;
  readonly children?: ReactNode;
}

/** With an icon and no words it needs an `aria-label`, and is square. */
export function Button({
  variant = 'default',
  size = 'md',
  icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const square = children === undefined;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
      className={cx(base, variants[variant], buttonSize(size, square), className)}
    >
      {icon === undefined ? null : <Icon name={icon} size={size === 'sm' ? 13 : 15} />}
      {children}
      {busy ? <span className="breathing">…</span> : null}
    </button>
  );
}

function buttonSize(size: 'sm' | 'md', square: boolean): string {
  if (size === 'sm') return square ? 'size-6' : 'h-6 px-2';
  return square ? 'size-7.5' : 'h-7.5 px-2.5';
}

/** A link that looks like a button: `<Link className={buttonClass()}>`. */
export function buttonClass(variant: Variant = 'default', size: 'sm' | 'md' = 'md'): string {
  return cx(base, variants[variant].replaceAll('enabled:', ''), buttonSize(size, false));
}
