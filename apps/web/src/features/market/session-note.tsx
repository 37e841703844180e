import type { CalendarDay } from '@champion/contract';
import { addDays, type BusinessDate, businessDate } from '@champion/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { isDate, type SchemaField } from '../../ui/schema-fields.ts';
import { marketQueries } from './queries.ts';

/** Longer than the exchange ever rests. */
const AROUND_DAYS = 15;

/** The years in which there may be sessions to load. */
const YEARS = /^(19[89]|20)\d/;

/** The note of a form's field, where a date stands in it. */
export function sessionNote(field: SchemaField, text: string, onText: (text: string) => void): ReactNode {
  const day = text.trim();
  if (field.kind !== 'date' || !YEARS.test(day) || !isDate(day)) return null;
  return <SessionNote date={businessDate(day)} onDate={onText} />;
}

interface SessionNoteProps {
  readonly date: BusinessDate;
  /** Puts another one in its place. */
  readonly onDate: (date: BusinessDate) => void;
}

/** What the exchange's calendar says of a date: a session, of which kind; or why there is none, and which are near. */
function SessionNote({ date, onDate }: SessionNoteProps) {
  const from = addDays(date, -AROUND_DAYS);
  const { data } = useQuery(marketQueries.calendar(from, addDays(date, AROUND_DAYS)));
  const today = useQuery(marketQueries.today()).data?.date;
  const day = data?.find((each) => each.date === date);
  if (data === undefined || day === undefined) return null;
  if (day.open) {
    return (
      <p className="flex items-center gap-1 text-xs text-ink-2" role="status">
        <span className="text-completed">
          <Icon name="check" size={12} />
        </span>
        {sessionWords(day)}
        {today !== undefined && date > today ? '. It is still to come' : ''}
        {day.holidays_known ? '' : '. The holidays of its year are not known yet'}
      </p>
    );
  }
  const before = data.findLast((each) => each.open && each.date < date)?.date;
  const after = data.find((each) => each.open && each.date > date)?.date;
  const near = [before, after].filter((each) => each !== undefined);
  return (
    <p className="flex flex-wrap items-center gap-x-1 text-xs text-late" role="status">
      <Icon name="warning" size={12} />
      No session: {day.name ?? day.kind}.
      {near.length === 0 ? null : (
        <span className="text-ink-2">
          Near it:{' '}
          {near.map((each, index) => (
            <span key={each}>
              {index === 0 ? '' : ' or '}
              <button type="button" className="link underline" onClick={() => onDate(each)}>
                {each}
              </button>
            </span>
          ))}
        </span>
      )}
    </p>
  );
}

function sessionWords({ kind, name }: CalendarDay): string {
  if (kind === 'regular') return 'A regular session';
  return `A ${kind === 'muhurat' ? 'Muhurat' : 'special'} session${name === null ? '' : `: ${name}`}`;
}
