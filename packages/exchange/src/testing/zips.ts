import { crc32, deflateRawSync } from 'node:zlib';

/** A member as it is written into a zip; each claim can be made to differ from the truth. */
interface MemberSpec {
  readonly name: string;
  readonly data?: string | Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** Claims of the directory. */
  readonly uncompressedSize?: number;
  readonly compressedSize?: number;
}

/** Writes a zip by hand, so that it can be wrong in every way. */
export function zipOf(...members: readonly MemberSpec[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const data = Buffer.from(member.data ?? '');
    const method = member.method ?? 8;
    const packed = method === 8 ? deflateRawSync(data) : data;
    const flags = member.flags ?? 0;
    const crc = member.crc ?? crc32(data);
    const compressedSize = member.compressedSize ?? packed.length;
    const uncompressedSize = member.uncompressedSize ?? data.length;

    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(compressedSize, 14);
    common.writeUInt32LE(uncompressedSize, 18);
    common.writeUInt16LE(name.length, 22);

    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(20, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, name);

    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, entries, end]);
}
