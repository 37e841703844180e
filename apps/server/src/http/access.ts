import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { ChampionError } from '@champion/core';
import type { Access } from './parts.ts';

/** What access is decided by. */
export interface Asking {
  readonly method: string;
  /** Host header: name or address, and port. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly error: ChampionError;
}

/**
 * Refuses to be reachable by others without a key.
 * @throws ChampionError CONFIG
 */
export function checkExposure({ host, apiKey }: Access): void {
  if (apiKey !== undefined || isLoopback(host)) return;
  throw new ChampionError(`CHAMPION_HOST=${host} can be reached by other machines, and CHAMPION_API_KEY is not set`, {
    code: 'CONFIG',
    hint: 'Set CHAMPION_API_KEY to a long random text (openssl rand -hex 32), or listen on 127.0.0.1 alone.',
    context: { variable: 'CHAMPION_API_KEY', host },
  });
}

/** Addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = bare(host);
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * A page on the web can make a browser of this machine ask anything of a server on it: by a name that it lets point here
 * (so on loopback only our own names are answered to), or by a form (so what changes something must come from our own pages,
 * or from no page).
 */
export function refuseForeign(asking: Asking, access: Access): Refusal | undefined {
  const name = hostName(asking.host);
  if (isLoopback(access.host) && !['localhost', '127.0.0.1', '::1', bare(access.host)].includes(name)) {
    return refusal(403, `The server does not answer to the name "${name}"`, {
      hint: 'Ask for it as localhost or 127.0.0.1; behind a proxy, let that send one of these as Host.',
    });
  }
  const { origin, method } = asking;
  if (origin === undefined || method === 'GET' || method === 'HEAD') return undefined;
  if (URL.canParse(origin) && new URL(origin).host === asking.host) return undefined;
  return refusal(403, `A page of ${origin.slice(0, 200)} may not change anything here`, {
    hint: 'Only pages of this server may. Programs send no Origin header.',
  });
}

/** Refuses who does not have the key, if there is one. */
export function refuseStranger(asking: Asking, access: Access): Refusal | undefined {
  if (access.apiKey === undefined) return undefined;
  const { authorization } = asking;
  if (authorization !== undefined && presented(authorization).some((key) => isKey(key, access))) return undefined;
  return refusal(401, authorization === undefined ? 'The server wants its key' : 'This is not the key of the server', {
    hint: "Set CHAMPION_API_KEY to the server's key (Prefect's tools: PREFECT_API_AUTH_STRING=admin:KEY); in a browser it is the password.",
  });
}

/** Whether a text is the key, in a time that does not tell how much of it is right. */
export function isKey(text: string, { apiKey }: Access): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return apiKey !== undefined && timingSafeEqual(digest(text), digest(apiKey));
}

/** The token of "Bearer", or the password of "Basic"; clients that hold "name:password" in one setting send it in either. */
function presented(authorization: string): string[] {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return keysIn(value);
  if (scheme.toLowerCase() === 'basic') return keysIn(Buffer.from(value, 'base64').toString('utf8'));
  return [];
}

/** A key as a client may write it: alone, or as the password after a name. */
export function keysIn(text: string): string[] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text] : [text, text.slice(colon + 1)];
}

function hostName(host: string | undefined): string {
  if (host === undefined || !URL.canParse(`http://${host}`)) return host ?? '';
  return bare(new URL(`http://${host}`).hostname);
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

function refusal(status: 401 | 403, message: string, { hint }: { readonly hint: string }): Refusal {
  return { status, error: new ChampionError(message, { code: 'CONFIG', hint }) };
}
