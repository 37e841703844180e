// Writes the list of datasets from their folders, so that adding one touches no list by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repoRoot } from './build.mjs';
import { folders } from './repo.mjs';

export const registryFile = 'packages/datasets/src/registry.gen.ts';

/**
 * The registry's text for the dataset folders below a root.
 * @param {string} root repository root
 */
export function registryText(root) {
  const nse = join(root, 'packages/datasets/src/nse');
  const names = folders(nse)
    .filter((name) => existsSync(join(nse, name, 'definition.ts')))
    .sort();
  const variable = (/** @type {string} */ name) =>
    name.replace(/-([a-z0-9])/g, (_, /** @type {string} */ letter) => letter.toUpperCase());
  return `// Written by tools/generate-registry.mjs from the folders of nse/: edit those, not this.
import type { DatasetDefinition } from '@champion/core';
import type pl from 'nodejs-polars';
${names.map((name) => `import { dataset as ${variable(name)} } from './nse/${name}/definition.ts';`).join('\n')}

/** Every dataset of the product. The flows, the importer and the checks go by this list. */
export const datasets: readonly DatasetDefinition<pl.DataFrame>[] = [
${names.map((name) => `  ${variable(name)},`).join('\n')}
];
`;
}

/**
 * Whether the registry in the tree is the one its folders ask for.
 * @param {string} root repository root
 */
export function isRegistryFresh(root) {
  try {
    return readFileSync(join(root, registryFile), 'utf8') === registryText(root);
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(repoRoot, registryFile), registryText(repoRoot));
}
