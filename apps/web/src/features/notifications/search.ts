import { present, type RawSearch, readText } from '../../lib/search-params.ts';

/** What the page shows, as its URL says it. */
export interface NotificationsSearch {
  /** Deliveries of this rule only, by its id. */
  readonly rule?: string | undefined;
}

export function readNotificationsSearch(raw: RawSearch): NotificationsSearch {
  return present<NotificationsSearch>({ rule: readText(raw.rule) });
}
