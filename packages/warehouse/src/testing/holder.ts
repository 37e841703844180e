import { bhavcopy } from '@champion/datasets';
/** Opens the warehouse in the folder given and holds it until the parent goes away. */
import { openWarehouse } from '../warehouse.ts';

const warehouse = await openWarehouse({ kind: 'embedded', path: process.argv[2] ?? '' });
await warehouse.migrate(bhavcopy.migrations);
process.on('disconnect', () => process.exit());
process.send?.({ open: true });
