// Runs the flows of crash-flow.ts until it is killed. Arguments: database URL, folder for notes, "points" or "endless".
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../engine.ts';
import { crashFlow, crashParent, POINTS, stumblingFlow } from './crash-flow.ts';

const [databaseUrl = '', dir = '', mode] = process.argv.slice(2);
const engine = await Engine.start({
  databaseUrl,
  executorId: 'mortal',
  flows: [crashFlow, crashParent, stumblingFlow],
});

if (mode === 'points') {
  const labels: string[] = [];
  for (const point of POINTS) {
    await engine.run('crash-flow', { dir, label: point, pauseAt: point });
    labels.push(point);
  }
  await engine.run('crash-parent', { dir, label: 'parent', pauseAt: 'mid-2' });
  await engine.run('stumbling-flow', { dir, label: 'stumbling', pauseAt: 'mid' });
  labels.push('parent-a', 'parent-b', 'stumbling');
  while (!labels.every((label) => existsSync(join(dir, `${label}.paused`)))) await sleep(5);
  console.log('ready');
  await sleep(60_000);
} else {
  let finishedTasks = 0;
  engine.events.subscribe((event) => {
    if (event.type === 'task_run' && event.state.type === 'COMPLETED') console.log(++finishedTasks);
  });
  for (let index = 0; ; index++) {
    const run = await engine.run('crash-flow', { dir, label: `endless-${index}`, pauseAt: 'never' });
    await run.result();
  }
}
