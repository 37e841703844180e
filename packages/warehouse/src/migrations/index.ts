import type { Migration } from '../migrate.ts';
import quarantine from './0001-quarantine.sql';

/** The warehouse's own tables; each dataset brings its own. */
export const migrations: readonly Migration[] = [{ name: 'warehouse/0001-quarantine', sql: quarantine }];
