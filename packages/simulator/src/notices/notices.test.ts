import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { holidayMasterJson } from './holiday-master.ts';

const sample = fileURLToPath(
  new URL('../../../../../shared/nse-samples/holiday-master_trading_2025.json', import.meta.url),
);

type Master = Record<string, Record<string, string | number | null>[]>;
const master = (year: number): Master => JSON.parse(holidayMasterJson({ year })) as Master;

describe('holiday-master', () => {
  it('lists weekends too, and Muhurat as a plain holiday', () => {
    const { CM = [], COM = [] } = master(2026);
    expect(CM).toHaveLength(20);
    expect(CM.map((row) => row.Sr_no)).toEqual(CM.map((_, index) => index + 1));
    expect(CM).toContainEqual({
      tradingDate: '08-Nov-2026',
      weekDay: 'Sunday',
      description: 'Diwali Laxmi Pujan',
      morning_session: null,
      evening_session: null,
      Sr_no: 17,
    });
    expect(CM.every((row) => row.morning_session === null && row.evening_session === null)).toBe(true);
    expect(COM[0]).toMatchObject({ tradingDate: '01-Jan-2026', morning_session: 'Open', evening_session: 'Closed' });
  });

  it(
    existsSync(sample)
      ? "has the real file's segments, row shape and share-market days of 2025"
      : 'REAL FILE NOT CHECKED: ../shared/nse-samples is not there',
    () => {
      if (!existsSync(sample)) return;
      const real = JSON.parse(readFileSync(sample, 'utf8')) as Master;
      const ours = master(2025);
      expect(Object.keys(ours)).toEqual(Object.keys(real));
      for (const segment of ['CM', 'FO', 'MF', 'SLBS', 'CMOT', 'COM']) {
        const shape = (rows: Master[string] = []): unknown[] =>
          rows.map(({ description: _, ...row }) => Object.entries(row));
        expect(shape(ours[segment])).toEqual(shape(real[segment]));
      }
    },
  );
});
