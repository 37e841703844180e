export { dataset as bhavcopy } from './nse/bhavcopy/definition.ts';
export { datasets } from './registry.gen.ts';
