import { createHash } from 'node:crypto';

/** The namespace of every event id of this platform; never change it, or re-runs would no longer recognise their rows. */
export const EVENT_NAMESPACE = '8c3fdc3f-6f0e-5f07-9d5e-3f1c1f7a6b52';

function namespaceBytes(namespace: string): Buffer {
  return Buffer.from(namespace.replaceAll('-', ''), 'hex');
}

const eventNamespace = namespaceBytes(EVENT_NAMESPACE);

/** UUID version 5 (RFC 9562): SHA-1 of a namespace and a name. The same name always gives the same id. */
export function uuidV5(name: string, namespace: string = EVENT_NAMESPACE): string {
  const bytes = namespace === EVENT_NAMESPACE ? eventNamespace : namespaceBytes(namespace);
  const hash = createHash('sha1').update(bytes).update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The id of a fact: the same for the same dataset and business key whatever file it came from, so that a re-run or a
 * corrected file replaces rather than repeats.
 * @param dataset dataset name, for example "bhavcopy"
 * @param key the parts of the business key in order, for example [trade_date, symbol, series]
 */
export function eventId(dataset: string, key: readonly string[]): string {
  return uuidV5(`${dataset}\u001f${key.join('\u001f')}`);
}
