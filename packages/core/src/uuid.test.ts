import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventId, uuidV5 } from './uuid.ts';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

it('agrees with the vector that RFC 9562 publishes', () => {
  expect(uuidV5('www.example.com', DNS)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

// A literal on purpose: another value here means that every stored row would be taken for a new one.
it('gives the event ids it has always given', () => {
  expect(eventId('bhavcopy', ['2024-07-03', 'RELIANCE', 'EQ'])).toBe('c8d0a256-f212-5991-97d8-2985d12dc2f0');
});

it('is a version 5 UUID of the RFC variant', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(uuidV5(name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(uuidV5(name)).toBe(uuidV5(name));
    }),
  );
});

it('separates the parts of a key', () => {
  const ids = [
    eventId('bhavcopy', ['2024-07-03', 'AB', 'C']),
    eventId('bhavcopy', ['2024-07-03', 'A', 'BC']),
    eventId('bhavcopy', ['2024-07-03', 'C', 'AB']),
    eventId('bhavcopy', ['2024-07-04', 'AB', 'C']),
    eventId('deals', ['2024-07-03', 'AB', 'C']),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
