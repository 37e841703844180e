import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectKafka, openOutbox, Relay, type Sender } from './index.ts';
import { freePort } from './testing/broker.ts';
import { type Bench, openBench, recordingSender } from './testing/sample.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(async () => {
  await bench.sql('TRUNCATE events.outbox, events.revisions, events.topics');
});

function relayTo(sender: Sender, log: (message: string) => void = () => undefined): Relay {
  return new Relay({
    outbox: bench.outbox,
    connect: async () => sender,
    lakeRoot: async () => bench.root,
    log: (_, message) => log(message),
  });
}

const there = (path: string) =>
  access(join(bench.root, path)).then(
    () => true,
    () => false,
  );

describe('what is handed over', () => {
  test('is sent once, however often the same revision is handed over', async () => {
    const sender = recordingSender();
    const relay = relayTo(sender);
    const reference = await bench.written(10);
    expect(await bench.outbox.isSent(reference)).toBe(false);
    expect(await bench.outbox.handOver(reference)).toBe(1);
    expect(await bench.outbox.isSent(reference)).toBe(false);
    expect(await bench.outbox.handOver(reference)).toBeUndefined();
    expect(await relay.turn()).toEqual({ sent: 10, ended: 'idle' });
    expect(await bench.outbox.isSent(reference)).toBe(true);
    expect(await bench.outbox.handOver(reference)).toBeUndefined();
    expect(await relay.turn()).toEqual({ sent: 0, ended: 'idle' });
    expect(sender.sent.flatMap(({ messages }) => messages)).toHaveLength(10);
    expect(await there(reference.path)).toBe(false);
  });

  test('is sent revision by revision, each from the file as it was', async () => {
    const sender = recordingSender();
    const first = await bench.written(3, { source: 'one' });
    await bench.outbox.handOver(first);
    const second = await bench.written(4, { source: 'two' });
    expect(await bench.outbox.handOver(second)).toBe(2);
    // The exchange takes its correction back.
    expect(await bench.outbox.handOver({ ...first })).toBe(3);
    expect((await bench.outbox.status())[0]).toMatchObject({ waiting: 3, waitingRows: 10 });
    await relayTo(sender).turn();
    const told = sender.sent.map(({ messages }) => [messages[0]?.headers.revision, messages.length]);
    expect(told).toEqual([
      ['1', 3],
      ['2', 4],
      ['3', 3],
    ]);
    expect([await there(first.path), await there(second.path)]).toEqual([false, false]);
  });

  test('again from the same source while it waits is sent from the newer file', async () => {
    const sender = recordingSender();
    await bench.outbox.handOver(await bench.written(5, { source: 'same' }));
    expect(await bench.outbox.handOver(await bench.written(6, { source: 'same' }))).toBe(2);
    await relayTo(sender).turn();
    const messages = sender.sent.flatMap((batch) => batch.messages);
    expect(messages.map(({ headers }) => headers.revision)).toEqual(Array.from({ length: 6 }, () => '2'));
  });

  test('anew while its rows are on their way ends the older file there', async () => {
    const sender = recordingSender();
    const old = await bench.written(2_500, { source: 'same' });
    await bench.outbox.handOver(old);
    const interrupted: Sender = {
      ...sender,
      send: async (topic, messages, signal) => {
        await sender.send(topic, messages, signal);
        if (sender.sent.length === 1) await bench.outbox.handOver(await bench.written(2, { source: 'same' }));
      },
    };
    await relayTo(interrupted).turn();
    const told = sender.sent.map(({ messages }) => [messages[0]?.headers.revision, messages.length]);
    expect(told).toEqual([
      ['1', 1_000],
      ['2', 2],
    ]);
    expect(await bench.outbox.isEmpty()).toBe(true);
    expect(await there(old.path)).toBe(false);
  });

  test('without rows is remembered and not sent', async () => {
    const sender = recordingSender();
    const empty = await bench.written(0);
    expect(await bench.outbox.handOver(empty)).toBe(1);
    expect(await bench.outbox.isSent(empty)).toBe(true);
    expect(await relayTo(sender).turn()).toEqual({ sent: 0, ended: 'idle' });
  });
});

describe('the relay', () => {
  test('goes on after the last batch that was marked', async () => {
    const sender = recordingSender();
    let calls = 0;
    const dying: Sender = {
      ...sender,
      send: async (topic, messages, signal) => {
        calls++;
        if (calls === 2) throw new Error('the process dies here');
        await sender.send(topic, messages, signal);
      },
    };
    await bench.outbox.handOver(await bench.written(2_500));
    await relayTo(dying).turn();
    expect((await bench.outbox.status())[0]).toMatchObject({ waitingRows: 1_500, sentRows: 1_000, failures: 1 });
    await bench.sql('UPDATE events.outbox SET due_at = now()');
    expect(await relayTo(sender).turn()).toEqual({ sent: 1_500, ended: 'idle' });
    const ids = sender.sent.flatMap(({ messages }) => messages.map(({ headers }) => headers.event_id));
    expect(ids).toEqual(Array.from({ length: 2_500 }, (_, i) => `event-${i}`));
  });

  test('sets aside what can not be sent, and says what to do', async () => {
    const sender = recordingSender();
    const lost = await bench.written(1, { topic: 'lost', path: 'outbox/never-there.parquet' });
    await bench.outbox.handOver(lost);
    await bench.outbox.handOver(await bench.written(2, { topic: 'other' }));
    const said: string[] = [];
    const relay = relayTo(sender, (message) => said.push(message));
    expect(await relay.turn()).toEqual({ sent: 2, ended: 'idle' });
    expect(said.join()).toContain('is not there');
    const [failed] = (await bench.outbox.status()).filter(({ topic }) => topic === 'lost');
    expect(failed).toMatchObject({ waiting: 1, failures: 1, lastError: expect.stringContaining('is not there') });
    // Run again, the session hands it over once more.
    await bench.outbox.handOver(await bench.written(1, { topic: 'lost', source: lost.source }));
    expect(await relay.turn()).toEqual({ sent: 1, ended: 'idle' });
  });

  test('keeps everything while Kafka is away, and asks it less and less often', async () => {
    const brokers = [`127.0.0.1:${await freePort()}`];
    const said: string[] = [];
    const relay = new Relay({
      outbox: bench.outbox,
      connect: () => connectKafka(brokers),
      lakeRoot: async () => bench.root,
      log: (_, message) => said.push(message),
    });
    const reference = await bench.written(3);
    await bench.outbox.handOver(reference);
    expect(await relay.turn()).toEqual({ sent: 0, ended: 'failed' });
    expect(await relay.turn()).toEqual({ sent: 0, ended: 'waiting' });
    const [topic] = await bench.outbox.status();
    expect(topic).toMatchObject({ waiting: 1, waitingRows: 3, failures: 1 });
    expect(topic?.lastError).toContain(`Kafka at ${brokers[0]} does not answer`);
    expect(topic?.lastError).toContain('ECONNREFUSED');
    expect(said).toHaveLength(1);
    await relay.close();
    const sender = recordingSender();
    expect(await relayTo(sender).turn()).toEqual({ sent: 3, ended: 'idle' });
  });

  test('that is closed does not wait for a Kafka that takes connections and says nothing', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const connected = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const relay = new Relay({
      outbox: bench.outbox,
      connect: () => connectKafka([`127.0.0.1:${port}`]),
      lakeRoot: async () => bench.root,
    });
    await bench.outbox.handOver(await bench.written(3));
    const turn = relay.turn();
    const [socket] = (await connected) as [Socket];
    await relay.close();
    expect(await turn).toEqual({ sent: 0, ended: 'failed' });
    expect((await bench.outbox.status())[0]).toMatchObject({ waiting: 1, failures: 0 });
    socket.destroy();
    silent.close();
  });

  test('is one of all on a database', async () => {
    const sender = recordingSender();
    const other = await openOutbox({ databaseUrl: bench.databaseUrl });
    try {
      await bench.outbox.handOver(await bench.written(3));
      const turn = await other.whileSending(() => relayTo(sender).turn());
      expect(turn).toEqual({ sent: 0, ended: 'busy' });
      expect(await relayTo(sender).turn()).toEqual({ sent: 3, ended: 'idle' });
    } finally {
      await other.close();
    }
  });

  test('tidies up: what was sent long ago, and pinned files that nobody waits for', async () => {
    const sender = recordingSender();
    const relay = relayTo(sender);
    await bench.outbox.handOver(await bench.written(1, { source: 'sent' }));
    await relay.turn();
    const waiting = await bench.written(2, { source: 'waits' });
    await bench.outbox.handOver(waiting);
    const unclaimed = await bench.written(4);
    await bench.sql("UPDATE events.outbox SET sent_at = sent_at - interval '8 days'");
    await relay.tidy(new Date());
    expect(await there(unclaimed.path)).toBe(true);
    await relay.tidy(new Date(Date.now() + 2 * 3_600_000));
    expect([await there(unclaimed.path), await there(waiting.path)]).toEqual([false, true]);
    expect(await bench.sql('SELECT source FROM events.outbox')).toEqual([{ source: 'waits' }]);
    // What was stated last is known all the same.
    expect(await bench.sql('SELECT revision FROM events.revisions')).toEqual([{ revision: 2 }]);
  });
});
