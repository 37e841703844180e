// A small repository in the temp folder, for the tests of the checks.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Runs `use` with the root of a folder that holds `files`, and removes the folder afterwards. Files ending in .json may
 * be given as objects.
 * @template T
 * @param {Record<string, string | object>} files path → content
 * @param {(root: string) => T} use
 * @returns {T}
 */
export function withTree(files, use) {
  const root = mkdtempSync(join(tmpdir(), 'champion-tree-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
    return use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
