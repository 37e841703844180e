/** The values of a statement: what comes from outside goes into its text only as $1, $2 and so on. */
export class Parameters {
  readonly values: unknown[] = [];

  /** Takes a value and gives its place, with the type that PostgreSQL shall read it as. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
