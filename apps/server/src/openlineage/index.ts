export { lineageFollower, Schemas } from './follower.ts';
export { RunEvents } from './run-events.ts';
export { toucher } from './touched.ts';
export { intoFile, overHttp, type Transport } from './transport.ts';
