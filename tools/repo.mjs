// What the checks of this folder share: walking the repository, reading its workspaces and printing what is wrong.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

/**
 * One broken rule.
 * @typedef {object} Violation
 * @property {string} file path from the repository root, with forward slashes
 * @property {number} line 1-based
 * @property {string} what what is there
 * @property {string} rule what should be, and why
 */

/**
 * @typedef {object} Workspace
 * @property {string} dir path from the repository root, for example "packages/core"
 * @property {string} short last part of `dir`, for example "core"
 * @property {string} name package name, for example "@champion/core"
 * @property {Manifest} manifest
 */

/**
 * @typedef {object} Manifest
 * @property {string} [name]
 * @property {string[]} [workspaces]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/** The scope of every package of this repository. */
export const scope = '@champion/';

/** Folders that hold nothing written by hand. */
const skipped = new Set(['node_modules', 'dist']);
/** The same, at the root alone: elsewhere a folder of this name is source. */
const skippedAtRoot = new Set(['data', 'coverage']);

/** @param {string} file @returns {Manifest} */
export function readManifest(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * The packages and apps that exist, by the root's `workspaces` ("packages/*").
 * @param {string} root
 * @returns {Workspace[]}
 */
export function workspaces(root) {
  const parents = (readManifest(join(root, 'package.json')).workspaces ?? []).map((glob) => glob.replace(/\/\*$/, ''));
  return parents.flatMap((parent) =>
    folders(join(root, parent))
      .map((short) => ({ short, dir: `${parent}/${short}`, file: join(root, parent, short, 'package.json') }))
      .filter(({ file }) => existsSync(file))
      .map(({ short, dir, file }) => {
        const manifest = readManifest(file);
        return { dir, short, name: manifest.name ?? '', manifest };
      }),
  );
}

/** @param {string} dir @returns {string[]} */
export function folders(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Every file below `dir`, as paths from `root`, sorted. Hidden, installed and generated folders are left out.
 * @param {string} root
 * @param {string} [dir] path from `root`
 * @returns {string[]}
 */
export function filesBelow(root, dir = '.') {
  const start = join(root, dir);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(start, entry.name);
      if (entry.isDirectory()) {
        const below = relative(root, path);
        const skip = skipped.has(entry.name) || skippedAtRoot.has(below) || entry.name.startsWith('.');
        return skip ? [] : filesBelow(root, below);
      }
      return [relative(root, path).split(sep).join('/')];
    })
    .sort();
}

/**
 * Tests, their helpers (testing/) and the data they read (__fixtures__/): they may use more than the code they test.
 * @param {string} file
 */
export function isTestFile(file) {
  return /\.test\.(ts|tsx|mjs)$/.test(basename(file)) || /\/(testing|__fixtures__)\//.test(file);
}

/**
 * 1-based line of an offset in a text.
 * @param {string} text
 * @param {number} offset
 */
export function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length;
}

/**
 * 1-based line of the first line that holds `needle`, or 1.
 * @param {string} text
 * @param {string} needle
 */
export function lineOf(text, needle) {
  return lineAt(text, Math.max(0, text.indexOf(needle)));
}

/**
 * Prints the violations, one a line, and makes the process exit with 1 when there are any.
 * @param {string} check name of the check
 * @param {string} scopeOfCheck what was looked at, for example "112 files"
 * @param {Violation[]} violations
 */
export function report(check, scopeOfCheck, violations) {
  const ordered = violations.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  for (const { file, line, what, rule } of ordered) console.error(`${file}:${line} ${what}, ${rule}`);
  console.log(`${check}: ${scopeOfCheck}, ${violations.length === 0 ? 'nothing wrong' : `${violations.length} wrong`}`);
  if (violations.length > 0) process.exitCode = 1;
}
