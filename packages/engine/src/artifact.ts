import { ChampionError, linkKind, uuidV5 } from '@champion/core';
import { currentCall } from './flow-run.ts';
import { storableText, toJson } from './json.ts';
import type { ArtifactKind } from './records/run-records.ts';

interface ArtifactHead {
  /** Lower-case letters, digits and dashes; the same key of another run is another version of it. */
  readonly key: string;
  /** One line for people. */
  readonly description?: string;
}

/** What a run leaves for people to read. */
export type NewArtifact =
  | (ArtifactHead & {
      readonly kind: 'markdown';
      /** Shown without any HTML that is in it. */
      readonly markdown: string;
    })
  | (ArtifactHead & {
      readonly kind: 'table';
      /** Records with the same fields, whose order is that of the columns. */
      readonly rows: readonly Readonly<Record<string, unknown>>[];
    })
  | (ArtifactHead & {
      readonly kind: 'link';
      /** http: or https:, or a path of the web app that begins with a slash. */
      readonly href: string;
      /** Default: the address itself. */
      readonly text?: string;
    });

/** What is larger belongs into the lake, with a link to it. */
const MOST_BYTES = 256 * 1024;
/** Keys of one run. */
const MOST_PER_RUN = 100;
const KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Leaves something for people to read with the run that this is called in: by the function of a flow, or within a task. It
 * is recorded when this resolves, and kept as long as the run is. The same key again replaces what was there, so a flow
 * that is resumed, or a task that is tried again, leaves it once.
 * @throws ChampionError INVALID_INPUT outside a flow, for a key or address that cannot be, for more than 256 KiB, and for
 *   more than 100 keys of one run
 */
export async function artifact(given: NewArtifact): Promise<void> {
  const { run, taskRunId } = currentCall(`The artifact ${given.key}`);
  await run.track(record());

  async function record(): Promise<void> {
    if (run.signal.aborted) return run.halt();
    run.redaction.refuseIn(given, `The artifact ${given.key}`);
    const data = toJson(dataOf(given));
    check(given, Buffer.byteLength(data));
    const recorded = await run.host.records.putArtifact(
      {
        id: uuidV5(`artifact ${given.key}`, run.id),
        flowRunId: run.id,
        taskRunId,
        key: given.key,
        kind: given.kind satisfies ArtifactKind,
        description: given.description === undefined ? undefined : storableText(given.description),
        data,
      },
      MOST_PER_RUN,
      run.host.clock.now(),
    );
    if (!recorded) {
      throw new ChampionError(`The artifact ${given.key} is one too many: the run has ${MOST_PER_RUN} already`, {
        code: 'INVALID_INPUT',
        hint: 'Put what belongs together into one table.',
        context: { run: run.id, key: given.key },
      });
    }
  }
}

function dataOf(given: NewArtifact): unknown {
  if (given.kind === 'markdown') return given.markdown;
  if (given.kind === 'table') return given.rows;
  return { href: given.href, text: given.text ?? given.href };
}

function check(given: NewArtifact, bytes: number): void {
  const { key } = given;
  if (!KEY.test(key) || key.length > 200) {
    throw refusal(key, `"${key}" cannot be the key of an artifact`, 'Use lower-case letters, digits and dashes.');
  }
  if (given.kind === 'link' && linkKind(given.href) === undefined) {
    throw refusal(
      key,
      `The artifact ${key} leads to "${given.href}"`,
      'Give an http(s) address, or a path from the root.',
    );
  }
  if (bytes > MOST_BYTES) {
    throw refusal(
      key,
      `The artifact ${key} has ${bytes} bytes; ${MOST_BYTES} are the most it may have`,
      'Write it to the lake and leave a link, or shorten it.',
    );
  }
}

function refusal(key: string, message: string, hint: string): ChampionError {
  return new ChampionError(message, { code: 'INVALID_INPUT', hint, context: { key } });
}
