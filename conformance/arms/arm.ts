/**
 * An arm plays one case somewhere: in the simulator (sim.ts) or on this computer (node/arm.ts). The runner does not
 * know which it has.
 */
import { concat, EMPTY } from '../../src/host/bytes.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Case, ChannelName, Item, Verdict, Wiring } from '../case.ts';
import { CHANNEL_LIMIT } from '../judge/inbox.ts';
import type { Peer } from '../peer.ts';
import type { Pressure } from '../play/pressure.ts';
import type { Played } from '../play/tester.ts';

export interface Play {
  readonly case: Case;
  readonly wiring: Wiring;
  readonly implementation: Peer;
  readonly patience: number;
  /** In thousandths, as `patience`: how many times as fast the implementation's own timers run. */
  readonly timeScale: number;
  /** Another one for each play of a case. */
  readonly seed: string;
  readonly pressure?: Pressure;
}

/** What is kept of the machine of a case. */
export interface Outcome {
  readonly verdict: Verdict | undefined;
  inbox(channel: ChannelName): { readonly history: readonly Item[] };
}

export interface Recorded {
  /** Absent when the case did not come to its end: the arm gave up. */
  readonly played: (Omit<Played, 'machine'> & { readonly machine: Outcome }) | undefined;
  readonly events: readonly TraceEvent[];
  /** The process of the trace that is the tester. */
  readonly tester: string;
  readonly clock: 'virtual' | 'monotonic';
  /** How long it took by the clock on the wall, in milliseconds; none in virtual time, so that two reports are equal. */
  readonly millis: number | undefined;
  /** When it began by the clock on the wall, in microseconds of Unix; nothing in virtual time. */
  readonly started?: number;
  /** What a daemon of ours threw. */
  readonly bugs: readonly string[];
  /** Why the implementation could not be met at all: no finding, and no reason to go on. */
  readonly setup?: string;
  /** The user has stopped it in its midst: it says nothing, and is no row. */
  readonly cut?: boolean;
}

export interface Arm {
  readonly name: 'sim' | 'node';
  /** Whether cases can be played side by side: not where all of them meet one implementation. */
  readonly parallel?: boolean;
  play(play: Play): Recorded | Promise<Recorded>;
}

/** What brings bytes: of a stream, and of a datagram. */
export const BRINGING: readonly TraceEvent['kind'][] = ['recv', 'receive'];

/**
 * What came on a channel beyond what the machine looks at is left out of the trace, less one byte: enough to see again that
 * it was too much. `before` is what the trace holds of the channel so far.
 */
export function elided(event: TraceEvent, before: number): TraceEvent {
  const length = event.bytes?.length ?? 0;
  const kept = Math.max(0, CHANNEL_LIMIT + 1 - before);
  if (!BRINGING.includes(event.kind) || length <= kept) return event;
  return { ...event, bytes: event.bytes?.subarray(0, kept), data: { ...event.data, elided: length - kept } };
}

/** Reads of one channel that a trace shows as they were; then those between which nothing else happened are put together. */
const READS_SHOWN = 1_000;
const JOINED_LIMIT = 1_024;

/**
 * The two as one read, where the second of so many is not worth an event of its own: what nobody looks at is counted, and a stream
 * cut in another way says the same.
 */
export function joinedReads(last: TraceEvent, event: TraceEvent, reads: number): TraceEvent | undefined {
  if (event.kind !== 'recv' || last.kind !== 'recv' || last.channel !== event.channel || last.process !== event.process) return undefined;
  const [before, more] = [last.bytes ?? EMPTY, event.bytes ?? EMPTY];
  if (more.length > 0 && (reads <= READS_SHOWN || before.length + more.length > JOINED_LIMIT)) return undefined;
  const elided = Number(last.data?.['elided'] ?? 0) + Number(event.data?.['elided'] ?? 0);
  return { ...last, bytes: concat([before, more]), data: { ...last.data, ...(elided === 0 ? {} : { elided }) } };
}

/** An arm to be closed when the run is over. */
export interface AdaptedArm extends Arm {
  close(): Promise<void>;
  /** What a reader of the report should know of the meeting. */
  readonly warnings: readonly string[];
}
