import type { IncomingMessage, ServerResponse } from 'node:http';
import { mergeConfig } from 'vite';
import base from '../vite.config.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The app with a made-up API behind it, for looking at pages without a server. */
export default mergeConfig(base, {
  server: { proxy: {} },
  plugins: [
    {
      name: 'made-up-api',
      configureServer(server: {
        ssrLoadModule(path: string): Promise<Record<string, unknown>>;
        middlewares: { use(path: string, handle: Handle): void };
      }) {
        server.middlewares.use('/api', async (request, response) => {
          const { handle } = (await server.ssrLoadModule('/dev/api.ts')) as { handle: Handle };
          await handle(request, response);
        });
      },
    },
  ],
});
