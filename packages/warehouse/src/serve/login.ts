import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Login {
  readonly username: string;
  readonly password: string;
  /** Whether a request's Authorization header is this login; takes as long when it is not. */
  matches(header: string | undefined): boolean;
}

export function createLogin(password: string = randomBytes(32).toString('base64url')): Login {
  const username = 'champion';
  const expected = digest(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  return { username, password, matches: (header) => timingSafeEqual(digest(header ?? ''), expected) };
}

/** Of one length whatever was sent, which comparing in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
