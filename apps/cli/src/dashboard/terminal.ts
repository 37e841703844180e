import type { Key } from 'ink';
import type { Style } from '../output/style.ts';
import type { Dashboard } from './dashboard.ts';
import { type Frame, frame } from './frame.ts';

export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly style: Style;
}

/** The screen that full-screen programs have to themselves; what was there before comes back afterwards. */
const ENTER = '\u001b[?1049h\u001b[2J\u001b[H';
const LEAVE = '\u001b[?1049l';

/** Shows a dashboard until it is closed, and leaves the terminal as it was, whatever happens. */
export async function showOn({ stdin, stdout, style }: Terminal, dashboard: Dashboard): Promise<void> {
  const { Box, createElement, render, Text, useInput } = await loadInk();
  // The last line stays free: a frame as high as the terminal makes ink clear the screen each time.
  const draw = (): Frame => frame(dashboard.view, stdout.columns || 80, Math.max(6, (stdout.rows || 24) - 1), style);
  const press = (letter: string, key: Key): void => {
    const { mostScroll } = draw();
    const page = Math.max(1, (stdout.rows || 24) - 6);
    if (letter === 'q' || (key.ctrl && letter === 'c')) dashboard.close();
    else if (/^[1-8]$/.test(letter)) dashboard.show(Number(letter) - 1);
    else if ((key.tab && key.shift) || key.leftArrow || letter === 'h') dashboard.step(-1);
    else if (key.tab || key.rightArrow || letter === 'l') dashboard.step(1);
    else if (key.downArrow || letter === 'j') dashboard.scroll(1, mostScroll);
    else if (key.upArrow || letter === 'k') dashboard.scroll(-1, mostScroll);
    else if (key.pageDown || letter === ' ') dashboard.scroll(page, mostScroll);
    else if (key.pageUp) dashboard.scroll(-page, mostScroll);
    else if (letter === 'g') dashboard.scroll(-mostScroll, mostScroll);
    else if (letter === 'G') dashboard.scroll(mostScroll, mostScroll);
    else if (letter === '?') dashboard.toggleHelp();
    else if (letter === 'r') dashboard.refresh();
  };
  const App = ({ lines }: { lines: readonly string[] }) => {
    useInput((input, key) => {
      // What is typed quickly arrives together.
      for (const letter of input.length > 1 ? input : [input]) press(letter, key);
    });
    return createElement(
      Box,
      { flexDirection: 'column' },
      // An empty text has no height.
      lines.map((line, i) => createElement(Text, { key: i, wrap: 'truncate' }, line === '' ? ' ' : line)),
    );
  };
  const app = () => createElement(App, { lines: draw().lines });

  const leave = (): void => {
    stdout.write(LEAVE);
  };
  stdout.write(ENTER);
  process.once('exit', leave);
  const shown = render(app(), { stdin, stdout, exitOnCtrlC: false, patchConsole: false });
  const redraw = (): void => shown.rerender(app());
  dashboard.onChange(redraw);
  stdout.on('resize', redraw);
  try {
    await dashboard.run();
  } finally {
    dashboard.close();
    stdout.off('resize', redraw);
    shown.unmount();
    await shown.waitUntilExit();
    process.off('exit', leave);
    leave();
  }
}

/** What only an interactive dashboard needs; it takes a quarter of a second to load. */
async function loadInk() {
  // React's development half keeps a record of every draw, for ever; and ink draws nothing where it takes a terminal for
  // a build machine. Both look here, once, when they are loaded.
  process.env.NODE_ENV ??= 'production';
  process.env.CI = 'false';
  process.env.CONTINUOUS_INTEGRATION = 'false';
  const [{ Box, render, Text, useInput }, { createElement }] = await Promise.all([import('ink'), import('react')]);
  return { Box, createElement, render, Text, useInput };
}
