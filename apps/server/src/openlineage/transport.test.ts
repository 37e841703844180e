import { appendFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serviceAt } from '../forwarding/ask.ts';
import { closed, closedPort, listening, type Receiver, receiver } from '../forwarding/testing/port.ts';
import type { RunEvent } from './event.ts';
import { intoFile, overHttp } from './transport.ts';

const signal = AbortSignal.timeout(60_000);
const event = (name: string) => ({ job: { namespace: 'n', name } }) as RunEvent;

describe('over HTTP', () => {
  let port: number;
  let target: Receiver;
  beforeAll(async () => {
    port = await closedPort();
    target = receiver();
    await listening(target.server, port);
  });
  afterEach(() => {
    target.received.length = 0;
    target.answer = undefined;
  });
  afterAll(() => closed(target.server));

  const send = (address: string) => overHttp(serviceAt('The server', address, undefined), 'api/v1/lineage');

  it('goes below a path, with user and password in a header', async () => {
    await send(`http://me:p%40ss@127.0.0.1:${port}/marquez/`)([event('a'), event('b')], signal);
    const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(target.received).toEqual(
      ['a', 'b'].map((name) => ({ path: '/marquez/api/v1/lineage', authorization, body: event(name) })),
    );
  });

  it.each([
    [400, 'INVALID_INPUT', 'never'],
    [422, 'INVALID_INPUT', 'never'],
    // What can be mended at the other side: a key, an address, a proxy, a server.
    [302, 'BUSY', 'backoff'],
    [401, 'BUSY', 'backoff'],
    [404, 'BUSY', 'backoff'],
    [503, 'BUSY', 'backoff'],
  ])('takes %i for %s', async (status, code, retry) => {
    target.answer = () => status;
    const sending = send(`http://me:secret@127.0.0.1:${port}`)([event('a')], signal);
    await expect(sending).rejects.toMatchObject({
      code,
      retry,
      message: expect.stringContaining(`answered ${status}`),
    });
    await expect(sending).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });

  const nameOf = ({ body }: { readonly body: unknown }) => (body as RunEvent).job.name;
  const sendAll = () => send(`http://127.0.0.1:${port}`)(['a', 'b', 'c', 'd'].map(event), signal);

  it('sends what comes behind an event that is refused, and says the first refusal then', async () => {
    target.answer = (got) => ({ b: 422, c: 400 })[nameOf(got)] ?? 201;
    await expect(sendAll()).rejects.toMatchObject({ retry: 'never', context: { status: 422 } });
    expect(target.received.map(nameOf)).toEqual(['a', 'd']);
  });

  it('goes no further than an event that is to be sent again', async () => {
    target.answer = (got) => ({ b: 422, c: 503 })[nameOf(got)] ?? 201;
    await expect(sendAll()).rejects.toMatchObject({ retry: 'backoff', context: { status: 503 } });
    expect(target.received.map(nameOf)).toEqual(['a']);
  });
});

describe('into a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'champion-lineage-'));
    path = join(folder, 'deep', 'events.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n');
  const asLine = (name: string) => JSON.stringify(event(name));

  it('goes a line each, and never behind a part of one', async () => {
    await intoFile(path)([event('a'), event('b')], signal);
    await appendFile(path, '{"job":{"na');
    await intoFile(path)([event('c')], signal);
    expect(await linesOf(path)).toEqual([asLine('a'), asLine('b'), '{"job":{"na', asLine('c'), '']);
  });

  it('keeps so many full files, the newest first', async () => {
    const send = intoFile(path, { bytes: 1, older: 2 });
    for (const name of ['a', 'b', 'c', 'd']) await send([event(name)], signal);
    expect((await readdir(join(folder, 'deep'))).sort()).toEqual(['events.jsonl', 'events.jsonl.1', 'events.jsonl.2']);
    expect(await linesOf(path)).toEqual([asLine('d'), '']);
    expect(await linesOf(`${path}.1`)).toEqual([asLine('c'), '']);
    expect(await linesOf(`${path}.2`)).toEqual([asLine('b'), '']);
  });

  it('waits for a disk that is not there', async () => {
    await mkdir(path, { recursive: true });
    await expect(intoFile(path)([event('a')], signal)).rejects.toMatchObject({ code: 'UNREACHABLE', retry: 'backoff' });
  });
});
