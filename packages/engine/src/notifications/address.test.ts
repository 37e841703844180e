import { expect, it } from 'vitest';
import { guardedLookup, refusalOf } from './address.ts';

it.each([
  ['127.0.0.1', true, true],
  ['::1', true, true],
  ['::ffff:127.0.0.1', true, true],
  ['34.110.1.1', true, true],
  ['2606:4700::1111', true, true],
  ['64:ff9b::2278:1', true, true],
  ['10.1.2.3', false, true],
  ['172.31.0.1', false, true],
  ['192.168.1.1', false, true],
  ['100.64.0.1', false, true],
  ['fd12::1', false, true],
  ['::ffff:10.0.0.1', false, true],
  ['64:ff9b::a00:1', false, true],
  ['169.254.169.254', false, false],
  ['::ffff:169.254.169.254', false, false],
  ['64:ff9b::a9fe:a9fe', false, false],
  ['100.100.100.200', false, false],
  ['168.63.129.16', false, false],
  ['fd00:ec2::254', false, false],
  ['fe80::1%eth0', false, false],
  ['0.0.0.0', false, false],
  ['::', false, false],
  ['::a9fe:a9fe', false, false],
  ['224.0.0.1', false, false],
  ['255.255.255.255', false, false],
  ['ff02::1', false, false],
])('%s may be sent to: %s, with private networks: %s', (address, usually, withPrivate) => {
  expect(refusalOf(address, { allowPrivate: false }) === undefined).toBe(usually);
  expect(refusalOf(address, { allowPrivate: true }) === undefined).toBe(withPrivate);
});

it.each([
  ['127.0.0.1', null],
  ['10.1.2.3', 'No alert is sent to 10.1.2.3: it is in a private network'],
])('a name that leads to %s is looked at when it is resolved', async (name, refusal) => {
  const lookup = guardedLookup({ allowPrivate: false });
  const answer = await new Promise((resolve) => {
    lookup(name, { all: true }, (error, addresses) => resolve(error === null ? addresses : error.message));
  });
  expect(answer).toEqual(refusal ?? [{ address: '127.0.0.1', family: 4 }]);
});
