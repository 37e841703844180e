import { ChampionError } from '@champion/core';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, errorOfAnswer, type ProblemResponse, toProblem } from './problem.ts';

const request = { method: 'GET', url: 'http://127.0.0.1:4200/api/flows' };

function received({ status, headers, body }: ProblemResponse): ChampionError {
  return errorOfAnswer({ status, retryAfter: headers['retry-after'] ?? null, text: JSON.stringify(body) }, request);
}

describe('an error on its way to the client', () => {
  it('comes out as it went in', () => {
    const error = new ChampionError('no deployment a/b', {
      code: 'NOT_FOUND',
      hint: 'champion deployment ls lists them.',
      context: { deployment: 'a/b' },
    });
    const problem = toProblem(error);
    expect(problem).toMatchObject({ status: 404, body: { detail: 'no deployment a/b', code: 'NOT_FOUND' } });
    expect(received(problem)).toMatchObject({
      message: error.message,
      code: error.code,
      hint: error.hint,
      retry: 'never',
      context: { deployment: 'a/b', status: 404, request: 'GET http://127.0.0.1:4200/api/flows' },
    });
  });

  it.each(ERROR_CODES)('keeps its code: %s', (code) => {
    expect(received(toProblem(new ChampionError('x', { code })))).toMatchObject({ code, message: 'x' });
  });

  it('says when to ask again', () => {
    const problem = toProblem(new ChampionError('x', { code: 'BLOCKED', retry: { after: 1500 } }));
    expect(problem).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(received(problem).retry).toEqual({ after: 1500 });
  });

  it('tells nothing of what the server did not mean to say', () => {
    const problem = toProblem(new Error('connect postgres://champion:secret@db'));
    expect(problem.status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('names the fields as Prefect does', () => {
    const issues = [{ loc: ['body', 'name'], msg: 'expected string', type: 'invalid_type' }];
    const problem = toProblem(new ChampionError('x', { code: 'INVALID_INPUT', context: { issues } }));
    expect(problem).toMatchObject({
      status: 422,
      body: { exception_message: 'Invalid request received.', exception_detail: issues, context: {} },
    });
    expect(received(problem).context.issues).toEqual(issues);
  });
});

describe('an answer of another server', () => {
  it.each([
    [404, '{"detail":"Deployment not found"}', 'NOT_FOUND', 'Deployment not found', 'never'],
    [401, '', 'CONFIG', 'the server answered with status 401', 'never'],
    [503, '<html>', 'UNREACHABLE', 'the server answered with status 503', 'backoff'],
    [422, '{"detail":[{"msg":"bad"}]}', 'INVALID_INPUT', '[{"msg":"bad"}]', 'never'],
    [418, '[]', 'INVALID_INPUT', 'the server answered with status 418', 'never'],
    [500, '{"code":"toString"}', 'INTERNAL', 'the server answered with status 500', 'backoff'],
  ])('%i %s', (status, text, code, message, retry) => {
    expect(errorOfAnswer({ status, retryAfter: null, text }, request)).toMatchObject({ code, message, retry });
  });

  it('may say in seconds when to ask again', () => {
    expect(errorOfAnswer({ status: 429, retryAfter: '7', text: '' }, request)).toMatchObject({
      code: 'BUSY',
      retry: { after: 7000 },
    });
  });
});
