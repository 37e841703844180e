import type { Freshness } from '@champion/contract';
import { StateShape } from '../../ui/state-mark.tsx';

const marks = {
  fresh: ['completed', 'Fresh', 'What should be here is here'],
  late: ['late', 'Late', 'Its time has come, its deadline has not'],
  missing: ['failed', 'Missing', 'Its deadline has passed'],
} as const;

/** Whether a dataset has what it should have by now. */
export function FreshnessMark({ state }: { readonly state: Freshness }) {
  const [kind, word, meaning] = marks[state];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={meaning}>
      <StateShape kind={kind} />
      {word}
    </span>
  );
}
