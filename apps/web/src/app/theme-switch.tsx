import { Button } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { setTheme, type Theme, useTheme } from './theme.ts';

export const THEMES: readonly { readonly theme: Theme; readonly label: string; readonly icon: IconName }[] = [
  { theme: 'system', label: "As the system's", icon: 'auto' },
  { theme: 'light', label: 'Light', icon: 'sun' },
  { theme: 'dark', label: 'Dark', icon: 'moon' },
];

export function ThemeSwitch() {
  const current = useTheme();
  const icon = THEMES.find(({ theme }) => theme === current)?.icon ?? 'auto';
  return (
    <Menu
      trigger={<Button variant="quiet" size="sm" icon={icon} aria-label="Colours" title="Colours" />}
      groups={[
        THEMES.map(({ theme, label, icon: mark }) => ({
          label,
          icon: mark,
          note: theme === current ? 'chosen' : undefined,
          onSelect: () => setTheme(theme),
        })),
      ]}
    />
  );
}
