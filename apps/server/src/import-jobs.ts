import { basename, resolve } from 'node:path';
import { type BusinessDate, ChampionError } from '@champion/core';
import { datasets } from '@champion/datasets';
import { readLocalFile } from '@champion/exchange';

/** A run that loads one session of a file on this machine. */
export interface ImportJob {
  readonly flow: string;
  readonly parameters: { readonly trade_date: BusinessDate; readonly file: string };
}

/**
 * Finds the dataset a file is of, by its name, and the sessions it holds: those its rows are of where the dataset can
 * tell, for some names lie about their date; else the one its name says.
 * @param date takes that session alone, whatever the name says
 * @throws ChampionError INVALID_INPUT when the file is of no dataset, or its session is unknown
 */
export async function importJobs(path: string, date: BusinessDate | undefined): Promise<ImportJob[]> {
  const fileName = basename(path);
  const file = resolve(path);
  for (const dataset of datasets) {
    const found = dataset.recognise(fileName);
    if (!found) continue;
    const sessions = date === undefined ? await sessionsOf(dataset, file, found.date) : [date];
    if (sessions.length === 0) {
      throw new ChampionError(`neither its name nor its rows say which session ${fileName} is of`, {
        code: 'INVALID_INPUT',
        hint: 'Give it: champion import --date YYYY-MM-DD FILE',
        context: { file },
      });
    }
    return sessions.map((trade_date) => ({ flow: dataset.flow.name, parameters: { trade_date, file } }));
  }
  throw new ChampionError(`${fileName} is not a file of any dataset`, {
    code: 'INVALID_INPUT',
    hint: `Keep the exchange's file name. Known: ${datasets.map(({ title }) => title).join(', ')}.`,
    context: { file },
  });
}

async function sessionsOf(
  dataset: (typeof datasets)[number],
  file: string,
  named: BusinessDate | undefined,
): Promise<readonly BusinessDate[]> {
  const told = dataset.sessionsOf ? await dataset.sessionsOf(await readLocalFile(file)) : [];
  if (told.length > 0) return told;
  return named === undefined ? [] : [named];
}
