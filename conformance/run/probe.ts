/**
 * Whether an implementation can be tested at all, from the first of its cases: what cannot be started once, or does nothing but end
 * thrice, is not tried forty times, and nothing that this shows is a finding about the protocol.
 */
import { lastWords } from '../judge/lines.ts';
import { type End, NEVER_READY, NEVER_STARTED } from '../judge/observations.ts';
import { type Peer, peerText } from '../peer.ts';
import type { Output } from '../play/channels.ts';
import type { Graded } from './grade.ts';

/** Of a row of a case that was played. */
interface Row {
  readonly end: End;
  readonly stillborn: boolean;
  readonly verdict: Graded;
  readonly output: readonly Output[];
  /** Nothing in virtual time. */
  readonly millis: number | undefined;
}

/** So many cases from the first on in which it was stillborn, and its command line is wrong, or something that it needs is missing. */
const STILLBORN_ROWS = 3;

/** It was not there when the case was to begin. */
const neverBegan = ({ end }: Row): boolean => end === NEVER_STARTED || end.startsWith(NEVER_READY);
/** To end so may be what the case asks for. A program of the simulator has no command line that could be mistyped, and what it costs is no time. */
const diedUnasked = ({ stillborn, verdict, millis }: Row): boolean => stillborn && verdict.verdict !== 'pass' && millis !== undefined;

/** Nothing shows yet that it can be started. Rows of cases that were played, from the first on. */
export const isOpen = (played: readonly Row[]): boolean =>
  played.every(row => diedUnasked(row) && !neverBegan(row)) && played.length < STILLBORN_ROWS;

/** Why it cannot be tested; undefined when it can, as far as the rows show. */
export function obstacle(played: readonly Row[], implementation: Peer): string | undefined {
  const [first] = played;
  if (first === undefined) return undefined;
  if (neverBegan(first)) return `the implementation cannot be started: ${peerText(implementation)}: ${reasonOf(first)}`;
  if (played.length < STILLBORN_ROWS || !played.slice(0, STILLBORN_ROWS).every(diedUnasked)) return undefined;
  const said = lastWords(first.output.map(({ tail }) => tail));
  const words = said === undefined ? '' : `; it said: ${said}`;
  return `the implementation ends before it does anything: ${peerText(implementation)}: ${first.end}${words}`;
}

function reasonOf({ verdict }: Row): string {
  if (verdict.verdict === 'fail') return verdict.received;
  return 'why' in verdict ? verdict.why : '';
}
