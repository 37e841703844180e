import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { bundle, repoRoot } from '../../../../tools/build.mjs';

const outdir = join(repoRoot, 'node_modules/.cache', `engine-tests-${process.pid}`);
const built = new Map<string, Promise<string>>();

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Bundles a program of these tests, once, so that a child process can run it. It lies under node_modules for its imports. */
export function bundleForChild(source: string): Promise<string> {
  const name = source.replaceAll(/[^a-z]+/g, '-');
  let file = built.get(source);
  if (file === undefined) {
    file = bundle({ [name]: source }, outdir).then(() => join(outdir, `${name}.js`));
    built.set(source, file);
  }
  return file;
}
