// Finds what a source file imports. Imports in comments and strings do not count; type-only imports do.
import { lineAt } from './repo.mjs';
import { isNode, literal, parse, visit } from './syntax.mjs';

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {number} line 1-based
 * @property {'static' | 'type' | 'dynamic'} kind type: erased when compiled; dynamic: loaded when first needed
 */

/**
 * @param {string} code
 * @param {string} file its name decides the language
 * @returns {Import[]} in order of appearance. Throws an Error on text that is no program.
 */
export function importsOf(code, file) {
  /** @type {Import[]} */
  const found = [];
  visit(parse(code, file), (node) => {
    const specifier = specifierOf(node);
    if (specifier) found.push({ specifier, line: lineAt(code, Number(node.start)), kind: kindOf(node) });
  });
  return found;
}

/** @param {import('./syntax.mjs').Node} node @returns {string | undefined} */
function specifierOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node.source);
    case 'TSExternalModuleReference':
      return literal(node.expression);
    case 'CallExpression': {
      const named = isNode(node.callee) && node.callee.type === 'Identifier' && node.callee.name === 'require';
      return named && Array.isArray(node.arguments) ? literal(node.arguments[0]) : undefined;
    }
    default:
      return undefined;
  }
}

/** @param {import('./syntax.mjs').Node} node @returns {Import['kind']} */
function kindOf(node) {
  if (node.type === 'ImportExpression') return 'dynamic';
  return node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type' ? 'type' : 'static';
}
