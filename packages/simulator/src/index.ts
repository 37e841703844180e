export { type BhavcopyOptions, bhavcopyCsv, bhavcopyZip } from './bhavcopy/bhavcopy.ts';
export { BHAVCOPY_FORMATS, type BhavcopyFormat, bhavcopyFileName, bhavcopyPath, formatsOf } from './bhavcopy/eras.ts';
export { DEAL_KINDS, type DealKind } from './deals/deal.ts';
export {
  type DealsOptions,
  dealsCsv,
  dealsJson,
  type RollingDealsOptions,
  rollingDealsCsv,
} from './deals/fixtures.ts';
export { type DeliveryOptions, deliveryCsv } from './delivery/delivery.ts';
export { FAULT_KINDS, type FaultKind, type FaultRule, formatFault, parseFault } from './faults/fault-rule.ts';
export { INDICES, type IndexDefinition } from './indices/catalogue.ts';
export { type IndexCloseOptions, indexCloseCsv, indexClosePath } from './indices/close-file.ts';
export {
  CONSTITUENT_SHAPES,
  type ConstituentShape,
  type ConstituentsOptions,
  constituentsCsv,
  constituentsJson,
} from './indices/constituents.ts';
export { allIndicesJson, type LiveOptions, marketStatusJson } from './indices/live.ts';
export type { MasterOptions } from './masters/as-of.ts';
export { nameChangeCsv, symbolChangeCsv } from './masters/changes.ts';
export { equityListCsv } from './masters/equity-list.ts';
export { type HolidayMasterOptions, holidayMasterJson } from './notices/holiday-master.ts';
export {
  CHAIN_SHAPES,
  type ChainShape,
  type ContractInfoOptions,
  contractInfoJson,
  type OptionChainOptions,
  optionChainJson,
} from './options/chain.ts';
export { UNDERLYINGS, type Underlying } from './options/contracts.ts';
export type { RequestCounters } from './server/counters.ts';
export {
  FAULT_HEADER,
  SIMULATOR_HEADER,
  type SimulatedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './server/simulator.ts';
