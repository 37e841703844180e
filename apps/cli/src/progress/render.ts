import { plural } from '@champion/core';
import type { Style } from '../output/style.ts';
import { duration, padEnd, padStart, printable, truncate, widthOf } from '../output/text.ts';
import { markOf, wordOf, wordsOf } from './marks.ts';
import { isOver, type RunProgress, type TaskProgress } from './tracker.ts';

/**
 * tasks: each task of a run on a line, each of its child runs on one; runs: each run on a line, with what it is doing,
 * its children told by a count.
 */
export type Detail = 'tasks' | 'runs';

export interface View {
  readonly detail: Detail;
  readonly style: Style;
  /** Epoch milliseconds, for what is still under way. */
  readonly now: number;
  /** Turns the mark of what is under way; left out, it stands still. */
  readonly frame?: number;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The state of runs as lines no wider than the terminal. */
export function renderRuns(runs: readonly RunProgress[], view: View): string[] {
  const childrenOf = (parent: RunProgress) => runs.filter(({ parentId }) => parentId === parent.id);
  const parents = runs.filter(({ parentId }) => parentId === undefined);
  if (view.detail === 'tasks') {
    return parents.flatMap((run) => [view.style.bold(run.name), ...partLines(run, childrenOf(run), view)]);
  }
  const nameWidth = widest(parents.map(({ name }) => name));
  return parents.map((run) => runLine(run, nameWidth, view, childrenOf(run)));
}

/** What a run is made of, in the order in which it began. */
function partLines(run: RunProgress, children: readonly RunProgress[], view: View): string[] {
  const tasks = [...run.tasks.values()];
  const nameWidth = widest([...tasks, ...children].map(({ name }) => name));
  return [
    ...tasks.map((task) => ({ startedAt: task.startedAt, text: taskLine(task, nameWidth, view) })),
    ...children.map((child) => ({ startedAt: child.startedAt, text: runLine(child, nameWidth, view) })),
  ]
    .sort((a, b) => a.startedAt - b.startedAt)
    .map(({ text }) => text);
}

export function taskLine(task: TaskProgress, nameWidth: number, view: View): string {
  const word = task.replayed && task.state.type === 'COMPLETED' ? 'Completed before' : stateText(task);
  return line(
    task.state,
    padEnd(task.name, nameWidth),
    padEnd(word, 10),
    task.replayed ? '' : duration(task.durationMs ?? Math.max(0, view.now - task.startedAt)),
    task.note,
    view,
  );
}

export function runLine(
  run: RunProgress,
  nameWidth: number,
  view: View,
  children: readonly RunProgress[] = [],
): string {
  const current = [...run.tasks.values()].findLast((task) => !isOver(task.state));
  const over = isOver(run.state);
  const task = current ? `${current.name}${current.attempt > 1 ? `, attempt ${current.attempt}` : ''}` : '';
  const ended = children.filter(({ state }) => isOver(state)).length;
  const doing = task === '' && children.length > 0 ? `${ended} of ${plural(children.length, 'child run')} ended` : task;
  const elapsed = duration(run.durationMs ?? Math.max(0, view.now - run.startedAt));
  return line(
    run.state,
    padEnd(run.name, nameWidth),
    padEnd(wordsOf(run.state.name), 10),
    elapsed,
    over ? run.note : doing,
    view,
  );
}

function line(
  state: TaskProgress['state'],
  name: string,
  word: string,
  elapsed: string,
  note: string,
  view: View,
): string {
  const coloured = wordOf(state, view.style);
  const plain = wordsOf(state.name);
  const styledWord = word.startsWith(plain) ? coloured + word.slice(plain.length) : word;
  const head = `  ${markOf(state, view.style, view.frame)} ${name}  ${styledWord}  ${padStart(elapsed, 8)}`;
  const room = view.width - 1 - widthOf(head) - 2;
  return note === '' || room < 8 ? head.trimEnd() : `${head}  ${view.style.dim(truncate(printable(note), room))}`;
}

function stateText(task: TaskProgress): string {
  const word = wordsOf(task.state.name);
  return task.attempt > 1 && !isOver(task.state) ? `${word} (attempt ${task.attempt})` : word;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf));
}
