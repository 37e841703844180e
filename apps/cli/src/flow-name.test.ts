import { expect, it } from 'vitest';
import { resolveFlowName } from './flow-name.ts';

const known = ['nse-bhavcopy-etl', 'option-chain-etl', 'a-flow'];

it.each([
  ['nse-bhavcopy-etl', 'nse-bhavcopy-etl'],
  ['src.orchestration.flows:nse_bhavcopy_etl_flow', 'nse-bhavcopy-etl'],
  ['flows.py:option_chain_etl', 'option-chain-etl'],
  ['nse_bhavcopy_etl_flow', 'nse-bhavcopy-etl'],
  ['a-flow', 'a-flow'],
])('%s is %s', (given, name) => {
  expect(resolveFlowName(given, known)).toBe(name);
});

it('lists the flows there are', () => {
  expect(() => resolveFlowName('nope', known)).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.stringContaining('option-chain-etl') }),
  );
});
