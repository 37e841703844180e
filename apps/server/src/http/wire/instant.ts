export function instant(at: Date): string {
  return at.toISOString();
}

export function instantOrNull(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}

/** Seconds from one instant to another; 0 when it is the other way round. */
export function seconds(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1000;
}
