import { Counter, Gauge, type Registry } from 'prom-client';
import type { Collector } from './collectors.ts';
import { known } from './labels.ts';
import type { MetricsParts } from './parts.ts';

const EVERY_MS = 5_000;
const ALERT_TARGETS = ['slack', 'webhook', 'other'];
/** Whom the server may have to tell of runs. */
const FORWARDED_TO = ['tracking', 'mlflow', 'openlineage', 'openlineage-file'];

type Plane = Pick<MetricsParts, 'plane'>;

/** What became of the product's own alerts. */
export function alertCollector(registry: Registry, { plane }: Plane): Collector {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['target'], registers: [registry] });
  const waiting = gauge('champion_alerts_waiting', 'Alerts that are to be sent, or sent again');
  const inTrouble = gauge('champion_alerts_in_trouble', 'Of those that wait, how many could not be sent at least once');
  const delivered = gauge('champion_alerts_delivered_last_day', 'Alerts of the last 24 hours that were delivered');
  const failed = gauge('champion_alerts_failed_last_day', 'Alerts of the last 24 hours that were given up');
  const gauges = [waiting, inTrouble, delivered, failed];
  const targetOf = known(ALERT_TARGETS);
  return {
    name: 'alerts',
    everyMs: EVERY_MS,
    collect: async () => {
      const counts = await plane.notifications.countsByTarget();
      for (const each of gauges) {
        each.reset();
        for (const target of ALERT_TARGETS) each.set({ target }, 0);
      }
      for (const [name, count] of counts) {
        const target = { target: targetOf(name) };
        waiting.inc(target, count.waiting);
        inTrouble.inc(target, count.inTrouble);
        delivered.inc(target, count.delivered);
        failed.inc(target, count.failed);
      }
    },
    clear: () => {
      for (const each of gauges) each.reset();
    },
  };
}

/** How far those are who are told of runs. The counters are the records', so they do not begin anew with the process. */
export function forwardingCollector(registry: Registry, { plane }: Plane): Collector {
  const common = { labelNames: ['target' as const], registers: [registry] };
  const pending = new Gauge({
    name: 'champion_forwarding_pending_states',
    help: 'States of flow runs of which a target is still to be told; counted up to 10,000',
    ...common,
  });
  const attempts = new Gauge({
    name: 'champion_forwarding_failed_attempts',
    help: 'How often in a row a target could not be told; 0: it is well',
    ...common,
  });
  const last = new Gauge({
    name: 'champion_forwarding_last_sent_timestamp_seconds',
    help: 'When a target was last told of a state, Unix time',
    ...common,
  });
  const sent = new Counter({
    name: 'champion_forwarding_sent_total',
    help: 'States of flow runs of which a target was told, since it was first configured',
    ...common,
  });
  const refused = new Counter({
    name: 'champion_forwarding_refused_total',
    help: 'States that a target will never take and that were passed over',
    ...common,
  });
  const lost = new Counter({
    name: 'champion_forwarding_lost_total',
    help: 'States that were removed by their age before a target could be told of them',
    ...common,
  });
  const metrics = [pending, attempts, last, sent, refused, lost];
  const targetOf = known(FORWARDED_TO);
  return {
    name: 'forwarding',
    everyMs: EVERY_MS,
    collect: async () => {
      const followers = await plane.followers.status();
      for (const each of metrics) each.reset();
      for (const follower of followers) {
        const target = { target: targetOf(follower.name) };
        pending.set(target, follower.pending);
        attempts.set(target, follower.attempts);
        if (follower.lastToldAt !== null) last.set(target, follower.lastToldAt.getTime() / 1_000);
        sent.inc(target, follower.told);
        refused.inc(target, follower.refused);
        lost.inc(target, follower.lost);
      }
    },
    clear: () => {
      for (const each of metrics) each.reset();
    },
  };
}
