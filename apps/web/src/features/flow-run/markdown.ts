import { linkKind } from '@champion/core';

/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

type Line = readonly Inline[];

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly line: Line }
  | { readonly kind: 'paragraph'; readonly line: Line }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Line[] }
  | {
      readonly kind: 'table';
      readonly head: readonly Line[];
      readonly ends: readonly boolean[];
      readonly rows: readonly (readonly Line[])[];
    }
  | { readonly kind: 'rule' };

/**
 * The part of Markdown that reports are written in: headings, paragraphs, lists of one level, tables, code, links, strong
 * and emphasised words. Everything else, HTML above all, is text and stays that.
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at++;
    } else if (line.startsWith('```')) {
      let end = at + 1;
      while (end < lines.length && lines[end]?.startsWith('```') !== true) end++;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
    } else if (/^#{1,6} /.test(line)) {
      const level = line.indexOf(' ');
      blocks.push({ kind: 'heading', level, line: parseInline(line.slice(level + 1).trim()) });
      at++;
    } else if (/^(-{3,}|\*{3,})$/.test(line.trim())) {
      blocks.push({ kind: 'rule' });
      at++;
    } else if (line.includes('|') && isDelimiter(lines[at + 1])) {
      const rows: string[] = [];
      const delimiter = cellsOf(lines[at + 1] ?? '');
      for (at += 2; at < lines.length && (lines[at] ?? '').includes('|'); at++) rows.push(lines[at] ?? '');
      const head = cellsOf(line).map(parseInline);
      blocks.push({
        kind: 'table',
        head,
        ends: head.map((_, i) => delimiter[i]?.endsWith(':') === true),
        rows: rows.map((row) => {
          const cells = cellsOf(row);
          return head.map((_, i) => parseInline(cells[i] ?? ''));
        }),
      });
    } else if (ITEM.test(line)) {
      const ordered = /^\s*\d/.test(line);
      const items: string[] = [];
      for (; at < lines.length && ITEM.test(lines[at] ?? ''); at++) items.push((lines[at] ?? '').replace(ITEM, ''));
      blocks.push({ kind: 'list', ordered, items: items.map(parseInline) });
    } else {
      const words: string[] = [];
      for (; at < lines.length && !endsParagraph(lines, at, words.length); at++) words.push((lines[at] ?? '').trim());
      blocks.push({ kind: 'paragraph', line: parseInline(words.join(' ')) });
    }
  }
  return blocks;
}

const ITEM = /^\s{0,3}([-*+]|\d{1,9}[.)]) +/;

function endsParagraph(lines: readonly string[], at: number, read: number): boolean {
  const line = lines[at] ?? '';
  if (line.trim() === '') return true;
  if (read === 0) return false;
  return line.startsWith('```') || /^#{1,6} /.test(line) || ITEM.test(line) || isDelimiter(lines[at + 1]);
}

function isDelimiter(line = ''): boolean {
  return line.includes('|') && /^[\s|:-]+$/.test(line) && line.includes('-');
}

/** A bar with a backslash before it is no border. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

const INLINE = /\\([\\`*_{}[\]()#+.!|<>~-])|`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\][]*)\]\(([^()\s]+)\)/g;

function parseInline(text: string): Inline[] {
  const pieces: Inline[] = [];
  const addText = (more: string) => {
    if (more === '') return;
    const last = pieces.at(-1);
    if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + more };
    else pieces.push({ kind: 'text', text: more });
  };
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    addText(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [whole, escaped, code, strong, emphasis, words, href] = match;
    if (escaped !== undefined) addText(escaped);
    else if (code !== undefined) pieces.push({ kind: 'code', text: code });
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) pieces.push({ kind: 'emphasis', text: emphasis });
    else if (words !== undefined && href !== undefined && addressOf(href) !== undefined) {
      pieces.push({ kind: 'link', text: words === '' ? href : words, href });
    } else addText(whole);
  }
  addText(text.slice(from));
  return pieces;
}

/** Where a link may lead: to a page of ours, or to one on the web. Undefined for anything else, such as javascript:. */
export function addressOf(href: string): { readonly href: string; readonly isOurs: boolean } | undefined {
  const kind = linkKind(href);
  return kind && { href, isOurs: kind === 'ours' };
}
