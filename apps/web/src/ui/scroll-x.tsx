import { type ReactNode, useEffect, useRef, useState } from 'react';

interface ScrollXProps {
  /** What is in it, for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Scrolls sideways what is too wide; by the arrow keys too, for then it takes the focus. */
export function ScrollX({ label, children }: ScrollXProps) {
  const scroller = useRef<HTMLElement>(null);
  const [isWide, setIsWide] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (element === null || content == null) return;
    const observer = new ResizeObserver(() => setIsWide(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    observer.observe(content);
    return () => observer.disconnect();
  }, []);
  return (
    <section ref={scroller} className="overflow-x-auto" {...(isWide ? { tabIndex: 0, 'aria-label': label } : {})}>
      {children}
    </section>
  );
}
