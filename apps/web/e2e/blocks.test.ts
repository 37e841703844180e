import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChrome, launchChrome } from './testing/chrome.ts';
import {
  accessibilityTroubles,
  dialogTroubles,
  listenToTroubles,
  overhang,
  PHONE,
  paint,
  SHOTS,
  settled,
  shoot,
  tabTo,
  WIDE,
} from './testing/page.ts';
import { type Product, startProduct } from './testing/product.ts';

// Configuration and secrets, and the forms of rules, schedules and runs, by the keyboard where it matters.

const FLOW = 'nse-bhavcopy-etl';
const DEPLOYMENT = 'nse-bhavcopy-daily';
const TOKEN = 'a-token-that-nobody-sees';

const chrome = findChrome();

describe.runIf(chrome !== undefined)('blocks and forms', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let troubles: ReturnType<typeof listenToTroubles>;
  let receiver: Server;
  let address: string;
  const heard: string[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => {
        body += String(piece);
      });
      request.on('end', () => {
        heard.push(`${request.url} ${body}`);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/services/${TOKEN}`;
    [product, browser] = await Promise.all([startProduct({ sites: ['web'] }), launchChrome(chrome ?? '')]);
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', colorScheme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    troubles = listenToTroubles(page);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    receiver?.close();
  });
  beforeEach(() => {
    troubles?.take();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await page.screenshot({
      path: join(SHOTS, `failed-${task.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60)}.png`),
    });
  });

  async function go(path: string): Promise<void> {
    await page.goto(`${product.url}${path}`, { waitUntil: 'domcontentloaded' });
    await settled(page);
  }
  const button = (name: string | RegExp, within: Locator = page.locator('body')): Locator =>
    within.getByRole('button', { name });
  const press = async (target: Locator): Promise<void> => {
    await tabTo(page, target);
    await page.keyboard.press('Enter');
  };

  it('makes a block by the keyboard alone, and masks its secret', async () => {
    await go('/');
    await page.keyboard.press('g');
    await page.keyboard.press('k');
    await page.waitForURL('**/blocks');
    await page.getByText('No blocks yet').waitFor();
    await shoot(page, 'blocks-empty');
    await press(button('New block').first());
    const dialog = page.getByRole('dialog', { name: 'A new block' });
    await press(button('Save the block', dialog));
    await dialog.getByText('It needs a name').waitFor();
    await dialog.getByText('It needs a value').waitFor();
    expect(await dialogTroubles(page, 'block')).toEqual([]);
    // From the end of the dialogue its beginning is next.
    await tabTo(page, dialog.getByLabel('Name', { exact: true }));
    await page.keyboard.type('Ops');
    await dialog.getByText(/^Small letters/).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('ops');
    await tabTo(page, dialog.getByLabel(/^Address/));
    await page.keyboard.type(address.replace('http', 'ftp'));
    await page.keyboard.press('Tab');
    await press(button('Save the block', dialog));
    await dialog.getByText(/should be a URL that begins with https/).waitFor();
    expect(troubles.take()).toEqual([expect.stringContaining('/api/block_documents: 422')]);
    await tabTo(page, dialog.getByLabel(/^Address/));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(address);
    await press(button('Save the block', dialog));
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('slack-webhook/ops').first().waitFor();
    await page.locator('#main').getByText('********').waitFor();
    await button('Send a test to slack-webhook/ops').click();
    await page.getByText('Test of slack-webhook/ops delivered').waitFor();
    expect(heard).toEqual([expect.stringContaining('This is a test of the block slack-webhook/ops')]);
    expect(await page.content()).not.toContain(TOKEN);
    expect(troubles.take()).toEqual([]);
  });

  it('keeps a masked secret, and replaces it when asked to', async () => {
    await go('/blocks');
    const edit = async (): Promise<Locator> => {
      await button('Edit slack-webhook/ops').click();
      return page.getByRole('dialog', { name: 'Edit slack-webhook/ops' });
    };
    const test = async (): Promise<string | undefined> => {
      const before = heard.length;
      await button('Send a test to slack-webhook/ops').click();
      await expect.poll(() => heard.length).toBe(before + 1);
      return heard.at(-1);
    };
    let dialog = await edit();
    expect(await dialog.getByLabel(/^Address/).inputValue()).toBe('********');
    expect(await dialogTroubles(page, 'block-masked')).toEqual([]);
    await button('Save the block', dialog).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await test()).toContain(TOKEN);

    dialog = await edit();
    await press(button('Replace: Address', dialog));
    // The field has the focus: one goes on by typing.
    await page.keyboard.type(`${address}-2`);
    expect(await dialog.getByLabel(/^Address/).inputValue()).toBe(`${address}-2`);
    expect(await dialog.getByLabel(/^Address/).getAttribute('type')).toBe('password');
    expect(await dialogTroubles(page, 'block-replace')).toEqual([]);
    await press(button('Keep the one that is there: Address', dialog));
    expect(await dialog.getByLabel(/^Address/).inputValue()).toBe('********');
    await press(button('Replace: Address', dialog));
    await page.keyboard.type(`${address}-2`);
    await button('Save the block', dialog).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await test()).toContain(`${TOKEN}-2`);
    expect(troubles.take()).toEqual([]);
  });

  it('is used by a rule with quiet hours and words of its own, and is then not deleted', async () => {
    await go('/notifications');
    await button('New rule').first().click();
    const dialog = page.getByRole('dialog', { name: 'A new rule' });
    await dialog.getByLabel('Name', { exact: true }).fill('stale');
    await dialog.getByRole('combobox', { name: 'Tell when' }).click();
    await page.getByRole('option', { name: /^A dataset misses/ }).click();
    await button('Every dataset', dialog).click();
    await page.getByRole('menuitemcheckbox', { name: 'bhavcopy', exact: true }).click();
    await page.keyboard.press('Escape');
    await dialog.getByRole('combobox', { name: 'Send it to' }).click();
    await page.getByRole('option', { name: 'A block' }).click();
    await dialog.getByRole('combobox', { name: 'Block' }).click();
    await page.getByRole('option', { name: 'slack-webhook/ops' }).click();
    await dialog.getByLabel('Words').fill('{{flwo}}');
    await dialog.getByText('There is no {{flwo}}').waitFor();
    await dialog.getByLabel('Words').fill('{{flow}} is {{state}}');
    await dialog.getByLabel('Quiet hours').check();
    await dialog.getByLabel('From').fill('26:00');
    await dialog.getByText('A time such as 22:00').waitFor();
    await dialog.getByLabel('From').fill('21:30');
    await dialog.getByLabel('Sun').uncheck();
    expect(await dialogTroubles(page, 'rule-full')).toEqual([]);
    await button('Save the rule', dialog).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Slack slack-webhook/ops').waitFor();
    await page.getByText('quiet 21:30–07:00 IST on Mon, Tue, Wed, Thu, Fri, Sat, held until then').waitFor();
    const [rule] = (await product.client.listNotificationRules()).filter(({ name }) => name === 'stale');
    expect(rule).toMatchObject({
      triggers: [{ type: 'dataset_stale', datasets: ['bhavcopy'] }],
      target: { type: 'slack', url: null, block: 'slack-webhook/ops' },
      template: '{{flow}} is {{state}}',
      quiet_hours: { zone: 'Asia/Kolkata', from: '21:30', to: '07:00', meanwhile: 'hold' },
    });
    await button('Send a test of stale').click();
    await expect.poll(() => heard.at(-1)).toContain('a-flow is Test');
    expect(troubles.take()).toEqual([]);

    await go('/blocks');
    await page.getByRole('link', { name: 'stale' }).waitFor();
    await button('Delete slack-webhook/ops').click();
    const refusal = page.getByRole('dialog', { name: 'slack-webhook/ops is in use' });
    await refusal.getByText('The notification rule stale would send nothing').waitFor();
    expect(await button(/^Delete the block/, refusal).count()).toBe(0);
    expect(await dialogTroubles(page, 'block-in-use')).toEqual([]);
    await button('Close', refusal).last().click();
    await product.client.deleteNotificationRule({ params: { id: rule?.id ?? '' } });
    await go('/blocks');
    await page.getByText('No rule uses it').waitFor();
    await press(button('Delete slack-webhook/ops'));
    await press(button('Delete the block', page.getByRole('dialog')));
    await page.getByText('No blocks yet').waitFor();
    expect(troubles.take()).toEqual([]);
  });

  it('shows blocks of every kind, wide and narrow, light and dark', async () => {
    const { client } = product;
    const ids = Object.fromEntries((await client.filterBlockTypes()).map(({ slug, id }) => [slug, id]));
    const make = (type: string, name: string, data: Record<string, unknown>) =>
      client.createBlockDocument({ body: { name, data, block_type_id: ids[type] ?? '' } });
    await make('slack-webhook', 'ops', { url: address });
    await make('webhook', 'surveillance-desk', { url: address, secret: 'signing-secret' });
    await make('secret', 'vendor-token', { value: TOKEN });
    await make('json', 'indices', { value: ['NIFTY 50', 'NIFTY BANK', 'NIFTY NEXT 50', 'NIFTY MIDCAP 100'] });
    const target = { type: 'block' as const, block: 'webhook/surveillance-desk' };
    const triggers = [{ type: 'run_state' as const, states: ['FAILED'] }];
    await client.createNotificationRule({ body: { name: 'failures', triggers, target } });
    const found: string[] = [];
    for (const path of ['/blocks', '/notifications']) {
      await page.setViewportSize(WIDE);
      await paint(page, 'light');
      await go(path);
      await shoot(page, `${path.slice(1)}-full-wide`);
      found.push(...(await accessibilityTroubles(page)).map((trouble) => `${path} dark ${trouble}`));
      await page.setViewportSize(PHONE);
      if ((await overhang(page)) > 0) found.push(`${path} scrolls sideways on a phone`);
      await shoot(page, `${path.slice(1)}-full-phone`);
      await paint(page, 'light');
      found.push(...(await accessibilityTroubles(page)).map((trouble) => `${path} phone ${trouble}`));
    }
    await go('/blocks');
    await button('Edit json/indices').click();
    const dialog = page.getByRole('dialog', { name: 'Edit json/indices' });
    await dialog.getByLabel(/^Value/).fill('["NIFTY 50"');
    await dialog.getByText(/^Not JSON: /).waitFor();
    await shoot(page, 'dialog-block-json-phone');
    await dialog.getByLabel(/^Value/).fill('["NIFTY 50"]');
    await button('Save the block', dialog).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('["NIFTY 50"]').waitFor();
    await page.setViewportSize(WIDE);
    expect([...found, ...troubles.take()]).toEqual([]);
    // The address that `prefect block create webhook` prints.
    await go('/blocks/catalog/webhook/create');
    await page
      .getByRole('dialog', { name: 'A new block' })
      .getByLabel(/^Signing secret/)
      .waitFor();
    expect(troubles.take()).toEqual([]);
  });

  it('previews a schedule for some kinds of sessions, not before their close', async () => {
    await go(`/flows/${FLOW}?tab=schedule`);
    await button('Edit the schedule evening').click();
    const dialog = page.getByRole('dialog', { name: 'Edit the schedule' });
    const preview = dialog.getByRole('list', { name: 'Preview' });
    await dialog.getByLabel('Cron expression').fill('0 6 * * *');
    await dialog.getByLabel('Regular').uncheck();
    await preview
      .getByText(/no run: /)
      .first()
      .waitFor();
    await dialog.getByLabel('Special').uncheck();
    await dialog.getByLabel('Muhurat').uncheck();
    await dialog.getByText('At least one kind').waitFor();
    expect(await button('Save the schedule', dialog).isDisabled()).toBe(true);
    await dialog.getByLabel('Regular').check();
    await dialog.getByLabel(/^Not before, min after close/).fill('45');
    // The exchange closes at 15:30: the slot of the morning is put off.
    await preview.getByText(/16:15/).first().waitFor();
    expect(await dialogTroubles(page, 'schedule-kinds')).toEqual([]);
    await button('Save the schedule', dialog).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/only on regular sessions · never sooner than 45 min after the close/).waitFor();
    const saved = await product.client.readDeploymentByName({ params: { flow_name: FLOW, name: DEPLOYMENT } });
    expect(saved.schedules[0]?.calendar).toMatchObject({ kinds: ['regular'], not_before_close_minutes: 45 });
    expect(troubles.take()).toEqual([]);
  });

  it('says in the form of a run whether a date is a session, and what is wrong with a field', async () => {
    const { date } = await product.client.readToday();
    await go(`/deployments/${FLOW}/${DEPLOYMENT}`);
    await button(`Run ${DEPLOYMENT}`).click();
    const dialog = page.getByRole('dialog', { name: `Run ${DEPLOYMENT}` });
    const field = dialog.getByRole('textbox', { name: 'trade_date' });
    await field.fill('2026-02-30');
    await dialog.getByText(/^Not a date/).waitFor();
    expect(await button('Start the run', dialog).isDisabled()).toBe(true);
    // Republic Day.
    await field.fill('2026-01-26');
    await dialog.getByText('No session: ').waitFor();
    expect(await dialogTroubles(page, 'run-no-session')).toEqual([]);
    await button('2026-01-27', dialog).click();
    await dialog.getByText('A regular session').waitFor();
    expect(await field.inputValue()).toBe('2026-01-27');
    expect(date > '2026-01-27').toBe(true);
    expect(await button('Start the run', dialog).isEnabled()).toBe(true);
    await page.keyboard.press('Escape');
    expect(troubles.take()).toEqual([]);
  });
});
