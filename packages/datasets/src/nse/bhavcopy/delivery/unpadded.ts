const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const COMMA = 44;

/** A CSV file without the spaces around its fields, line for line the same otherwise. */
export function unpadded(file: Buffer): Buffer {
  const out = Buffer.allocUnsafe(file.length);
  let length = 0;
  let fieldStart = 0;
  const endField = () => {
    while (length > fieldStart && out[length - 1] === SPACE) length--;
  };
  const endLine = () => {
    const carriageReturn = length > fieldStart && out[length - 1] === RETURN;
    if (carriageReturn) length--;
    endField();
    if (carriageReturn) out[length++] = RETURN;
  };
  for (let i = 0; i < file.length; i++) {
    const byte = file[i] ?? 0;
    if (byte === SPACE && length === fieldStart) continue;
    if (byte === COMMA) endField();
    else if (byte === NEWLINE) endLine();
    out[length++] = byte;
    if (byte === COMMA || byte === NEWLINE) fieldStart = length;
  }
  endLine();
  return out.subarray(0, length);
}
