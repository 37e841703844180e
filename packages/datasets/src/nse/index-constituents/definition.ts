import { type DatasetDefinition, parseIsoDate, type SourceRequest } from '@champion/core';
import type pl from 'nodejs-polars';
import { z } from 'zod';
import { names } from '../../parameters.ts';
import { DEFAULT_INDICES, indexNamed, indexOfList, sliceName } from './indices.ts';
import constituents from './migrations/0001-index-constituents.sql';
import changes from './migrations/0002-index-changes.sql';
import { normalizeConstituents, SCHEMA_VERSION } from './normalize.ts';
import { constituentLines, parseConstituents } from './parse.ts';

/** Indices in any spelling in use ("NIFTY50", "BANKNIFTY"), each once, as the exchange's site spells them. */
const Indices = names(
  z
    .string()
    .regex(/^[A-Za-z0-9&][A-Za-z0-9&%:/ .-]{0,60}$/, 'expected the name of an index such as "NIFTY 50"')
    .transform((name) => indexNamed(name).name),
  100,
  DEFAULT_INDICES,
);

const parameters = { indices: Indices };
const Parameters = z.object(parameters);

/** Names under which people save the site's answers, which have none of their own: "equity-stock-indices_NIFTY50_2026-05-20.json". */
const ANSWER_NAME = /^equity-stock-?indices_(.+?)(?:_(\d{4}-\d{2}-\d{2}))?\.json$/i;
const LIST_NAME = /^ind_(.+?)list(?:_(\d{4})(\d{2})(\d{2}))?\.csv$/i;

/** Who is in which index on each session, with the day's quotes as the exchange's site shows them. */
export const dataset: DatasetDefinition<pl.DataFrame> = {
  name: 'index-constituents',
  title: 'NSE index constituents',
  table: 'index_constituents',
  migrations: [
    { name: 'index-constituents/0001-index-constituents', sql: constituents },
    { name: 'index-constituents/0002-index-changes', sql: changes },
  ],
  schemaVersion: SCHEMA_VERSION,
  per: 'session',
  latestOnly: true,
  publication: { from: '18:30', deadline: '21:00' },
  flow: {
    name: 'index-constituents-etl',
    description: 'Members of the indices with their quotes: fetch, check, store, load',
    retries: 3,
    tasks: {
      scrape: 'scrape_index_constituents',
      parse: 'parse_index_constituents',
      write: 'write_index_constituents_parquet',
      load: 'load_index_constituents_clickhouse',
    },
  },
  topics: { rows: 'reference.nse.index_constituents' },
  parameters,
  slices: (date, given) =>
    Parameters.parse(given).indices.map((name) => {
      const { list } = indexNamed(name);
      const slice = sliceName({ name });
      const requests: SourceRequest[] = [
        { endpoint: 'index-constituents', date, parameters: { index: name }, extension: 'json' },
      ];
      if (list !== undefined) requests.push({ endpoint: 'index-list', date, parameters: { list }, extension: 'csv' });
      return { name: slice, scope: { index_name: name }, inputs: [{ name: slice, requests }] };
    }),
  recognise: (fileName) => {
    const answer = ANSWER_NAME.exec(fileName);
    if (answer) {
      const slice = sliceName(indexNamed(answer[1] ?? ''));
      return { date: parseIsoDate(answer[2] ?? ''), slice, input: slice, extension: 'json' };
    }
    const published = LIST_NAME.exec(fileName);
    const index = published && indexOfList(published[1] ?? '');
    if (!published || !index) return undefined;
    const slice = sliceName(index);
    const date = parseIsoDate(`${published[2]}-${published[3]}-${published[4]}`);
    return { date, slice, input: slice, extension: 'csv' };
  },
  parse: parseConstituents,
  sourceLines: constituentLines,
  normalize: normalizeConstituents,
};
