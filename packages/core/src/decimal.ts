/**
 * Exact decimals for money. A decimal is its digits: text on the outside, an integer count of the smallest unit inside.
 * No price or turnover passes through a floating-point number.
 */

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a plain decimal ("1281.64", "-0.5", "36") as an integer count of 10^-scale. Undefined when the text is not a
 * plain decimal or has more significant places than `scale`.
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const parts = SHAPE.exec(text);
  if (!parts) return undefined;
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return undefined;
  const units = BigInt(`${parts[2]}${fraction.padEnd(scale, '0')}`);
  return parts[1] === '-' ? -units : units;
}

/** Writes an integer count of 10^-scale with exactly `scale` places. */
export function formatDecimal(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(digits.length - scale)}`;
}

/** Rupees ("1234567890123.4567") as crore, ten million of them: two places, Indian groups ("1,23,456.79"). */
export function crore(rupees: string): string {
  const units = parseDecimal(rupees, 4);
  if (units === undefined) return rupees;
  // Rounded half away from zero, in integers: 10^4 units a rupee, 10^7 rupees a crore, 10^2 hundredths a crore.
  const hundredths = ((units < 0n ? -units : units) + 500_000_000n) / 1_000_000_000n;
  const [whole = '0', fraction = '00'] = formatDecimal(hundredths, 2).split('.');
  const sign = units < 0n && hundredths > 0n ? '-' : '';
  return `${sign}${BigInt(whole).toLocaleString('en-IN')}.${fraction}`;
}
