import { Menu as Base } from '@base-ui/react/menu';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';
import { fieldClass } from './input.tsx';
import { popupClass } from './popup.ts';

interface FilterOption<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
}

export interface FilterMenuProps<T extends string> {
  readonly label: string;
  readonly options: readonly FilterOption<T>[];
  /** Undefined: no condition. */
  readonly selected: readonly T[] | undefined;
  readonly onSelected: (selected: T[] | undefined) => void;
}

/** Several of a list, as a condition: "State: Failed, Crashed". */
export function FilterMenu<T extends string>({ label, options, selected = [], onSelected }: FilterMenuProps<T>) {
  const toggle = (value: T) => {
    const next = selected.includes(value) ? selected.filter((other) => other !== value) : [...selected, value];
    onSelected(next.length === 0 ? undefined : next);
  };
  return (
    <Base.Root>
      <Base.Trigger
        className={cx(
          fieldClass,
          'inline-flex max-w-64 items-center gap-1.5',
          selected.length > 0 && 'border-accent bg-accent-soft text-accent',
        )}
      >
        <span className="truncate">
          {label}
          {selected.length === 0 ? '' : `: ${selected.length === 1 ? selected[0] : selected.length}`}
        </span>
        <Icon name="down" size={13} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Base.Popup className={cx(popupClass, 'max-h-80 min-w-44 overflow-y-auto')}>
            {options.length === 0 ? <p className="px-2 py-1 text-sm text-ink-3">There are none.</p> : null}
            {options.map((option) => (
              <Base.CheckboxItem
                key={option.value}
                checked={selected.includes(option.value)}
                onCheckedChange={() => toggle(option.value)}
                className="grid cursor-default grid-cols-[16px_1fr] items-center gap-1.5 rounded-sm py-1 pr-3 pl-1.5 text-sm outline-none data-highlighted:bg-hover"
              >
                <span className="flex size-3.5 items-center justify-center rounded-sm border border-line-strong text-accent">
                  <Base.CheckboxItemIndicator>
                    <Icon name="check" size={12} />
                  </Base.CheckboxItemIndicator>
                </span>
                <span className="whitespace-nowrap">{option.label}</span>
              </Base.CheckboxItem>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface WordsFilterProps {
  readonly label: string;
  readonly words: readonly string[] | undefined;
  readonly onWords: (words: string[] | undefined) => void;
}

/** A condition of words that are typed, each with its cross: tags. */
export function WordsFilter({ label, words = [], onWords }: WordsFilterProps) {
  const [text, setText] = useState('');
  return (
    <span className="inline-flex items-center gap-1">
      {words.map((word) => (
        <span
          key={word}
          className="inline-flex h-7.5 items-center gap-1 rounded-md border border-accent bg-accent-soft pl-2 text-sm text-accent"
        >
          {word}
          <Button
            variant="quiet"
            size="sm"
            icon="close"
            aria-label={`Without ${label.toLowerCase()} ${word}`}
            onClick={() => {
              const rest = words.filter((other) => other !== word);
              onWords(rest.length === 0 ? undefined : rest);
            }}
          />
        </span>
      ))}
      <input
        aria-label={`Add ${label.toLowerCase()}`}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const word = text.trim();
          if (event.key !== 'Enter' || word === '') return;
          onWords([...new Set([...words, word])]);
          setText('');
        }}
        className={cx(fieldClass, 'w-20')}
      />
    </span>
  );
}
