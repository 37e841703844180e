import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ChampionError } from '@champion/core';
import type { Key } from './secret-key.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/**
 * Encrypts the secret fields of a block: "v1.<nonce and tag and text, base64>". What it belongs to is authenticated with
 * it, so that nobody can put one block's secrets into another's place.
 */
export function seal(fields: Readonly<Record<string, string>>, reference: string, key: Key): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(belonging(reference));
  const text = Buffer.concat([cipher.update(JSON.stringify(fields), 'utf8'), cipher.final()]);
  return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')}`;
}

/** @throws ChampionError CORRUPT when it was changed, or is of another block */
export function unseal(sealed: string, reference: string, key: Key): Readonly<Record<string, string>> {
  const [version, payload = ''] = sealed.split('.');
  const bytes = Buffer.from(payload, 'base64');
  try {
    if (version !== VERSION) throw new Error(`it is of the version ${version}`);
    const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE_BYTES))
      .setAAD(belonging(reference))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as Readonly<Record<string, string>>;
  } catch (cause) {
    throw new ChampionError(`The secrets of the block ${reference} are damaged and can't be decrypted`, {
      code: 'CORRUPT',
      hint: 'They were changed in the database. Set them anew.',
      context: { block: reference },
      cause,
    });
  }
}

function belonging(reference: string): Buffer {
  return Buffer.from(`champion.blocks ${reference}`);
}
