/** Opens the warehouse in the folder given, serves it under the password given and closes when the parent goes away. */
import { serveWarehouse } from '../serve/serve-warehouse.ts';
import { openWarehouse } from '../warehouse.ts';

const [, , path = '', password = ''] = process.argv;
const warehouse = await openWarehouse({ kind: 'embedded', path });
const served = await serveWarehouse(warehouse, { password });
process.on('disconnect', async () => {
  await served.close();
  await warehouse.close();
});
process.send?.({ url: served.url });
