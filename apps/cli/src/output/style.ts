import { styleText } from 'node:util';

type Look = Parameters<typeof styleText>[0];

/** Marks up text for people. On anything but a terminal every function returns its text unchanged. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

interface Terminal {
  readonly isTTY?: boolean | undefined;
}

/** Colours for a terminal, unless NO_COLOR is set to anything or the terminal is dumb. */
export function styleFor(stream: Terminal, env: Readonly<Record<string, string | undefined>>): Style {
  const on = stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const look = (format: Look) => (on ? (text: string) => styleText(format, text) : (text: string) => text);
  return {
    bold: look('bold'),
    dim: look('dim'),
    red: look('red'),
    green: look('green'),
    yellow: look('yellow'),
    cyan: look('cyan'),
  };
}

/** The style of files and pipes. */
export const plainStyle: Style = styleFor({}, {});
