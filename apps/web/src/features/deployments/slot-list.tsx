import type { Slot } from '@champion/contract';
import { Link } from '@tanstack/react-router';
import { dayName } from '../../lib/time.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';

interface SlotListProps {
  readonly slots: readonly Slot[];
  readonly label: string;
}

/** Moments that a schedule names: what runs then and for which session, or why nothing does. */
export function SlotList({ slots, label }: SlotListProps) {
  return (
    <ol aria-label={label} className="text-sm">
      {slots.map((slot) => (
        <li
          key={`${slot.at} ${slot.schedule_id}`}
          className="grid grid-cols-[14px_auto_1fr_auto] items-center gap-x-2 border-b border-line px-3 py-1 last:border-0"
        >
          <span className={slot.runs ? 'text-completed' : 'text-ink-3'}>
            <Icon name={slot.runs ? 'play' : 'minus'} size={12} />
          </span>
          <span className={slot.runs ? 'whitespace-nowrap' : 'whitespace-nowrap text-ink-3'}>
            {dayName(slot.at).slice(0, 3)} <Time at={slot.at} format="short" />
          </span>
          <span className="min-w-0 truncate text-ink-3" title={slot.reason ?? undefined}>
            {slot.runs ? slot.session === null ? 'runs' : `for ${slot.session}` : <>no run: {slot.reason}</>}
          </span>
          <span className="text-ink-3">
            {slot.flow_run_id === null ? (
              <Time at={slot.at} format="relative" />
            ) : (
              <Link to="/runs/$runId" params={{ runId: slot.flow_run_id }} className="link">
                <Time at={slot.at} format="relative" />
              </Link>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
