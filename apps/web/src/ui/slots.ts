import { useRef } from 'react';

/**
 * Keys for rows that are drawn in part: the row that comes into sight takes the elements of the one that left it. To write
 * other words into elements is a fraction of the work of making them, and all there is time for while a list scrolls fast.
 * @param shown how many rows are drawn now
 */
export function useSlots(shown: number): (index: number) => number {
  const slots = useRef(1);
  slots.current = Math.max(slots.current, shown);
  return (index) => index % slots.current;
}
