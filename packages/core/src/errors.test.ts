import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChampionError, type ErrorRecord, fromErrorRecord, retryOf, toErrorRecord } from './errors.ts';

const blocked = new ChampionError('the exchange answered 403 with a page of HTML', {
  code: 'BLOCKED',
  retry: { after: 600_000 },
  hint: 'Wait ten minutes.',
  context: { status: 403, contentType: 'text/html' },
  cause: new Error('first bytes: <html>'),
});

describe('a ChampionError', () => {
  it('is an Error with a code, a retry decision, a hint and evidence', () => {
    expect(blocked).toBeInstanceOf(Error);
    expect(blocked.name).toBe('ChampionError');
    expect(new ChampionError('x', { code: 'INTERNAL' })).toMatchObject({
      retry: 'never',
      hint: undefined,
      context: {},
    });
    expect('cause' in new ChampionError('x', { code: 'INTERNAL' })).toBe(false);
  });

  it('keeps everything in its record', () => {
    expect(toErrorRecord(blocked)).toEqual({
      code: 'BLOCKED',
      message: 'the exchange answered 403 with a page of HTML',
      retry: { after: 600_000 },
      hint: 'Wait ten minutes.',
      context: { status: 403, contentType: 'text/html' },
      cause: 'first bytes: <html>',
    });
  });

  it('survives the record, JSON and back', () => {
    const anyRecord: fc.Arbitrary<ErrorRecord> = fc.record(
      {
        code: fc.constantFrom('MISSING' as const, 'CORRUPT' as const, 'TIMEOUT' as const, 'INTERNAL' as const),
        message: fc.string({ minLength: 1 }),
        retry: fc.oneof(
          fc.constantFrom('never' as const, 'backoff' as const),
          fc.record({ after: fc.nat() }, { noNullPrototype: true }),
        ),
        context: fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.oneof(fc.string(), fc.integer()), {
          noNullPrototype: true,
        }),
        hint: fc.string({ minLength: 1 }),
        cause: fc.string({ minLength: 1 }),
      },
      { requiredKeys: ['code', 'message', 'retry', 'context'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(anyRecord, (record) => {
        const restored = fromErrorRecord(JSON.parse(JSON.stringify(record)) as ErrorRecord);
        expect(restored).toBeInstanceOf(ChampionError);
        expect(toErrorRecord(restored)).toEqual(record);
      }),
    );
  });

  it('is known by its fields where its class was lost', () => {
    const plain = Object.assign(new Error('late'), {
      code: 'TIMEOUT',
      retry: 'backoff',
      context: { ms: 5 },
      hint: 'Wait.',
    });
    expect(toErrorRecord(plain)).toEqual({
      code: 'TIMEOUT',
      message: 'late',
      retry: 'backoff',
      hint: 'Wait.',
      context: { ms: 5 },
    });
    expect(toErrorRecord({ message: 'late', code: 'TIMEOUT', retry: 'never' })).toMatchObject({
      code: 'TIMEOUT',
      message: 'late',
      retry: 'never',
    });
  });
});

describe('anything else that is thrown', () => {
  it('is internal, presumed transient, and keeps its stack', () => {
    const record = toErrorRecord(new TypeError('x is not a function'));
    expect(record).toMatchObject({ code: 'INTERNAL', message: 'x is not a function', retry: 'backoff', context: {} });
    expect(record.stack).toContain('errors.test.ts');
  });

  it('does not lend its own code', () => {
    const system = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(toErrorRecord(system).code).toBe('INTERNAL');
  });

  it.each([
    ['just words', 'just words'],
    [42, '42'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ status: 500 }, '{ status: 500 }'],
    [Object.create(null), '[Object: null prototype] {}'],
  ])('need not be an Error: %j', (thrown, message) => {
    expect(toErrorRecord(thrown)).toMatchObject({ code: 'INTERNAL', message });
  });

  it('has the words of its parts when it has none of its own', () => {
    const refused = new AggregateError([
      new Error('connect ECONNREFUSED ::1:80'),
      new Error('connect ECONNREFUSED 127.0.0.1:80'),
    ]);
    expect(toErrorRecord(refused).message).toBe('connect ECONNREFUSED ::1:80; connect ECONNREFUSED 127.0.0.1:80');
    expect(toErrorRecord(new TypeError()).message).toBe('TypeError');
  });
});

describe('causes', () => {
  it('are told as one line, outermost first', () => {
    const deep = new Error('outer', {
      cause: new Error('middle', { cause: new AggregateError([new Error('inner')]) }),
    });
    expect(toErrorRecord(new ChampionError('top', { code: 'UNREACHABLE', cause: deep })).cause).toBe(
      'outer: middle: inner',
    );
    expect(toErrorRecord(new Error('top', { cause: { errno: -111 } })).cause).toBe('{ errno: -111 }');
  });

  it('may lead back to themselves', () => {
    const loop = new Error('again');
    loop.cause = loop;
    expect(toErrorRecord(loop).cause).toMatch(/^again(: again)+$/);
  });
});

it('decides on a retry', () => {
  expect(retryOf(blocked)).toEqual({ after: 600_000 });
  expect(retryOf(new ChampionError('x', { code: 'CORRUPT' }))).toBe('never');
  expect(retryOf(new Error('x'))).toBe('backoff');
  expect(retryOf('x')).toBe('backoff');
});
