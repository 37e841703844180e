import type { Client, Coverage, Dataset } from '@champion/contract';
import { plural } from '@champion/core';
import { legend, signOf, stateOf, worst } from '../../commands/coverage-marks.ts';
import { lightFetch } from '../../remote/light-fetch.ts';
import { tableLines, wrapped } from '../layout.ts';
import type { Panel, Screen, Source } from '../panel.ts';
import { type Asked, readAsked } from '../requests.ts';
import { freshWord, share } from '../words.ts';

const DAY_MS = 86_400_000;
/** Days asked for: they hold more sessions than a strip shows. */
const SPAN_DAYS = 75;
const NARROW_SESSIONS = 15;
const WIDE_SESSIONS = 42;
const WIDE = 130;

interface Row {
  readonly dataset: Dataset;
  readonly coverage: Coverage;
}

export const sourcesPanel: Panel = {
  tab: 'Data',
  title: 'Sources and coverage',
  load: async (source, { today, system }) => {
    const { client } = source;
    const from = new Date(Date.parse(today.date) - SPAN_DAYS * DAY_MS).toISOString().slice(0, 10);
    const datasets = await client.listDatasets();
    const [rows, asked] = await Promise.all([
      Promise.all(datasets.map((dataset) => covered(client, dataset, from))),
      readRequests(source),
    ]);
    return (screen) => [
      ...drawDatasets(rows, screen),
      '',
      ...drawLegend(rows, screen),
      ...drawRequests(asked, system.simulated, screen),
    ];
  },
};

async function covered(client: Client, dataset: Dataset, from: string): Promise<Row> {
  return { dataset, coverage: await client.readCoverage({ params: { name: dataset.name }, query: { from } }) };
}

/** The exchange's side is told by the server's metrics; a proxy may keep them from us. */
async function readRequests({ url, apiKey, signal }: Source): Promise<Asked | undefined> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  try {
    const response = await lightFetch(`${url}/metrics`, { headers, signal });
    return response.ok ? readAsked(await response.text()) : undefined;
  } catch {
    // Whether the server is there at all, the rest of the panel has found out.
    return undefined;
  }
}

/** The exchange tells it of the present alone: of earlier sessions there is nothing to be had. */
function isOfThePresent({ latest_only, per }: Dataset): boolean {
  return latest_only || per === 'day';
}

const NOT_SERVED = 'NOT_SERVED';

/** The sessions of a strip with the state of each, oldest first. */
function states({ dataset, coverage }: Row, most: number): string[] {
  const sessions = coverage.sessions.slice(-most);
  const bySession = new Map<string, string[]>(sessions.map((date) => [date, []]));
  for (const slice of coverage.slices) bySession.get(slice.trade_date)?.push(stateOf(slice));
  return [...bySession.values()].map((those, i) => {
    const state = worst(those) ?? 'NEVER_TRIED';
    const earlier = i < sessions.length - 1;
    return earlier && state === 'NEVER_TRIED' && isOfThePresent(dataset) ? NOT_SERVED : state;
  });
}

function drawDatasets(rows: readonly Row[], screen: Screen): string[] {
  const { style, width } = screen;
  const most = width >= WIDE ? WIDE_SESSIONS : NARROW_SESSIONS;
  const cells = rows.map((row) => {
    const { name, title, publication, last_loaded, freshness, slices } = row.dataset;
    const strip = states(row, most);
    const loaded = strip.filter((state) => state === 'LOADED').length;
    return [
      name,
      strip.map((state) => (state === NOT_SERVED ? style.dim('·') : signOf(state, style))).join(''),
      `${loaded}/${strip.filter((state) => state !== NOT_SERVED).length}`,
      last_loaded?.trade_date ?? 'never',
      freshWord(freshness.state, style),
      `${publication.from}–${publication.deadline}`,
      isOfThePresent(row.dataset) ? 'the present' : 'an archive',
      String(slices.length),
      title,
    ];
  });
  return tableLines(
    [
      { header: 'dataset', flexible: true },
      { header: `last ${most} sessions` },
      { header: 'there', align: 'right' },
      { header: 'loaded for' },
      { header: 'freshness' },
      { header: 'out, IST', spare: true },
      { header: 'serves', spare: true },
      { header: 'parts', align: 'right', spare: true },
      { header: 'title', flexible: true, spare: true },
    ],
    cells,
    screen,
  );
}

function drawLegend(rows: readonly Row[], { style, width }: Screen): string[] {
  const used = rows.flatMap((row) => states(row, width >= WIDE ? WIDE_SESSIONS : NARROW_SESSIONS));
  const words = legend(used, style).split('   ').slice(0, -1);
  return wrapped([...words, `${style.dim('·')} only the present is served`], '   ', width);
}

function drawRequests(asked: Asked | undefined, simulated: boolean, { style, width }: Screen): string[] {
  const who = simulated ? 'the simulated exchange' : 'the exchange';
  if (asked === undefined) return [style.dim('The server does not tell what it asked of the exchange.')];
  const total = asked.reduce((sum, { requests }) => sum + requests, 0);
  if (total === 0) return [`Nothing was asked of ${who} since the server started.`];
  const answered = asked.reduce((sum, each) => sum + each.answered, 0);
  const trouble = asked.filter((each) => each.answered < each.requests);
  return [
    `API availability: ${share(answered, total)} of ${plural(total, 'request')} answered by ${who}`,
    ...(trouble.length === 0
      ? []
      : wrapped(
          trouble.map(({ endpoint, requests, answered: well }) => `${endpoint} ${share(well, requests)}`),
          ', ',
          width,
        ).map(style.yellow)),
  ];
}
