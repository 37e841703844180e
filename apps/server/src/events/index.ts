export { type EventsStatus, eventsStatus, followEvents } from './commands.ts';
export { waitingText } from './summary.ts';
