// Checks that what the documents say is there.
//
// - Every relative link of every *.md leads to a file of this repository, and to a heading of it when it names one.
// - A link to a test file is called by the file's name or by words of a test in it, so that a proof is still there.
// - Every third-party dependency of every package.json has a row in docs/dependencies.md, `name | version | why`, with
//   the version that is declared, and every row is still declared by someone.
// - Versions are pinned: no ^, no ~, no range, and one version for the whole repository.
// - docs/configuration.md has a row, `name | default | meaning`, for every setting of apps/server/src/config.ts, in the
//   same words, and no others.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, lineAt, lineOf, readManifest, report, scope, workspaces } from './repo.mjs';
import { settingsOf } from './settings.mjs';

/** @typedef {import('./repo.mjs').Violation} Violation */
/** @typedef {import('./repo.mjs').Manifest} Manifest */

const dependenciesPage = 'docs/dependencies.md';
const configurationPage = 'docs/configuration.md';
const configurationSource = 'apps/server/src/config.ts';

/**
 * @param {string} root repository root
 * @returns {{ pages: number, dependencies: number, violations: Violation[] }}
 */
export function checkDocs(root) {
  const pages = filesBelow(root).filter((file) => file.endsWith('.md'));
  const declared = declaredVersions(root);
  const violations = [
    ...pages.flatMap((page) => judgeLinks(root, page)),
    ...pages.flatMap((page) => judgeProofs(root, page)),
    ...judgeVersions(root, declared),
    ...judgeDependenciesPage(root, declared),
    ...judgeConfigurationPage(root),
  ];
  return { pages: pages.length, dependencies: declared.size, violations };
}

/**
 * The text with code blocks and code spans blanked: the same length and lines, no links in them.
 * @param {string} text
 */
function withoutCode(text) {
  /** @param {string} code */
  const blank = (code) => code.replace(/[^\n]/g, ' ');
  return text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2 *$/gm, blank).replace(/`[^`\n]+`/g, blank);
}

/** @param {string} root @param {string} page @returns {Violation[]} */
function judgeLinks(root, page) {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'));
  const links = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g), ...text.matchAll(/^ *\[[^\]]+\]: +<?([^\s>]+)/gm)];
  return links.flatMap((link) => {
    const target = link[1] ?? '';
    const rule = judgeTarget(root, page, target);
    return rule === undefined ? [] : [{ file: page, line: lineAt(text, link.index), what: `links to ${target}`, rule }];
  });
}

/** @param {string} root @param {string} page @returns {Violation[]} */
function judgeProofs(root, page) {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'));
  return [...text.matchAll(/\[([^\]]+)\]\(([^)\s]+\.test\.m?ts)\)/g)].flatMap((link) => {
    const [, words = '', target = ''] = link;
    const file = resolve(root, dirname(page), target);
    if (target.endsWith(words) || !existsSync(file) || readFileSync(file, 'utf8').includes(words)) return [];
    return [
      { file: page, line: lineAt(text, link.index), what: `names "${words}"`, rule: `no test in ${target} says so` },
    ];
  });
}

/** @param {string} root @param {string} page @param {string} target @returns {string | undefined} what is wrong */
function judgeTarget(root, page, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : resolve(root, dirname(page), decodeURIComponent(path));
  const inside = relative(root, file);
  if (inside.startsWith(`..${sep}`) || inside === '..') return 'a link must stay inside the repository';
  if (!existsSync(file)) return 'there is no such file';
  if (anchor === undefined || !file.endsWith('.md') || statSync(file).isDirectory()) return undefined;
  const headings = headingAnchors(readFileSync(file, 'utf8'));
  return headings.has(anchor) ? undefined : 'there is no such heading';
}

/** Anchors as hosting sites make them of headings. @param {string} text @returns {Set<string>} */
function headingAnchors(text) {
  const anchors = new Set();
  const prose = text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2 *$/gm, '');
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    anchors.add(plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));
  }
  return anchors;
}

/**
 * @typedef {object} Declaration
 * @property {string} file the package.json that declares it
 * @property {string} version
 */

/**
 * Third-party dependencies of the whole repository and who declares them.
 * @param {string} root
 * @returns {Map<string, Declaration[]>}
 */
function declaredVersions(root) {
  /** @type {Map<string, Declaration[]>} */
  const declared = new Map();
  const files = ['package.json', ...workspaces(root).map(({ dir }) => `${dir}/package.json`)];
  for (const file of files) {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = readManifest(join(root, file));
    const all = { ...peerDependencies, ...devDependencies, ...optionalDependencies, ...dependencies };
    for (const [name, version] of Object.entries(all)) {
      if (name.startsWith(scope)) continue;
      declared.set(name, [...(declared.get(name) ?? []), { file, version }]);
    }
  }
  return declared;
}

/** @param {string} root @param {Map<string, Declaration[]>} declared @returns {Violation[]} */
function judgeVersions(root, declared) {
  return [...declared].flatMap(([name, declarations]) =>
    declarations.flatMap(({ file, version }) => {
      const line = lineOf(readFileSync(join(root, file), 'utf8'), `"${name}"`);
      const what = `declares ${name} ${version}`;
      if (!/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(version)) {
        return [{ file, line, what, rule: 'pin one exact version, no range' }];
      }
      const first = declarations[0];
      return first === undefined || first.version === version
        ? []
        : [{ file, line, what, rule: `use one version everywhere: ${first.file} has ${first.version}` }];
    }),
  );
}

/** @param {string} root @param {Map<string, Declaration[]>} declared @returns {Violation[]} */
function judgeDependenciesPage(root, declared) {
  const file = dependenciesPage;
  if (!existsSync(join(root, file))) {
    return [{ file, line: 1, what: 'is missing', rule: 'it says why each dependency is here' }];
  }
  const text = readFileSync(join(root, file), 'utf8');
  /** @type {Violation[]} */
  const violations = [];
  const listed = new Set();
  for (const { name, line, cells } of rowsOf(text)) {
    const [version = '', why = ''] = cells;
    listed.add(name);
    const declaration = declared.get(name)?.[0];
    if (declaration === undefined) {
      violations.push({ file, line, what: `lists ${name}`, rule: 'no package.json declares it: remove the row' });
      continue;
    }
    if (version !== declaration.version) {
      const rule = `${declaration.file} has ${declaration.version}`;
      violations.push({ file, line, what: `lists ${name} ${version}`, rule });
    }
    if (why === '') violations.push({ file, line, what: `lists ${name}`, rule: 'say why it is here' });
  }
  for (const [name, declarations] of declared) {
    if (listed.has(name)) continue;
    const by = declarations.map((declaration) => declaration.file).join(', ');
    const rule = `add its row: name | version | why (declared by ${by})`;
    violations.push({ file, line: 1, what: `does not list ${name}`, rule });
  }
  return violations;
}

/** @param {string} root @returns {Violation[]} */
function judgeConfigurationPage(root) {
  if (!existsSync(join(root, configurationSource))) return [];
  const settings = settingsOf(readFileSync(join(root, configurationSource), 'utf8'), configurationSource);
  const file = configurationPage;
  const text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
  const rows = new Map(rowsOf(text).map((row) => [row.name, row]));
  /** @type {Violation[]} */
  const violations = [];
  if (settings.length === 0) {
    const rule = 'it exports `variables`, the table that docs/configuration.md shows';
    violations.push({ file: configurationSource, line: 1, what: 'has no settings', rule });
  }
  for (const setting of settings) {
    const cells = [setting.default === undefined ? '' : `\`${setting.default}\``, setting.meaning];
    const row = rows.get(setting.name);
    rows.delete(setting.name);
    if (row && row.cells.join('|') === cells.join('|')) continue;
    const what = row ? `tells ${setting.name} otherwise` : `does not list ${setting.name}`;
    const rule = `write as ${configurationSource}:${setting.line} does: | \`${setting.name}\` | ${cells.join(' | ')} |`;
    violations.push({ file, line: row?.line ?? 1, what, rule });
  }
  for (const { name, line } of rows.values()) {
    violations.push({ file, line, what: `lists ${name}`, rule: `${configurationSource} has no such setting` });
  }
  return violations;
}

/**
 * The rows of a page's tables that begin with a name in backticks.
 * @param {string} text
 * @returns {{ name: string, line: number, cells: string[] }[]} cells: what follows the name, trimmed
 */
function rowsOf(text) {
  return [...text.matchAll(/^\| *`([^`]+)` *\|(.*)\| *$/gm)].map((row) => ({
    name: row[1] ?? '',
    line: lineAt(text, row.index),
    cells: (row[2] ?? '').split('|').map((cell) => cell.trim()),
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
  const { pages, dependencies, violations } = checkDocs(root);
  report('docs', `${pages} pages, ${dependencies} dependencies`, violations);
}
