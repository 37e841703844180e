/**
 * ISIN (ISO 6166): two letters of country, nine alphanumerics, one check digit by Luhn over the letters' two-digit
 * values. On the exchange INE is a company's, INF a fund's, IN0 to IN9 a government's security.
 */

const SHAPE = /^[A-Z]{2}[A-Z0-9]{9}[0-9]$/;

/** The check digit of the first eleven characters, or undefined when they have another shape. */
export function isinCheckDigit(body: string): number | undefined {
  if (!/^[A-Z]{2}[A-Z0-9]{9}$/.test(body)) return undefined;
  let digits = '';
  for (const character of body) digits += Number.parseInt(character, 36);
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

export function isValidIsin(isin: string): boolean {
  return SHAPE.test(isin) && isinCheckDigit(isin.slice(0, 11)) === isin.charCodeAt(11) - 48;
}

/** Completes eleven characters to an ISIN. Throws RangeError on any other shape. */
export function completeIsin(body: string): string {
  const digit = isinCheckDigit(body);
  if (digit === undefined) throw new RangeError(`"${body}" is not the first eleven characters of an ISIN`);
  return `${body}${digit}`;
}
