import { z } from 'zod';
import { BusinessDateSchema } from '../business-date-schema.ts';
import { ChampionError } from '../errors.ts';
import type { CalendarFacts } from './seed.ts';

const OverridesSchema = z
  .strictObject({
    /** Sessions that the weekday or the holiday list would deny. */
    special_sessions: z
      .record(
        BusinessDateSchema,
        z.strictObject({ kind: z.enum(['regular', 'special', 'muhurat']), note: z.string().min(1) }),
      )
      .default({}),
    /** Closed days and why. */
    holidays: z.record(BusinessDateSchema, z.string().min(1)).default({}),
    /** Years whose holidays are all in this file: those known otherwise are forgotten. */
    complete_years: z.array(z.number().int().min(1994).max(2100)).default([]),
  })
  .superRefine(({ special_sessions, holidays }, context) => {
    for (const date of Object.keys(holidays)) {
      if (!(date in special_sessions)) continue;
      context.addIssue({ code: 'custom', path: ['holidays', date], message: 'is a special session too' });
    }
  });

/**
 * Reads a calendar overrides file: what a person knows better than the seed and the exchange's list.
 * `{ "special_sessions": { "2027-02-01": { "kind": "special", "note": "Union budget" } }, "holidays": { "2027-03-08":
 * "State election" }, "complete_years": [] }`, each part optional.
 * @param fileName the name in messages
 * @throws ChampionError CONFIG naming what is wrong and where
 */
export function parseCalendarOverrides(text: string, fileName: string): CalendarFacts {
  const read = OverridesSchema.safeParse(parseJson(text, fileName));
  if (!read.success) {
    throw new ChampionError(`${fileName} is not a calendar overrides file: ${z.prettifyError(read.error)}`, {
      code: 'CONFIG',
      hint: 'It holds special_sessions, holidays and complete_years, the days written YYYY-MM-DD.',
      context: { file: fileName },
    });
  }
  const { special_sessions, holidays, complete_years } = read.data;
  return { specialSessions: special_sessions, holidays, completeYears: complete_years };
}

function parseJson(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChampionError(`${fileName} is not JSON`, {
      code: 'CONFIG',
      hint: 'Correct it or remove it: without it the calendar goes by the exchange and what the product knows.',
      context: { file: fileName },
      cause,
    });
  }
}
