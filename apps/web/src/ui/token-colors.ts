import { useEffect, useState } from 'react';

/** A token of tokens.css, without "--color-". */
export type ColorToken =
  | 'accent'
  | 'canvas'
  | 'completed'
  | 'crashed'
  | 'failed'
  | 'ink'
  | 'ink-2'
  | 'ink-3'
  | 'late'
  | 'line'
  | 'line-strong'
  | 'paused'
  | 'running'
  | 'surface';

function read(token: ColorToken): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--color-${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

/** Colours as a canvas takes them, for libraries that know no CSS; they change with the theme. */
export function useTokenColors<T extends ColorToken>(tokens: readonly T[]): Readonly<Record<T, string>> {
  const list = tokens.join();
  const [colors, setColors] = useState(() => resolve(list) as Record<T, string>);
  useEffect(() => {
    const update = () => setColors(resolve(list) as Record<T, string>);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(update);
    system.addEventListener('change', update);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', update);
      chosen.disconnect();
    };
  }, [list]);
  return colors;
}

function resolve(list: string): Record<string, string> {
  return Object.fromEntries(list.split(',').map((token) => [token, read(token as ColorToken)]));
}
