import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * core has modules for Node alone. A build leaves them out, for nothing here uses them; the development server, which
 * leaves nothing out, is given their names without anything behind.
 */
const withoutNode: Plugin = {
  name: 'without-node',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('/packages/core/') || !/^import .* from 'node:/m.test(code)) return;
    const names = [...code.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)].map(([, name]) => name);
    return names.map((name) => `export const ${name} = undefined;`).join('\n');
  },
};

export default defineConfig({
  root: here('.'),
  // The system's own browsers of the last two years; tokens.css relies on light-dark().
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    target: ['chrome125', 'firefox125', 'safari17.5'],
    cssTarget: ['chrome125', 'firefox125', 'safari17.5'],
    // Modules that nobody asks for are not fetched ahead: pages are small, and the first one should be quick.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What most pages share comes in a few files rather than in fifty: a browser asks a server for six at a time.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            { name: 'shared', minShareCount: 12 },
          ],
        },
      },
    },
  },
  plugins: [
    withoutNode,
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      routesDirectory: here('src/routes'),
      generatedRouteTree: here('src/route-tree.gen.ts'),
      addExtensions: true,
      quoteStyle: 'single',
      semicolons: true,
      disableLogging: true,
    }),
    react(),
    tailwindcss(),
  ],
  server: {
    port: 4201,
    proxy: { '/api': { target: process.env.CHAMPION_API_URL ?? 'http://127.0.0.1:4200' } },
  },
});
