import tailwindcss from '@tailwindcss/vite';
import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { building, here, withoutNode } from './vite.shared.ts';

export default defineConfig({
  root: here('.'),
  build: {
    ...building,
    outDir: here('../../dist/web'),
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
