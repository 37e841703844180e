import { connectKafka, openOutbox, Relay } from '../index.ts';

// A process that sends the first batch, says so, and is killed before it can mark it.
const [databaseUrl = '', broker = '', root = ''] = process.argv.slice(2);

const outbox = await openOutbox({ databaseUrl });
const relay = new Relay({
  outbox,
  lakeRoot: async () => root,
  connect: async () => {
    const kafka = await connectKafka([broker]);
    return {
      ...kafka,
      send: async (topic, messages, signal) => {
        await kafka.send(topic, messages, signal);
        process.stdout.write(`sent ${messages.length}\n`);
        await new Promise(() => setInterval(() => undefined, 1_000));
      },
    };
  },
});
await relay.turn();
