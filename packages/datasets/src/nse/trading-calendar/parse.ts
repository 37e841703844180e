import {
  ChampionError,
  dateForms,
  type Parsed,
  type ParseInput,
  parseExchangeDate,
  type QuarantinedRow,
  type SourceFile,
} from '@champion/core';
import type pl from 'nodejs-polars';
import { refuseOtherDates, requireFile } from '../../csv/index.ts';
import { frameOfTexts, type JsonValue, jsonText, list, numberText, object, readJson, text } from '../../json/index.ts';

/** The capital market's segment: without its list there is no calendar. */
export const CAPITAL_MARKET = 'CM';

/** The exchange has eleven. */
const MAX_SEGMENTS = 64;
/** A year has no more days; a longer list is none of holidays. */
const MAX_HOLIDAYS = 366;

const columns = {
  segment: 'text',
  tradingDate: 'date',
  weekDay: 'text',
  description: 'text',
  morning_session: 'text',
  evening_session: 'text',
  Sr_no: 'text',
  source_line: 'line',
} as const;

/**
 * Reads the exchange's holiday list into bronze: one row per segment and listed day, with `segment` and `source_line`
 * (position over all segments' lists, in the file's order).
 * @throws ChampionError CORRUPT when it is another document, has no holidays of the capital market or another year's
 */
export async function parseHolidayMaster({ files, date }: ParseInput): Promise<Parsed<pl.DataFrame>> {
  const file = requireFile(files, 'holiday-master');
  const segments = segmentsOf(await readJson(file), file.fileName);
  const rows: Record<keyof typeof columns, string | null>[] = [];
  const quarantined: QuarantinedRow[] = [];
  let line = 0;
  for (const [segment, holidays] of segments) {
    for (const holiday of holidays) {
      line++;
      const fields = object(holiday);
      if (!fields) {
        quarantined.push({ line, rule: 'not_an_object', column: segment, value: jsonText(holiday).slice(0, 200) });
        continue;
      }
      const printed = text(fields.tradingDate);
      const tradingDate = printed === undefined ? undefined : parseExchangeDate(printed);
      if (tradingDate === undefined) {
        quarantined.push({ line, rule: 'date_format', column: 'tradingDate', value: printed ?? null });
        continue;
      }
      rows.push({
        segment,
        tradingDate,
        weekDay: text(fields.weekDay) ?? null,
        description: text(fields.description) ?? null,
        morning_session: text(fields.morning_session) ?? null,
        evening_session: text(fields.evening_session) ?? null,
        Sr_no: numberText(fields.Sr_no) ?? null,
        source_line: String(line),
      });
    }
  }
  refuseOtherDates(
    rows.map(({ tradingDate }) => tradingDate?.slice(0, 4) ?? null),
    dateForms.year(date),
    file.fileName,
  );
  if (!rows.some(({ segment }) => segment === CAPITAL_MARKET)) {
    throw notHolidays(file.fileName, 'has no readable holiday of the capital market (CM)', {
      malformed: quarantined[0],
    });
  }
  return { bronze: { 'holiday-master': frameOfTexts(columns, rows) }, format: 'json', rowsInFile: line, quarantined };
}

/** Each listed day as it was printed. */
export async function holidayLines(file: SourceFile): Promise<readonly string[]> {
  return segmentsOf(await readJson(file), file.fileName).flatMap(([, holidays]) => holidays.map(jsonText));
}

function segmentsOf(document: JsonValue, fileName: string): [name: string, holidays: readonly JsonValue[]][] {
  const fields = object(document);
  if (!fields) throw notHolidays(fileName, 'is not a list of holidays by segment', {});
  const names = Object.keys(fields);
  if (names.length > MAX_SEGMENTS) throw notHolidays(fileName, `has ${names.length} segments`, {});
  return names.map((name) => {
    const holidays = list(fields[name]);
    if (!/^[A-Z][A-Z0-9]{0,15}$/.test(name) || !holidays || holidays.length > MAX_HOLIDAYS) {
      throw notHolidays(fileName, `has under "${name.slice(0, 40)}" no list of a segment's holidays`, {
        segment: name,
      });
    }
    return [name, holidays];
  });
}

function notHolidays(fileName: string, what: string, context: Record<string, unknown>): ChampionError {
  return new ChampionError(`${fileName} ${what}`, {
    code: 'CORRUPT',
    hint: 'Nothing was loaded and the calendar stays as it was. Fetch it again; the raw file is kept.',
    context: { file: fileName, ...context },
  });
}
