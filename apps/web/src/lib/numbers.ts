const whole = new Intl.NumberFormat('en-IN');

/** "1,23,456": grouped as in India. */
export function count(value: number): string {
  return whole.format(value);
}

/** "2.4 MB", in powers of 1000. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** A share of 0 to 1 as "99.97 %"; never "100 %" for what is not whole. */
export function percent(share: number, digits = 1): string {
  const scale = 10 ** digits;
  const shown = share < 1 ? Math.min(Math.round(share * 100 * scale) / scale, 100 - 1 / scale) : 100;
  return `${share === 1 ? '100' : shown.toFixed(digits)} %`;
}
