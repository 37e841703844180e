import { hash, uniform } from '../market/random.ts';

/** Names of those who deal. All are invented. */

const FIRST =
  'AARAV ADITI AJAY AMIT ANITA ARJUN ASHA BHAVESH CHETAN DARSHANA DEEPAK DILIP FALGUNI GAURI GIRISH HARSHAD HEMANT ILA JIGNESH KAVITA KIRAN LATA MAHESH MANISHA MEENA MUKESH NEHA NILESH PARESH POOJA PRAKASH RAJESH RAMESH REKHA RITESH SANJAY SEEMA SHILPA SUNIL SUSHMA TARUN UMESH USHA VANDANA VIJAY VIPUL'.split(
    ' ',
  );
const MIDDLE =
  'ARVIND BABUBHAI CHANDRAKANT DHIRAJLAL GOVIND HARIDAS ISHWAR JAYANTILAL KANTILAL LAXMAN MADANLAL NARENDRA PRAVIN RAMNIKLAL SHANTILAL TRIBHUVAN UTTAM VASANT'.split(
    ' ',
  );
const LAST =
  'AGARWAL BAJPAI BHATT CHAUHAN DESAI DOSHI GANDHI GOYAL JAIN JOSHI KOTHARI KULKARNI LODHA MALHOTRA MEHTA MODI NAIR PAREKH PATEL RAO RATHOD SARDA SHAH SHARMA SONI THAKKAR TRIVEDI VAGHELA VERMA VORA'.split(
    ' ',
  );
const HOUSE =
  'AMBERLINE BLUEKITE CASTOR DELTABAY EVENTIDE FARHORIZON GREYSTONE HALCYON IRONLEAF JUNIPER KESTREL LODESTAR MERIDIAN NORTHGATE OPALINE PALISADE QUILLON REDWILLOW SALTMARSH TALLOWAY UPLANDS VERDANT WINDMERE YELLOWFIN ZEPHYRA'.split(
    ' ',
  );
const TRADERS = ['SECURITIES LLP', 'RESEARCH CAPITAL LLP', 'TRADING PRIVATE LIMITED', 'BROKING SERVICES LLP'] as const;
const FIRMS = ['VENTURES', 'FINSTOCK PRIVATE LIMITED', 'COMMODITIES PRIVATE LIMITED', 'ENTERPRISES LLP'] as const;
const FUNDS = [
  'MUTUAL FUND',
  'MUTUAL FUND A/C SMALL CAP FUND',
  'LIFE INSURANCE COMPANY LIMITED',
  'EMERGING MARKETS FUND',
  'ASIA MASTER FUND LIMITED',
  'INVESTMENTS (MAURITIUS) PTE LTD - ODI',
  'GLOBAL FUNDS  INDIA FUND',
] as const;

const TOPIC = { person: 500, oddity: 501 };
/** Firms that buy and sell the same quantity within the day; a few of them make a third of all rows. */
export const TRADER_COUNT = 24;
export const PUBLIC_COUNT = 3000;
export const FUND_COUNT = HOUSE.length * FUNDS.length;

const pick = <T>(list: readonly T[], n: number): T | '' => list[n % list.length] ?? '';

/** A firm that trades for itself, by its number below `TRADER_COUNT`. */
export function traderName(n: number): string {
  return `${pick(HOUSE, n)} ${pick(TRADERS, n)}`;
}

/** An institution, by its number below `FUND_COUNT`. */
export function fundName(n: number): string {
  return `${pick(HOUSE, n)} ${pick(FUNDS, Math.floor(n / HOUSE.length))}`;
}

/**
 * A person or a small firm, by its number below `PUBLIC_COUNT`. Spelled as carelessly as the exchange does: some names
 * have two spaces between words, a space at the end, or a full stop that belongs nowhere.
 */
export function publicName(seed: number, n: number): string {
  const draw = hash(seed, TOPIC.person, n);
  const middle = draw % 3 === 0 ? '' : `${pick(MIDDLE, draw >>> 9)} `;
  const name =
    draw % 5 === 0
      ? `${pick(LAST, draw >>> 4)} ${pick(FIRMS, draw >>> 14)}`
      : `${pick(FIRST, draw >>> 4)} ${middle}${pick(LAST, draw >>> 14)}`;
  const oddity = uniform(seed, TOPIC.oddity, n);
  if (oddity < 0.02) return name.replace(' ', '  ');
  if (oddity < 0.025) return `${name} `;
  if (oddity < 0.03) return `${name}  .`;
  return name;
}
