import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const STARTS_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 20_000;

/** A Kafka of one node, broker and controller in one, on this machine alone. */
export interface Broker {
  /** "127.0.0.1:PORT" */
  readonly address: string;
  /** Starts it again with the data that it had. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
}

/** @param jars folder of Kafka's jars, as .ci/kafka fetches them */
export async function startBroker(jars: string): Promise<Broker> {
  const home = await mkdtemp(join(tmpdir(), 'champion-kafka-'));
  const [port, controller] = [await freePort(), await freePort()];
  const properties = join(home, 'server.properties');
  await writeFile(properties, propertiesOf({ port, controller, data: join(home, 'data') }));
  const classpath = ['-cp', `${jars}/*`];
  const id = randomBytes(16).toString('base64url');
  await promisify(execFile)('java', [...classpath, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]);

  let node: ChildProcess | undefined;
  const start = async () => {
    const output: string[] = [];
    const started = spawn('java', ['-Xmx256m', '-XX:+UseSerialGC', ...classpath, 'kafka.Kafka', properties]);
    node = started;
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (data) => output.push(String(data)));
    const until = Date.now() + STARTS_WITHIN_MS;
    while (!(await listens(port))) {
      if (started.exitCode !== null || Date.now() > until) {
        started.kill('SIGKILL');
        throw new Error(`Kafka did not start:\n${output.join('')}`);
      }
      await sleep(100);
    }
  };
  const stop = async () => {
    const running = node;
    node = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), STOPS_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  };
  await start();
  return {
    address: `127.0.0.1:${port}`,
    start,
    stop,
    close: async () => {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function propertiesOf({ port, controller, data }: { port: number; controller: number; data: string }): string {
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'num.partitions': 3,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** A port that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
