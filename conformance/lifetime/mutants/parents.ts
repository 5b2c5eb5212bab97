/**
 * Broken parents: each is right but for one thing. What they have to fail is in mutants.ts.
 */
import type { Daemon } from '../../../src/host/host.ts';
import { HEIR } from './children.ts';
import type { ParentPlan } from './clumsy-parent.ts';
import { clumsyParent } from './clumsy-parent.ts';

export interface BrokenParent {
  readonly text: string;
  readonly daemon: Daemon;
}

/** Not broken at all. */
export const PLAIN_PARENT: Daemon = clumsyParent({});

const broken = (text: string, plan: ParentPlan): BrokenParent => ({ text, daemon: clumsyParent(plan) });

export const BROKEN_PARENTS: Readonly<Record<string, BrokenParent>> = {
  // starting
  'no-event-options': broken('asks its child for no events', { options: [] }),
  'wrong-descriptors': broken('tells its child the wrong descriptors', { told: { pipetx: 13, piperx: 14 } }),
  // reading
  'swaps-events': broken('takes kind for id', { swapsEvents: true }),
  'reverses-address': broken('garbles addresses', { reversesAddress: true }),
  'comment-names': broken('takes id 1 for the ticket database', { names: { 0: 'database', 1: 'ticket-database', 2: 'p2p-server' } }),
  'any-version': broken('does not look at the version', { anyVersion: true }),
  'stops-at-unknown': broken('stops reading at a type it does not know', { unknown: 'stop' }),
  'skips-header-only': broken('skips a type it does not know without its payload', { unknown: 'skip-header-only' }),
  'refuses-empty-type': broken('refuses an empty type', { shortestType: 1 }),
  'refuses-long-type': broken('takes the length of a type for a signed byte', { longestType: 127 }),
  'compares-a-part': broken('compares the first bytes of a type', { comparedBytes: 12 }),
  'takes-long-events': broken('reads the first two bytes of longer events', { eventLength: 'at-least' }),
  'pads-events': broken('reads a missing byte of an event as zero', { eventLength: 'padded' }),
  'no-limit': broken('waits for 4 GiB', { payloadLimit: 0xffff_ffff }),
  'pads-at-end': broken('fills up a frame that breaks off', { cut: 'pad' }),
  'delivers-a-part': broken('waits for 4 GiB, and takes what it got when the pipe ends', { cut: 'deliver', payloadLimit: 0xffff_ffff }),
  brittle: broken('dies of what it cannot read', { brittle: true }),
  impatient: broken('gives up a frame that comes in more than 12 pieces', { pieces: 12 }),
  'frame-per-chunk': broken('takes every chunk for whole frames', { perChunk: 'rest' }),
  'first-of-chunk': broken('reads the first frame of a chunk and forgets the rest', { perChunk: 'first' }),
  'refuses-unknown-id': broken('stops reading at an id it does not know', { knownIdsOnly: true }),
  'pauses-after-addresses': broken('stops reading when it knows the addresses', { pausesAfterAddresses: true }),
  'says-nothing': broken('does not say what was wrong', { silent: true }),
  'wants-all': broken('calls a sequence that ends early a violation', { wantsAll: true }),
  // stopping
  'stops-by-sigterm': broken('stops its child with SIGTERM', { stopsBy: 'SIGTERM' }),
  'stops-by-sigkill': broken('stops its child with SIGKILL', { stopsBy: 'SIGKILL' }),
  'never-stops': broken('does not stop its child', { stopsBy: 'nothing' }),
  'closes-control-at-once': broken('closes the control pipe when the child has started', { closesControl: 'at-once' }),
  'closes-control-early': broken('closes the control pipe at the first event', { closesControl: 'at-first-event' }),
  'writes-control': broken('writes to the control pipe', { writesControl: true }),
  'leaks-control': broken('gives its child a copy of the write end of the control pipe', { leaksControl: true, escalates: false }),
  'leaves-heir': broken('leaves a process behind that holds the control pipe', { heir: HEIR }),
  'deaf-while-stopping': broken('closes the event pipe when it stops its child', { readsAfterStop: false }),
  'never-escalates': broken('waits for ever for a child that does not stop', { escalates: false }),
  // ending
  'reports-zero': broken('reports 0 for every end', { reports: 'zero' }),
  'reports-nothing': broken('does not report the end', { reports: 'nothing' }),
  'ends-with-events': broken('ends when the event pipe does', { endsWithEvents: true }),
  'stays-for-ever': broken('stays when its child has ended', { stays: true }),
  // hostile
  'exits-at-once': { text: 'exits with 1 at once', daemon: host => host.process.exit(1) },
};
