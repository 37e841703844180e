import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { popupClass } from './popup.ts';

interface MenuEntry {
  readonly label: ReactNode;
  readonly onSelect: () => void;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Shown at the end, for example a shortcut or why it is disabled. */
  readonly note?: ReactNode;
}

export interface MenuProps {
  /** A `<Button>`. */
  readonly trigger: ReactElement;
  /** Groups, with a line between them. */
  readonly groups: readonly (readonly MenuEntry[])[];
  readonly align?: 'start' | 'end';
}

/** What can be done, behind a button. */
export function Menu({ trigger, groups, align = 'end' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <Base.Popup className={cx(popupClass, 'max-h-96 min-w-44 overflow-y-auto')}>
            {groups
              .filter((group) => group.length > 0)
              .map((group, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name and do not move
                <div key={index} className={index === 0 ? '' : 'mt-1 border-t border-line pt-1'}>
                  {group.map((entry, at) => (
                    <Base.Item
                      // biome-ignore lint/suspicious/noArrayIndexKey: labels may be any node, and entries do not move
                      key={at}
                      disabled={entry.disabled ?? false}
                      onClick={entry.onSelect}
                      className={cx(
                        'flex cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none data-disabled:text-ink-3 data-highlighted:bg-hover',
                        entry.danger && 'text-failed',
                      )}
                    >
                      {entry.icon === undefined ? null : <Icon name={entry.icon} size={14} />}
                      <span className="grow">{entry.label}</span>
                      {entry.note === undefined ? null : <span className="text-xs text-ink-3">{entry.note}</span>}
                    </Base.Item>
                  ))}
                </div>
              ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
