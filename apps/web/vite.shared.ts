import { fileURLToPath } from 'node:url';
import type { BuildEnvironmentOptions, Plugin } from 'vite';

/** A path of this folder, absolute. */
export const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * core has modules for Node alone. A build leaves them out, for nothing here uses them; the development server, which
 * leaves nothing out, is given their names without anything behind.
 */
export const withoutNode: Plugin = {
  name: 'without-node',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('/packages/core/') || !/^import .* from 'node:/m.test(code)) return;
    const names = [...code.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)].map(([, name]) => name);
    return names.map((name) => `export const ${name} = undefined;`).join('\n');
  },
};

// The system's own browsers of the last two years; tokens.css relies on light-dark().
const browsers = ['chrome125', 'firefox125', 'safari17.5'];

/** How both apps are built. */
export const building = {
  emptyOutDir: true,
  target: browsers,
  cssTarget: browsers,
  // Modules that nobody asks for are not fetched ahead: pages are small, and the first one should be quick.
  modulePreload: { polyfill: false },
} satisfies BuildEnvironmentOptions;
