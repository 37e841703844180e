import type { Style } from '../output/style.ts';

export interface RunState {
  readonly type: string;
  readonly name: string;
}

interface Mark {
  readonly sign: string;
  readonly colour: keyof Style;
}

const marks: Readonly<Record<string, Mark>> = {
  COMPLETED: { sign: '✓', colour: 'green' },
  FAILED: { sign: '✗', colour: 'red' },
  CRASHED: { sign: '✗', colour: 'red' },
  CANCELLED: { sign: '⊘', colour: 'yellow' },
  CANCELLING: { sign: '⊘', colour: 'yellow' },
  RUNNING: { sign: '▸', colour: 'cyan' },
};
const waiting: Mark = { sign: '·', colour: 'dim' };
const retrying: Mark = { sign: '↻', colour: 'yellow' };
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** A state's sign; with a frame number the running one turns. */
export function markOf(state: RunState, style: Style, frame?: number): string {
  const mark = markFor(state);
  const turning = frame !== undefined && state.type === 'RUNNING' ? SPINNER[frame % SPINNER.length] : undefined;
  return style[mark.colour](turning ?? mark.sign);
}

/** A state's word in its colour. */
export function wordOf(state: RunState, style: Style): string {
  return style[markFor(state).colour](wordsOf(state.name));
}

/** "AwaitingRetry" → "Awaiting retry". */
export function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function markFor(state: RunState): Mark {
  return state.name === 'AwaitingRetry' ? retrying : (marks[state.type] ?? waiting);
}
