import { Dialog as Base } from '@base-ui/react/dialog';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react';
import { cx } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { score } from './match-score.ts';
import { popupClass } from './popup.ts';

export interface Command {
  readonly id: string;
  readonly label: string;
  /** Words that find it, besides the label. */
  readonly keywords?: string;
  readonly group: string;
  readonly icon?: IconName;
  /** At the end of its line: a shortcut. */
  readonly note?: ReactNode;
  readonly run: () => void;
}

export interface CommandPaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly commands: readonly Command[];
  /** Told of what is typed, so that the caller can look for more. */
  readonly onQuery?: (query: string) => void;
}

/** Everything that can be gone to or done, found by typing. */
export function CommandPalette({ open, onOpenChange, commands, onQuery }: CommandPaletteProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[#00000055]" />
        <Base.Popup
          className={cx(popupClass, 'fixed inset-x-2 top-[10vh] z-50 mx-auto flex max-h-[70vh] max-w-140 flex-col p-0')}
        >
          <Base.Title className="sr-only">Commands</Base.Title>
          <Palette
            commands={commands}
            onQuery={onQuery}
            onRun={(command) => {
              onOpenChange(false);
              command.run();
            }}
          />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface PaletteProps {
  readonly commands: readonly Command[];
  readonly onQuery: ((query: string) => void) | undefined;
  readonly onRun: (command: Command) => void;
}

function Palette({ commands, onQuery, onRun }: PaletteProps) {
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => {
    const scored = commands.map((command) => ({
      command,
      score: score(`${command.label} ${command.keywords ?? ''}`, query),
    }));
    const hits = scored.filter((hit) => hit.score > 0);
    if (query !== '') hits.sort((a, b) => b.score - a.score);
    // Groups stay together, in the order of their best hit.
    const groups = [...new Set(hits.map((hit) => hit.command.group))];
    return groups
      .flatMap((group) => hits.filter((hit) => hit.command.group === group).map((hit) => hit.command))
      .slice(0, 60);
  }, [commands, query]);
  const chosen = Math.min(active, found.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(chosen + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter') {
      const command = found[chosen];
      if (command !== undefined) onRun(command);
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3 text-ink-3">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[chosen] === undefined ? undefined : `${id}-${chosen}`}
          aria-label="Find a page, a flow, a run or something to do"
          placeholder="Find a page, a flow, a run or something to do"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
            onQuery?.(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          className="grow bg-transparent text-base text-ink outline-none placeholder:text-ink-3"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Commands" className="min-h-0 overflow-y-auto p-1.5">
        {found.length === 0 ? (
          <p className="px-2 py-6 text-center text-sm text-ink-3">Nothing is called that.</p>
        ) : null}
        {found.map((command, index) => (
          <div key={command.id} role="presentation">
            {command.group === found[index - 1]?.group ? null : (
              <p className="label-caps px-2 pt-2 pb-1">{command.group}</p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus */}
            <div
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              ref={index === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
              onClick={() => onRun(command)}
              onMouseMove={() => setActive(index)}
              className={cx(
                'flex h-7.5 cursor-default items-center gap-2 rounded-sm px-2 text-sm',
                index === chosen && 'bg-selected',
              )}
            >
              <span className="w-4 text-ink-3">
                {command.icon === undefined ? null : <Icon name={command.icon} size={14} />}
              </span>
              <span className="min-w-0 grow truncate">{command.label}</span>
              {command.note === undefined ? null : <span className="text-xs text-ink-3">{command.note}</span>}
            </div>
          </div>
        ))}
      </div>
    </>
  );
}
