import { errors } from 'undici';
import { expect, it } from 'vitest';
import { transportError } from './transport-error.ts';

const attempt = { url: 'https://nse.example/file', host: 'nse.example', bytes: 0 };
const coded = (code: string) => Object.assign(new Error('what the system said'), { code });

// What a test cannot bring about on a real socket without the internet.
it.each([
  [coded('ENOTFOUND'), 'UNREACHABLE', 'the name of nse.example cannot be resolved (ENOTFOUND)'],
  [coded('EAI_AGAIN'), 'UNREACHABLE', 'the name of nse.example cannot be resolved (EAI_AGAIN)'],
  [coded('ETIMEDOUT'), 'TIMEOUT', 'nse.example did not accept a connection in time'],
  [new errors.ConnectTimeoutError('10 s'), 'TIMEOUT', 'nse.example did not accept a connection in time'],
  [coded('EPIPE'), 'UNREACHABLE', 'nse.example broke the connection before it answered'],
  [coded('CERT_HAS_EXPIRED'), 'UNREACHABLE', 'nse.example cannot be asked: what the system said'],
  ['thrown text', 'UNREACHABLE', 'nse.example cannot be asked: thrown text'],
])('%s is %s', (error, code, message) => {
  expect(transportError(error, attempt)).toMatchObject({
    code,
    message,
    retry: 'backoff',
    hint: expect.stringContaining('champion doctor'),
    context: { url: attempt.url, bytes: 0 },
    cause: error,
  });
});
