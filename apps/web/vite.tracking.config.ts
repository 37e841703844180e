import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { building, here, withoutNode } from './vite.shared.ts';

// The tracking app: a site of its own, for it is served on a port of its own, of the same design system.
export default defineConfig({
  root: here('.'),
  build: {
    ...building,
    outDir: here('../../dist/tracking'),
    rolldownOptions: {
      input: here('tracking.html'),
      output: { codeSplitting: { groups: [{ name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// }] } },
    },
  },
  plugins: [withoutNode, react(), tailwindcss()],
  server: {
    port: 4202,
    proxy: { '/ajax-api': { target: process.env.CHAMPION_TRACKING_URL ?? 'http://127.0.0.1:5000' } },
  },
});
