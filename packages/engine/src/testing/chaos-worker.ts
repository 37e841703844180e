// A worker on the queue "default" until it is killed. Arguments: database URL, name.
import { Engine } from '../engine.ts';
import { chaosFlows } from './chaos-flow.ts';

const [databaseUrl = '', name = ''] = process.argv.slice(2);
await Engine.start({
  databaseUrl,
  executorId: name,
  flows: chaosFlows(databaseUrl).flows,
  serve: { workQueues: ['default'], concurrency: 8 },
  onInternalLog: (level, message, fields) => {
    if (level === 'error') console.error(`${name}: ${message}`, JSON.stringify(fields).slice(0, 300));
  },
});
console.log('ready');
