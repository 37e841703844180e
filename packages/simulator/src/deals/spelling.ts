import { addDays, dateForms, formatDecimal } from '@champion/core';
import { titledName } from '../indices/industry.ts';
import type { DayDeals } from './book.ts';
import type { Deal, DealKind, ShortSale } from './deal.ts';

const BOM = '\u{feff}';
const rupees = (paise: number): string => formatDecimal(BigInt(paise), 2);

/** 1,20,58,807: groups of two but for the last three digits, a fraction left alone. */
function grouped(number: string): string {
  const [whole = '', fraction] = number.split('.');
  const head = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',');
  const digits = head === '' ? whole : `${head},${whole.slice(-3)}`;
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(',');

const DEAL_NAMES = [
  'Date ',
  'Symbol ',
  'Security Name ',
  'Client Name ',
  'Buy / Sell ',
  'Quantity Traded ',
  'Trade Price / Wght. Avg. Price ',
  'Remarks ',
];
// The short-selling form is documented by public tools, not seen in a file.
const SHORT_NAMES = ['Date ', 'Symbol ', 'Security Name ', 'Quantity '];

const dealsOf = (day: DayDeals, kind: 'bulk_deals' | 'block_deals'): readonly Deal[] =>
  kind === 'bulk_deals' ? day.bulk : day.block;

/** The API's answer with csv=true: a mark of byte order, everything quoted, Indian groups, no line end at the end. */
export function apiCsv(days: readonly DayDeals[], kind: DealKind): string {
  if (kind === 'short_selling') {
    const rows = days.flatMap((day) =>
      day.short.map(({ symbol, name, quantity }) =>
        quoted([dateForms.exchange(day.date), symbol, name, grouped(String(quantity))]),
      ),
    );
    return BOM + [quoted(SHORT_NAMES), ...rows].join('\n');
  }
  const rows = days.flatMap((day) =>
    dealsOf(day, kind).map(({ symbol, name, client, side, quantity, price }) =>
      quoted([
        dateForms.exchange(day.date),
        symbol,
        titledName(name),
        client,
        side,
        grouped(String(quantity)),
        grouped(rupees(price)),
        '-',
      ]),
    ),
  );
  return BOM + [quoted(DEAL_NAMES), ...rows].join('\n');
}

/** The API's JSON answer. The order's instant is midnight in India, written in UTC: the evening before. */
export function apiJson(days: readonly DayDeals[], kind: DealKind): string {
  const data = days.flatMap((day): object[] => {
    const [date, order] = [dateForms.exchange(day.date), `${addDays(day.date, -1)}T18:30:00.000Z`];
    const short = ({ symbol, name, quantity }: ShortSale): object => ({
      SS_DATE: date,
      SS_DATE_ORDER: order,
      SS_SYMBOL: symbol,
      SS_NAME: name,
      SS_QTY: quantity,
    });
    if (kind === 'short_selling') return day.short.map(short);
    return dealsOf(day, kind).map(({ symbol, name, client, side, quantity, price }) => ({
      BD_DT_DATE: date,
      BD_DT_ORDER: order,
      BD_SYMBOL: symbol,
      BD_SCRIP_NAME: titledName(name),
      BD_CLIENT_NAME: client,
      BD_BUY_SELL: side,
      BD_QTY_TRD: quantity,
      BD_TP_WATP: price / 100,
      BD_REMARKS: kind === 'bulk_deals' ? '-' : null,
    }));
  });
  return JSON.stringify({ data });
}

const ROLLING = 'Date,Symbol,Security Name,Client Name,Buy/Sell,Quantity Traded,Trade Price / Wght. Avg. Price';

/** bulk.csv and block.csv: one session, all purchases before all sales. */
export function rollingCsv(day: DayDeals, kind: 'bulk_deals' | 'block_deals'): string {
  const deals = dealsOf(day, kind);
  const date = dateForms.exchange(day.date);
  const remarks = kind === 'bulk_deals' ? ',-' : '';
  const rows = (['BUY', 'SELL'] as const).flatMap((wanted) =>
    deals
      .filter(({ side }) => side === wanted)
      .map(
        ({ symbol, name, client, side, quantity, price }) =>
          `${date},${symbol},${titledName(name)},${client},${side},${quantity},${rupees(price)}${remarks}`,
      ),
  );
  const header = kind === 'bulk_deals' ? `${ROLLING},Remarks` : ROLLING;
  return `${[header, ...(rows.length > 0 ? rows : ['NO RECORDS,,,,,,'])].join('\n')}\n`;
}
