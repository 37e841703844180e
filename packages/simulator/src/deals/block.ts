import type { Bar, DayTape } from '../market/day.ts';
import type { Instrument } from '../market/instrument.ts';
import { toTick } from '../market/prices.ts';
import { hash, uniform } from '../market/random.ts';
import { FUND_COUNT, fundName } from './clients.ts';
import type { Deal } from './deal.ts';

const TOPIC = { deals: 530, split: 531, price: 532, parties: 533, client: 534, twice: 535 };
/** On one side of a deal. */
const MOST_PARTIES = 5;
const MOST_ROWS = 50;

/** Cuts a quantity into parts of at least one; no more parts than the quantity. */
function split(seed: number, key: number, quantity: number, parts: number): number[] {
  const weights = Array.from({ length: parts }, (_, n) => 0.2 + uniform(seed, TOPIC.split, key, n));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const cut = weights.slice(1).map((weight) => 1 + Math.floor(((quantity - parts) * weight) / sum));
  return [quantity - cut.reduce((total, part) => total + part, 0), ...cut];
}

/**
 * The deals of one line of the block window: its whole volume, each deal bought and sold.
 * @param most rows, at least two
 */
function dealsOf(seed: number, day: number, { instrument, low, high, volume, trades }: Bar, most: number): Deal[] {
  const { symbol, name } = instrument;
  const key = hash(seed, TOPIC.deals, instrument.key, day);
  const count = Math.min(trades, 1 + (key % 3), Math.floor(most / 2));
  const mostParties = Math.min(MOST_PARTIES, Math.floor(most / count / 2));
  return split(seed, key, volume, count).flatMap((quantity, n) => {
    const at = low + (high - low) * uniform(seed, TOPIC.price, key, n);
    const price = Math.min(high, Math.max(low, toTick(instrument, at, day)));
    return (['BUY', 'SELL'] as const).flatMap((side, s) => {
      const place = n * 2 + s;
      const parties = 1 + (hash(seed, TOPIC.parties, key, place) % mostParties);
      const clients = hash(seed, TOPIC.client, key, place);
      // Now and then a client's deal is reported in two equal parts.
      if (quantity % 2 === 0 && mostParties > 1 && uniform(seed, TOPIC.twice, key, place) < 0.08) {
        const leg: Deal = { symbol, name, client: fundName(clients % FUND_COUNT), side, quantity: quantity / 2, price };
        return [leg, leg];
      }
      return split(seed, key + place, quantity, Math.min(parties, quantity)).map(
        // 31 is prime to the number of funds: no client twice on one side of one deal.
        (part, p): Deal => ({
          symbol,
          name,
          client: fundName(((clients % FUND_COUNT) + p * 31) % FUND_COUNT),
          side,
          quantity: part,
          price,
        }),
      );
    });
  });
}

/** The block deals of a session: exactly what its bhavcopy has in series BL. `lines` are all instruments of that series. */
export function blockDeals(seed: number, day: number, lines: readonly Instrument[], tape: DayTape): Deal[] {
  const bars = lines.flatMap((line) => tape.bar(line) ?? []);
  const most = Math.max(2, Math.floor(MOST_ROWS / bars.length));
  return bars
    .sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
    .flatMap((bar) => dealsOf(seed, day, bar, most));
}
