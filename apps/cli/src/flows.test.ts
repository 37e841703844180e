import { flows } from '@champion/server';
import { expect, it } from 'vitest';

const HEADER = `// Made of the flows that there are by flows.test.ts, so that a list of them need not load them. To make it anew:
//   npx vitest run apps/cli/src/flows.test.ts -u

/** Every flow by name, with what it does and the names of its tasks. */
export const flows: readonly { readonly name: string; readonly description: string; readonly tasks: readonly string[] }[] = `;

it('the list of flows is as the server has them', async () => {
  const text = `${HEADER}${JSON.stringify(flows, null, 2)};\n`;
  await expect(text, 'the file is stale; its first lines say how to make it anew').toMatchFileSnapshot('flows.gen.ts');
});
