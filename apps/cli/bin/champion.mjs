#!/usr/bin/env node
// Starts the built program, building it first when a source is newer. Written in syntax that old versions of Node read
// too, so that they reach the message below.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: champion needs Node 20.19 or later; this is ${process.versions.node}\n`);
  process.stderr.write(
    'hint:  install a current Node from https://nodejs.org, or run: npx node@22 apps/cli/bin/champion.mjs\n',
  );
  process.exit(2);
}

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const program = join(root, 'dist', 'champion.js');
const words = process.argv.slice(2);
/** Only who serves the web app and the tracking app waits for their build. */
const servesWeb =
  words.includes('up') ||
  (words.includes('server') && words.includes('start')) ||
  (words.includes('demo') && !words.includes('--once'));

start();

async function start() {
  const stale = isStale();
  if (stale || servesWeb) {
    try {
      const { buildProduct, buildSites, staleSites } = await import('../../../tools/build.mjs');
      const webStale = servesWeb && staleSites().length > 0;
      if ((stale || webStale) && process.stderr.isTTY) process.stderr.write('building…\n');
      if (stale) await buildProduct();
      if (webStale) await buildSites().catch(withoutWeb);
    } catch (error) {
      process.stderr.write(`error: champion could not be built: ${error instanceof Error ? error.message : error}\n`);
      process.stderr.write(`hint:  run npm install in ${root}\n`);
      process.exit(1);
    }
  }
  await import(pathToFileURL(program).href);
}

/** The platform runs without its pages, or with those of the last build. @param {unknown} error */
function withoutWeb(error) {
  process.stderr.write(`warning: the web app could not be built: ${error instanceof Error ? error.message : error}\n`);
  process.stderr.write(`hint:  mend apps/web, or run npm install in ${root}; everything else starts\n`);
}

/** True when the program is missing or older than a source file. */
function isStale() {
  const built = statSync(program, { throwIfNoEntry: false });
  return built === undefined || sources().some((file) => newer(file, built.mtimeMs));
}

function sources() {
  const files = [join(root, 'tools', 'build.mjs')];
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, group))) {
      if (name === 'web') continue;
      const src = join(root, group, name, 'src');
      if (!statSync(src, { throwIfNoEntry: false })) continue;
      // Folders are listed too: their time tells of a file removed.
      for (const file of readdirSync(src, { recursive: true })) files.push(join(src, String(file)));
    }
  }
  return files.filter((file) => !file.endsWith('.test.ts'));
}

/** @param {string} file @param {number} builtAt */
function newer(file, builtAt) {
  const changed = statSync(file, { throwIfNoEntry: false });
  return changed !== undefined && changed.mtimeMs > builtAt;
}
