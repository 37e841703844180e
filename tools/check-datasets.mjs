// Checks the shape of the tree.
//
// - A dataset is one folder, packages/datasets/src/nse/<dataset>/, with its definition.ts, a README.md and a test. The
//   list of them, registry.gen.ts, is the one that tools/generate-registry.mjs writes.
// - Files and folders of packages/, apps/, tools/ and bench/ are named in kebab-case. Names given from outside stay:
//   README.md and the like, the web app's routes, and whatever lies in __fixtures__/.
// - A source file has at most 600 lines. Fixtures and generated files (*.gen.*) are not counted.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRegistryFresh, registryFile } from './generate-registry.mjs';
import { filesBelow, folders, report } from './repo.mjs';

/** @typedef {import('./repo.mjs').Violation} Violation */

const datasetsFolder = 'packages/datasets/src/nse';
const routesFolder = 'apps/web/src/routes/';
const codeFolders = ['packages', 'apps', 'tools', 'bench'];
const maxLines = 600;

/** Names that tools and readers expect in capitals. */
const customaryNames = new Set(['README.md', 'CHANGELOG.md', 'LICENSE', 'Dockerfile']);
const routeName = /^(__root|([a-z0-9-]+\.)*\$[A-Za-z]+(\.[a-z0-9-]+)*)(\.tsx)?$/;
const kebabName = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const countedExtensions = /\.(ts|tsx|mjs|js|css|sql)$/;

/**
 * @param {string} root repository root
 * @returns {{ datasets: number, files: number, violations: Violation[] }}
 */
export function checkDatasets(root) {
  const names = folders(join(root, datasetsFolder));
  const files = codeFolders.flatMap((folder) => filesBelow(root, folder));
  const violations = [
    ...names.flatMap((name) => judgeDataset(root, name)),
    ...judgeRegistry(root),
    ...judgeNames(files),
    ...files.flatMap((file) => judgeLength(root, file)),
  ];
  return { datasets: names.length, files: files.length, violations };
}

/** @param {string} root @returns {Violation[]} */
function judgeRegistry(root) {
  if (!existsSync(join(root, datasetsFolder)) || isRegistryFresh(root)) return [];
  return [{ file: registryFile, line: 1, what: 'is not what the folders ask for', rule: 'run npm run generate' }];
}

/** @param {string} root @param {string} name @returns {Violation[]} */
function judgeDataset(root, name) {
  const dir = `${datasetsFolder}/${name}`;
  /** @type {Violation[]} */
  const violations = [];
  for (const file of ['definition.ts', 'README.md']) {
    if (existsSync(join(root, dir, file))) continue;
    violations.push({ file: dir, line: 1, what: `has no ${file}`, rule: 'every dataset folder has one' });
  }
  if (!filesBelow(root, dir).some((file) => file.endsWith('.test.ts'))) {
    violations.push({ file: dir, line: 1, what: 'has no *.test.ts', rule: 'every dataset is tested in its folder' });
  }
  return violations;
}

/** @param {readonly string[]} files @returns {Violation[]} */
function judgeNames(files) {
  /** A folder is named once, however many files it holds. @type {Map<string, Violation>} */
  const byPath = new Map();
  for (const file of files) {
    const parts = file.split('/');
    // Below it a file's path is the address of a page: "$" begins a parameter, and the name is the parameter's.
    const isRoute = file.startsWith(routesFolder);
    for (const [depth, part] of parts.entries()) {
      if (part === '__fixtures__') break;
      if (isRoute && routeName.test(part)) continue;
      if (customaryNames.has(part) || part.startsWith('.') || kebabName.test(part)) continue;
      const path = parts.slice(0, depth + 1).join('/');
      byPath.set(path, { file: path, line: 1, what: `is named "${part}"`, rule: 'names are in kebab-case' });
    }
  }
  return [...byPath.values()];
}

/** @param {string} root @param {string} file @returns {Violation[]} */
function judgeLength(root, file) {
  if (file.includes('/__fixtures__/') || !countedExtensions.test(file) || file.includes('.gen.')) return [];
  const lines = readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length;
  if (lines <= maxLines) return [];
  const rule = `a file is one idea: split it (${maxLines} lines at most)`;
  return [{ file, line: maxLines + 1, what: `has ${lines} lines`, rule }];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
  const { datasets, files, violations } = checkDatasets(root);
  report('datasets', `${datasets} datasets, ${files} files`, violations);
}
