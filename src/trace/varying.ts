/**
 * What of messages varies from one run to the next, as a table of the protocol: for whoever compares what was said with what is.
 * Lacks: any protocol.
 */

/**
 * How a field of what was said compares with the same of another run, or of another program. exact: it is the same. bound: it is another value in
 * each run, and what peers say of it is said of that one (a challenge). structural: it is there. ignore: it may be missing.
 */
export type FieldMode = 'exact' | 'bound' | 'structural' | 'ignore';

/** A row of what varies from one run to the next; what no row is of is exact. */
export interface Varying {
  /** `*` is any. */
  readonly type: string;
  readonly field: string;
  /** Of a value that matches this whole, as a regular expression; absent: of any. */
  readonly when?: string;
  readonly mode: FieldMode;
  /** Of what is bound: the name under which a case saves it, where the channels of the role look for it (a key). */
  readonly as?: string;
}

export const modeOf = (...asked: Parameters<typeof rowOf>): FieldMode => rowOf(...asked)?.mode ?? 'exact';

/** The first row that fits counts. */
export function rowOf(varies: readonly Varying[], type: string, field: string, value: string): Varying | undefined {
  const fits = (each: Varying): boolean =>
    (each.type === '*' || each.type === type) &&
    (each.field === '*' || each.field === field) &&
    (each.when === undefined || new RegExp(`^(?:${each.when})$`, 's').test(value));
  return varies.find(fits);
}
