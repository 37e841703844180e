// Reads the table of settings, `export const variables = [{ name, default, meaning }]`, from its source.
import { lineAt } from './repo.mjs';
import { isNode, literal, parse, visit } from './syntax.mjs';

/**
 * @typedef {object} Setting
 * @property {string} name environment variable
 * @property {string | undefined} default undefined: not set unless given
 * @property {string} meaning
 * @property {number} line 1-based, in the source
 */

/**
 * @param {string} code
 * @param {string} file its name decides the language
 * @returns {Setting[]} in order of appearance; empty when there is no such table
 */
export function settingsOf(code, file) {
  /** @type {Setting[]} */
  const settings = [];
  visit(parse(code, file), (node) => {
    if (node.type !== 'VariableDeclarator' || !isNode(node.id) || node.id.name !== 'variables') return;
    visit(node.init, (inner) => {
      if (inner.type !== 'ObjectExpression' || !Array.isArray(inner.properties)) return;
      const fields = new Map(inner.properties.filter(isNode).map((field) => [keyOf(field), literal(field.value)]));
      const name = fields.get('name');
      if (name === undefined) return;
      const line = lineAt(code, Number(inner.start));
      settings.push({ name, default: fields.get('default'), meaning: fields.get('meaning') ?? '', line });
    });
  });
  return settings;
}

/** @param {import('./syntax.mjs').Node} field */
function keyOf(field) {
  return isNode(field.key) && field.key.type === 'Identifier' ? field.key.name : undefined;
}
