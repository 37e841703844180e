import { change } from './figures.ts';

/** A move in percent: arrow, sign and colour. */
export function ChangeMark({ percent }: { readonly percent: number | null }) {
  if (percent === null) return <span className="text-ink-3">–</span>;
  const text = change(percent);
  const up = text.startsWith('+');
  const down = text.startsWith('−');
  return (
    <span className={up ? 'whitespace-nowrap text-completed' : down ? 'whitespace-nowrap text-failed' : 'text-ink-2'}>
      <span aria-hidden="true" className="mr-1 text-2xs">
        {up ? '▲' : down ? '▼' : '■'}
      </span>
      {text}
    </span>
  );
}
