import type { Bar, DayTape } from '../market/day.ts';
import type { Instrument } from '../market/instrument.ts';
import { hash, uniform } from '../market/random.ts';
import { PUBLIC_COUNT, publicName, TRADER_COUNT, traderName } from './clients.ts';
import type { Deal } from './deal.ts';

const TOPIC = { count: 510, pick: 511, parties: 512, kind: 513, client: 514, quantity: 515, price: 516, twice: 517 };
const FEWEST_ROWS = 50;
const MOST_ROWS = 190;
const ATTEMPTS = 4000;
const MOST_PARTIES = 9;
/** No party deals more of a day's volume; nine of them on one side still stay below all of it. */
const LARGEST_PART = 0.08;

interface Draws {
  /** Uniform in [0, 1) for a topic and a number. */
  at(topic: number, n: number): number;
  /** A 32-bit integer. */
  whole(topic: number, n: number): number;
}

function drawsOf(seed: number, key: number, day: number): Draws {
  return {
    at: (topic, n) => uniform(seed, topic, key, day * 64 + n),
    whole: (topic, n) => hash(seed, topic, key, day * 64 + n),
  };
}

/** A quantity in whole lots, more often small than large. */
function quantityOf(draws: Draws, n: number, { volume, instrument }: Bar): number {
  const part = 0.005 + (LARGEST_PART - 0.01) * draws.at(TOPIC.quantity, n) ** 2;
  const lots = Math.floor((volume * part) / instrument.lot);
  // People deal in round numbers, machines do not.
  const round = instrument.lot === 1 && lots > 20_000 && draws.whole(TOPIC.quantity, n) % 3 === 0;
  return Math.max(1, round ? Math.floor(lots / 1000) * 1000 : lots) * instrument.lot;
}

/** A weighted average price within the day's range, in paise. */
function priceOf(draws: Draws, n: number, { low, high }: Bar): number {
  return Math.min(high, low + Math.floor(draws.at(TOPIC.price, n) * (high - low + 1)));
}

/** What is disclosed of one instrument's session: one or two rows for each party. */
function dealsOf(seed: number, day: number, bar: Bar): Deal[] {
  const { symbol, name, key } = bar.instrument;
  const draws = drawsOf(seed, key, day);
  const parties = 1 + Math.floor(draws.at(TOPIC.parties, 0) ** 3 * MOST_PARTIES);
  const names = new Set<string>();
  const deals: Deal[] = [];
  for (let n = 0; n < parties; n++) {
    const bothWays = draws.at(TOPIC.kind, n) < 0.55;
    const draw = draws.whole(TOPIC.client, n);
    const client =
      bothWays && draw % 8 < 7
        ? traderName(Math.floor((((draw >>> 3) % 1000) ** 2 / 1e6) * TRADER_COUNT))
        : publicName(seed, draw % PUBLIC_COUNT);
    if (names.has(client)) continue;
    names.add(client);
    const quantity = quantityOf(draws, n, bar);
    const price = priceOf(draws, n, bar);
    const leg = { symbol, name, client, quantity, price };
    if (!bothWays) {
      deals.push({ ...leg, side: n % 2 === draw % 2 ? 'BUY' : 'SELL' });
      continue;
    }
    const shift = Math.round(price * 0.002 * (draws.at(TOPIC.price, 32 + n) - 0.5));
    const back = Math.min(bar.high, Math.max(bar.low, price + shift));
    const legs: Deal[] = [
      { ...leg, side: 'BUY' },
      { ...leg, side: 'SELL', price: back },
    ];
    deals.push(...(draw % 2 === 0 ? legs : legs.reverse()));
  }
  return deals.sort((a, b) => (a.client < b.client ? -1 : a.client > b.client ? 1 : 0));
}

/** The bulk deals of a session, by symbol and client. `candidates`: instruments of which some are dealt in. */
export function bulkDeals(seed: number, day: number, candidates: readonly Instrument[], tape: DayTape): Deal[] {
  const wanted = FEWEST_ROWS + 5 + Math.floor(uniform(seed, TOPIC.count, day) ** 2 * (MOST_ROWS - FEWEST_ROWS - 30));
  const tried = new Set<Instrument>();
  const found: Deal[][] = [];
  let rows = 0;
  for (let n = 0; n < ATTEMPTS && rows < wanted; n++) {
    const instrument = candidates[hash(seed, TOPIC.pick, day, n) % candidates.length];
    if (!instrument || tried.has(instrument)) continue;
    tried.add(instrument);
    const bar = tape.bar(instrument);
    // Of a thinly traded share there is nothing to disclose.
    if (!bar || bar.trades < 5 || bar.volume < 40 * instrument.lot) continue;
    const deals = dealsOf(seed, day, bar);
    found.push(deals);
    rows += deals.length;
  }
  // Once in a few weeks one leg stands there twice: two deals that look the same.
  const twice = uniform(seed, TOPIC.twice, day) < 0.05 ? found[0]?.[0] : undefined;
  if (twice) found[0]?.unshift(twice);
  return found.sort(([a], [b]) => (a && b && a.symbol < b.symbol ? -1 : 1)).flat();
}
