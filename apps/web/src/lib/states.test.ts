import { STATE_TYPES } from '@champion/contract';
import { expect, it } from 'vitest';
import { STATE_COLORS, STATE_KINDS, stateCondition, stateKind, stateLabel } from './states.ts';

it('knows every state of the API', () => {
  for (const type of STATE_TYPES) expect(STATE_COLORS[stateKind(type)]).toMatch(/^var\(/);
});

it('tells a name that means more from its type', () => {
  expect(stateKind('SCHEDULED', 'Late')).toBe('late');
  expect(stateKind('COMPLETED', 'NoSession')).toBe('no-session');
  expect(stateLabel('COMPLETED', 'Completed')).toBe('Completed');
  expect(stateLabel('COMPLETED', 'NoSession')).toBe('No session');
  expect(stateLabel('PENDING', 'InProcess')).toBe('In Process');
  expect(stateLabel(null)).toBe('Pending');
});

it('finds each kind by type or by name', () => {
  for (const kind of STATE_KINDS) {
    const { type, name } = stateCondition([kind]);
    expect([...(type?.any_ ?? []), ...(name?.any_ ?? [])]).not.toEqual([]);
  }
  expect(stateCondition(['running'])).toEqual({ type: { any_: ['RUNNING'] } });
  expect(stateCondition(['late'])).toEqual({ name: { any_: ['Late'] } });
});
