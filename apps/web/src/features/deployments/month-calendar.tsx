import type { CalendarDay, RunBar, Slot } from '@champion/contract';
import { type BusinessDate, businessDateAt } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import { STATE_LABELS, type StateKind, stateKind } from '../../lib/states.ts';
import { clockTime } from '../../lib/time.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/panel.tsx';
import { StateShape } from '../../ui/state-mark.tsx';
import { marketQueries } from '../market/queries.ts';
import { addMonths, monthBounds, monthName, monthOf, weeksOf } from './months.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
/** Moments of a day that are written out; the others are counted. */
const SHOWN = 2;

interface MonthCalendarProps {
  readonly month: string;
  readonly onMonth: (month: string) => void;
  /** Ahead, as far as they are known. */
  readonly slots: readonly Slot[];
  /** Runs of the month that have begun. */
  readonly runs: readonly RunBar[];
  /** The slots end here, within the month, because there are too many: nothing is known of later days. */
  readonly knownUntil: string | undefined;
}

/** A month on the exchange's calendar: its holidays by name, what ran, and what will. */
export function MonthCalendar({ month, onMonth, slots, runs, knownUntil }: MonthCalendarProps) {
  const { from, to } = monthBounds(month);
  const calendar = useQuery(marketQueries.calendar(from, to));
  const today = businessDateAt(new Date(useNow(60)));
  const days = new Map(calendar.data?.map((day) => [day.date, day]));
  const slotsOf = Map.groupBy(slots, ({ at }) => businessDateAt(new Date(at)));
  const runsOf = Map.groupBy(runs, ({ timestamp }) => businessDateAt(new Date(timestamp)));
  const named = calendar.data?.filter(isNamed) ?? [];
  return (
    <Panel
      title={monthName(month)}
      aside={
        <span className="flex gap-1">
          <Button
            size="sm"
            variant="quiet"
            icon="right"
            className="[&_svg]:rotate-180"
            aria-label="The month before"
            onClick={() => onMonth(addMonths(month, -1))}
          />
          <Button size="sm" variant="quiet" disabled={month === monthOf(today)} onClick={() => onMonth(monthOf(today))}>
            This month
          </Button>
          <Button
            size="sm"
            variant="quiet"
            icon="right"
            aria-label="The month after"
            onClick={() => onMonth(addMonths(month, 1))}
          />
        </span>
      }
      flush
    >
      {calendar.error ? (
        <div className="p-3">
          <ErrorState
            error={calendar.error}
            title="The exchange's calendar could not be read"
            onRetry={() => void calendar.refetch()}
          />
        </div>
      ) : null}
      <table className="w-full table-fixed border-collapse text-xs">
        <caption className="sr-only">{monthName(month)}: runs, slots and holidays</caption>
        <thead>
          <tr className="border-b border-line">
            {DAYS.map((day) => (
              <th key={day} scope="col" className="label-caps h-6 px-1.5 text-left">
                <abbr title={day} className="no-underline">
                  {day.slice(0, 3)}
                </abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find((date) => date !== undefined)} className="border-b border-line last:border-0">
              {week.map((date, weekday) => (
                <td
                  key={date ?? weekday}
                  className={cx(
                    'h-15 overflow-hidden border-l border-line p-1 align-top first:border-l-0 sm:h-17 sm:px-1.5',
                    date !== undefined && days.get(date)?.open === false && 'bg-sunken',
                  )}
                >
                  {date === undefined ? null : (
                    <DayCell
                      date={date}
                      day={days.get(date)}
                      today={today}
                      slots={slotsOf.get(date) ?? []}
                      runs={runsOf.get(date) ?? []}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {named.length === 0 && knownUntil === undefined ? null : (
        <div className="flex flex-wrap gap-x-4 gap-y-0.5 border-t border-line px-3 py-1.5 text-xs text-ink-2">
          {named.map((day) => (
            <span key={day.date}>
              <span className="text-ink-3">{day.date.slice(8)}</span> {day.name}
              {day.open ? <span className="text-ink-3"> · {day.kind} session</span> : null}
            </span>
          ))}
          {knownUntil === undefined ? null : (
            <span className="text-ink-3">Slots are shown up to {businessDateAt(new Date(knownUntil))}</span>
          )}
        </div>
      )}
    </Panel>
  );
}

/** A holiday, or a session on a day that would have none. */
function isNamed(day: CalendarDay): boolean {
  return day.kind === 'holiday' || (day.open && day.kind !== 'regular');
}

interface DayCellProps {
  readonly date: BusinessDate;
  readonly day: CalendarDay | undefined;
  readonly today: BusinessDate;
  readonly slots: readonly Slot[];
  readonly runs: readonly RunBar[];
}

function DayCell({ date, day, today, slots, runs }: DayCellProps) {
  const planned = slots.filter((slot) => slot.runs);
  const counts = Map.groupBy(runs, (run) => stateKind(run.state_type));
  return (
    <>
      <p className="flex items-baseline gap-1">
        <span
          className={cx(
            date === today && 'rounded-sm bg-accent px-1 font-semibold text-on-solid',
            date !== today && (day?.open === false ? 'text-ink-3' : 'font-medium'),
          )}
        >
          {Number(date.slice(8))}
        </span>
        {date === today ? <span className="sr-only">today</span> : null}
        {day !== undefined && isNamed(day) ? (
          <span className="min-w-0 truncate text-2xs text-ink-2 max-sm:hidden" title={day.name ?? undefined}>
            {day.name}
          </span>
        ) : null}
      </p>
      <ul className="mt-0.5 flex flex-col gap-0.5">
        {[...counts].map(([kind, of]) => (
          <Counted key={kind} kind={kind} count={of.length} />
        ))}
        {planned.slice(0, SHOWN).map((slot) => (
          <li key={`${slot.at} ${slot.schedule_id}`} className="flex items-center gap-1 text-ink-2">
            <StateShape kind="scheduled" size={10} />
            <span className="sr-only">Scheduled at </span>
            {clockTime(slot.at, 'minute')}
          </li>
        ))}
        {planned.length > SHOWN ? (
          <li className="text-2xs text-ink-3">
            +{planned.length - SHOWN}
            <span className="max-sm:sr-only"> more</span>
          </li>
        ) : null}
        {planned.length === 0 && slots.length > 0 && day?.open !== false ? (
          <li className="truncate text-2xs text-ink-3" title={slots[0]?.reason ?? undefined}>
            {slots[0]?.reason}
          </li>
        ) : null}
      </ul>
    </>
  );
}

function Counted({ kind, count }: { readonly kind: StateKind; readonly count: number }) {
  return (
    <li className="flex items-center gap-1" title={`${count} ${STATE_LABELS[kind].toLowerCase()}`}>
      <StateShape kind={kind} size={10} />
      {count}
      <span className="sr-only"> {STATE_LABELS[kind].toLowerCase()}</span>
    </li>
  );
}
