import type { Style } from '../output/style.ts';
import { padEnd, truncate, widthOf } from '../output/text.ts';
import { headLine, titleLines } from './head.ts';
import type { Drawing, Head, Screen } from './panel.ts';
import { panels } from './panels/index.ts';

/** What is on the screen. */
export interface View {
  readonly url: string;
  readonly head: Head;
  /** From 0. */
  readonly panel: number;
  /** Undefined until its first answer. */
  readonly drawing: Drawing | undefined;
  /** Lines of the panel above the first that is seen. */
  readonly scroll: number;
  readonly help: boolean;
  /** What is wrong; undefined when all is well. */
  readonly notice: string | undefined;
  /** "18:30:05", when what is shown was asked for. */
  readonly updated: string;
  readonly refreshing: boolean;
}

export interface Frame {
  readonly lines: string[];
  /** The furthest that the panel can be scrolled. */
  readonly mostScroll: number;
}

const KEYS = [
  ['1 to 8', 'a panel'],
  ['tab, →, l', 'the next panel; shift-tab, ←, h the one before'],
  ['↓ ↑, j k', 'a line down or up'],
  ['space, page down, page up', 'a screen down or up'],
  ['g, G', 'the beginning, the end'],
  ['r', 'ask the server again now'],
  ['?', 'these keys'],
  ['q, Ctrl-C', 'leave'],
] as const;

/** Head, tabs, title, the panel and the foot: exactly as many lines as the terminal has, none wider than it. */
export function frame(view: View, columns: number, rows: number, style: Style): Frame {
  const screen = { width: columns, height: Math.max(1, rows - 4), style };
  const panel = panels[view.panel];
  const title = panel === undefined ? [] : titleLines(panel, view.panel + 1, screen);
  const body = view.help ? helpLines(screen) : (view.drawing?.(screen) ?? [style.dim('asking…')]);
  const mostScroll = Math.max(0, body.length - screen.height);
  const from = Math.min(view.scroll, mostScroll);
  const seen = body.slice(from, from + screen.height);
  const filled = [...seen, ...Array.from({ length: screen.height - seen.length }, () => '')];
  const lines = [headLine(view.url, view.head, screen), tabLine(view.panel, screen), ...title, ...filled];
  const more = { from: from + 1, to: from + seen.length, of: body.length };
  return { lines: [...lines, footLine(view, mostScroll > 0 ? more : undefined, screen)], mostScroll };
}

/** The tabs with the shown one in brackets, for there may be no colours; numbers alone where they would not fit. */
function tabLine(shown: number, { width, style }: Screen): string {
  const tabs = (short: boolean): string =>
    panels
      .map(({ tab }, i) => {
        const text = short && i !== shown ? `${i + 1}` : `${i + 1} ${tab}`;
        return i === shown ? style.bold(style.cyan(`[${text}]`)) : ` ${text} `;
      })
      .join('');
  const whole = tabs(false);
  if (widthOf(whole) <= width) return whole;
  const short = tabs(true);
  return widthOf(short) <= width ? short : truncate(`[${shown + 1} ${panels[shown]?.tab ?? ''}]`, width);
}

function footLine(
  { notice, updated, refreshing }: View,
  more: { from: number; to: number; of: number } | undefined,
  { width, style }: Screen,
): string {
  if (notice !== undefined) return style.yellow(truncate(`! ${notice}`, width));
  const right = refreshing ? 'asking…' : `as of ${updated}`;
  const scrolled = more === undefined ? '' : `lines ${more.from}–${more.to} of ${more.of}, ↓ ↑   `;
  const keys = '1-8 tab panels   r refresh   ? keys   q quit';
  const left = [`${scrolled}${keys}`, `${scrolled}? keys   q quit`, '? keys', ''].find(
    (text) => text.length + 2 + right.length <= width,
  );
  return left === undefined
    ? truncate(right, width)
    : `${style.dim(padEnd(left, width - right.length))}${style.dim(right)}`;
}

function helpLines({ width, style }: Screen): string[] {
  const room = Math.max(...KEYS.map(([keys]) => widthOf(keys)));
  return KEYS.map(([keys, what]) => truncate(`${padEnd(keys, room)}  ${what}`, width)).map((line) =>
    line.replace(/^.{0,24}/u, (keys) => style.bold(keys)),
  );
}
