import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { count as grouped } from '../../lib/numbers.ts';
import { readDay } from '../../lib/search-params.ts';
import { STATE_KINDS } from '../../lib/states.ts';
import { Button } from '../../ui/button.tsx';
import { FilterMenu, WordsFilter } from '../../ui/filter-menu.tsx';
import { Input, SearchInput } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { StateLabel } from '../../ui/state-mark.tsx';
import { deploymentQueries } from '../deployments/queries.ts';
import { flowQueries } from '../flows/queries.ts';
import type { RunSort, RunsSearch } from './search.ts';

const TYPING_MS = 250;

const SORTS: readonly { readonly value: RunSort; readonly label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'name', label: 'By name' },
];

interface RunFiltersProps {
  readonly search: RunsSearch;
  readonly onSearch: (change: RunsSearch) => void;
  /** Runs that fit the conditions, and are not due. */
  readonly upcoming: number | undefined;
}

export function RunFilters({ search, onSearch, upcoming }: RunFiltersProps) {
  const { data: flows = [] } = useQuery(flowQueries.list());
  const { data: deployments = [] } = useQuery(deploymentQueries.list());
  const [text, setText] = useState(search.q ?? '');
  useEffect(() => setText(search.q ?? ''), [search.q]);
  useEffect(() => {
    if (text === (search.q ?? '')) return;
    const timer = setTimeout(() => onSearch({ q: text === '' ? undefined : text }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search.q, onSearch]);
  const { sort: _sort, upcoming: shown, ...conditions } = search;
  const clear = Object.fromEntries(Object.keys(conditions).map((name) => [name, undefined]));

  return (
    <search aria-label="Runs" className="mb-3 flex flex-wrap items-center gap-1.5">
      <SearchInput
        value={text}
        onValueChange={setText}
        placeholder="Run name"
        aria-label="Run name"
        className="w-44 max-sm:w-full"
      />
      <FilterMenu
        label="State"
        options={STATE_KINDS.map((kind) => ({ value: kind, label: <StateLabel kind={kind} /> }))}
        selected={search.state}
        onSelected={(state) => onSearch({ state })}
      />
      <FilterMenu
        label="Flow"
        options={flows.map(({ name }) => ({ value: name, label: name }))}
        selected={search.flow}
        onSelected={(flow) => onSearch({ flow })}
      />
      <FilterMenu
        label="Deployment"
        options={deployments.map(({ name }) => ({ value: name, label: name }))}
        selected={search.deployment}
        onSelected={(deployment) => onSearch({ deployment })}
      />
      <span className="inline-flex items-center gap-1 text-sm text-ink-3">
        <Input
          type="date"
          aria-label="Due from"
          value={search.from ?? ''}
          max={search.to}
          onChange={(event) => onSearch({ from: readDay(event.currentTarget.value) })}
        />
        –
        <Input
          type="date"
          aria-label="Due until"
          value={search.to ?? ''}
          min={search.from}
          onChange={(event) => onSearch({ to: readDay(event.currentTarget.value) })}
        />
      </span>
      <WordsFilter label="Tag" words={search.tag} onWords={(tag) => onSearch({ tag })} />
      <Select
        aria-label="Order"
        value={search.sort ?? 'newest'}
        onValueChange={(sort) => onSearch({ sort: sort === 'newest' ? undefined : sort })}
        options={SORTS}
      />
      {search.state === undefined && (shown !== undefined || (upcoming ?? 0) > 0) ? (
        <Button
          variant={shown === undefined ? 'default' : 'primary'}
          icon="clock"
          aria-pressed={shown !== undefined}
          title="Runs that are scheduled, and not due yet"
          onClick={() => onSearch({ upcoming: shown === undefined ? 'shown' : undefined })}
        >
          {upcoming === undefined ? '' : `${grouped(upcoming)} `}upcoming
        </Button>
      ) : null}
      {Object.keys(conditions).length > 0 ? (
        <Button variant="quiet" icon="close" onClick={() => onSearch(clear)}>
          Clear
        </Button>
      ) : null}
    </search>
  );
}
