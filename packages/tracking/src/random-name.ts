import { randomInt } from 'node:crypto';

const MOODS =
  'amber brisk calm clever daring eager fair gentle golden happy humble jolly keen lively lucky mellow merry nimble ' +
  'patient placid polite proud quick quiet rapid serene sharp silver steady sunny swift tidy vivid warm wise witty';
const BEINGS =
  'antelope badger bear bison bull bulbul camel chital crane deer dolphin eagle egret elephant falcon finch gaur heron ' +
  'hoopoe ibex koel langur leopard lynx mongoose myna otter owl panther peacock robin stork swan tiger tortoise turtle';

/** The name of a run whose maker gave none: "steady-falcon-417". */
export function randomName(): string {
  return `${pick(MOODS)}-${pick(BEINGS)}-${randomInt(1_000)}`;
}

function pick(words: string): string {
  const all = words.split(' ');
  return all[randomInt(all.length)] ?? 'run';
}
