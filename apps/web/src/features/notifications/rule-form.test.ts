import type { NotificationRule } from '@champion/contract';
import { describe, expect, it } from 'vitest';
import { bodyOf, formOf, wrongIn } from './rule-form.ts';

const rule: NotificationRule = {
  id: '00000000-0000-4000-8000-000000000001',
  created: '2026-01-12T00:00:00Z',
  updated: '2026-01-12T00:00:00Z',
  name: 'slow',
  enabled: true,
  triggers: [
    { type: 'run_duration', above_seconds: 90 },
    { type: 'run_late', after_seconds: 60 },
  ],
  filter: { flows: ['a'], deployments: ['a/b'], tags: ['x'], child_runs: true },
  target: { type: 'webhook', url: 'https://example.org/…', signed: true },
  template: null,
  quiet_hours: null,
  dedupe_minutes: 5,
  from_environment: false,
  last_delivery: null,
};

describe('the form of a rule', () => {
  it('asks a new rule for its name and target', () => {
    expect(wrongIn(formOf(undefined), true)).toEqual({ name: 'It needs a name', url: 'It needs an address' });
    expect(wrongIn({ ...formOf(undefined), name: 'a', url: 'hooks' }, true)).toEqual({
      url: 'An address begins with https://',
    });
    expect(wrongIn({ ...formOf(rule), secret: 'short' }, false)).toEqual({ secret: 'At least 8 characters' });
  });

  it('makes a rule', () => {
    const form = { ...formOf(undefined), name: ' failures ', url: 'https://hooks.slack.com/x', tags: 'daily, , nse' };
    expect(bodyOf(form, undefined)).toEqual({
      name: 'failures',
      triggers: [{ type: 'run_state', states: ['FAILED', 'CRASHED'] }],
      filter: { flows: [], tags: ['daily', 'nse'] },
      dedupe_minutes: 0,
      target: { type: 'slack', url: 'https://hooks.slack.com/x' },
    });
  });

  it('keeps what it does not show', () => {
    const form = formOf(rule);
    expect(wrongIn(form, false)).toEqual({});
    expect(bodyOf({ ...form, seconds: '120' }, rule)).toEqual({
      name: 'slow',
      triggers: [
        { type: 'run_duration', above_seconds: 120 },
        { type: 'run_late', after_seconds: 60 },
      ],
      filter: { flows: ['a'], deployments: ['a/b'], tags: ['x'], child_runs: true },
      dedupe_minutes: 5,
    });
  });
});
