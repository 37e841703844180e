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
  target: { type: 'webhook', url: 'https://example.org/…', signed: true, block: null },
  template: null,
  quiet_hours: null,
  dedupe_minutes: 5,
  from_environment: false,
  last_delivery: null,
};

describe('the form of a rule', () => {
  it('asks a new rule for its name and target', () => {
    expect(wrongIn(formOf(undefined), undefined)).toEqual({ name: 'It needs a name', url: 'It needs an address' });
    expect(wrongIn({ ...formOf(undefined), name: 'a', url: 'hooks' }, undefined)).toEqual({
      url: 'An address begins with https://',
    });
    expect(wrongIn({ ...formOf(rule), secret: 'short' }, rule)).toEqual({
      secret: 'At least 8 characters',
      url: 'With a new secret the address is needed again',
    });
    // An address of another kind is no address for this one.
    expect(wrongIn({ ...formOf(rule), target: 'slack' }, rule)).toEqual({ url: 'It needs an address' });
  });

  it('makes a rule', () => {
    const form = { ...formOf(undefined), name: ' failures ', url: 'https://hooks.slack.com/x', tags: 'daily, , nse' };
    expect(bodyOf(form, undefined)).toEqual({
      name: 'failures',
      triggers: [{ type: 'run_state', states: ['FAILED', 'CRASHED'] }],
      filter: { flows: [], tags: ['daily', 'nse'] },
      template: null,
      quiet_hours: null,
      dedupe_minutes: 0,
      target: { type: 'slack', url: 'https://hooks.slack.com/x' },
    });
  });

  it('keeps what it does not show', () => {
    const form = formOf(rule);
    expect(wrongIn(form, rule)).toEqual({});
    expect(bodyOf({ ...form, seconds: '120' }, rule)).toEqual({
      name: 'slow',
      triggers: [
        { type: 'run_duration', above_seconds: 120 },
        { type: 'run_late', after_seconds: 60 },
      ],
      filter: { flows: ['a'], deployments: ['a/b'], tags: ['x'], child_runs: true },
      template: null,
      quiet_hours: null,
      dedupe_minutes: 5,
    });
  });

  it('sends to a block by its name', () => {
    const form = { ...formOf(undefined), name: 'a', target: 'block', block: 'slack-webhook/ops' } as const;
    expect(wrongIn(form, undefined)).toEqual({});
    expect(bodyOf(form, undefined).target).toEqual({ type: 'block', block: 'slack-webhook/ops' });
    expect(wrongIn({ ...form, block: '' }, undefined)).toEqual({ block: 'It needs a block' });
    const ofBlock = {
      ...rule,
      target: { type: 'slack', url: null, signed: false, block: 'slack-webhook/ops' },
    } as const;
    expect(formOf(ofBlock)).toMatchObject({ target: 'block', block: 'slack-webhook/ops' });
    expect(wrongIn({ ...formOf(ofBlock), target: 'slack' }, ofBlock)).toEqual({ url: 'It needs an address' });
  });

  it('takes quiet hours, words and datasets', () => {
    const quiet_hours = { zone: 'UTC', from: '20:00', to: '06:00', days: ['sat' as const], meanwhile: 'drop' as const };
    const stale: NotificationRule = {
      ...rule,
      triggers: [{ type: 'dataset_stale', datasets: ['bhavcopy'] }],
      template: '{{flow}}',
      quiet_hours,
    };
    const form = formOf(stale);
    expect(form).toMatchObject({ quiet: true, datasets: ['bhavcopy'], template: '{{flow}}' });
    expect(bodyOf({ ...form, datasets: ['bhavcopy', 'indices'] }, stale)).toMatchObject({
      triggers: [{ type: 'dataset_stale', datasets: ['bhavcopy', 'indices'] }],
      template: '{{flow}}',
      quiet_hours,
    });
    expect(bodyOf({ ...form, quiet: false, template: ' ' }, stale)).toMatchObject({
      quiet_hours: null,
      template: null,
    });
    const wrong = (change: Partial<typeof form>) => wrongIn({ ...form, ...change }, stale);
    expect(wrong({ template: '{{flwo}}' })).toEqual({ template: 'There is no {{flwo}}' });
    expect(wrong({ template: '{{ flow }} }}' })).toEqual({ template: '}} belongs to no placeholder' });
    expect(wrong({ quietHours: { ...quiet_hours, from: '25:00', days: [] } })).toEqual({
      quietFrom: 'A time such as 22:00',
      quietDays: 'At least one day',
    });
    // A whole day of quiet is fine, a whole week is not.
    expect(wrong({ quietHours: { ...quiet_hours, to: '20:00' } })).toEqual({});
    expect(wrong({ quietHours: { ...formOf(undefined).quietHours, to: '22:00' } })).toEqual({
      quietTo: 'It would be quiet for ever',
    });
  });
});
