import { Counter, Gauge, type Registry } from 'prom-client';
import { summaryOf } from '../events/summary.ts';
import type { Collector } from './collectors.ts';
import { known } from './labels.ts';
import type { MetricsParts } from './parts.ts';

const EVERY_MS = 5_000;

/** What waits in the outbox and what has left it, in whichever process. Without Kafka nothing waits and nothing leaves. */
export function eventsCollector(
  registry: Registry,
  { events, datasets }: Pick<MetricsParts, 'events' | 'datasets'>,
): Collector {
  const registers = [registry];
  const files = new Gauge({
    name: 'champion_events_outbox_files',
    help: 'Files whose rows wait to be sent to Kafka',
    registers,
  });
  const rows = new Gauge({
    name: 'champion_events_outbox_rows',
    help: 'Rows that wait to be sent to Kafka: those of these files that it has not acknowledged',
    registers,
  });
  const oldest = new Gauge({
    name: 'champion_events_outbox_oldest_seconds',
    help: 'For how long the oldest file whose rows wait to be sent to Kafka has waited; 0 when none does',
    registers,
  });
  const published = new Counter({
    name: 'champion_events_published_total',
    help: 'Events that Kafka has acknowledged, since the outbox was made; a batch that was sent twice counts once',
    labelNames: ['topic'],
    registers,
  });
  const failures = new Counter({
    name: 'champion_events_failures_total',
    help: 'Tries to send events that failed, since the outbox was made',
    labelNames: ['topic'],
    registers,
  });
  const topics = datasets.flatMap((dataset) => [
    dataset.topics.rows,
    ...(dataset.topics.published === undefined ? [] : [dataset.topics.published.topic]),
  ]);
  const topicOf = known(topics);
  const outbox = events?.on === true ? events.outbox : undefined;
  return {
    name: 'events',
    everyMs: EVERY_MS,
    collect: async () => {
      if (outbox === undefined) return;
      const status = await (await outbox()).status();
      const summary = summaryOf(status);
      files.set(summary.waiting);
      rows.set(summary.waitingRows);
      oldest.set(summary.oldest === null ? 0 : Math.max(0, (Date.now() - summary.oldest.getTime()) / 1_000));
      for (const counter of [published, failures]) {
        counter.reset();
        for (const topic of topics) counter.inc({ topic }, 0);
      }
      for (const each of status) {
        published.inc({ topic: topicOf(each.topic) }, each.sentRows);
        failures.inc({ topic: topicOf(each.topic) }, each.failures);
      }
    },
    clear: () => {
      for (const gauge of [files, rows, oldest]) gauge.set(Number.NaN);
    },
  };
}
