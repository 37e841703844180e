/**
 * Another process that uses a served warehouse: migrates, loads the slice given as JSON and tells what became of it, then
 * does what the parent says next, until the parent goes away.
 */
import { toErrorRecord } from '@champion/core';
import { bhavcopy } from '@champion/datasets';
import type { SliceLoad } from '../load-slice.ts';
import { sessionsLoaded } from '../queries/sessions-loaded.ts';
import { openWarehouse } from '../warehouse.ts';

const warehouse = await openWarehouse({ kind: 'server', url: process.argv[2] ?? '' });

/** What the parent may ask for: a load, or what is there. */
process.on('message', async (load: SliceLoad | 'sessions') => {
  try {
    const answer = load === 'sessions' ? await warehouse.query(sessionsLoaded, {}) : await warehouse.loadSlice(load);
    process.send?.({ answer });
  } catch (error) {
    process.send?.({ error: toErrorRecord(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ migrated: await warehouse.migrate(bhavcopy.migrations) });
