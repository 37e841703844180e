import { addDays, today } from '@champion/core';
import type { Condition, NotificationSettings } from '@champion/engine';
import { type Dataset, passRate, type Services, slicesOn } from '@champion/flows';
import { dataQuality } from '@champion/warehouse';
import { freshnessOf } from './http/data/freshness.ts';
import { lastLoaded } from './http/data/loaded.ts';
import { CONDITIONS } from './http/wire/notification.ts';

interface Parts {
  readonly services: Services;
  readonly datasets: readonly Dataset[];
  /** Where people reach the web app: "http://127.0.0.1:4200". */
  readonly webUrl: () => string;
  readonly allowPrivateNetworks: boolean;
}

/** Sessions that are looked at for their quality: those of so many days. Later revisions of older ones are not told of. */
const QUALITY_DAYS = 7;
const QUALITY_ROWS = 1_000;

/** What alerts of the product are made of besides runs, and where their links lead. */
export function alertSettings({ services, datasets, webUrl, allowPrivateNetworks }: Parts): NotificationSettings {
  const page = (dataset: string) => `${webUrl()}/datasets/${encodeURIComponent(dataset)}`;
  return {
    runUrl: (id) => `${webUrl()}/runs/${id}`,
    allowPrivateNetworks,
    conditions: {
      [CONDITIONS.stale]: stale(services, datasets, page),
      [CONDITIONS.passRate]: quality(services, datasets, page),
    },
  };
}

/** Datasets whose latest session should be there by the calendar, and is not. */
function stale(services: Services, datasets: readonly Dataset[], page: (dataset: string) => string): Condition {
  return {
    look: async () => {
      const lake = await services.lake(undefined);
      const found = await Promise.all(
        datasets.map(async (dataset) => {
          const loaded = await lastLoaded(lake, dataset, services.clock);
          return { dataset, loaded, fresh: freshnessOf(dataset, loaded, services) };
        }),
      );
      return found
        .filter(({ fresh }) => fresh.state === 'missing')
        .map(({ dataset: { name }, loaded, fresh }) => ({
          subject: name,
          key: fresh.trade_date ?? 'never loaded',
          message:
            `${fresh.trade_date ?? 'The dataset'} should have been loaded by ${fresh.expected_by ?? 'now'} and is not; ` +
            `the last day that is complete is ${loaded?.complete ?? 'none'}.`,
          url: page(name),
        }));
    },
  };
}

/** How much of what was loaded lately is valid. */
function quality(services: Services, datasets: readonly Dataset[], page: (dataset: string) => string): Condition {
  return {
    look: async () => {
      const warehouse = await services.warehouse();
      const day = today(services.clock);
      const rows = await warehouse.query(dataQuality, {
        slices: datasets.flatMap((dataset) => slicesOn(dataset, day)),
        from: addDays(day, -QUALITY_DAYS),
        limit: QUALITY_ROWS,
      });
      return rows.map((row) => ({
        subject: row.dataset,
        // A new revision is news.
        key: `${row.slice} ${row.trade_date} ${row.source}`,
        label: `${row.slice} ${row.trade_date}`,
        value: row.validation_pass_rate,
        message: `${passRate(row)} of ${row.rows_processed} rows are valid; ${row.rows_filtered} are in quarantine.`,
        url: page(row.dataset),
      }));
    },
  };
}
