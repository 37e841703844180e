import { describe, expect, it } from 'vitest';
import { addressOf, parseMarkdown } from './markdown.ts';

const text = (words: string) => [{ kind: 'text', text: words }];

describe('a report in Markdown', () => {
  it('has headings, paragraphs, lists, code and rules', () => {
    expect(
      parseMarkdown('## What\nfirst line\nsecond\n\n- one\n- two\n\n1. a\n\n---\n```\n  as | it\nis\n```\nlast'),
    ).toEqual([
      { kind: 'heading', level: 2, line: text('What') },
      { kind: 'paragraph', line: text('first line second') },
      { kind: 'list', ordered: false, items: [text('one'), text('two')] },
      { kind: 'list', ordered: true, items: [text('a')] },
      { kind: 'rule' },
      { kind: 'code', text: '  as | it\nis' },
      { kind: 'paragraph', line: text('last') },
    ]);
  });

  it('has tables, whose bars may be escaped', () => {
    expect(parseMarkdown('| a | b |\n|---|--:|\n| x\\|y | 1 |\n| z |')).toEqual([
      {
        kind: 'table',
        head: [text('a'), text('b')],
        ends: [false, true],
        rows: [
          [text('x|y'), text('1')],
          [text('z'), []],
        ],
      },
    ]);
  });

  it('marks words, and leads to the web or to pages of ours alone', () => {
    expect(
      parseMarkdown('**99 %** of *all* `rows`, 2 * 3 * 4, [here](/datasets/x?day=1), [evil](javascript:alert`1`)'),
    ).toEqual([
      {
        kind: 'paragraph',
        line: [
          { kind: 'strong', text: '99 %' },
          { kind: 'text', text: ' of ' },
          { kind: 'emphasis', text: 'all' },
          { kind: 'text', text: ' ' },
          { kind: 'code', text: 'rows' },
          { kind: 'text', text: ', 2 * 3 * 4, ' },
          { kind: 'link', text: 'here', href: '/datasets/x?day=1' },
          { kind: 'text', text: ', [evil](javascript:alert`1`)' },
        ],
      },
    ]);
    expect(addressOf('//evil.example')).toBeUndefined();
    expect(addressOf('/\n/evil.example')).toBeUndefined();
    expect(addressOf('data:text/html,x')).toBeUndefined();
    expect(addressOf('https://www.nseindia.com/a')).toEqual({ href: 'https://www.nseindia.com/a', isOurs: false });
  });

  it('leaves HTML as the text that it is', () => {
    expect(parseMarkdown('<script>alert(1)</script> <b>x</b>')).toEqual([
      { kind: 'paragraph', line: text('<script>alert(1)</script> <b>x</b>') },
    ]);
  });

  it('ends soon, whatever it is given', () => {
    for (const much of ['[', '*', '`', '```\n', '| a |\n|---|\n', '- x\n', '](', '\\']) {
      expect(parseMarkdown(much.repeat(250_000 / much.length))).toBeInstanceOf(Array);
    }
    for (const odd of ['', '```', '|', '|\n|-', '#', '- ', '*', '[', '**', '| a |\n|---|', '\\']) {
      expect(parseMarkdown(odd)).toBeInstanceOf(Array);
    }
  });
});
