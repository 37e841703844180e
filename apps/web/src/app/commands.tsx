import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { runQueries } from '../features/flow-runs/queries.ts';
import { flowQueries } from '../features/flows/queries.ts';
import { stateLabel } from '../lib/states.ts';
import { type Command, CommandPalette } from '../ui/command-palette.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { destinations } from './navigation.ts';
import { setTheme } from './theme.ts';
import { THEMES } from './theme-switch.tsx';

interface CommandsProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onKeys: () => void;
}

/** What the command palette offers: pages, flows, the latest runs, and the app's own settings. */
export function Commands({ open, onOpenChange, onKeys }: CommandsProps) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const { data: flows = [] } = useQuery({ ...flowQueries.list(), enabled: open });
  const { data: runs = [] } = useQuery({ ...runQueries.search(text), enabled: open });
  const commands = useMemo(
    (): Command[] => [
      ...destinations.map(({ to, label, icon, key }) => ({
        id: to,
        label,
        icon,
        group: 'Pages',
        note: (
          <>
            <Kbd>g</Kbd> <Kbd>{key}</Kbd>
          </>
        ),
        run: () => void navigate({ to }),
      })),
      ...flows.map(({ name }) => ({
        id: `flow ${name}`,
        label: `Runs of ${name}`,
        icon: 'flows' as const,
        group: 'Flows',
        run: () => void navigate({ to: '/runs', search: { flow: [name] } }),
      })),
      ...runs.map((run) => ({
        id: run.id,
        label: `${run.flow_name} · ${run.name}`,
        icon: 'runs' as const,
        group: 'Latest runs',
        note: stateLabel(run.state_type, run.state_name),
        run: () => void navigate({ to: '/runs/$runId', params: { runId: run.id } }),
      })),
      ...THEMES.map(({ theme, label, icon }) => ({
        id: `theme ${theme}`,
        label: `Colours: ${label}`,
        icon,
        group: 'This app',
        run: () => setTheme(theme),
      })),
      { id: 'keys', label: 'Keyboard shortcuts', group: 'This app', note: <Kbd>?</Kbd>, run: onKeys },
    ],
    [flows, runs, navigate, onKeys],
  );
  return <CommandPalette open={open} onOpenChange={onOpenChange} commands={commands} onQuery={setText} />;
}
