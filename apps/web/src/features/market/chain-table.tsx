import { cx } from '../../ui/class-names.ts';
import { ScrollX } from '../../ui/scroll-x.tsx';
import { exact, whole } from './figures.ts';
import type { ChainRow } from './named.ts';

export interface ChainTableProps {
  readonly rows: readonly ChainRow[];
  readonly underlying: number | null;
  readonly maxPain: string | null;
}

const OPEN_INTEREST = 'Open interest';
const number = 'px-2 py-0.5 text-right whitespace-nowrap';

/** Calls at the left, puts at the right; in the money is tinted; a bar says how much of the open interest is there. */
export function ChainTable({ rows, underlying, maxPain }: ChainTableProps) {
  const most = Math.max(1, ...rows.flatMap(({ call_oi, put_oi }) => [Number(call_oi ?? 0), Number(put_oi ?? 0)]));
  // The money lies before the first strike that is not below it.
  const money = underlying === null ? -1 : rows.findIndex(({ strike }) => Number(strike) >= underlying);
  return (
    <ScrollX label="Option chain">
      <table className="w-full border-collapse sm:min-w-150 text-sm">
        <caption className="sr-only">Option chain: calls, strike, puts</caption>
        <thead>
          <tr className="label-caps">
            <GroupHead name="Calls" />
            <td className="border-b border-line" />
            <GroupHead name="Puts" />
          </tr>
          <tr className="label-caps border-b border-line">
            {[OPEN_INTEREST, 'Change', 'Volume', 'IV %', 'Last ₹'].map((name, at) => (
              <th key={name} scope="col" className={cx('h-7 px-2 text-right', at > 0 && at < 4 && 'max-sm:hidden')}>
                <ColumnName name={name} />
              </th>
            ))}
            <th scope="col" className="px-3 text-center">
              Strike
            </th>
            {['Last ₹', 'IV %', 'Volume', 'Change', OPEN_INTEREST].map((name, at) => (
              <th
                key={name}
                scope="col"
                className={cx('px-2', at === 4 ? 'text-left' : 'text-right', at > 0 && at < 4 && 'max-sm:hidden')}
              >
                <ColumnName name={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const callIn = underlying !== null && Number(row.strike) < underlying;
            const putIn = underlying !== null && Number(row.strike) > underlying;
            return (
              <tr
                key={row.strike}
                className={cx(
                  'border-b border-line last:border-0 hover:bg-hover',
                  index === money && index > 0 && 'border-t-2 border-t-accent',
                )}
              >
                <td className={cx('w-1/4 px-1 py-0.5 sm:w-1/5 sm:px-2', callIn && 'bg-late-soft')}>
                  <OpenInterest value={row.call_oi} most={most} side="call" />
                </td>
                <td className={cx(number, 'max-sm:hidden', callIn && 'bg-late-soft')}>{signed(row.call_oi_change)}</td>
                <td className={cx(number, 'max-sm:hidden', callIn && 'bg-late-soft')}>{whole(row.call_volume)}</td>
                <td className={cx(number, 'max-sm:hidden', callIn && 'bg-late-soft')}>{exact(row.call_iv)}</td>
                <td className={cx(number, callIn && 'bg-late-soft')}>{exact(row.call_last)}</td>
                <th scope="row" className="bg-sunken px-1.5 text-center font-semibold sm:px-3 whitespace-nowrap">
                  {exact(row.strike, 0)}
                  {row.strike === maxPain ? (
                    <span className="ml-1 text-2xs font-normal text-ink-2" title="Max pain">
                      ▼<span className="max-sm:hidden"> pain</span>
                    </span>
                  ) : null}
                </th>
                <td className={cx(number, putIn && 'bg-late-soft')}>{exact(row.put_last)}</td>
                <td className={cx(number, 'max-sm:hidden', putIn && 'bg-late-soft')}>{exact(row.put_iv)}</td>
                <td className={cx(number, 'max-sm:hidden', putIn && 'bg-late-soft')}>{whole(row.put_volume)}</td>
                <td className={cx(number, 'max-sm:hidden', putIn && 'bg-late-soft')}>{signed(row.put_oi_change)}</td>
                <td className={cx('w-1/4 px-1 py-0.5 sm:w-1/5 sm:px-2', putIn && 'bg-late-soft')}>
                  <OpenInterest value={row.put_oi} most={most} side="put" />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollX>
  );
}

function ColumnName({ name }: { readonly name: string }) {
  if (name !== OPEN_INTEREST) return name;
  return (
    <>
      <span className="max-sm:hidden">{name}</span>
      <abbr title={name} className="no-underline sm:hidden">
        OI
      </abbr>
    </>
  );
}

/** Over its five columns, or over the two that a phone shows. */
function GroupHead({ name }: { readonly name: string }) {
  return (
    <>
      <th colSpan={5} scope="colgroup" className="h-6 border-b border-line text-center max-sm:hidden">
        {name}
      </th>
      <th colSpan={2} scope="colgroup" className="h-6 border-b border-line text-center sm:hidden">
        {name}
      </th>
    </>
  );
}

function signed(value: string | null): string {
  if (value === null) return '–';
  const text = exact(value, 0);
  return Number(value) > 0 ? `+${text}` : text;
}

interface OpenInterestProps {
  readonly value: string | null;
  readonly most: number;
  readonly side: 'call' | 'put';
}

function OpenInterest({ value, most, side }: OpenInterestProps) {
  const width = `${(100 * Number(value ?? 0)) / most}%`;
  return (
    <div className={cx('relative h-5', side === 'call' && 'text-right')}>
      <span
        aria-hidden="true"
        className={cx(
          'absolute inset-y-0.5 rounded-sm opacity-35',
          side === 'call' ? 'right-0 bg-completed' : 'left-0 bg-failed',
        )}
        style={{ width }}
      />
      <span className="relative px-1 leading-5">{exact(value, 0)}</span>
    </div>
  );
}
