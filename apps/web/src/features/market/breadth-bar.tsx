import { count } from '../../lib/numbers.ts';

export interface BreadthBarProps {
  readonly advances: number;
  readonly declines: number;
  readonly unchanged: number;
  readonly small?: boolean;
}

/** Advances from the left, declines from the right, what did not move between; the declines are hatched. */
export function BreadthBar({ advances, declines, unchanged, small = false }: BreadthBarProps) {
  const all = Math.max(1, advances + declines + unchanged);
  return (
    <div>
      <div aria-hidden="true" className={`flex gap-px overflow-hidden rounded-sm ${small ? 'h-1.5' : 'h-2.5'}`}>
        <span className="bg-completed" style={{ width: `${(100 * advances) / all}%` }} />
        <span className="grow bg-line-strong" />
        <span className="hatched text-failed" style={{ width: `${(100 * declines) / all}%` }} />
      </div>
      <p className="mt-0.5 flex justify-between gap-2 text-xs">
        <span className="text-completed">▲ {count(advances)}</span>
        <span className="text-ink-3">{count(unchanged)} unchanged</span>
        <span className="text-failed">{count(declines)} ▼</span>
      </p>
    </div>
  );
}
