import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const index = fileURLToPath(new URL('./index.ts', import.meta.url));

/** Files that loading the package loads, what it imports lazily left out. */
async function loaded(): Promise<{ inputs: string[]; imports: string[] }> {
  const { metafile } = await build({
    entryPoints: [index],
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: 'unwritten',
    write: false,
    metafile: true,
    minify: true,
    external: ['zod', 'node:*'],
  });
  const entry = Object.keys(metafile.outputs).find((name) => metafile.outputs[name]?.entryPoint?.endsWith('index.ts'));
  const found = { inputs: new Set<string>(), imports: new Set<string>() };
  const visit = (name: string) => {
    const output = metafile.outputs[name];
    if (output === undefined) return;
    for (const input of Object.keys(output.inputs)) found.inputs.add(input);
    for (const { path, kind, external } of output.imports) {
      if (kind === 'dynamic-import') continue;
      if (external) found.imports.add(path);
      else visit(path);
    }
  };
  visit(entry ?? expect.unreachable());
  return { inputs: [...found.inputs], imports: [...found.imports] };
}

it('loads neither zod, nor the schemas, nor anything of Node', async () => {
  const { inputs, imports } = await loaded();
  expect(imports).toEqual([]);
  expect(inputs.filter((file) => /schemas\/|routes/.test(file))).toEqual([]);
  expect(inputs.some((file) => file.endsWith('client/client.ts'))).toBe(true);
});
