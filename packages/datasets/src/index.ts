export { dataset as bhavcopy } from './nse/bhavcopy/definition.ts';
export { dataset as tradingCalendar } from './nse/trading-calendar/definition.ts';
export { loadedHolidays } from './nse/trading-calendar/loaded-holidays.ts';
export { datasets } from './registry.gen.ts';
