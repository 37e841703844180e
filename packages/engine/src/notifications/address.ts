import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { ChampionError } from '@champion/core';

/** Where alerts may go. */
export interface AddressPolicy {
  /** Hosts in private networks too. */
  readonly allowPrivate: boolean;
}

const loopback = ranges(['127.0.0.0/8', '::1/128']);

/**
 * Never a webhook, but what servers on a cloud trust by its address: link-local (with the metadata services, which hand
 * out credentials), the clouds' other metadata addresses, and what is no single host.
 */
const never = ranges([
  ...['0.0.0.0/8', '169.254.0.0/16', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', 'fe80::/10', 'fec0::/10', 'fd00:ec2::/32', 'fd20:ce::/32', 'ff00::/8', '2001::/32', '2002::/16'],
]);

const privateNetworks = ranges([
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', 'fc00::/7'],
]);

/** An IPv4 address in the clothes of IPv6, as networks without IPv4 reach it. */
const nat64 = ranges(['64:ff9b::/96']);

/** Why no alert may be sent to an address; undefined when one may. */
export function refusalOf(address: string, policy: AddressPolicy): string | undefined {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return 'it is no address';
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (family === 6 && nat64.check(bare, type)) return refusalOf(innerAddress(bare), policy);
  if (loopback.check(bare, type)) return undefined;
  if (never.check(bare, type)) return 'it is a link-local, metadata or reserved address';
  if (!policy.allowPrivate && privateNetworks.check(bare, type)) return 'it is in a private network';
  return undefined;
}

/** @throws ChampionError INVALID_INPUT when the host is an address that no alert may be sent to */
export function checkHost(url: URL, policy: AddressPolicy): void {
  const host = hostOf(url);
  if (isIP(host) === 0) return;
  const why = refusalOf(host, policy);
  if (why !== undefined) throw refused(host, why);
}

/**
 * Checks an address as somebody gave it. It is a secret: what is wrong with it is said without it.
 * @throws what `unusable` makes of the reason, and ChampionError INVALID_INPUT for a host that no alert may be sent to
 */
export function checkAddress(
  text: string,
  policy: AddressPolicy,
  unusable: (why: string, hint?: string) => ChampionError,
): void {
  if (text.includes('…')) throw unusable('the address is a masked one', 'Give the whole address.');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw unusable('the address should be a URL that begins with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') {
    throw unusable(
      'the address holds a user name or password',
      'Take them out; a secret that signs the requests lets the receiver know who sent them.',
    );
  }
  checkHost(url, policy);
}

/** A part of an address that is so long may be a token. */
const TOKEN_CHARS = 8;

/** What of a webhook's address is not to be read anywhere, the longest first. */
export function secretParts(address: string): string[] {
  const { pathname, search, searchParams } = new URL(address);
  const parts = [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= TOKEN_CHARS);
  return [pathname + search, pathname, ...parts];
}

/** The host, an IPv6 address without its brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/**
 * Resolves names, and refuses those that lead to a forbidden address. The connection is made to what was checked, so a
 * name can't point elsewhere in between.
 */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found: readonly LookupAddress[] = []) => {
      if (error !== null) return callback(error, '', 0);
      for (const { address } of found) {
        const why = refusalOf(address, policy);
        if (why !== undefined) return callback(refused(hostname, why, address), '', 0);
      }
      const [first] = found;
      if (options.all === true || first === undefined) return callback(null, [...found]);
      callback(null, first.address, first.family);
    });
  };
}

function refused(host: string, why: string, address = host): ChampionError {
  const named = host === address ? host : `${host} (${address})`;
  return new ChampionError(`No alert is sent to ${named}: ${why}`, {
    code: 'INVALID_INPUT',
    hint: 'See "Where alerts may go" in docs/how-to/alerts.md.',
    context: { host, address },
  });
}

/** The last 32 bits, as IPv4 is written. */
function innerAddress(address: string): string {
  const [high = 0, low = 0] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split(':')
    .slice(-2)
    .map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function ranges(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
