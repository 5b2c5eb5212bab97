/** One row of the table of hostile peers: what somebody does, and what comes of it. The README of the protocol has the same rows. */
export interface Row {
  /** Who must bear it. */
  readonly victim: 'gateway, from its lond' | 'gateway, from a local client' | 'lond, from a caller' | 'all, from their files';
  /** As in the README. */
  readonly name: string;
  /** The limit that bounds it, by its name in the code; absent: nothing has to. */
  readonly limit?: string;
  /** The slug by which the victim's log tells of it; absent: nothing to tell. */
  readonly log?: string;
  /** Plays it and expects what has to be. Returns the slugs the victim logged. */
  play(): readonly string[];
}
