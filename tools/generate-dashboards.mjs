// Writes Grafana's dashboards from their definitions in tools/dashboards/.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repoRoot } from './build.mjs';
import { dashboards } from './dashboards/index.mjs';
import { toGrafana } from './dashboards/panel.mjs';

export const dashboardFolder = 'deploy/grafana/dashboards';

/** The text of each dashboard's file, by its name. @returns {Map<string, string>} */
export function dashboardFiles() {
  // As the formatter has it: a list of one word stays on its line.
  const lines = (/** @type {object} */ value) =>
    JSON.stringify(value, null, 2).replace(/\[\n\s+("[^"\n]*")\n\s+\]/g, '[$1]');
  return new Map(dashboards.map((dashboard) => [`${dashboard.uid}.gen.json`, `${lines(toGrafana(dashboard))}\n`]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(repoRoot, dashboardFolder);
  mkdirSync(folder, { recursive: true });
  const files = dashboardFiles();
  for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}
