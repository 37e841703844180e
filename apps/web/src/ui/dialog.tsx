import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the end; what does it comes last. */
  readonly actions?: ReactNode;
  readonly width?: 'sm' | 'md' | 'lg';
}

const widths = { sm: 'sm:max-w-96', md: 'sm:max-w-140', lg: 'sm:max-w-220' };

/** Asks before it goes on. Escape and the backdrop close it; on a phone it rises from the bottom. */
export function Dialog({ open, onOpenChange, title, description, children, actions, width = 'sm' }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[#00000055]" />
        <Base.Popup
          className={cx(
            'fixed z-50 flex max-h-[90dvh] w-full flex-col rounded-lg bg-raised shadow-float outline-none',
            'inset-x-0 bottom-0 sm:top-[12vh] sm:bottom-auto sm:left-1/2 sm:max-h-[76vh] sm:-translate-x-1/2',
            widths[width],
          )}
        >
          <header className="flex items-start justify-between gap-4 px-4 pt-3">
            <div>
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description === undefined ? null : (
                <Base.Description className="mt-0.5 text-sm text-ink-2">{description}</Base.Description>
              )}
            </div>
            <Base.Close render={<Button variant="quiet" size="sm" icon="close" aria-label="Close" />} />
          </header>
          <div className="min-h-0 grow overflow-y-auto px-4 py-3">{children}</div>
          {actions === undefined ? null : (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{actions}</footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
