import { crore, plural, weekday } from '@champion/core';
import type { IndexMove, MarketSummary, Mover, OptionSummary } from '@champion/warehouse';
import type { MarketSnapshot } from './gold-snapshot.ts';

/** Indices that people ask for first, in their order, in any spelling of case. */
const HEADLINE = ['nifty 50', 'nifty next 50', 'nifty bank', 'nifty midcap 100', 'nifty smallcap 100', 'india vix'];
const SECTORS = 5;
const NOT_LOADED = 'not loaded';

/** The snapshot as a few lines that a person can read. */
export function marketReport(snapshot: MarketSnapshot): string {
  const { trade_date, summary } = snapshot;
  const head = `Market of ${weekday(trade_date)} ${trade_date}`;
  const lines =
    summary === null
      ? [line('Bars', `${NOT_LOADED}: no breadth, turnover, delivery, highs and lows, deals or movers`)]
      : summaryLines(summary, snapshot);
  return [
    head,
    '',
    ...lines,
    ...sectorLines(snapshot),
    line('Indices', indexText(snapshot.indices)),
    ...optionLines(snapshot.options),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

function summaryLines(summary: MarketSummary, { breadth, gainers, losers }: MarketSnapshot): string[] {
  const { advances, declines, unchanged, traded, instruments } = summary;
  const groups = breadth
    .filter((group) => group.advances + group.declines + group.unchanged > 0)
    .map((group) => `${group.series_group} ${count(group.advances)}/${count(group.declines)}`);
  return [
    line(
      'Breadth',
      `${count(advances)} up, ${count(declines)} down, ${count(unchanged)} unchanged; ` +
        `${count(traded)} of ${plural(instruments, 'instrument')} traded`,
    ),
    line('', `up/down by series: ${groups.join(', ')}`),
    line('Turnover', `${rupees(summary.turnover)}, ${rupees(summary.turnover_eq)} of it in EQ`),
    line('Delivery', deliveryText(summary)),
    line('52 weeks', extremesText(summary)),
    line('Deals', dealsText(summary)),
    line('Gainers', moversText(gainers)),
    line('Losers', moversText(losers)),
  ];
}

function deliveryText({ delivery_quantity, delivery_percent, delivery_volume }: MarketSummary): string {
  if (delivery_quantity === null || delivery_percent === null) return NOT_LOADED;
  return `${count(delivery_quantity)} shares, ${delivery_percent.toFixed(2)} % of the ${count(delivery_volume)} traded where it is known`;
}

function extremesText({ new_highs, new_lows, high_low_sessions }: MarketSummary): string {
  const basis = `${plural(high_low_sessions, 'session')} loaded of the 52 weeks`;
  if (new_highs === null || new_lows === null) return `no earlier session to compare with (${basis})`;
  return `${plural(new_highs, 'new high')}, ${plural(new_lows, 'new low')} (${basis})`;
}

function dealsText(summary: MarketSummary): string {
  const list = (name: string, deals: number | null, bought: string | null, sold: string | null) =>
    deals === null || bought === null || sold === null
      ? `${name} ${NOT_LOADED}`
      : `${name} ${count(deals)} (bought ${rupees(bought)}, sold ${rupees(sold)})`;
  const short =
    summary.short_quantity === null
      ? `short selling ${NOT_LOADED}`
      : `${count(summary.short_quantity)} shares sold short`;
  return [
    list('bulk', summary.bulk_deals, summary.bulk_bought, summary.bulk_sold),
    list('block', summary.block_deals, summary.block_bought, summary.block_sold),
    short,
  ].join('; ');
}

function sectorLines({ sectors, summary }: MarketSnapshot): string[] {
  if (summary === null) return [];
  const known = sectors.filter(({ industry }) => industry !== null);
  const unknown = sectors.find(({ industry }) => industry === null);
  const rest = unknown
    ? `; ${plural(unknown.instruments, 'share')} of unknown industry ${percent(unknown.turnover_percent)}`
    : '';
  if (known.length === 0) return [line('Sectors', `industries ${NOT_LOADED}`)];
  const top = known
    .slice(0, SECTORS)
    .map(({ industry, turnover_percent }) => `${industry} ${percent(turnover_percent)}`);
  return [line('Sectors', `${top.join(', ')} of turnover${rest}`)];
}

function indexText(indices: readonly IndexMove[]): string {
  if (indices.length === 0) return NOT_LOADED;
  const headline = HEADLINE.map((name) => indices.find(({ index_name }) => index_name.toLowerCase() === name));
  const shown = headline.filter((index) => index !== undefined);
  const texts = (shown.length > 0 ? shown : indices.slice(0, HEADLINE.length)).map(
    ({ index_name, close, change_percent }) => `${index_name} ${price(close)} (${signed(change_percent)})`,
  );
  return `${texts.join(', ')}; ${count(indices.length)} in all`;
}

function optionLines(options: readonly OptionSummary[]): string[] {
  if (options.length === 0) return [line('Options', NOT_LOADED)];
  return options.map(({ symbol, expiry, put_call_ratio, max_pain, atm_iv, snapshot_time }, i) => {
    const parts = [
      `put-call ratio ${put_call_ratio === null ? 'unknown' : put_call_ratio.toFixed(2)}`,
      `max pain ${max_pain === null ? 'unknown' : price(max_pain)}`,
      `IV at the money ${atm_iv === null ? 'unknown' : `${atm_iv.toFixed(2)} %`}`,
    ];
    return line(
      i === 0 ? 'Options' : '',
      `${symbol} ${expiry}: ${parts.join(', ')} (at ${snapshot_time.slice(11, 16)} IST)`,
    );
  });
}

function moversText(movers: readonly Mover[]): string {
  if (movers.length === 0) return 'none in EQ with a turnover of ₹ 1 crore or more';
  return movers
    .map(({ symbol, change_percent, close }) => `${symbol} ${signed(change_percent)} to ${price(close)}`)
    .join(', ');
}

function line(label: string, text: string): string {
  return `  ${label.padEnd(9)} ${text}`;
}

function rupees(amount: string): string {
  return `₹ ${crore(amount)} crore`;
}

/** A price with the digits it has, at least two places. */
function price(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  return `${BigInt(whole).toLocaleString('en-IN')}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

function count(value: number | string): string {
  return BigInt(value).toLocaleString('en-IN');
}

function percent(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} %`;
}

function signed(value: number | null): string {
  return value === null ? 'unknown' : `${value > 0 ? '+' : ''}${value.toFixed(2)} %`;
}
