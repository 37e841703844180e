import type { Server } from '../remote/connect.ts';
import { check, type Finding, fail, ok, warn } from './check.ts';

/** The server that commands talk to, its stores and its workers. */
export async function checkServer({ client, url }: Server): Promise<Finding[]> {
  const findings: Finding[] = [];
  const server = await check('Server', async () => {
    const { version, simulated, stores } = await client.readSystem();
    for (const { name, kind, state, detail } of stores) {
      const about = `${kind}, ${detail}`;
      findings.push({
        what: name.charAt(0).toUpperCase() + name.slice(1),
        ...(state === 'down' ? fail(about, 'Look into what the server says, and restart it.') : ok(about)),
      });
    }
    return ok(`${url}, version ${version}${simulated ? ', on a simulated exchange' : ''}`);
  });
  if (server.level === 'fail') return [server];
  const workers = await check('Workers', async () => {
    const online = (await client.listWorkers()).filter(({ status }) => status === 'online');
    return online.length === 0
      ? warn('none is at work: runs wait', 'Start one with: champion worker start -q default')
      : ok(online.map(({ name }) => name).join(', '));
  });
  return [server, ...findings, workers];
}
