import { ChampionError } from '@champion/core';

/**
 * The gate for SQL that a person wrote. The engine's read-only mode already refuses writes, DDL, SET, SETTINGS and the
 * table functions that reach outside; this adds what that mode lets through in an embedded engine: INTO OUTFILE (writes
 * any file), the scalar function file() (reads any file), eval() (hides either in a string) and KILL QUERY. It judges
 * the text as the engine itself prints it, one statement, comments gone, so that spelling cannot get around it.
 */
export function checkReadOnly(canonical: string, tableFunctions: readonly string[]): void {
  const text = withoutLiterals(canonical);
  if (/['`]/.test(text.replaceAll("''", '').replaceAll('``', ''))) throw refusal('its quotes do not match');
  // Its value is not in the text, and may be the name of anything.
  if (/\bIdentifier\s*\}/i.test(text)) throw refusal('a parameter cannot be a name', 'Write the name into the query.');
  const verb = /^[\s(]*([A-Za-z]+)/.exec(text)?.[1]?.toUpperCase() ?? '';
  if (!READING.has(verb)) throw refusal(`${verb || 'this'} is not a reading statement`);
  if (/\bINTO\s+OUTFILE\b/i.test(text)) throw refusal('INTO OUTFILE writes a file');
  if (/\bPARALLEL\s+WITH\b/i.test(text)) throw refusal('only one statement runs at a time');
  if (/\bFORMAT\s+[A-Za-z]\w*\s*(\bSETTINGS\b.*)?$/is.test(text)) {
    throw refusal('FORMAT is chosen by the caller', 'Leave FORMAT out; on the command line use -o json or -o csv.');
  }
  const function_ = FORBIDDEN_FUNCTION.exec(text)?.[1];
  if (function_ !== undefined) throw refusal(`${function_}() reaches outside the warehouse`);
  const outside = new Set(tableFunctions.map((name) => name.toLowerCase()).filter((name) => !INSIDE.has(name)));
  for (const [, name = ''] of text.matchAll(/\b(\w+)\s*\(/g)) {
    if (outside.has(name.toLowerCase())) throw refusal(`the table function ${name}() reaches outside the warehouse`);
  }
}

const READING = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'EXISTS', 'EXPLAIN']);

/** Table functions that compute or read our own tables; any other one is refused, those of future versions included. */
const INSIDE = new Set([
  'format',
  'generate_series',
  'generaterandom',
  'generateseries',
  'merge',
  'null',
  'numbers',
  'numbers_mt',
  'primes',
  'sqlstandardvalues',
  'values',
  'view',
  'viewexplain',
  'zeros',
  'zeros_mt',
]);

/** Not only as a call: a function can be handed over by its bare name, as in arrayMap(file, [...]). */
const FORBIDDEN_FUNCTION =
  /\b(file|catboostEvaluate|reverseDNSQuery|ai(?:Classify|Embed|Extract|Generate|Translate))\b/i;

/** Strings and quoted names emptied, in one pass: a quote within one of them begins no other. */
function withoutLiterals(canonical: string): string {
  return canonical.replace(/'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.|``)*`/gs, (quoted) => quoted.charAt(0).repeat(2));
}

function refusal(reason: string, hint?: string): ChampionError {
  return new ChampionError(`this SQL is not run: ${reason}`, {
    code: 'INVALID_INPUT',
    hint: hint ?? 'Only reading the warehouse is allowed here: SELECT, SHOW, DESCRIBE, EXISTS and EXPLAIN.',
  });
}
