import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CalendarFacts,
  ChampionError,
  factsFromHolidays,
  mergeFacts,
  parseCalendarOverrides,
  seedFacts,
} from '@champion/core';
import { loadedHolidays, tradingCalendar } from '@champion/datasets';
import type { Lake } from '@champion/lake';

/**
 * What the platform's calendar goes by: what the product knows, then the loaded holiday list of each year, then what a
 * person wrote in `calendar-overrides.json` of the home folder, each over the one before.
 * @throws ChampionError CONFIG when the overrides cannot be read, STORE_FAILED when a loaded list cannot
 */
export async function calendarFacts(home: string, lake: Lake): Promise<CalendarFacts> {
  const facts = [await loadedFacts(lake), await overrides(home)].filter((told) => told !== undefined);
  return facts.reduce(mergeFacts, seedFacts);
}

/** The latest list of each year. */
async function loadedFacts(lake: Lake): Promise<CalendarFacts | undefined> {
  const latest = new Map<string, string>();
  for (const { date, silver } of await lake.manifest.list(tradingCalendar.name)) {
    if (silver !== undefined) latest.set(date.slice(0, 4), silver);
  }
  if (latest.size === 0) return undefined;
  return factsFromHolidays([...latest.values()].flatMap((silver) => readHolidays(lake.absolute(silver))));
}

function readHolidays(path: string): ReturnType<typeof loadedHolidays> {
  try {
    return loadedHolidays(path);
  } catch (cause) {
    throw new ChampionError(`the loaded trading calendar ${path} cannot be read`, {
      code: 'STORE_FAILED',
      hint: 'Remove manifest/trading-calendar in the lake, then run trading-calendar-etl again.',
      context: { path },
      cause,
    });
  }
}

async function overrides(home: string): Promise<CalendarFacts | undefined> {
  const path = join(home, 'calendar-overrides.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ChampionError(`${path} cannot be read`, {
      code: 'CONFIG',
      hint: 'Let this user read it, or remove it.',
      context: { path },
      cause,
    });
  }
  return parseCalendarOverrides(text, path);
}
