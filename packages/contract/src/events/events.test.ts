import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { StreamItem } from '../route.ts';
import { eventStream, formatEvent } from './format.ts';
import { ServerSentEventParser } from './parser.ts';

const parse = (text: string) => new ServerSentEventParser().push(text);

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

async function* itemsOf<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

describe('reading server-sent events', () => {
  it('follows the standard', () => {
    expect(parse(': comment\n\ndata: a\ndata:b\nid: 1\n\nevent: end\rdata\r\r\ndata: {"c":1}\r\nid\r\n\r\n')).toEqual([
      { event: 'message', data: 'a\nb', id: '1' },
      { event: 'end', data: '', id: '1' },
      { event: 'message', data: '{"c":1}', id: '' },
    ]);
    expect(parse('id: 5\n\ndata: x\n')).toEqual([]);
    const parser = new ServerSentEventParser('9');
    expect(parser.push('retry: 250\nretry: soon\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x', id: '9' }]);
    expect(parser.retryMs).toBe(250);
  });

  it('gives the same wherever the text is cut', () => {
    const item = fc.record({ id: fc.stringMatching(/^\d{1,4}$/), data: fc.jsonValue() }, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(item), fc.array(fc.nat(200)), fc.constantFrom('\n', '\r\n', '\r'), (items, cuts, ending) => {
        const text = items.map(formatEvent).join('').replaceAll('\n', ending);
        const parser = new ServerSentEventParser();
        const found = [];
        let rest = text;
        for (const cut of cuts) {
          found.push(...parser.push(rest.slice(0, cut)));
          rest = rest.slice(cut);
        }
        // A \r at the very end is only known to be a line's end by what follows it.
        found.push(...parser.push(`${rest}:`));
        expect(found.map(({ id, data }) => ({ id, data: JSON.parse(data) }))).toEqual(
          items.map(({ id, data }) => ({ id, data: JSON.parse(JSON.stringify(data)) })),
        );
      }),
    );
  });

  it('does not gather an event without end', () => {
    const parser = new ServerSentEventParser();
    const piece = 'x'.repeat(1_000_000);
    expect(() => {
      for (let index = 0; index < 5; index++) parser.push(`data: ${piece}\n`);
    }).toThrow(/longer than/);
    expect(() => {
      for (let index = 0; index < 5; index++) new ServerSentEventParser().push(piece.repeat(5));
    }).toThrow(/longer than/);
  });
});

describe('writing server-sent events', () => {
  it('says when they have ended', async () => {
    const text = await textOf(
      eventStream(itemsOf<StreamItem<unknown>>({ id: '1', data: { a: 1 } }, { data: 'two\nlines' })),
    );
    expect(parse(text)).toEqual([
      { event: 'message', data: '{"a":1}', id: '1' },
      { event: 'message', data: '"two\\nlines"', id: '1' },
      { event: 'end', data: '', id: '1' },
    ]);
  });

  it('gives a sign of life while nothing happens', async () => {
    let end = () => {};
    const quiet = (async function* () {
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      yield { data: 1 };
    })();
    const reader = eventStream(quiet, { heartbeatMs: 1 }).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe(': \n\n');
    expect(await next()).toBe(': \n\n');
    end();
    await vi.waitFor(async () => expect(await next()).toBe('data: 1\n\n'));
    await reader.cancel();
  });

  it('ends the items when the client goes, and tells what they threw', async () => {
    const ended = vi.fn();
    const endless = (async function* () {
      try {
        for (;;) yield { data: 1 };
      } finally {
        ended();
      }
    })();
    const reader = eventStream(endless).getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    expect(ended).toHaveBeenCalledOnce();

    const onError = vi.fn();
    const broken = (async function* (): AsyncGenerator<StreamItem<unknown>> {
      yield { data: 1 };
      throw new Error('the store is gone');
    })();
    await expect(textOf(eventStream(broken, { onError }))).rejects.toThrow('the store is gone');
    expect(onError).toHaveBeenCalledWith(new Error('the store is gone'));
  });
});
