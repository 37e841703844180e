/** The values of one statement, by the order of their placeholders. */
export class Values {
  readonly list: unknown[] = [];

  /** @returns the placeholder, with its type: `$3::uuid[]` */
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}

/** Conditions joined by AND; none is true. */
export function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** From and to, both included. */
export interface TimeWindow {
  readonly from?: Date;
  readonly to?: Date;
}

export function within(column: string, window: TimeWindow, values: Values): string[] {
  return [
    ...(window.from === undefined ? [] : [`${column} >= ${values.add(window.from, 'timestamptz')}`]),
    ...(window.to === undefined ? [] : [`${column} <= ${values.add(window.to, 'timestamptz')}`]),
  ];
}

/** A pattern for ILIKE that finds the text itself, wherever it stands. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A whole number between 0 and `most`; `otherwise` when there is none. */
export function bounded(given: number | undefined, otherwise: number, most: number): number {
  if (given === undefined || Number.isNaN(given)) return otherwise;
  return Math.min(Math.max(Math.trunc(given), 0), most);
}
