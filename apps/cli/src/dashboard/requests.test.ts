import { expect, it } from 'vitest';
import { readAsked } from './requests.ts';

it('tells how often each endpoint of the exchange answered', () => {
  const metrics = `# TYPE champion_exchange_requests_total counter
champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="ok"} 8
champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="not_found"} 1
champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="blocked"} 2
champion_exchange_requests_total{endpoint="bhavcopy-udiff",outcome="cancelled"} 5
champion_exchange_requests_total{endpoint="equity-list",outcome="ok"} 0
champion_other_total{endpoint="x",outcome="ok"} 3
`;
  expect(readAsked(metrics)).toEqual([{ endpoint: 'bhavcopy-udiff', requests: 11, answered: 9 }]);
});
