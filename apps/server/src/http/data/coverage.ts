import type { HandlersOf, Revision } from '@champion/contract';
import { ChampionError, plural, today } from '@champion/core';
import { coverage, defaultSlices, latestPublished } from '@champion/flows';
import { dataQuality } from '@champion/warehouse';
import { findDataset, findSlices } from './find.ts';
import type { DataParts } from './parts.ts';
import { checkSpan } from './span.ts';

type Handlers = Pick<HandlersOf<'data'>, 'readCoverage' | 'readQuality' | 'listRevisions'>;

/** Sessions times slices that one answer holds: all the history of a dataset of one slice, years of one of ten. */
const MOST_SLICES = 20_000;

export function coverageHandlers({ services, datasets }: DataParts): Handlers {
  return {
    readCoverage: async ({ params, query }) => {
      const { calendar, clock } = services;
      const dataset = findDataset(datasets, params.name);
      checkSpan(query, services);
      const { from, slice } = query;
      const to = query.to ?? latestPublished(dataset, calendar, clock);
      const slices = findSlices(dataset, to, slice);
      if (from !== undefined && from > to) {
        throw new ChampionError(`nothing of ${dataset.name} is published after ${to}, the end of the span`, {
          code: 'INVALID_INPUT',
          hint: 'Say to as well, to see sessions that are still to come.',
        });
      }
      const mostSessions = Math.floor(MOST_SLICES / slices.length);
      const sessions = from === undefined ? 0 : calendar.sessions(from, to).length;
      if (sessions > mostSessions) {
        const asked = `${plural(sessions, 'session')} of ${plural(slices.length, 'slice')}`;
        throw new ChampionError(`${asked} are more than one answer holds`, {
          code: 'INVALID_INPUT',
          hint: `Ask for one slice, or for up to ${plural(mostSessions, 'session')} at a time.`,
        });
      }
      return coverage(services, { dataset, slice, from, to, mostSessions });
    },
    readQuality: async ({ params, query }) => {
      const dataset = findDataset(datasets, params.name);
      checkSpan(query, services);
      const { from, to, slice, limit } = query;
      const warehouse = await services.warehouse();
      return warehouse.query(dataQuality, {
        slices: findSlices(dataset, to ?? today(services.clock), slice),
        limit,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
    },
    listRevisions: async ({ params, query: { date } }) => {
      const dataset = findDataset(datasets, params.name);
      checkSpan({ from: date }, services);
      const lake = await services.lake(undefined);
      const revisions = await Promise.all(
        defaultSlices(dataset, date).map(async ({ name, inputs }) => {
          const entry = await lake.manifest.get(name, date);
          const loaded = entry?.revisions[(entry.current_revision ?? 0) - 1]?.sha256;
          return Promise.all(
            inputs.map(async (input, position): Promise<Revision[]> => {
              const files = await lake.rawRevisions(input.name, date);
              return files.map((file, i) => ({
                slice: name,
                input: input.name,
                trade_date: date,
                revision: file.revision,
                current: position === 0 ? file.sha256 === loaded : i === files.length - 1,
                sha256: file.sha256,
                bytes: file.bytes,
                path: file.path,
                fetched_at: file.fetchedAt,
                url: file.url,
              }));
            }),
          );
        }),
      );
      return revisions.flat(2);
    },
  };
}
