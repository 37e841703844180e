import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { Turns } from './sql.ts';

const cancelled = { code: 'CANCELLED' };
const never = new AbortController().signal;

/** Takes both places until it is told to end. */
function busyTurns() {
  const turns = new Turns();
  const over = new AbortController();
  const untilOver = async () => {
    await once(over.signal, 'abort');
  };
  const held = [turns.take(never, untilOver), turns.take(never, untilOver)];
  const end = async () => {
    over.abort();
    await Promise.all(held);
  };
  return { turns, end };
}

it('gives the place of who waits and goes to another', async () => {
  const { turns, end } = busyTurns();
  const leave = new AbortController();
  const gone = Array.from({ length: 16 }, () => turns.take(leave.signal, () => expect.unreachable()));
  await expect(turns.take(never, () => expect.unreachable())).rejects.toMatchObject({ code: 'BUSY' });
  leave.abort();
  for (const asked of gone) await expect(asked).rejects.toMatchObject(cancelled);
  await expect(turns.take(leave.signal, () => expect.unreachable())).rejects.toMatchObject(cancelled);
  const last = turns.take(never, async () => 'served');
  await end();
  expect(await last).toBe('served');
});

it('frees the place of a file whose asker goes before it is there', async () => {
  const turns = new Turns();
  for (let i = 0; i < 3; i++) {
    const leave = new AbortController();
    const content = Readable.from([Buffer.from('never read')]);
    const held = turns.hold(leave.signal, async () => {
      leave.abort();
      return content;
    });
    await expect(held).rejects.toMatchObject(cancelled);
    expect(content.destroyed).toBe(true);
    if (!content.closed) await once(content, 'close');
  }
  expect(await turns.take(never, async () => 'served')).toBe('served');
});

it('keeps the place of a file until it is read, or let go', async () => {
  const turns = new Turns();
  const files = await Promise.all(
    [1, 2].map(() => turns.hold(never, async () => Readable.from([Buffer.from('content')]))),
  );
  const third = turns.take(never, async () => 'served');
  await files[0]?.cancel();
  expect(await third).toBe('served');
  expect(await new Response(files[1]).text()).toBe('content');
});
