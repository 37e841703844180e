import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

interface Tab<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  /** Beside the label: how many. */
  readonly count?: number | undefined;
}

export interface TabsProps<T extends string> {
  readonly value: T;
  /** Mostly writes the URL's `tab`. */
  readonly onValueChange: (value: T) => void;
  readonly tabs: readonly Tab<T>[];
  /** The panel of `value`; the others are not rendered. */
  readonly children: ReactNode;
}

/** Views of one thing; arrow keys move between them. */
export function Tabs<T extends string>({ value, onValueChange, tabs, children }: TabsProps<T>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onValueChange(next as T)} className="flex min-h-0 grow flex-col">
      <Base.List className="flex shrink-0 gap-4 overflow-x-auto border-b border-line [scrollbar-width:none]">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-8 items-center gap-1.5 border-b-2 border-transparent px-0.5 text-sm whitespace-nowrap text-ink-2 hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
          >
            {tab.label}
            {tab.count === undefined ? null : <span className="text-xs text-ink-3">{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="flex min-h-0 grow flex-col pt-3 outline-none">
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
