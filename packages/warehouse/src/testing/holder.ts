/** Opens the warehouse in the folder given and holds it until the parent goes away. */
import { openWarehouse } from '../warehouse.ts';

const warehouse = await openWarehouse({ kind: 'embedded', path: process.argv[2] ?? '' });
await warehouse.migrate();
process.on('disconnect', () => process.exit());
process.send?.({ open: true });
