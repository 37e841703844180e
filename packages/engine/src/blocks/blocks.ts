import { ChampionError, type Clock } from '@champion/core';
import { type Statements, transaction } from '../deployments/transaction.ts';
import { toJson } from '../json.ts';
import { type AddressPolicy, checkAddress } from '../notifications/address.ts';
import type { Database } from '../records/database.ts';
import { explain } from '../schedules/schedule.ts';
import { noKeyHere, type OpenBlock, openBlock, secretsOf, wrongKey } from './open-block.ts';
import { seal } from './seal.ts';
import type { Key, SecretKey } from './secret-key.ts';
import * as sql from './statements.ts';
import { type BlockUse, type StoredBlock, unknownBlock } from './stored-block.ts';
import {
  BLOCK_TYPES,
  type BlockReference,
  type BlockSlug,
  blockSlug,
  checkBlockName,
  isOptionalField,
  MASK,
  parseReference,
  referenceOf,
  secretFieldsOf,
} from './types.ts';

/** They are configuration, not data. */
const MOST_BLOCKS = 200;

/** A block as people see it: of its secrets only that they are there. */
export interface BlockRow {
  readonly id: string;
  readonly type: BlockSlug;
  readonly name: string;
  /** Secrets as MASK. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly usedBy: readonly BlockUse[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewBlock {
  readonly type: string;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  /** Undefined: this process can neither make nor read secrets. */
  readonly secretKey: SecretKey | undefined;
  /** Where webhooks may lead. */
  readonly policy: AddressPolicy;
}

/** Typed configuration under a name. Secrets go in encrypted, and come out for those who use them alone. */
export class Blocks {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** By type and name. */
  async list(
    options: { readonly types?: readonly BlockSlug[]; readonly limit?: number; readonly offset?: number } = {},
  ): Promise<BlockRow[]> {
    const { types, limit = MOST_BLOCKS, offset = 0 } = options;
    const values = [types ?? null, Math.min(limit, MOST_BLOCKS), offset];
    return (await this.#options.database.run<StoredBlock>(sql.LIST_BLOCKS, values)).map(masked);
  }

  async find(id: string): Promise<BlockRow | undefined> {
    const [row] = await this.#options.database.run<StoredBlock>(sql.FIND_BLOCK, [id]);
    return row && masked(row);
  }

  async findByName({ type, name }: BlockReference): Promise<BlockRow | undefined> {
    const [row] = await this.#options.database.run<StoredBlock>(sql.FIND_BLOCK_BY_NAME, [type, name]);
    return row && masked(row);
  }

  /**
   * What a block holds, its secrets included, for whoever uses it. It is never to be written anywhere.
   * @param reference "slack-webhook/ops"
   * @throws ChampionError NOT_FOUND, INVALID_INPUT; CONFIG for a missing or wrong key
   */
  open(reference: string): Promise<OpenBlock> {
    return openBlock(this.#options.database, this.#options.secretKey, reference);
  }

  /** @throws ChampionError NOT_FOUND for an unknown type, INVALID_INPUT, CONFIG for a missing or wrong key */
  async create(given: NewBlock): Promise<BlockRow> {
    const { database, clock } = this.#options;
    const type = blockSlug(given.type);
    checkBlockName(given.name);
    const reference = { type, name: given.name };
    const data = this.#parse(type, given.data);
    const id = await transaction(database, async (tx) => {
      const [made] = await tx.run<{ id: string }>(sql.INSERT_BLOCK, [
        type,
        given.name,
        ...(await this.#columns(tx, reference, data)),
        clock.now(),
        MOST_BLOCKS,
      ]);
      if (made !== undefined) return made.id;
      throw (await tx.run(sql.FIND_BLOCK_BY_NAME, [type, given.name])).length > 0 ? nameTaken(reference) : tooMany();
    });
    return this.#present(id);
  }

  /**
   * Changes what a block holds. A secret given as its mask stays, and so does what is not given, unless `replace`; null
   * takes an optional field away.
   * @throws ChampionError NOT_FOUND, INVALID_INPUT, CONFIG for a missing or wrong key
   */
  async update(
    id: string,
    given: Readonly<Record<string, unknown>>,
    { replace = false }: { readonly replace?: boolean } = {},
  ): Promise<BlockRow> {
    const { database, clock, secretKey } = this.#options;
    await transaction(database, async (tx) => {
      const [row] = await tx.run<StoredBlock>(sql.LOCK_BLOCK, [id]);
      if (row === undefined) throw unknownBlock(id);
      const kept = row.secretFields.filter((field) => (replace ? given[field] === MASK : isKept(given[field])));
      // With every secret given anew the old ones need not be read: that is the way out of a lost key.
      const before = kept.length === 0 ? row.data : { ...row.data, ...(await secretsOf(row, secretKey)) };
      const merged = Object.fromEntries([
        ...Object.entries(before).filter(([field]) => !replace || kept.includes(field)),
        ...Object.entries(given).filter(([field, value]) => value !== undefined && !kept.includes(field)),
      ]);
      const optional = Object.fromEntries(
        Object.entries(merged).filter(([field, value]) => value !== null || !isOptionalField(row.type, field)),
      );
      const data = this.#parse(row.type, optional);
      await tx.run(sql.UPDATE_BLOCK, [id, ...(await this.#columns(tx, row, data, id)), clock.now()]);
    });
    return this.#present(id);
  }

  /** @throws ChampionError NOT_FOUND, or INVALID_INPUT that names what uses it */
  async delete(id: string): Promise<void> {
    await transaction(this.#options.database, async (tx) => {
      const [row] = await tx.run<StoredBlock>(sql.LOCK_BLOCK, [id]);
      if (row === undefined) throw unknownBlock(id);
      // Asked again, for a rule may have come while the lock was waited for.
      const [now] = await tx.run<StoredBlock>(sql.FIND_BLOCK, [id]);
      const users = now?.usedBy ?? [];
      if (users.length > 0) {
        const names = users.map(({ name }) => name);
        throw new ChampionError(
          `The block ${referenceOf(row)} is used by the notification ${names.length === 1 ? 'rule' : 'rules'} ${names.join(', ')}`,
          {
            code: 'INVALID_INPUT',
            hint: 'Give the rules another target first, or delete them.',
            context: { block: referenceOf(row), rules: names },
          },
        );
      }
      await tx.run(sql.DELETE_BLOCK, [id]);
    });
  }

  #parse(type: BlockSlug, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const checked = BLOCK_TYPES[type].schema.safeParse(given);
    if (!checked.success) {
      const issues = checked.error.issues.map(({ path, message, code }) => ({
        loc: ['body', 'data', ...path.map(String)],
        msg: message,
        type: code,
      }));
      throw unusable(explain(checked.error), { issues });
    }
    const { data } = checked;
    if ('url' in data) {
      checkAddress(data.url, this.#options.policy, (why, hint) =>
        unusable(why, { issues: [{ loc: ['body', 'data', 'url'], msg: why, type: 'address' }] }, hint),
      );
    }
    return data;
  }

  /** data, secret_fields, sealed, key_id */
  async #columns(
    tx: Statements,
    reference: BlockReference,
    data: Readonly<Record<string, unknown>>,
    id: string | null = null,
  ): Promise<unknown[]> {
    const known = secretFieldsOf(reference.type);
    const isSecret = (field: string) => known.includes(field);
    const plain = Object.entries(data).filter(([field]) => !isSecret(field));
    const secrets = Object.entries(data).filter(([field, value]) => isSecret(field) && value !== undefined);
    const first = toJson(Object.fromEntries(plain));
    if (secrets.length === 0) return [first, [], null, null];
    const key = await this.#sealingKey(tx, id);
    const sealed = seal(Object.fromEntries(secrets) as Record<string, string>, referenceOf(reference), key);
    return [first, secrets.map(([field]) => field), sealed, key.id];
  }

  /** The one key of the database; a new one only while nothing is encrypted yet. */
  async #sealingKey(tx: Statements, id: string | null): Promise<Key> {
    const { secretKey } = this.#options;
    if (secretKey === undefined) throw noKeyHere();
    await tx.run(sql.LOCK_SEALING, []);
    const used = await tx.run<{ keyId: string; example: string }>(sql.KEYS_IN_USE, [id]);
    const key = used.length === 0 ? await secretKey.findOrMake() : await secretKey.find();
    const other = used.find(({ keyId }) => keyId !== key?.id);
    if (other !== undefined || key === undefined) {
      throw wrongKey(other?.example ?? '', other?.keyId ?? '', key, secretKey.place);
    }
    return key;
  }

  async #present(id: string): Promise<BlockRow> {
    const block = await this.find(id);
    if (block === undefined) throw unknownBlock(id);
    return block;
  }
}

/**
 * Keeps a block that is about to be used from being deleted until the transaction ends.
 * @throws ChampionError NOT_FOUND
 */
export async function holdBlock(tx: Statements, text: string): Promise<void> {
  const { type, name } = parseReference(text);
  if ((await tx.run(sql.HOLD_BLOCK, [type, name])).length === 0) throw unknownBlock(text);
}

function masked(row: StoredBlock): BlockRow {
  const { id, type, name, usedBy, createdAt, updatedAt } = row;
  const secrets = Object.fromEntries(row.secretFields.map((field) => [field, MASK]));
  return { id, type, name, data: { ...row.data, ...secrets }, usedBy, createdAt, updatedAt };
}

function isKept(given: unknown): boolean {
  return given === undefined || given === MASK;
}

function unusable(why: string, context: Readonly<Record<string, unknown>>, hint?: string): ChampionError {
  return new ChampionError(`The block can't be used: ${why}`, {
    code: 'INVALID_INPUT',
    hint: hint ?? 'What each type holds is said by: champion block types',
    context,
  });
}

function nameTaken(reference: BlockReference): ChampionError {
  return new ChampionError(`There is a block ${referenceOf(reference)} already`, {
    code: 'BUSY',
    hint: 'Change that one, or choose another name.',
    context: { block: referenceOf(reference) },
  });
}

function tooMany(): ChampionError {
  return new ChampionError(`There are ${MOST_BLOCKS} blocks already`, {
    code: 'INVALID_INPUT',
    hint: 'Delete one that nothing uses.',
  });
}
