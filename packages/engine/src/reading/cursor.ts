import { ChampionError } from '@champion/core';

/** A place in a list: the sort key of its last row, as PostgreSQL writes it, and the row's id, which settles ties. */
export interface Place {
  readonly key: string;
  readonly id: string;
}

/** A place as text that callers pass back unread. It holds for one sort only. */
export function toCursor(sort: string, place: Place): string {
  return Buffer.from(JSON.stringify([sort, place.key, place.id])).toString('base64url');
}

/** @throws ChampionError INVALID_INPUT for what is no cursor, or one of another sort */
export function fromCursor(sort: string, cursor: string): Place {
  const parts = parse(cursor);
  const [ofSort, key, id] = parts;
  if (parts.length === 3 && typeof key === 'string' && typeof id === 'string' && UUID.test(id) && ofSort === sort) {
    return { key, id };
  }
  throw new ChampionError('The cursor is not one of this list', {
    code: 'INVALID_INPUT',
    hint: 'Pass back the cursor of the page before unchanged, with the same sort; leave it out for the first page.',
    context: { cursor: cursor.slice(0, 200), sort },
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // Whatever it is, it is no cursor: the caller says so.
    return [];
  }
}
