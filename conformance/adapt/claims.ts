/**
 * A claims file: what somebody says of an implementation, and how it is met. It is what testing people call PICS (which options
 * are implemented) and PIXIT (what a tester has to know) in one JSON file. Its schema is claims-schema.ts, and for other tools
 * conformance/schemas/claims.schema.json.
 */

export interface ClaimsFile {
  readonly $schema?: string | undefined;
  /** Wherever there is an object: for people. */
  readonly $comment?: Comment | undefined;
  readonly suite: string;
  readonly implementation: ClaimedIdentity;
  /** By the names of the suite. */
  readonly roles: Readonly<Record<string, ClaimedRole>>;
  /** Claims of the suite: it has them, or has not. null or left out: nothing is said, and nothing is tested of it. */
  readonly features?: Readonly<Record<string, boolean | null>> | undefined;
  /** By the id of a MAY: whether it does that. */
  readonly choices?: Readonly<Record<string, boolean | null>> | undefined;
  /** By the names of the suite: values that are others than its own. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** What a reader of the report has to know of it, a sentence each. */
  readonly limits?: readonly string[] | undefined;
  /** Factors of the command line, where that says nothing. */
  readonly patience?: number | undefined;
  readonly timeScale?: number | undefined;
}

export type Comment = string | readonly string[];

export interface ClaimedIdentity {
  readonly $comment?: Comment | undefined;
  readonly name: string;
  readonly version: string;
  readonly url?: string | undefined;
  readonly contact?: string | undefined;
}

/** One of: `start` alone (a process for every case), `addresses` (it is there, or is kept across cases), `shim`. */
export interface ClaimedRole {
  readonly $comment?: Comment | undefined;
  readonly start?: ClaimedStart | undefined;
  readonly stop?: ClaimedStop | undefined;
  /** Between two cases of an implementation that is kept across them. */
  readonly reset?: ClaimedCommand | undefined;
  readonly addresses?: readonly string[] | undefined;
  /** Where it is once it has been started: `udp://10.77.0.2:513`; `unix:PATH` in place of the port, in the directory of the case. */
  readonly at?: string | undefined;
  /** Programs of it that show what it knows, by the names of the suite. */
  readonly readers?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly shim?: ClaimedCommand | undefined;
}

export interface ClaimedCommand {
  readonly $comment?: Comment | undefined;
  /** Program and arguments, with placeholders. No shell reads it. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Relative to the folder of the claims file. */
  readonly directory?: string | undefined;
  /** Seconds. */
  readonly within?: number | undefined;
}

export interface ClaimedStart extends Omit<ClaimedCommand, 'within'> {
  readonly ready?: ClaimedReady | undefined;
  /** The program ends with 0 once it has started what goes on: a daemon. */
  readonly forks?: true | undefined;
  /** Where that one's pid is written down; relative to the directory of the case. */
  readonly pidFile?: string | undefined;
  /** case: a process for every case. run: one for all of them, met at `addresses`. */
  readonly lifetime?: 'case' | 'run' | undefined;
}

/** One sign. */
export interface ClaimedReady {
  readonly $comment?: Comment | undefined;
  readonly port?: true | undefined;
  readonly line?: string | undefined;
  readonly file?: string | undefined;
  /** Seconds. */
  readonly within?: number | undefined;
}

export interface ClaimedStop {
  readonly $comment?: Comment | undefined;
  readonly signal?: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGKILL' | undefined;
  readonly command?: readonly string[] | undefined;
  /** Seconds until SIGKILL. */
  readonly within?: number | undefined;
}

/** What is true in a table of what is said. */
export const claimed = (said: ClaimsFile['features']): readonly string[] =>
  Object.entries(said ?? {})
    .filter(([, value]) => value === true)
    .map(([name]) => name);

/** What is said at all. */
export const said = (table: ClaimsFile['choices']): Readonly<Record<string, boolean>> =>
  Object.fromEntries(Object.entries(table ?? {}).filter((entry): entry is [string, boolean] => entry[1] !== null));
