import { toErrorRecord } from '@champion/core';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { fieldClass } from '../../ui/input.tsx';
import { popupClass } from '../../ui/popup.ts';
import type { Run } from '../api/types.ts';
import { FilterHelp } from './filter-help.tsx';
import { suggest } from './suggest.ts';

interface FilterBoxProps {
  /** What is filtered by. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  /** What the server said against it. */
  readonly error: unknown;
  /** Those on the page, for suggestions. */
  readonly runs: readonly Run[];
}

/** Conditions as MLflow writes them. Enter applies; what the server cannot read is marked where it said. */
export function FilterBox({ filter, onFilter, error, runs }: FilterBoxProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const taken = useRef<number>(undefined);
  const [text, setText] = useState(filter);
  const [caret, setCaret] = useState(filter.length);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  useEffect(() => setText(filter), [filter]);
  const { from, to, options } = useMemo(() => suggest(text, caret, runs), [text, caret, runs]);
  const shown = isOpen && options.length > 0;
  const refusal = text === filter ? refusalOf(error) : undefined;

  const change = (next: string, at: number) => {
    setText(next);
    setCaret(at);
    setActive(-1);
  };
  const take = (place: number) => {
    const option = options[place];
    if (option === undefined) return;
    const end = to === text.length ? ' ' : '';
    taken.current = from + option.text.length + end.length;
    change(`${text.slice(0, from)}${option.text}${end}${text.slice(to)}`, taken.current);
    input.current?.focus();
  };
  const apply = () => {
    setIsOpen(false);
    onFilter(text.trim());
  };
  // A suggestion that was taken has the caret behind it; the browser would put it at the end of the text.
  useLayoutEffect(() => {
    const at = taken.current;
    if (at === undefined) return;
    taken.current = undefined;
    input.current?.setSelectionRange(at, at);
  });

  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      if (shown && active >= 0) take(active);
      else apply();
    } else if (event.key === 'Escape') setIsOpen(false);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setIsOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((now) => (now < 0 && step < 0 ? options.length - 1 : (now + step + options.length) % options.length));
    }
  };

  return (
    <div className="mb-2">
      <div className="flex gap-2">
        <div className="relative min-w-0 grow">
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-label="Filter runs"
            aria-expanded={shown}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
            aria-invalid={refusal === undefined ? undefined : true}
            aria-describedby={refusal === undefined ? undefined : `${id}-refusal`}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder="metrics.rows_processed > 1000 and params.trade_date = '2026-01-09'"
            value={text}
            onChange={(event) => {
              change(event.currentTarget.value, event.currentTarget.selectionStart ?? event.currentTarget.value.length);
              setIsOpen(true);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onKeyDown={press}
            onBlur={() => setIsOpen(false)}
            className={cx(fieldClass, 'figures w-full')}
          />
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label="Suggestions"
            className={cx(popupClass, 'absolute top-full left-0 z-40 mt-1 w-max max-w-full', !shown && 'hidden')}
          >
            {options.map((option, place) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus
              <div
                key={option.text}
                id={`${id}-${place}`}
                role="option"
                aria-selected={place === active}
                // The input would lose the focus, and the list with it, before the click.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(place)}
                className={cx(
                  'flex cursor-default justify-between gap-6 rounded-sm px-2 py-1 text-sm hover:bg-hover',
                  place === active && 'bg-selected',
                )}
              >
                <span className="figures truncate">{option.text}</span>
                <span className="shrink-0 text-ink-3">{option.note}</span>
              </div>
            ))}
          </div>
        </div>
        <Button variant={text.trim() === filter ? 'default' : 'primary'} icon="filter" onClick={apply}>
          Filter
        </Button>
        {filter === '' ? null : (
          <Button
            icon="close"
            aria-label="Without a filter"
            title="Without a filter"
            onClick={() => {
              change('', 0);
              onFilter('');
            }}
          />
        )}
      </div>
      {refusal === undefined ? null : <Marked id={`${id}-refusal`} text={text} refusal={refusal} />}
      <FilterHelp runs={runs} onExample={onFilter} />
    </div>
  );
}

interface Refusal {
  readonly position: number;
  readonly expected: string;
  readonly found: string | undefined;
  readonly hint: string | undefined;
}

/** What the server said of the filter; undefined where it is something else that failed. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error == null) return undefined;
  const { context, message, hint } = toErrorRecord(error);
  const { position, expected, found } = context;
  if (!message.startsWith('Invalid filter') || typeof position !== 'number') return undefined;
  return {
    position,
    expected: String(expected),
    found: typeof found === 'string' ? found : undefined,
    hint,
  };
}

/** The filter again, with the place at which it stops making sense. */
function Marked({ id, text, refusal }: { readonly id: string; readonly text: string; readonly refusal: Refusal }) {
  const { position, expected, found, hint } = refusal;
  const length = found !== undefined && text.startsWith(found, position) ? found.length : 1;
  return (
    <div id={id} role="alert" className="mt-1 rounded-md border border-line bg-failed-soft px-3 py-2 text-sm">
      <pre className="overflow-x-auto">
        {text.slice(0, position)}
        <mark className="bg-transparent font-semibold text-failed underline decoration-wavy underline-offset-3">
          {text.slice(position, position + length) || '␣'}
        </mark>
        {text.slice(position + length)}
      </pre>
      <p>
        At character {position + 1}: expected {expected}
        {found === undefined ? ', and it ends there' : `, found ${found}`}.
      </p>
      {hint === undefined ? null : <p className="text-ink-2">{hint}</p>}
    </div>
  );
}
