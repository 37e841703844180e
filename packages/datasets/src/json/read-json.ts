import { isUtf8 } from 'node:buffer';
import { ChampionError, type SourceFile } from '@champion/core';
import { openCsv } from '../csv/index.ts';

/**
 * A published JSON document. Numbers keep the digits they were printed with, which JavaScript's numbers would not: they
 * are read with `numberText`, strings with `text`.
 */
export type JsonValue = null | boolean | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [name: string]: JsonValue | undefined };

/** Stands before the digits of a number; no published string begins with it. */
const NUMBER = '\u0000';
const MARK = '\\u0000';

/** A number as JSON allows it, at a place of the text: a value, never a name. */
const NUMBER_AT = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\s*:)/y;

/**
 * Reads a published JSON file, plain or the only member of a zip.
 * @throws ChampionError CORRUPT when it is none
 */
export async function readJson(file: SourceFile): Promise<JsonValue> {
  return parseJson(await openCsv(file), file.fileName);
}

/** @throws ChampionError CORRUPT naming the file, with its first characters */
export function parseJson(bytes: Uint8Array, fileName: string): JsonValue {
  const published = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const corrupt = (reason: string, cause?: unknown) =>
    new ChampionError(`${fileName} is not JSON: ${reason}`, {
      code: 'CORRUPT',
      hint: 'Fetch it again; the raw file is kept. A page instead of JSON means that the exchange refused to answer.',
      context: { file: fileName, bytes: bytes.length, first: published.toString('utf8', 0, 200) },
      cause,
    });
  if (!isUtf8(published)) throw corrupt('it is not UTF-8 text');
  const written = published.toString('utf8').replace(/^\ufeff/, '');
  try {
    return JSON.parse(markNumbers(written)) as JsonValue;
  } catch (error) {
    throw corrupt(written.trim() === '' ? 'it is empty' : 'it breaks off or is malformed', error);
  }
}

/** Turns each number into a marked string. A mark outside of a string makes malformed JSON, so none is let through. */
function markNumbers(json: string): string {
  const pieces: string[] = [];
  let copied = 0;
  for (let at = 0; at < json.length; ) {
    const code = json.charCodeAt(at);
    if (code === 34) {
      at = stringEnd(json, at);
    } else if (code === 45 || (code >= 48 && code <= 57)) {
      NUMBER_AT.lastIndex = at;
      const digits = NUMBER_AT.exec(json)?.[0];
      if (digits === undefined) {
        at++;
        continue;
      }
      pieces.push(json.slice(copied, at), `"${MARK}${digits}"`);
      at += digits.length;
      copied = at;
    } else {
      at++;
    }
  }
  pieces.push(json.slice(copied));
  return pieces.join('');
}

/** The place after the string that begins at a quote. */
function stringEnd(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
  }
  return json.length;
}

/** The value as an object; undefined for anything else. */
export function object(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function list(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : undefined;
}

/** A string without the spaces around it; undefined for anything else and for an empty one. */
export function text(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string' || value.startsWith(NUMBER)) return undefined;
  return value.trim() || undefined;
}

/** A number's digits as printed. */
export function numberText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.startsWith(NUMBER) ? value.slice(NUMBER.length) : undefined;
}

/** One line of JSON with the digits as printed, for showing a row. */
export function jsonText(value: JsonValue): string {
  return JSON.stringify(value).replace(/"\\u0000([^"\\]*)"/g, '$1');
}
