/**
 * What a peer did that its protocol forbids: a value, never an exception.
 */

export interface FrameViolation {
  readonly kind: 'violation';
  /** The sentence of the protocol that was broken. */
  readonly clause: string;
  /** What was seen instead, and what was expected. For people. */
  readonly detail: string;
  /** Where in the peer's bytes. */
  readonly offset: number;
}

export const violation = (clause: string, detail: string, offset: number): FrameViolation => ({
  kind: 'violation',
  clause,
  detail,
  offset,
});
