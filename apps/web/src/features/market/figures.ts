import { crore } from '@champion/core';

/** "12345678.5000" as "1,23,45,678.50": grouped as in India, two places or as many as it has, never rounded. */
export function exact(value: string | null, places = 2): string {
  if (value === null) return '–';
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  if (whole === '') return value;
  const kept = fraction.replace(/0+$/, '').padEnd(places, '0');
  return `${sign === '' ? '' : '−'}${grouped(whole)}${kept === '' ? '' : `.${kept}`}`;
}

/** A whole number of any length: "6784045778" as "6,78,40,45,778". */
export function whole(value: string | null): string {
  return exact(value, 0);
}

function grouped(digits: string): string {
  const trimmed = digits.replace(/^0+(?=\d)/, '');
  const tail = trimmed.slice(-3);
  const head = trimmed.slice(0, -3);
  return head === '' ? tail : `${head.replace(/\B(?=(\d{2})+$)/g, ',')},${tail}`;
}

/** Rupees as "₹ 1,09,192.46 crore". */
export function inCrore(rupees: string | null): string {
  return rupees === null ? '–' : `₹ ${crore(rupees)} crore`;
}

/** Rupees as crore without the word, for columns headed "₹ crore". */
export function croreFigure(rupees: string | null): string {
  return rupees === null ? '–' : crore(rupees);
}

/** "+2.61 %", "−0.40 %", "0.00 %". */
export function change(percent: number | null): string {
  if (percent === null) return '–';
  const size = Math.abs(percent).toFixed(2);
  return `${size === '0.00' ? '' : percent > 0 ? '+' : '−'}${size} %`;
}

/** How far a close is from the close before, in percent; null where there is none. */
export function changeOf(close: string, previous: string): number | null {
  const before = Number(previous);
  return before > 0 ? (100 * (Number(close) - before)) / before : null;
}

/** "1.25 L" (lakh), "3.40 Cr" (crore), below them as it is: for axes, where digits have no room. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e7) return `${(value / 1e7).toLocaleString('en-IN', { maximumFractionDigits: 2 })} Cr`;
  if (size >= 1e5) return `${(value / 1e5).toLocaleString('en-IN', { maximumFractionDigits: 2 })} L`;
  return value.toLocaleString('en-IN', { maximumFractionDigits: size < 10 ? 4 : 2 });
}
