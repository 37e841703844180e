import type { SessionKind } from './trading-calendar.ts';

/** What the exchange announced, by date written YYYY-MM-DD. */
export interface CalendarFacts {
  /** Sessions that a weekday rule or the holiday list would deny. They win over `holidays`. */
  readonly specialSessions: Readonly<Record<string, { readonly kind: SessionKind; readonly note: string }>>;
  /** Closed weekdays and their names. */
  readonly holidays: Readonly<Record<string, string>>;
  /** Closures announced at short notice, by their reason: a yearly list that is older does not have them. */
  readonly adHocClosures?: Readonly<Record<string, string>>;
  /** Years whose holidays are all here. */
  readonly completeYears: readonly number[];
}

const muhurat = { kind: 'muhurat', note: 'Muhurat trading on Diwali' } as const;
const budget = { kind: 'special', note: 'Union budget' } as const;

/** Announced by the exchange's circulars; source of the years 2024 to 2026 are its yearly holiday circulars. */
export const seedFacts: CalendarFacts = {
  specialSessions: {
    '2019-10-27': muhurat,
    '2020-02-01': budget,
    '2020-11-14': muhurat,
    '2021-11-04': muhurat,
    '2022-10-24': muhurat,
    '2023-11-12': muhurat,
    '2024-01-20': { kind: 'special', note: 'full session in place of Monday 22 January' },
    '2024-03-02': { kind: 'special', note: 'disaster-recovery drill' },
    '2024-05-18': { kind: 'special', note: 'disaster-recovery drill' },
    '2024-11-01': muhurat,
    '2025-02-01': budget,
    '2025-10-21': muhurat,
    '2026-02-01': budget,
    '2026-11-08': muhurat,
  },
  holidays: {
    '2024-01-26': 'Republic Day',
    '2024-03-08': 'Mahashivratri',
    '2024-03-25': 'Holi',
    '2024-03-29': 'Good Friday',
    '2024-04-11': 'Id-Ul-Fitr',
    '2024-04-17': 'Ram Navami',
    '2024-05-01': 'Maharashtra Day',
    '2024-06-17': 'Bakri Id',
    '2024-07-17': 'Muharram',
    '2024-08-15': 'Independence Day',
    '2024-10-02': 'Gandhi Jayanti',
    '2024-11-15': 'Guru Nanak Jayanti',
    '2024-12-25': 'Christmas',
    '2025-02-26': 'Mahashivratri',
    '2025-03-14': 'Holi',
    '2025-03-31': 'Id-Ul-Fitr',
    '2025-04-10': 'Mahavir Jayanti',
    '2025-04-14': 'Ambedkar Jayanti',
    '2025-04-18': 'Good Friday',
    '2025-05-01': 'Maharashtra Day',
    '2025-08-15': 'Independence Day',
    '2025-08-27': 'Ganesh Chaturthi',
    '2025-10-02': 'Gandhi Jayanti and Dussehra',
    '2025-10-22': 'Diwali Balipratipada',
    '2025-11-05': 'Guru Nanak Jayanti',
    '2025-12-25': 'Christmas',
    '2026-01-26': 'Republic Day',
    '2026-03-03': 'Holi',
    '2026-03-26': 'Ram Navami',
    '2026-03-31': 'Mahavir Jayanti',
    '2026-04-03': 'Good Friday',
    '2026-04-14': 'Ambedkar Jayanti',
    '2026-05-01': 'Maharashtra Day',
    '2026-05-28': 'Bakri Id',
    '2026-06-26': 'Muharram',
    '2026-09-14': 'Ganesh Chaturthi',
    '2026-10-02': 'Gandhi Jayanti',
    '2026-10-20': 'Dussehra',
    '2026-11-10': 'Diwali Balipratipada',
    '2026-11-24': 'Guru Nanak Jayanti',
    '2026-12-25': 'Christmas',
  },
  adHocClosures: {
    '2024-01-22': 'Consecration of the Ram temple (ad hoc)',
    '2024-05-20': 'General election in Mumbai (ad hoc)',
    '2024-11-20': 'State election in Maharashtra (ad hoc)',
    '2026-01-15': 'Municipal elections in Maharashtra (ad hoc)',
  },
  completeYears: [2024, 2025, 2026],
};
