import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { cx } from '../../ui/class-names.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { popupClass } from '../../ui/popup.ts';
import { croreFigure } from './figures.ts';
import { type Instrument, instrumentSearchQuery } from './named.ts';
import { ask } from './queries.ts';

const FOUND = 12;

/** Finds an instrument by symbol, name or ISIN. */
export function InstrumentFinder() {
  const id = useId();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const text = useDeferredValue(typed.trim());
  const { data: found, error } = useQuery({ ...ask(instrumentSearchQuery, { text, limit: FOUND }), enabled: open });
  const chosen = Math.min(active, (found?.length ?? 0) - 1);

  const go = ({ symbol, series }: Instrument) => {
    setOpen(false);
    setTyped('');
    void navigate({
      to: '/market/instruments/$symbol',
      params: { symbol },
      search: series === 'EQ' ? {} : { series },
    });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
    else if (event.key === 'ArrowDown') setActive(Math.min(chosen + 1, (found?.length ?? 1) - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter' && found?.[chosen] !== undefined) go(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the keys and the leaving of the field within
    <div
      className="relative w-full sm:w-96"
      onKeyDown={press}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <SearchInput
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && found?.[chosen] !== undefined ? `${id}-${chosen}` : undefined}
        aria-label="Find an instrument by symbol, name or ISIN"
        placeholder="Symbol, name or ISIN"
        value={typed}
        onValueChange={(next) => {
          setTyped(next);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        className="w-full"
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Instruments"
        className={cx(popupClass, 'absolute inset-x-0 top-9 z-30 max-h-96 overflow-y-auto', !open && 'hidden')}
      >
        {error ? <ErrorState error={error} title="The instruments could not be read" compact /> : null}
        {found?.length === 0 ? <p className="px-2 py-3 text-sm text-ink-3">No instrument has that in it.</p> : null}
        {found?.map((instrument, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
          <div
            key={instrument.symbol}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setActive(index)}
            onClick={() => go(instrument)}
            className={cx(
              'grid cursor-default grid-cols-[1fr_auto] items-baseline gap-x-3 rounded-sm px-2 py-1 text-sm',
              index === chosen && 'bg-selected',
            )}
          >
            <span className="truncate">
              <span className="font-medium">{instrument.symbol}</span>{' '}
              <span className="text-xs text-ink-3">{instrument.series}</span>
            </span>
            <span className="text-xs text-ink-3" title="Turnover of its last session, in crore rupees">
              ₹ {croreFigure(instrument.turnover)} cr
            </span>
            <span className="truncate text-xs text-ink-2">{instrument.name ?? '–'}</span>
            <span className="figures text-xs text-ink-3">{instrument.isin ?? '–'}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
