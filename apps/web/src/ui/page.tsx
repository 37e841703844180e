import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

export interface PageProps {
  readonly children: ReactNode;
  /** As high as the window, for a page whose table scrolls in itself; else the page scrolls as a whole. */
  readonly fill?: boolean;
}

/** What a route renders: the page with its margins. */
export function Page({ children, fill = false }: PageProps) {
  return (
    <div
      className={cx('mx-auto w-full max-w-[1800px] px-3 py-3 sm:px-5 sm:py-4', fill && 'flex h-full min-h-0 flex-col')}
    >
      {children}
    </div>
  );
}
