import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSchedule } from './schedule.ts';
import type { SessionCalendar, SessionDay } from './session-calendar.ts';
import { type Slot, slots } from './slots.ts';
import { dayAfter, dayAt, startOfDay } from './zone.ts';

const IST = 'Asia/Kolkata';
const ist = (day: string, time: string) => new Date(`${day}T${time}:00+05:30`);

/** Monday to Friday, with Diwali week of 2024: Muhurat on Friday evening 1 November, and a Saturday drill on 2 March. */
const market: SessionCalendar = {
  zone: IST,
  on(date): SessionDay | undefined {
    const hours = (from: string, to: string) => ({ opensAt: ist(date, from), closesAt: ist(date, to) });
    if (date === '2024-11-01') return { kind: 'muhurat', name: 'Muhurat trading', ...hours('18:00', '19:00') };
    if (date === '2024-03-02') return { kind: 'special', name: 'drill', ...hours('09:15', '15:30') };
    if (this.why(date) !== '') return undefined;
    return { kind: 'regular', name: null, ...hours('09:15', '15:30') };
  },
  why(date) {
    if (date === '2024-11-15') return 'Guru Nanak Jayanti';
    const day = new Date(`${date}T00:00:00Z`).getUTCDay();
    return day === 0 ? 'Sunday' : day === 6 ? 'Saturday' : '';
  },
};

function told(given: Parameters<typeof parseSchedule>[0], from: string, to: string, calendar = market): string[] {
  const end = new Date(startOfDay(IST, dayAfter(to)).getTime() - 1);
  return [...slots(parseSchedule(given), calendar, new Date(startOfDay(IST, from).getTime() - 1), end)].map(line);
}

function line({ at, session, runs, reason }: Slot): string {
  const local = new Date(at.getTime() + 5.5 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  return `${local} ${runs ? (session ?? 'runs') : `no: ${reason}`}`;
}

describe.each(['UTC', 'Asia/Kolkata', 'America/Los_Angeles'])('slots in a process in %s', (tz) => {
  const own = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = tz;
  });
  afterAll(() => {
    if (own === undefined) delete process.env.TZ;
    else process.env.TZ = own;
  });

  it('are those of the cron expression where no calendar is followed', () => {
    expect(new Date(2024, 0, 1).toISOString()).toBe(
      { UTC: '2024-01-01T00:00:00.000Z', 'Asia/Kolkata': '2023-12-31T18:30:00.000Z' }[tz] ?? '2024-01-01T08:00:00.000Z',
    );
    expect(told({ cron: '30 12 * * 1-5' }, '2024-11-14', '2024-11-18')).toEqual([
      '2024-11-14 18:00 runs',
      '2024-11-15 18:00 runs',
      '2024-11-18 18:00 runs',
    ]);
  });

  it('tell a holiday once and add the session that a weekday expression leaves out', () => {
    const daily = { cron: '30 12 * * 1-5', calendar: { sessions: 'only' } };
    expect(told(daily, '2024-11-14', '2024-11-18')).toEqual([
      '2024-11-14 18:00 2024-11-14',
      '2024-11-15 18:00 no: Guru Nanak Jayanti',
      '2024-11-18 18:00 2024-11-18',
    ]);
    expect(told(daily, '2024-03-01', '2024-03-03')).toEqual([
      '2024-03-01 18:00 2024-03-01',
      '2024-03-02 18:00 2024-03-02',
    ]);
    expect(told({ ...daily, cron: '0 18 * * *', timezone: IST }, '2024-03-02', '2024-03-04')).toEqual([
      '2024-03-02 18:00 2024-03-02',
      '2024-03-03 18:00 no: Sunday',
      '2024-03-04 18:00 2024-03-04',
    ]);
  });

  it('count the day that the calendar’s zone shows, not that of the expression', () => {
    // 20:30 UTC on Friday is Saturday morning in India; on Sunday it is Monday there.
    const night = { cron: '30 20 * * 1-5', calendar: { sessions: 'only' } };
    expect(told(night, '2024-03-08', '2024-03-12')).toEqual([
      '2024-03-08 02:00 2024-03-08',
      '2024-03-09 02:00 no: Saturday',
      '2024-03-11 02:00 2024-03-11',
      '2024-03-12 02:00 2024-03-12',
    ]);
  });

  it('wait for the close of an evening session', () => {
    const after = {
      cron: '0,30 18 * * 1-5',
      timezone: IST,
      calendar: { sessions: 'only', notBeforeCloseMinutes: 150 },
    };
    expect(told(after, '2024-10-31', '2024-11-01')).toEqual([
      '2024-10-31 18:00 2024-10-31',
      '2024-10-31 18:30 2024-10-31',
      '2024-11-01 21:30 2024-11-01',
    ]);
  });

  it('keep to the session’s hours, with one more after its close', () => {
    const intraday = {
      cron: '15,45 9-19 * * 1-5',
      timezone: IST,
      calendar: { sessions: 'only', hours: 'session', afterCloseMinutes: 10 },
    };
    const regular = told(intraday, '2024-10-31', '2024-10-31').map((slot) => slot.slice(11, 16));
    expect(regular).toEqual(
      '09:15 09:45 10:15 10:45 11:15 11:45 12:15 12:45 13:15 13:45 14:15 14:45 15:15 15:40'.split(' '),
    );
    expect(told(intraday, '2024-11-01', '2024-11-03')).toEqual([
      '2024-11-01 18:15 2024-11-01',
      '2024-11-01 18:45 2024-11-01',
      '2024-11-01 19:10 2024-11-01',
    ]);
    expect(told(intraday, '2024-11-15', '2024-11-15')).toEqual(['2024-11-15 09:15 no: Guru Nanak Jayanti']);
  });

  it('take only the kinds of session that are asked for', () => {
    const regular = { cron: '0 20 * * 1-5', timezone: IST, calendar: { sessions: 'only', kinds: ['regular'] } };
    expect(told(regular, '2024-10-31', '2024-11-04')).toEqual([
      '2024-10-31 20:00 2024-10-31',
      '2024-11-01 20:00 no: Muhurat trading, which the schedule leaves out',
      '2024-11-04 20:00 2024-11-04',
    ]);
  });

  it('of particular days are not added to', () => {
    const mondays = { cron: '0 8 * * 1', timezone: IST, calendar: { sessions: 'only' } };
    expect(told(mondays, '2024-11-01', '2024-11-12')).toEqual([
      '2024-11-04 08:00 2024-11-04',
      '2024-11-11 08:00 2024-11-11',
    ]);
    const quarterly = { cron: '0 8 1 1,4,7,10 *', timezone: IST, calendar: { sessions: 'only' } };
    expect(told(quarterly, '2024-01-01', '2024-12-31')).toEqual([
      '2024-01-01 08:00 2024-01-01',
      '2024-04-01 08:00 2024-04-01',
      '2024-07-01 08:00 2024-07-01',
      '2024-10-01 08:00 2024-10-01',
    ]);
  });
});

describe('slots in a zone that changes its clocks', () => {
  const newYork = (cron: string, from: string, to: string) =>
    [...slots(parseSchedule({ cron, timezone: 'America/New_York' }), undefined, new Date(from), new Date(to))].map(
      ({ at }) => at.toISOString().slice(5, 16),
    );

  it('keep to the wall clock', () => {
    expect(newYork('30 9 * * *', '2024-03-09T00:00:00Z', '2024-03-12T00:00:00Z')).toEqual([
      '03-09T14:30',
      '03-10T13:30',
      '03-11T13:30',
    ]);
    expect(newYork('30 9 * * *', '2024-11-02T00:00:00Z', '2024-11-05T00:00:00Z')).toEqual([
      '11-02T13:30',
      '11-03T14:30',
      '11-04T14:30',
    ]);
  });

  it('neither lose a run in the skipped hour nor double one in the repeated hour', () => {
    expect(newYork('30 2 * * *', '2024-03-10T00:00:00Z', '2024-03-11T00:00:00Z')).toEqual(['03-10T07:00']);
    expect(newYork('30 1 * * *', '2024-11-03T00:00:00Z', '2024-11-04T00:00:00Z')).toEqual(['11-03T05:30']);
    // An hourly one is due each hour that really passes.
    expect(newYork('0 * * * *', '2024-11-03T04:30:00Z', '2024-11-03T08:00:00Z')).toEqual([
      '11-03T05:00',
      '11-03T06:00',
      '11-03T07:00',
      '11-03T08:00',
    ]);
  });
});

describe('a day in a zone', () => {
  it('begins at its first instant, whatever the clocks do', () => {
    const zones = [
      'UTC',
      IST,
      'America/New_York',
      'America/Sao_Paulo',
      'Asia/Beirut',
      'Pacific/Apia',
      'Australia/Lord_Howe',
    ];
    const day = fc
      .integer({ min: 0, max: 9_000 })
      .map((n) => new Date(Date.UTC(2008, 0, 1 + n)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.constantFrom(...zones), day, (zone, date) => {
        // Samoa left out 30 December 2011 when it crossed the date line.
        fc.pre(!(zone === 'Pacific/Apia' && date === '2011-12-30'));
        const start = startOfDay(zone, date);
        expect(dayAt(zone, start)).toBe(date);
        expect(dayAt(zone, new Date(start.getTime() - 1_000)) < date).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('whatever the calendar says', () => {
  const hoursOf = (date: string, [open, minutes]: readonly [number, number]) => {
    const opensAt = new Date(startOfDay(IST, date).getTime() + open * 60_000);
    return { opensAt, closesAt: new Date(opensAt.getTime() + minutes * 60_000) };
  };
  const calendars = fc
    .array(
      fc.record({
        open: fc.boolean(),
        kind: fc.constantFrom('regular', 'special', 'muhurat'),
        hours: fc.option(fc.tuple(fc.integer({ min: 0, max: 1_200 }), fc.integer({ min: 10, max: 239 }))),
      }),
      { minLength: 20, maxLength: 20 },
    )
    .map((days): SessionCalendar => {
      const of = (date: string) => days[(Date.parse(date) / 86_400_000) % 20];
      return {
        zone: IST,
        on: (date) => {
          const day = of(date);
          if (day?.open !== true) return undefined;
          return { kind: day.kind, name: null, ...(day.hours === null ? {} : hoursOf(date, day.hours)) };
        },
        why: () => 'closed',
      };
    });
  const rules = fc.record({
    cron: fc.constantFrom(
      '30 12 * * 1-5',
      '*/20 * * * *',
      '15,45 9-15 * * 1-5',
      '0 3 * * 2',
      '0 23 1-7 * 5',
      '59 23 * * *',
    ),
    timezone: fc.constantFrom('UTC', IST, 'America/New_York'),
    calendar: fc.record(
      {
        sessions: fc.constant('only' as const),
        kinds: fc.constantFrom(['regular'], ['special', 'muhurat']),
        notBeforeCloseMinutes: fc.integer({ min: 0, max: 720 }),
        afterCloseMinutes: fc.integer({ min: 0, max: 720 }),
      },
      { requiredKeys: ['sessions'] },
    ),
  });
  const from = new Date('2024-10-28T07:11:00Z');
  const until = new Date('2024-11-10T02:40:00Z');

  it('slots ascend, stay within the bounds and within their session’s day, and run on sessions alone', () => {
    fc.assert(
      fc.property(calendars, rules, (calendar, given) => {
        const rule = parseSchedule(given);
        const all = [...slots(rule, calendar, from, until)];
        let last = from;
        const passedOver = new Set<string>();
        for (const { at, session, runs, reason } of all) {
          expect(at > last && at <= until).toBe(true);
          last = at;
          const day = dayAt(IST, at);
          const open = calendar.on(day);
          const counts = open !== undefined && (rule.calendar?.kinds?.includes(open.kind) ?? true);
          expect([runs, session]).toEqual(counts ? [true, day] : [false, null]);
          expect(reason === null).toBe(runs);
          if (!runs) {
            expect(passedOver.has(day)).toBe(false);
            passedOver.add(day);
          }
          const close = open?.closesAt?.getTime();
          if (counts && close !== undefined && rule.calendar?.notBeforeCloseMinutes !== undefined) {
            const lastMinute = startOfDay(IST, dayAfter(day)).getTime() - 60_000;
            const earliest = Math.min(close + rule.calendar.notBeforeCloseMinutes * 60_000, lastMinute);
            const closing = Math.min(close + (rule.calendar.afterCloseMinutes ?? 0) * 60_000, lastMinute);
            expect(at.getTime() >= Math.min(earliest, closing)).toBe(true);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('slots do not depend on where one begins to look', () => {
    fc.assert(
      fc.property(calendars, rules, fc.integer({ min: 0, max: 12 * 1_440 }), (calendar, given, minutes) => {
        const rule = parseSchedule(given);
        const later = new Date(from.getTime() + minutes * 60_000);
        const all = [...slots(rule, calendar, from, until)];
        expect([...slots(rule, calendar, later, until)]).toEqual(all.filter(({ at }) => at > later));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a schedule', () => {
  it.each([
    [{ cron: '0 18 * *' }, /not a cron expression/, /five fields/],
    [{ cron: '0 0 18 * * 1-5' }, /not a cron expression/, /Leave out the seconds/],
    [{ cron: '0 25 * * *' }, /Invalid value for hour: 25/, /18:30 from Monday/],
    [{ cron: '0 0 31 2 *' }, /never comes/, /month/],
    [{ cron: '0 18 * * *', timezone: 'Asia/Kolkatta' }, /not a time zone/, /Did you mean Asia\/Kolkata/],
    [{ cron: '0 18 * * *', calender: {} }, /calender/, /sessions: 'only'/],
    [{ cron: '0 18 * * *', catchUp: 'some' }, /catchUp/, /A schedule is/],
    [
      { cron: '0 18 * * *', calendar: { sessions: 'only', notBeforeCloseMinutes: 9_999 } },
      /notBeforeCloseMinutes/,
      /./,
    ],
  ])('is refused when it is %j', (given, message, hint) => {
    expect(() => parseSchedule(given)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('takes either day field, or both where dayOr is false', () => {
    const days = (dayOr: boolean) =>
      [
        ...slots(
          parseSchedule({ cron: '0 0 13 * 5', dayOr }),
          undefined,
          new Date('2024-09-01T00:00:00Z'),
          new Date('2024-09-30T00:00:00Z'),
        ),
      ].map(({ at }) => at.getUTCDate());
    expect(days(true)).toEqual([6, 13, 20, 27]);
    expect(days(false)).toEqual([13]);
  });
});
