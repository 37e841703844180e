import { cx } from './class-names.ts';

/** Where something will stand, in its size, so that nothing jumps when it comes. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cx('breathing block rounded-sm bg-line', className ?? 'h-3 w-24')} />;
}

/** Lines of a table or list to come. */
export function SkeletonLines({ lines = 5 }: { readonly lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 py-2">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else
        <Skeleton key={line} className={cx('h-3', line % 3 === 2 ? 'w-2/5' : line % 3 === 1 ? 'w-4/5' : 'w-3/5')} />
      ))}
    </div>
  );
}
