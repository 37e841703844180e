import { useEffect, useRef } from 'react';

/** Whether a key pressed here is meant for a field rather than for the app. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]') !== null
  );
}

/** How long "g" waits for what comes after it. */
const SEQUENCE_MS = 1200;

export interface Shortcuts {
  /** After "g". */
  readonly go: Readonly<Record<string, () => void>>;
  readonly keys: Readonly<Record<string, () => void>>;
  /** Ctrl-K or Command-K. */
  readonly palette: () => void;
}

/** The app's own keys, while nothing is typed into. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let goneAt = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const inSequence = performance.now() - goneAt < SEQUENCE_MS;
      goneAt = Number.NEGATIVE_INFINITY;
      const action = inSequence ? latest.current.go[event.key] : latest.current.keys[event.key];
      if (action !== undefined) {
        event.preventDefault();
        action();
      } else if (event.key === 'g') goneAt = performance.now();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
