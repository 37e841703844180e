import { useEffect } from 'react';

/** What the browser's tab says. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? 'Tracking · Champion' : `${title} · Tracking · Champion`;
  }, [title]);
}
