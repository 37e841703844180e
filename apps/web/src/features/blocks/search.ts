import { present, type RawSearch, readText } from '../../lib/search-params.ts';

/** What the page's URL says. */
export interface BlocksSearch {
  /** The type of a block that is about to be made. */
  readonly new?: string | undefined;
}

export function readBlocksSearch(raw: RawSearch): BlocksSearch {
  return present({ new: readText(raw.new) });
}
