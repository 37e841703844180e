import { describe, expect, it } from 'vitest';
import { filterWords, triggerWords } from './rule-words.ts';

describe('a rule in words', () => {
  it('says what makes an alert', () => {
    expect(triggerWords({ type: 'run_state', states: ['FAILED', 'NoSession'] })).toBe(
      'a run becomes Failed or No session',
    );
    expect(triggerWords({ type: 'run_duration', above_seconds: 600 })).toBe('a run takes longer than 10 m 00 s');
    expect(triggerWords({ type: 'run_late', after_seconds: 60 })).toBe('a run is 1 m 00 s late');
    expect(triggerWords({ type: 'dataset_stale', datasets: [] })).toBe('any dataset misses its latest session');
    expect(triggerWords({ type: 'pass_rate', below: 0.99, datasets: ['bhavcopy'] })).toBe(
      'bhavcopy has less than 99.0 % valid rows',
    );
  });

  it('says which runs it is about', () => {
    expect(filterWords({ flows: [], deployments: [], tags: [], child_runs: false })).toBe('every run');
    expect(filterWords({ flows: ['a'], deployments: [], tags: ['x', 'y'], child_runs: false })).toBe(
      'flow a · tagged x and y',
    );
  });
});
