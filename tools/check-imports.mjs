// Checks who imports whom, for npm's hoisting lets an undeclared or forbidden import run without a word.
//
// - A package imports only the packages that `mayImport` grants it, and declares each of them; what it declares, it uses.
// - Another package is imported by its name alone: no path into it, no relative path out of one's own folder.
// - A third-party package is declared by the package.json of whoever imports it. core has only zod; only engine knows
//   DBOS.
// - A granted edge may be lazy: then only `import()` (and types, which are erased) may cross it.
// - Tests (*.test.ts, *.test.mjs and whatever is below testing/ and __fixtures__/) may import every package of the
//   repository and the root's devDependencies besides, and tools/ by a relative path; another package still by its name.
//   No other source imports them.
// - What builds, shows and measures a package and is no part of it (vite.*.ts, dev/, e2e/, measure/) may import its
//   devDependencies, and tools/ by a relative path.
// - tools/ and bench/ are not packages: what they import from third parties is in the root's devDependencies. bench/ may
//   import every package, by name.
// - A launcher (bin/) may import the built program in dist/ and the builder in tools/ by a relative path.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsOf } from './imports.mjs';
import { filesBelow, isTestFile, lineOf, readManifest, report, scope, workspaces } from './repo.mjs';

/** @typedef {import('./repo.mjs').Violation} Violation */
/** @typedef {import('./repo.mjs').Workspace} Workspace */
/** @typedef {{ packages: readonly string[] | 'all', lazy?: readonly string[] }} Grant */

/** Which packages each package may import; those in `lazy` only when first needed. @type {Record<string, Grant>} */
const mayImport = {
  core: { packages: [] },
  contract: { packages: ['core'] },
  exchange: { packages: ['core'] },
  lake: { packages: ['core'] },
  warehouse: { packages: ['core'] },
  engine: { packages: ['core'] },
  tracking: { packages: ['core'] },
  events: { packages: ['core'] },
  simulator: { packages: ['core'] },
  datasets: { packages: ['core', 'exchange'] },
  flows: { packages: ['engine', 'core', 'datasets', 'events', 'exchange', 'lake', 'warehouse', 'tracking'] },
  server: { packages: 'all' },
  cli: { packages: ['core', 'contract'], lazy: ['server'] },
  web: { packages: ['core', 'contract'] },
};

/** Packages whose third-party imports are limited to a list. @type {Record<string, readonly string[]>} */
const thirdPartyOnly = { core: ['zod'] };

/** Third-party packages that one package alone may import. @type {Record<string, string>} */
const soleImporter = { '@dbos-inc/dbos-sdk': 'engine' };

/** Folders of code outside the workspaces. */
const rootFolders = ['tools', 'bench'];

/**
 * @param {string} root repository root
 * @returns {{ files: number, violations: Violation[] }}
 */
export function checkImports(root) {
  const members = workspaces(root);
  const rootDev = Object.keys(readManifest(join(root, 'package.json')).devDependencies ?? {});
  /** @type {Violation[]} */
  const violations = [];
  let files = 0;
  for (const member of members) {
    const sources = sourcesBelow(root, member.dir);
    files += sources.length;
    const used = new Set();
    for (const file of sources) {
      for (const found of importsOfFile(root, file, violations)) {
        if (!isTestFile(file)) used.add(packageOf(found.specifier));
        violations.push(...judge(file, found, member, members, rootDev));
      }
    }
    violations.push(...judgeManifest(root, member, used));
  }
  for (const folder of rootFolders) {
    const sources = sourcesBelow(root, folder);
    files += sources.length;
    for (const file of sources) {
      for (const found of importsOfFile(root, file, violations)) {
        violations.push(...judgeOutside(file, found, folder, members, rootDev));
      }
    }
  }
  return { files, violations };
}

/** @param {string} root @param {string} dir */
function sourcesBelow(root, dir) {
  return filesBelow(root, dir).filter((file) => /\.(ts|tsx|mjs|js)$/.test(file) && !file.endsWith('.d.ts'));
}

/**
 * @param {string} root
 * @param {string} file
 * @param {Violation[]} violations a file that is no program is one
 */
function importsOfFile(root, file, violations) {
  try {
    return importsOf(readFileSync(join(root, file), 'utf8'), file);
  } catch (error) {
    const what = `cannot be parsed (${error instanceof Error ? error.message.split('\n')[0] : error})`;
    violations.push({ file, line: 1, what, rule: 'every source file must be a program' });
    return [];
  }
}

/** The package of a specifier: "@scope/name/deep" → "@scope/name". @param {string} specifier */
function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/**
 * @param {string} file
 * @param {import('./imports.mjs').Import} found
 * @param {Workspace} member the package that the file is in
 * @param {Workspace[]} members
 * @param {string[]} rootDev
 * @returns {Violation[]}
 */
function judge(file, found, member, members, rootDev) {
  const { specifier, line, kind } = found;
  const test = isTestFile(file);
  const what = `imports "${specifier}"`;
  /** @param {string} rule */
  const broken = (rule) => [{ file, line, what, rule }];

  if (isBuiltin(specifier)) return [];
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    if (target.startsWith(`${member.dir}/`)) {
      if (isTestFile(target) && !test) return broken('what is for tests only tests import');
      return extensionRule(specifier, broken);
    }
    if ((test || besides(file, member)) && target.startsWith('tools/')) return [];
    if (file.startsWith(`${member.dir}/bin/`) && /^(dist|tools)\//.test(target)) return [];
    return broken('a relative path must stay in its own package; import another one by its name');
  }

  const name = packageOf(specifier);
  const { dependencies, optionalDependencies, devDependencies } = member.manifest;
  const declared = Object.keys({
    ...dependencies,
    ...optionalDependencies,
    ...(test || besides(file, member) ? devDependencies : {}),
  });

  if (name.startsWith(scope)) {
    if (specifier !== name) return broken(`a package is what its index exports: import "${name}"`);
    const target = name.slice(scope.length);
    if (name === member.name) return broken('inside a package imports are relative');
    if (!members.some((other) => other.name === name)) return broken('there is no such package in this repository');
    if (test) return [];
    const grant = mayImport[member.short];
    if (!grant) return broken(`give ${member.short} its row in mayImport of tools/check-imports.mjs`);
    const lazy = grant.lazy?.includes(target) ?? false;
    if (lazy && kind === 'static') return broken(`${member.short} may import ${target} only lazily, by import()`);
    if (!lazy && !granted(grant, target)) return broken(`${member.short} may import ${listed(grant)}`);
    return declared.includes(name) ? [] : broken(`declare it in the dependencies of ${member.dir}/package.json`);
  }

  const sole = soleImporter[name];
  if (sole && sole !== member.short) return broken(`only ${sole} may import ${name}`);
  if (test) {
    return declared.includes(name) || rootDev.includes(name)
      ? []
      : broken(`declare it in ${member.dir}/package.json, or in the root's devDependencies if tests alone need it`);
  }
  const only = thirdPartyOnly[member.short];
  if (only && !only.includes(name))
    return broken(`${member.short} may import from third parties only ${only.join(', ')}`);
  return declared.includes(name) ? [] : broken(`declare it in the dependencies of ${member.dir}/package.json`);
}

/**
 * @param {string} file
 * @param {import('./imports.mjs').Import} found
 * @param {string} folder the root folder that the file is in
 * @param {Workspace[]} members
 * @param {string[]} rootDev
 * @returns {Violation[]}
 */
function judgeOutside(file, { specifier, line }, folder, members, rootDev) {
  /** @param {string} rule */
  const broken = (rule) => [{ file, line, what: `imports "${specifier}"`, rule }];
  if (isBuiltin(specifier)) return [];
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    if (target.startsWith(`${folder}/`)) return extensionRule(specifier, broken);
    return target.startsWith('tools/') ? [] : broken(`a relative path must stay in ${folder}/`);
  }
  const name = packageOf(specifier);
  if (name.startsWith(scope)) {
    if (specifier !== name) return broken(`a package is what its index exports: import "${name}"`);
    if (folder === 'tools' && !isTestFile(file)) return broken('the tools run before anything is built: no packages');
    return members.some((other) => other.name === name) ? [] : broken('there is no such package in this repository');
  }
  return rootDev.includes(name) ? [] : broken("declare it in the root's devDependencies");
}

/**
 * @param {string} root
 * @param {Workspace} member
 * @param {Set<string>} used packages that the sources import, tests left out
 * @returns {Violation[]}
 */
function judgeManifest(root, member, used) {
  const file = `${member.dir}/package.json`;
  const text = readFileSync(join(root, file), 'utf8');
  /** @type {Violation[]} */
  const violations = [];
  const grant = mayImport[member.short];
  if (!grant) {
    const rule = `give ${member.short} its row in mayImport of tools/check-imports.mjs`;
    violations.push({ file, line: 1, what: 'is a package without import rules', rule });
  }
  if (member.name !== scope + member.short) {
    const rule = `a package is named after its folder: ${scope}${member.short}`;
    violations.push({ file, line: lineOf(text, '"name"'), what: `is named "${member.name}"`, rule });
  }
  for (const name of Object.keys(member.manifest.dependencies ?? {})) {
    if (!name.startsWith(scope)) continue;
    const line = lineOf(text, `"${name}"`);
    const target = name.slice(scope.length);
    if (grant && !granted(grant, target) && !grant.lazy?.includes(target)) {
      violations.push({ file, line, what: `declares ${name}`, rule: `${member.short} may import ${listed(grant)}` });
    } else if (!used.has(name)) {
      const rule = 'remove it (tests need not declare it)';
      violations.push({ file, line, what: `declares ${name} but its sources do not import it`, rule });
    }
  }
  return violations;
}

/** Whether a file of a package is there to build, show or measure it, and is not shipped. @param {string} file @param {Workspace} member */
function besides(file, member) {
  return /^(vite\.[\w.]+\.ts$|dev\/|e2e\/|measure\/)/.test(file.slice(member.dir.length + 1));
}

/** @param {Grant} grant @param {string} target */
function granted(grant, target) {
  return grant.packages === 'all' || grant.packages.includes(target);
}

/** @param {Grant} grant */
function listed(grant) {
  const names = grant.packages === 'all' ? ['every package'] : [...grant.packages];
  for (const lazy of grant.lazy ?? []) names.push(`${lazy} (by import())`);
  return names.length === 0 ? 'no other package' : `only ${names.join(', ')}`;
}

/** @param {string} specifier @param {(rule: string) => Violation[]} broken */
function extensionRule(specifier, broken) {
  return posix.extname(specifier) === '' ? broken('a relative path names the file with its extension') : [];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
  const { files, violations } = checkImports(root);
  report('imports', `${files} files`, violations);
}
