import { Toast as Base } from '@base-ui/react/toast';
import { toErrorRecord } from '@champion/core';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';

const manager = Base.createToastManager();

/** Says, in passing, that something was done. */
export function notify(title: ReactNode, description?: ReactNode): void {
  manager.add({ title, description, type: 'info' });
}

/** Says that something asked for was not done, and what to do about it. */
export function notifyError(what: string, error: unknown): void {
  const { message, hint } = toErrorRecord(error);
  manager.add({
    title: what,
    description: hint === undefined ? message : `${message}. ${hint}`,
    type: 'error',
    priority: 'high',
    timeout: 12_000,
  });
}

/** Once, around the app. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={4}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-3 bottom-16 z-50 flex w-[min(380px,calc(100vw-24px))] flex-col gap-2 sm:bottom-3">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className={cx(
        'flex items-start gap-3 rounded-lg border-l-3 bg-raised py-2 pr-2 pl-3 shadow-float data-limited:hidden',
        toast.type === 'error' ? 'border-failed' : 'border-accent',
      )}
    >
      <div className="min-w-0 grow">
        <Base.Title className="text-sm font-medium" />
        <Base.Description className="text-sm break-words text-ink-2" />
      </div>
      <Base.Close render={<Button variant="quiet" size="sm" icon="close" aria-label="Dismiss" />} />
    </Base.Root>
  ));
}
