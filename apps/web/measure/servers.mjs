import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @typedef {{ readonly url: string, stop(): Promise<void> }} Started */

const { PATH = '', HOME = '' } = process.env;
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
});

/**
 * The built product, with simulated sessions in it.
 * @param {string} program
 * @param {string} home
 * @param {number} sessions
 * @returns {Promise<Started>}
 */
export async function startProduct(program, home, sessions) {
  const env = { PATH, HOME };
  const demo = spawn(process.execPath, [program, 'demo', '--once', '--sessions', String(sessions), '--home', home], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(demo, 'close');
  if (code !== 0) throw new Error(`champion demo ended with ${code}`);
  const up = spawn(process.execPath, [program, 'up', '--simulated', '--port', '0', '--home', home], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    up.stdout.on('data', (piece) => {
      if (said.length < 100_000) said += piece;
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/api\n/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    up.once('close', () => reject(new Error(`champion up ended before it was up:\n${said}`)));
  });
  return {
    url,
    stop: async () => {
      const closed = once(up, 'close');
      up.kill('SIGINT');
      await closed;
    },
  };
}

/** The built app before the made-up API. @param {string} program @param {string} web @returns {Promise<Started>} */
export async function startMadeUp(program, web) {
  const { handle } = await import(pathToFileURL(program).href);
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/api/')) {
      request.url = request.url?.slice('/api'.length);
      await handle(request, response);
      return;
    }
    const file = join(web, normalize(pathname));
    const found = pathname !== '/' && existsSync(file) ? file : join(web, 'index.html');
    response.setHeader('content-type', TYPES[extname(found)] ?? 'application/octet-stream');
    response.end(await readFile(found));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
