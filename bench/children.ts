import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** This bundle, which every child runs in another role. */
const self = fileURLToPath(import.meta.url);
const entry = process.argv[1] ?? self;

export interface Child {
  readonly firstMessage: string;
  stop(): void;
}

/** Starts a role in a process of its own and waits for its first message. */
export async function runChild(role: string, parameters: readonly string[]): Promise<Child> {
  const child = fork(entry, ['--role', role, ...parameters], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const firstMessage = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) =>
      reject(new Error(`the benchmark's ${role} process ended with ${code} before it reported`)),
    );
  });
  return { firstMessage, stop: () => child.disconnect() };
}

/** Runs a role to its end and returns what it reported. */
export async function measure<T>(role: string, parameters: readonly string[]): Promise<T> {
  const child = fork(entry, ['--role', role, ...parameters], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise<T>((resolve, reject) => {
    let report: T | undefined;
    child.once('message', (message) => {
      report = message as T;
    });
    child.once('exit', (code) => {
      if (code === 0 && report !== undefined) resolve(report);
      else reject(new Error(`the benchmark's ${role} process ended with ${code}`));
    });
  });
}
