import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { destinations } from './navigation.ts';

const cell = 'flex h-12 min-w-0 grow basis-0 flex-col items-center justify-center gap-0.5 text-2xs text-ink-2';

/** The way around on a phone: four pages, and a drawer with all. */
export function PhoneBar() {
  const [open, setOpen] = useState(false);
  return (
    <nav aria-label="Pages" className="flex shrink-0 border-t border-line bg-surface md:hidden">
      {destinations
        .filter(({ primary }) => primary)
        .map(({ to, label, icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            className={`${cell} data-[status=active]:font-medium data-[status=active]:text-accent`}
          >
            <Icon name={icon} size={18} />
            {label}
          </Link>
        ))}
      <button type="button" className={cell} onClick={() => setOpen(true)}>
        <Icon name="menu" size={18} />
        More
      </button>
      <Dialog open={open} onOpenChange={setOpen} title="Pages">
        <div className="grid grid-cols-2 gap-1">
          {destinations.map(({ to, label, icon }) => (
            <Link
              key={to}
              to={to}
              onClick={() => setOpen(false)}
              className="flex h-10 items-center gap-2 rounded-md px-2 hover:bg-hover"
            >
              <Icon name={icon} />
              {label}
            </Link>
          ))}
        </div>
      </Dialog>
    </nav>
  );
}
