import { createHmac } from 'node:crypto';
import { plural } from '@champion/core';
import { type Facts, valuesOf } from './facts.ts';
import type { Address, StoredRule } from './rule.ts';
import { render, type Values } from './template.ts';

/** What is posted to a target. */
export interface Payload {
  /** The message as people read it. */
  readonly text: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Alert {
  readonly deliveryId: string;
  readonly facts: Facts;
  /** How many alike were not sent. */
  readonly suppressed: number;
}

/** What a message needs to know of its rule, and where it goes. */
export type Sender = Pick<StoredRule, 'id' | 'name' | 'template'> & { readonly target: Address };

/** @param at when it is sent */
export function payloadOf(rule: Sender, alert: Alert, at: Date): Payload {
  const isSlack = rule.target.type === 'slack';
  const text = textOf(rule, alert, isSlack);
  const body = JSON.stringify(isSlack ? { text } : webhookBody(rule, alert, text));
  const signature =
    rule.target.type === 'webhook' && rule.target.secret !== undefined
      ? { 'champion-signature': sign(body, rule.target.secret, at) }
      : {};
  return {
    text,
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'champion-alerts',
      'champion-delivery': alert.deliveryId,
      ...signature,
    },
  };
}

/**
 * `t=<seconds>,v1=<hex>`: HMAC-SHA256 of "<seconds>.<body>". The time is signed with the body, so that an old request
 * can't be sent again as a new one.
 */
function sign(body: string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** In Slack's messages only these three begin something: links, mentions of everybody, entities. */
export function escapeSlack(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function textOf(rule: Sender, { facts, suppressed }: Alert, isSlack: boolean): string {
  const clean = isSlack ? escapeSlack : (value: string) => value;
  const values = valuesOf(facts, rule.name);
  const text =
    rule.template === null ? ownWords(cleaned(values, clean), isSlack) : render(rule.template, values, clean);
  return suppressed === 0 ? text : `${text}\n(${plural(suppressed, 'more alert')} like this not sent)`;
}

function ownWords({ flow, run, state, message, duration, url }: Values, isSlack: boolean): string {
  const first = [isSlack ? `*${flow}*` : flow, state, run, duration].filter((part) => part !== '').join(' · ');
  return [first, message, url].filter((line) => line !== '').join('\n');
}

function cleaned(values: Values, clean: (value: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, clean(value)])) as Values;
}

function webhookBody(rule: Sender, { deliveryId, facts, suppressed }: Alert, text: string): object {
  return {
    delivery_id: deliveryId,
    rule: { id: rule.id, name: rule.name },
    kind: facts.kind,
    text,
    flow: facts.flow,
    run: facts.run,
    flow_run_id: facts.flowRunId,
    state: { type: facts.stateType, name: facts.state },
    message: facts.message,
    duration_seconds: facts.durationMs === null ? null : facts.durationMs / 1_000,
    deployment: facts.deployment,
    tags: facts.tags,
    at: facts.at,
    url: facts.url,
    suppressed,
  };
}
