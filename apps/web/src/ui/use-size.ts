import { useLayoutEffect, useState } from 'react';

/** Width and height of an element in pixels, as they change; undefined before it is there. `ref={setElement}` gives it. */
export function useSize(element: HTMLElement | null): { readonly width: number; readonly height: number } | undefined {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>();
  useLayoutEffect(() => {
    if (element === null) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return size;
}
