import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ChampionError } from '@champion/core';

/** Suffix of the sidecar beside each raw file; no raw file may take it as its extension. */
export const SIDECAR_EXTENSION = 'meta.json';

const NAME = /^[a-z0-9_.-]+$/;

/**
 * Refuses a dataset, table or extension that could not be one folder or file name on every file system.
 * @throws ChampionError INVALID_INPUT
 */
export function checkName(kind: 'dataset' | 'table' | 'part' | 'extension', name: string): string {
  const fits = NAME.test(name) && !name.startsWith('.') && !name.includes('..') && name.length <= 100;
  if (fits && !(kind === 'extension' && name === SIDECAR_EXTENSION)) return name;
  throw new ChampionError(`"${name}" cannot be the name of a lake ${kind}`, {
    code: 'INVALID_INPUT',
    hint: 'Use lower-case letters, digits, dot, dash and underscore, not starting with a dot.',
    context: { kind, name },
  });
}

/**
 * Joins a lake-relative path to the root.
 * @throws ChampionError INVALID_INPUT when the path is absolute or leads out of the root.
 */
export function insideRoot(root: string, path: string): string {
  const absolute = resolve(root, path);
  const back = relative(root, absolute);
  if (!isAbsolute(path) && back !== '..' && !back.startsWith(`..${sep}`) && !isAbsolute(back)) return absolute;
  throw new ChampionError(`"${path}" leads out of the lake`, {
    code: 'INVALID_INPUT',
    hint: 'Give a path relative to the lake folder, as the manifest has it.',
    context: { path, root },
  });
}
