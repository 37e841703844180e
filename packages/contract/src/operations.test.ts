import { expect, it } from 'vitest';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

const HEADER = `// Made from the route table by operations.test.ts, so that the client need not load the schemas. To make it anew:
//   npx vitest run packages/contract/src/operations.test.ts -u
import type { Method } from './route.ts';
import type { OperationId } from './routes.ts';

interface Operation {
  readonly method: Method;
  readonly path: string;
  readonly streams?: true;
  readonly file?: true;
}

export const operations: Readonly<Record<OperationId, Operation>> = {
`;

function rendered(): string {
  const lines = Object.entries<Route>(routes).map(
    ([operationId, { method, path, stream, file }]) =>
      `  ${operationId}: { method: '${method}', path: '${path}'${stream ? ', streams: true' : ''}${file ? ', file: true' : ''} },\n`,
  );
  return `${HEADER}${lines.join('')}};\n`;
}

it('the client has the method and path of every route', async () => {
  await expect(rendered(), 'the file is stale; its first lines say how to make it anew').toMatchFileSnapshot(
    'operations.gen.ts',
  );
});
