import type { Client, MarketToday } from '@champion/contract';
import { truncate, widthOf } from '../output/text.ts';
import type { Head, Panel, Screen } from './panel.ts';
import { marketTime } from './words.ts';

export async function loadHead(client: Client): Promise<Head> {
  const [system, today] = await Promise.all([client.readSystem(), client.readToday()]);
  return { system, today };
}

/** The server, whether its market is made up, and what the exchange does: one line. */
export function headLine(url: string, { system, today }: Head, { style, width }: Screen): string {
  const name = style.bold('Champion');
  const address = style.cyan(url);
  const simulated = (words: string): string => (system.simulated ? style.yellow(words) : '');
  // That rows are made up is said on the narrowest screen.
  const attempts = [
    [`${name} ${system.version}`, address, simulated('SIMULATED EXCHANGE'), marketWords(today, true)],
    [name, address, simulated('SIMULATED'), marketWords(today, true)],
    [name, address, simulated('SIMULATED'), marketWords(today, false)],
    [address, simulated('SIMULATED')],
  ];
  for (const parts of attempts) {
    const line = parts.filter((part) => part !== '').join('  ');
    if (widthOf(line) <= width) return line;
  }
  return truncate(system.simulated ? 'SIMULATED' : 'Champion', width);
}

/** "NSE open till 23 Nov 15:30 IST", "NSE holiday, opens 25 Nov 09:15 IST". */
function marketWords({ state, opens_at, closes_at, next_opens_at, now }: MarketToday, whole: boolean): string {
  if (!whole) return `NSE ${state}`;
  if (state === 'open') return `NSE open${closes_at === null ? '' : ` till ${marketTime(closes_at)}`}`;
  const opens = [opens_at, next_opens_at].find((at) => at !== null && Date.parse(at) > Date.parse(now));
  return `NSE ${state}${opens === undefined || opens === null ? '' : `, opens ${marketTime(opens)}`}`;
}

/** A panel's title over a rule. */
export function titleLines({ title }: Panel, number: number, { style, width }: Screen): string[] {
  const text = `${number} ${title}`;
  const rule = Math.max(0, Math.min(width, 78) - widthOf(text) - 1);
  return [`${style.bold(truncate(text, width))} ${style.dim('─'.repeat(rule))}`.trimEnd()];
}
