import { duration, type InstantLike, toDate } from '../lib/time.ts';
import { useNow } from './now.ts';

/** A span in seconds; null is a dash. */
export function Duration({ seconds }: { readonly seconds: number | null | undefined }) {
  if (seconds === null || seconds === undefined) return <span className="text-ink-3">–</span>;
  return <span className="whitespace-nowrap">{duration(seconds)}</span>;
}

/** The span since a moment, counting. */
export function Elapsed({ since }: { readonly since: InstantLike }) {
  const now = useNow(1);
  return (
    <span className="whitespace-nowrap">
      {duration(Math.max(0, Math.round((now - toDate(since).getTime()) / 1000)))}
    </span>
  );
}
