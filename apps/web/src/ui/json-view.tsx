import { useState } from 'react';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { notify } from './toast.tsx';

export interface JsonViewProps {
  readonly value: unknown;
  /** Levels that are open at first. */
  readonly openLevels?: number;
}

/** Any value as a tree that opens and closes, with a button that copies it. */
export function JsonView({ value, openLevels = 2 }: JsonViewProps) {
  return (
    <div className="group relative rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5">
      <Node value={value} depth={0} openLevels={openLevels} />
      <span className="absolute top-1.5 right-1.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <CopyButton text={JSON.stringify(value, null, 2) ?? 'undefined'} />
      </span>
    </div>
  );
}

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  return (
    <Button
      variant="quiet"
      size="sm"
      icon="copy"
      aria-label={label}
      title={label}
      onClick={async () => {
        await navigator.clipboard.writeText(text);
        notify('Copied');
      }}
    />
  );
}

/** Children of one node that are drawn at first: a list of 100,000 must not stop the page. */
const FIRST = 100;

interface NodeProps {
  readonly value: unknown;
  readonly depth: number;
  readonly openLevels: number;
  readonly name?: string;
}

function Node({ value, depth, openLevels, name }: NodeProps) {
  const [open, setOpen] = useState(depth < openLevels);
  const [all, setAll] = useState(false);
  const label = name === undefined ? null : <span className="text-ink-2">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="break-all">
        {label}
        <Scalar value={value} />
      </div>
    );
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const brackets = list ? '[]' : '{}';
  if (entries.length === 0) {
    return (
      <div>
        {label}
        {brackets}
      </div>
    );
  }
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="-ml-2.5 rounded-sm text-left hover:bg-hover"
      >
        <span className="inline-block w-2.5 text-ink-3">{open ? '▾' : '▸'}</span>
        {label}
        <span className="text-ink-3">{open ? brackets[0] : `${brackets[0]} ${entries.length} ${brackets[1]}`}</span>
      </button>
      {open ? (
        <div className={cx('ml-1 border-l border-line pl-3')}>
          {(all ? entries : entries.slice(0, FIRST)).map(([key, item]) => (
            <Node key={key} value={item} depth={depth + 1} openLevels={openLevels} name={key} />
          ))}
          {entries.length > FIRST && !all ? (
            <button type="button" className="link" onClick={() => setAll(true)}>
              {entries.length - FIRST} more
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function Scalar({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') return <span className="text-ink">"{value}"</span>;
  if (typeof value === 'number') return <span className="text-accent">{value}</span>;
  return <span className="text-ink-3">{String(value)}</span>;
}
