import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repoRoot } from '../build.mjs';

/** @param {string[]} args @param {Record<string, string>} env @returns {Promise<{ code: number, stderr: string }>} */
const check = (args, env) =>
  new Promise((resolve) => {
    const script = join(repoRoot, 'deploy/healthcheck.mjs');
    execFile(process.execPath, [script, ...args], { env }, (error, _, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });

it('is well when the address answers to the key, and says why when it does not', async () => {
  const server = createServer((request, response) => {
    const open = request.url === '/api/health' || request.headers.authorization === 'Bearer 0123456789abcdef';
    response.writeHead(open ? 200 : 401).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const metrics = `http://127.0.0.1:${port}/metrics`;
  expect(await check([], { CHAMPION_PORT: String(port) })).toEqual({ code: 0, stderr: '' });
  expect(await check([metrics], { CHAMPION_API_KEY: '0123456789abcdef' })).toEqual({ code: 0, stderr: '' });
  expect(await check([metrics], {})).toEqual({ code: 1, stderr: `${metrics}: it answers 401\n` });
  await new Promise((resolve) => server.close(resolve));
  expect(await check([metrics], {})).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') });
});
