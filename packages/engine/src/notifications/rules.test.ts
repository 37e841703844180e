import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAlerts } from './testing/alerts.ts';

let alerts: Awaited<ReturnType<typeof startAlerts>>;
beforeAll(async () => {
  alerts = await startAlerts();
});
afterEach(() => alerts.clear());
afterAll(() => alerts?.stop());

const SLACK = 'https://hooks.slack.com/services/T00/B00/abcdefgh';
const triggers = [{ type: 'run_state', states: ['FAILED'] }] as const;

describe('a rule', () => {
  it('keeps its secrets to itself', async () => {
    const { rule, tick, notifications } = alerts.server();
    const url = alerts.target.url('/token-in-path?key=token-in-query');
    const made = await rule({ target: { type: 'webhook', url, secret: 'signing-secret' } });
    expect(made.target).toEqual({ type: 'webhook', url: `${new URL(url).origin}/…`, signed: true, block: null });
    alerts.target.answer('/token-in-path?key=token-in-query', (response) =>
      response
        .writeHead(400)
        .end('no such hook: /token-in-path?key=token-in-query, or token-in-query, signed with signing-secret'),
    );
    await alerts.happen();
    await tick();
    const shown = inspect(
      [
        await notifications.rules.list(),
        await notifications.deliveries(),
        await notifications.test(made.id),
        alerts.problems,
      ],
      { depth: 9 },
    );
    expect(shown).toContain('no such hook');
    expect(shown).not.toMatch(/token-in|signing-secret/);
  });

  it('is changed field by field; its target as a whole', async () => {
    const { rule, notifications } = alerts.server();
    const { id } = await rule({ name: 'a' });
    await rule({ name: 'b' });
    expect(await notifications.rules.update(id, { name: 'c', template: '{{run}}' })).toMatchObject({
      name: 'c',
      template: '{{run}}',
      triggers,
    });
    expect(await notifications.rules.update(id, { target: { type: 'slack', url: SLACK } })).toMatchObject({
      target: { type: 'slack', url: 'https://hooks.slack.com/…', signed: false },
    });
    await expect(notifications.rules.update(id, { name: 'b' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(rule({ name: 'b' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await notifications.rules.delete(id);
    await expect(notifications.rules.update(id, { name: 'd' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(notifications.rules.delete(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that is disabled or deleted sends nothing any more, and its records stay', async () => {
    const { rule, tick, duty, notifications } = alerts.server();
    const [disabled, deleted] = [await rule({ name: 'disabled' }), await rule({ name: 'deleted' })];
    await alerts.happen();
    await duty('alerts');
    await notifications.rules.update(disabled.id, { enabled: false });
    await notifications.rules.delete(deleted.id);
    await tick();
    expect(alerts.target.at('/hook')).toEqual([]);
    const records = await notifications.deliveries();
    expect(records.map(({ ruleName, error }) => `${ruleName}: ${error}`).sort()).toEqual([
      'deleted: the rule was deleted',
      'disabled: the rule was disabled',
    ]);
    for (const { id } of records) {
      await expect(notifications.retry(id)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });

  it.each([
    ['an unknown placeholder', { template: '{{flo}}' }, 'Did you mean {{flow}}?'],
    ['a state type that is none', { triggers: [{ type: 'run_state', states: ['FAILLED'] }] }, 'Did you mean FAILED?'],
    ['an unknown condition', { triggers: [{ type: 'condition', condition: 'stale' }] }, 'Conditions are none.'],
    ['a masked address', { target: { type: 'slack', url: 'https://hooks.slack.com/…' } }, 'Give the whole address'],
    ['another scheme', { target: { type: 'slack', url: 'file:///etc/passwd' } }, 'docs/how-to/alerts.md'],
    ['a password in the address', { target: { type: 'slack', url: 'https://u:p@example.org/' } }, 'Take them out'],
    ['metadata services', { target: { type: 'webhook', url: 'http://169.254.169.254/' } }, 'Where alerts may go'],
    ['the same in disguise', { target: { type: 'webhook', url: 'http://0xa9fea9fe/' } }, 'Where alerts may go'],
    ['private networks', { target: { type: 'webhook', url: 'http://[::ffff:10.0.0.1]/' } }, 'Where alerts may go'],
  ])('is refused with %s', async (_what, given, hint) => {
    const { rule } = alerts.server();
    await expect(rule(given as never)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      hint: expect.stringContaining(hint),
    });
  });

  it('may go to private networks where that is allowed', async () => {
    const { rule } = alerts.server({ allowPrivateNetworks: true });
    await expect(rule({ target: { type: 'webhook', url: 'http://10.1.2.3/' } })).resolves.toBeDefined();
    await expect(rule({ target: { type: 'webhook', url: 'http://169.254.169.254/' } })).rejects.toThrow();
  });

  it('whose name leads to a forbidden address fails for good when it is sent', async () => {
    const { rule, tick, notifications } = alerts.server();
    // Stored where it was allowed, sent where it is not; a name is looked at when it is resolved.
    const { id } = await rule();
    await alerts.query(`UPDATE champion.notification_rules SET target = $2 WHERE id = $1`, [
      id,
      JSON.stringify({ type: 'webhook', url: 'http://10.1.2.3/' }),
    ]);
    await alerts.happen();
    await tick();
    expect(await notifications.deliveries()).toMatchObject([
      { status: 'failed', attempts: 1, error: 'No alert is sent to 10.1.2.3: it is in a private network' },
    ]);
  });
});

describe('the rule of SLACK_WEBHOOK_URL', () => {
  it('comes, follows the address and goes with it', async () => {
    const { rules } = alerts.server().notifications;
    await Promise.all([1, 2, 3].map(() => rules.setEnvironmentRule(SLACK)));
    const [made, ...others] = await rules.list();
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      name: 'Slack',
      fromEnvironment: true,
      triggers: [
        { type: 'run_state', states: ['FAILED', 'CRASHED'] },
        { type: 'run_duration', aboveSeconds: 600 },
      ],
    });
    const id = made?.id ?? '';
    await rules.update(id, { dedupeMinutes: 60 });
    await expect(rules.update(id, { target: { type: 'slack', url: SLACK } })).rejects.toThrow('SLACK_WEBHOOK_URL');
    await expect(rules.delete(id)).rejects.toThrow('SLACK_WEBHOOK_URL');
    await rules.setEnvironmentRule(`${SLACK}2`);
    expect(await alerts.query(`SELECT target ->> 'url' AS url FROM champion.notification_rules`)).toEqual([
      { url: `${SLACK}2` },
    ]);
    const followed = await rules.find(id);
    expect(followed).toMatchObject({ dedupeMinutes: 60 });
    alerts.pass(1_000);
    await rules.setEnvironmentRule(`${SLACK}2`);
    expect(await rules.find(id)).toEqual(followed);
    await rules.setEnvironmentRule(undefined);
    expect(await rules.list()).toEqual([]);
  });

  it('has another name where its own is taken', async () => {
    const { rule, notifications } = alerts.server();
    await rule({ name: 'Slack' });
    await notifications.rules.setEnvironmentRule(SLACK);
    expect((await notifications.rules.list()).map(({ name }) => name)).toEqual(['Slack', 'Slack of SLACK_WEBHOOK_URL']);
  });
});
