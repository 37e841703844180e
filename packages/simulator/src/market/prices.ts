import type { Instrument } from './instrument.ts';
import { normal, uniform, walk } from './random.ts';
import { dayOfYear } from './session-line.ts';

const BASE_DAY = dayOfYear(2015);
/** From 2024-06-10 shares below 250 rupees move in single paise; before, all shares moved in five. */
const FINE_TICK_FROM = 19_884;
const FINE_TICK_BELOW = 25_000;
const MARKET = 0;
const GOLD = 1;
// Octaves take twelve topics each.
const TOPIC = { own: 200, shared: 220, block: 240, bill: 241 };

/** Smallest price step in paise. */
export function tick(instrument: Instrument, paise: number, day: number): number {
  const coarse = instrument.kind === 'share' || instrument.kind === 'settled-today' || instrument.kind === 'block';
  return coarse && (day < FINE_TICK_FROM || paise >= FINE_TICK_BELOW) ? 5 : 1;
}

/** The nearest price on the grid, in paise; never below one step. */
export function toTick(instrument: Instrument, paise: number, day: number): number {
  const step = tick(instrument, paise, day);
  return Math.max(step, Math.round(paise / step) * step);
}

/** Prices of one seed. Each is a function of (instrument, day) alone; only the factors shared by all are remembered. */
export class Prices {
  readonly #seed: number;
  readonly #market = new Map<number, number>();
  readonly #gold = new Map<number, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Closing price in paise on a day, whether or not the instrument traded on it. */
  close(instrument: Instrument, day: number): number {
    const { kind, underlying } = instrument;
    if (kind === 'settled-today' && underlying) return this.close(underlying, day);
    if (kind === 'block' && underlying) {
      const discount = 1 - 0.01 * uniform(this.#seed, TOPIC.block, instrument.key, day);
      return toTick(instrument, this.close(underlying, day) * discount, day);
    }
    return toTick(instrument, this.#rupees(instrument, day) * 100, day);
  }

  #rupees(instrument: Instrument, day: number): number {
    const { kind, key, base, volatility } = instrument;
    if (kind === 'bill') {
      const annual = 0.066 + normal(this.#seed, TOPIC.bill, key, day) * 0.002;
      return base / (1 + (annual * (instrument.matured - day)) / 365);
    }
    const growth = (instrument.drift * (day - BASE_DAY)) / 365;
    if (kind === 'gold') {
      const noise = normal(this.#seed, TOPIC.bill, key, day) * 0.004;
      return base * Math.exp(growth + noise + volatility * this.#shared(this.#gold, GOLD, day) * 0.3);
    }
    const own = walk(this.#seed, TOPIC.own, key, day);
    if (kind === 'bond') {
      // Bonds keep near their face: the walk's long swings are bent back.
      return base * (1 + 0.08 * Math.tanh((volatility * own) / 0.08));
    }
    const move = volatility * (0.9 * own + 0.35 * this.#shared(this.#market, MARKET, day));
    // Unbent, thirty years of swings would leave some prices without any believable size.
    return base * Math.exp(growth + 2.2 * Math.tanh(move / 2.2));
  }

  #shared(memory: Map<number, number>, key: number, day: number): number {
    const found = memory.get(day);
    if (found !== undefined) return found;
    const value = walk(this.#seed, TOPIC.shared, key, day);
    memory.set(day, value);
    return value;
  }
}
