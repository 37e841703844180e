import { describe, expect, it } from 'vitest';
import { humanDuration } from './facts.ts';
import { escapeSlack } from './payload.ts';
import { checkTemplate, render, type Values } from './template.ts';

const values: Values = {
  flow: 'bars-etl',
  run: 'bars-2026-01-09',
  state: 'Failed',
  message: 'a < b & {{url}}',
  duration: '12m 3s',
  url: 'http://x/',
  deployment: '',
  rule: 'r',
};

describe('a template', () => {
  it('is filled in once: what a value holds is text', () => {
    expect(render('{{flow}} {{ message }}', values, (value) => value)).toBe('bars-etl a < b & {{url}}');
  });

  it("has its values cleaned of what begins something in Slack's messages, and its own words left", () => {
    expect(render('*{{flow}}* <!here> {{message}}', values, escapeSlack)).toBe(
      '*bars-etl* <!here> a &lt; b &amp; {{url}}',
    );
  });

  it.each([
    ['{{flwo}}', 'Did you mean {{flow}}?'],
    ['{{constructor}}', 'Placeholders are'],
    ['{{}}', 'Placeholders are'],
    ['{{flow', 'Placeholders are'],
    ['flow}}', 'Placeholders are'],
    ['{{{{flow}}}}', 'Placeholders are'],
  ])('%s is refused when the rule is made', (template, hint) => {
    expect(() => checkTemplate(template)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.stringContaining(hint) }),
    );
  });

  it('may hold single braces', () => {
    expect(() => checkTemplate('{ {{flow}} } {x}')).not.toThrow();
  });
});

it.each([
  [480, '480ms'],
  [12_000, '12s'],
  [603_000, '10m 3s'],
  [7_500_000, '2h 5m'],
  [3_600_000, '1h'],
])('%i ms are %s', (ms, text) => expect(humanDuration(ms)).toBe(text));
