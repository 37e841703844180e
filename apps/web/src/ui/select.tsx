import { Select as Base } from '@base-ui/react/select';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';
import { fieldClass } from './input.tsx';
import { popupClass } from './popup.ts';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface SelectProps<T extends string> {
  readonly value: T;
  readonly onValueChange: (value: T) => void;
  readonly options: readonly Option<T>[];
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** One of a few; typing finds. */
export function Select<T extends string>({
  value,
  onValueChange,
  options,
  className,
  disabled,
  ...rest
}: SelectProps<T>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => {
        if (next !== null) onValueChange(next as T);
      }}
      items={[...options]}
      disabled={disabled ?? false}
    >
      <Base.Trigger
        {...rest}
        className={cx(fieldClass, 'inline-flex min-w-0 items-center justify-between gap-2 text-left', className)}
      >
        <span className="truncate">
          <Base.Value />
        </span>
        <Base.Icon className="text-ink-3">
          <Icon name="down" size={13} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className={cx(popupClass, 'max-h-80 min-w-(--anchor-width) overflow-y-auto')}>
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="grid cursor-default grid-cols-[16px_1fr] items-center gap-1.5 rounded-sm py-1 pr-3 pl-1.5 text-sm outline-none data-highlighted:bg-hover"
              >
                <Base.ItemIndicator className="text-accent">
                  <Icon name="check" size={13} />
                </Base.ItemIndicator>
                <Base.ItemText className="col-start-2 whitespace-nowrap">{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
