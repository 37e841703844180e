export { type BhavcopyOptions, bhavcopyCsv, bhavcopyZip } from './bhavcopy/bhavcopy.ts';
export { BHAVCOPY_FORMATS, type BhavcopyFormat, bhavcopyFileName, bhavcopyPath, formatsOf } from './bhavcopy/eras.ts';
export { FAULT_KINDS, type FaultKind, type FaultRule, formatFault, parseFault } from './faults/fault-rule.ts';
export type { RequestCounters } from './server/counters.ts';
export {
  FAULT_HEADER,
  SIMULATOR_HEADER,
  type SimulatedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from './server/simulator.ts';
