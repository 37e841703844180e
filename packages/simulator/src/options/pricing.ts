const YEAR_DAYS = 365;
/** Rupee interest, annual. */
const RATE = 0.065;
const SHORTEST = 0.35 / YEAR_DAYS;
const TICK = 0.05;

export type Side = 'CE' | 'PE';

/** Standard normal distribution, by the polynomial of Abramowitz and Stegun 26.2.17: right to seven digits. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = Math.exp((-x * x) / 2) * 0.3989422804014327 * poly;
  return x > 0 ? 1 - tail : tail;
}

/** Years left, never quite nothing: on its last day an option still has hours. */
export function yearsLeft(days: number, progress: number): number {
  return Math.max(SHORTEST, (days + 1 - progress) / YEAR_DAYS);
}

/** How far a strike is from the forward, in standard deviations of what is left; negative below. */
export function distance(spot: number, strike: number, years: number, volatility: number): number {
  return Math.log(strike / (spot * Math.exp(RATE * years))) / (volatility * Math.sqrt(years));
}

/** Implied volatility by distance: a smile that leans to the low strikes, and so flat far out that prices keep falling. */
export function smile(volatility: number, d: number): number {
  return volatility * (1 + 0.23 * (Math.hypot(d, 2) - 2) - 0.02 * d);
}

/** Black and Scholes' price of a European option. One volatility for both sides keeps put-call parity. */
export function optionPrice(side: Side, spot: number, strike: number, years: number, volatility: number): number {
  const deviation = volatility * Math.sqrt(years);
  const discounted = strike * Math.exp(-RATE * years);
  const d1 = (Math.log(spot / discounted) + (deviation * deviation) / 2) / deviation;
  const call = spot * normalCdf(d1) - discounted * normalCdf(d1 - deviation);
  return Math.max(0, side === 'CE' ? call : call - spot + discounted);
}

/** The nearest price that can be traded; never below one tick. */
export function toTick(price: number): number {
  return Number((Math.max(1, Math.round(price / TICK)) * TICK).toFixed(2));
}
