// Reads sources as syntax trees, for the checks that must not be fooled by comments, strings or layout.
import { parseAst } from 'vitest/node';

/** A node of a syntax tree (ESTree, with TypeScript's nodes). @typedef {Record<string, unknown>} Node */

/**
 * @param {string} code
 * @param {string} file its name decides the language
 * @returns {unknown} the tree. Throws an Error on text that is no program.
 */
export function parse(code, file) {
  return parseAst(code, { lang: file.endsWith('.tsx') ? 'tsx' : file.endsWith('.ts') ? 'ts' : 'js' });
}

/** @param {unknown} value @returns {value is Node} */
export function isNode(value) {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Shows every node of a tree, parents first. @param {unknown} tree @param {(node: Node) => void} see */
export function visit(tree, see) {
  if (Array.isArray(tree)) for (const item of tree) visit(item, see);
  else if (isNode(tree)) {
    see(tree);
    for (const child of Object.values(tree)) visit(child, see);
  }
}

/** The text of a string literal, concatenated ones included. @param {unknown} node @returns {string | undefined} */
export function literal(node) {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const left = literal(node.left);
  const right = literal(node.right);
  return left === undefined || right === undefined ? undefined : left + right;
}
