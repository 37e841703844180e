import type { Cli } from '../cli.ts';
import { headLine, loadHead, titleLines } from './head.ts';
import type { Screen, Source } from './panel.ts';
import { panels } from './panels/index.ts';

/** Prints panels and is done. @param numbers 1 to 8 */
export async function printOnce(source: Source, numbers: readonly number[], cli: Cli): Promise<void> {
  const screen: Screen = { width: cli.width, height: Number.POSITIVE_INFINITY, style: cli.out };
  const head = await loadHead(source.client);
  await cli.print(`${headLine(source.url, head, screen)}\n`);
  for (const number of numbers) {
    const panel = panels[number - 1];
    if (panel === undefined) continue;
    const draw = await panel.load(source, head);
    const lines = [...titleLines(panel, number, screen), ...draw(screen)];
    await cli.print(`\n${lines.map((line) => `${line}\n`).join('')}`);
  }
}
