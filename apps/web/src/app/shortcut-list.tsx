import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { destinations } from './navigation.ts';

const others: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['Ctrl', 'K'], 'Go to or do anything'],
  [['/'], 'Search on this page'],
  [['?'], 'This list'],
  [['↑', '↓'], 'Move in a table'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close, or empty the search'],
];

export function ShortcutList({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" width="md">
      <dl className="grid gap-x-8 gap-y-1.5 text-sm sm:grid-cols-2">
        {destinations.map(({ key, label }) => (
          <Line key={key} keys={['g', key]} meaning={label} />
        ))}
        {others.map(([keys, meaning]) => (
          <Line key={meaning} keys={keys} meaning={meaning} />
        ))}
      </dl>
    </Dialog>
  );
}

function Line({ keys, meaning }: { readonly keys: readonly string[]; readonly meaning: string }) {
  return (
    <div className="flex items-center justify-between gap-4 border-b border-line pb-1.5">
      <dt className="text-ink-2">{meaning}</dt>
      <dd className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
