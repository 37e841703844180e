// Reads a Dockerfile as far as the check of deploy/ has to: instructions, build stages, what is copied from where.

/**
 * @typedef {{ keyword: string, text: string, line: number }} Instruction text: with its continued lines joined
 * @typedef {object} Stage
 * @property {string} name its alias, or its number
 * @property {string} base image or stage
 * @property {number} line
 * @property {Instruction[]} instructions those after FROM
 * @typedef {{ from: string | undefined, sources: string[], line: number }} Copied from: a stage, or undefined for the context
 */

/** @param {string} text @returns {Instruction[]} */
function instructionsOf(text) {
  /** @type {Instruction[]} */
  const instructions = [];
  let open = false;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const part = content.replace(/\\$/, '').trim();
    const last = instructions.at(-1);
    if (open && last !== undefined) last.text = `${last.text} ${part}`;
    else {
      const [, keyword = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(part) ?? [];
      instructions.push({ keyword: keyword.toUpperCase(), text: rest, line: index + 1 });
    }
    open = content.endsWith('\\');
  }
  return instructions;
}

/** @param {string} text a Dockerfile @returns {Stage[]} */
export function stagesOf(text) {
  /** @type {Map<string, string>} */
  const args = new Map();
  /** @type {Stage[]} */
  const stages = [];
  for (const instruction of instructionsOf(text)) {
    if (instruction.keyword === 'FROM') {
      const filled = instruction.text.replace(/\$\{?(\w+)\}?/g, (_, name) => args.get(name) ?? '');
      const [base = '', , alias] = filled.split(/\s+/);
      stages.push({ name: alias ?? String(stages.length), base, line: instruction.line, instructions: [] });
    } else if (stages.length === 0) {
      const [name = '', value = ''] = instruction.text.split('=');
      if (instruction.keyword === 'ARG') args.set(name, value);
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** @param {Stage} stage @returns {Copied[]} */
export function copiedBy({ instructions }) {
  return instructions
    .filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD')
    .map(({ text, line }) => {
      const words = text.split(/\s+/);
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const paths = words.filter((word) => !word.startsWith('--'));
      return { from, sources: paths.slice(0, -1), line };
    });
}

/** What ENV sets, by name. @param {Stage} stage @returns {Map<string, string>} */
export function environmentOf({ instructions }) {
  const pairs = instructions
    .filter(({ keyword }) => keyword === 'ENV')
    .flatMap(({ text }) => [...text.matchAll(/([A-Za-z_]\w*)=("[^"]*"|\S*)/g)]);
  return new Map(pairs.map(([, name = '', value = '']) => [name, value.replace(/^"|"$/g, '')]));
}

/** The last instruction of a kind. @param {Stage} stage @param {string} keyword */
export function lastOf({ instructions }, keyword) {
  return instructions.findLast((instruction) => instruction.keyword === keyword);
}

/**
 * Whether .dockerignore lets a path of the repository into the build. Of its syntax: comments, "!", "*" and "**".
 * @param {string} ignore content of .dockerignore
 * @param {string} path
 */
export function isSent(ignore, path) {
  const rules = ignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const parts = path.split('/');
  const above = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  let sent = true;
  for (const rule of rules) {
    const pattern = patternOf(rule.replace(/^!/, '').replace(/^\/|\/$/g, ''));
    if (above.some((part) => pattern.test(part))) sent = rule.startsWith('!');
  }
  return sent;
}

/** @param {string} glob */
function patternOf(glob) {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (star) =>
      star === '**/' ? '(?:.*/)?' : star === '**' ? '.*' : star === '*' ? '[^/]*' : '[^/]',
    );
  return new RegExp(`^${source}$`);
}
