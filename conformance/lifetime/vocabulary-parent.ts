/**
 * The words of the cases for a parent: what its child, the probe, sends; what it says itself; what the probe writes down.
 * A parent says on its standard output what it makes of the bytes (README.md of src/impl/lifetime, "Observations").
 * SIGTERM tells it to stop its child; it ends when its child has ended.
 */
import { concat, hex, utf8 } from '../../src/host/bytes.ts';
import type { Duration } from '../../src/host/time.ts';
import { header, lifetimePayload } from '../../src/impl/lifetime/wire.ts';
import type { FieldPattern, Pattern, Step } from '../case.ts';
import type { ProbeScript, ProbeStep } from './script.ts';
import { ANYTHING, among, any, citing, DEADLINE, ENDS, expects, expectsLast, OUT, one, REPORT, WITHIN } from './vocabulary.ts';

// ── what the probe sends ────────────────────────────────────────────────────────────────────────────────────────────

export const frame = (type: string, payload: Uint8Array, declared: number = payload.length): string =>
  hex(concat([header(utf8(type), declared), payload]));
export const event = (kind: number, id: number): string => frame('lifetimeevent', lifetimePayload(kind, id));

export const START_DATABASE: string = event(0, 0);
export const START_SERVER: string = event(0, 1);
export const COMPLETE: string = event(1, 0);
export const STOP_SERVER: string = event(2, 1);
export const STOP_DATABASE: string = event(2, 0);
export const P2P = '127.0.0.1:9108';
export const RPC = '[::1]:9109';
export const P2P_ADDRESS: string = frame('p2plistenaddr', utf8(P2P));
export const RPC_ADDRESS: string = frame('rpclistenaddr', utf8(RPC));
export const STARTED: readonly string[] = [START_DATABASE, START_SERVER, P2P_ADDRESS, RPC_ADDRESS, COMPLETE];
export const STOPPED: readonly string[] = [STOP_SERVER, STOP_DATABASE];

export const parent = (id: string): string => `lifetime.parent.${id}`;

export const send = (...frames: readonly string[]): ProbeStep => ({ do: 'send', hex: frames.join('') });
export const exit = (code: number): ProbeStep => ({ do: 'exit', code });
export const AWAIT_STOP: ProbeStep = { do: 'await-stop' };
/** Time for a reader to take what was sent before what follows. Only comfort: the twins of the cutting cases need it, no verdict does. */
export const APART: ProbeStep = { do: 'wait', millis: 5 };
export const apart = (frames: readonly string[]): ProbeScript => frames.flatMap(each => [send(each), APART]);

export const RUN: ProbeScript = [...apart(STARTED), AWAIT_STOP, ...apart(STOPPED), exit(0)];
// ── what the parent says, and what the probe writes down ────────────────────────────────────────────────────────────

export const lifetime = (kind: FieldPattern, id: FieldPattern, name: string): Pattern => ({ type: 'lifetime', fields: { kind, id }, name });
export const address = (type: string, text: FieldPattern): Pattern => ({
  type: 'address',
  fields: { type, address: text },
  name: `an address of ${type}`,
});
export const ANY_EVENT: Pattern = lifetime({ atLeast: 0 }, { atLeast: 0 }, 'a lifetime event');
export const ANY_ADDRESS: Pattern = { type: 'address', name: 'an address' };
export const SAYS_START_DATABASE: Pattern = lifetime(0, 0, 'start of the block database');
export const SAYS_START_SERVER: Pattern = lifetime(0, 1, 'start of the P2P server');
export const SAYS_COMPLETE: Pattern = lifetime(1, { atLeast: 0 }, 'start-up complete');
export const SAYS_STOP_SERVER: Pattern = lifetime(2, 1, 'stop of the P2P server');
export const SAYS_STOP_DATABASE: Pattern = lifetime(2, 0, 'stop of the block database');
export const VIOLATION: Pattern = { type: 'violation', name: 'a violation' };
export const ENDED: Pattern = { type: 'ended', name: 'the end of the child' };
export const ended = (fields: Readonly<Record<string, FieldPattern>>): Pattern => ({ ...ENDED, fields });
export const CONTROL_EOF: Pattern = { type: 'control-eof', name: 'the end of the control pipe, seen by the child' };
export const CONTROL_DATA: Pattern = { type: 'control-data', name: 'bytes on the control pipe' };
export const GOT_SIGNAL: Pattern = { type: 'signal', name: 'a signal to the child' };
export const sent = (step: number): Pattern => ({ type: 'sent', fields: { step }, name: `step ${step} of the script done` });

// ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A script is plain data, so it is a JSON value; the compiler cannot see that of an interface. */
export const start = (script: ProbeScript): Step => ({ verb: 'start', script: script.map(step => ({ ...step })) });
export const STOP: Step = { verb: 'signal', signal: 'SIGTERM' };
/** These and no other events, with addresses wherever they come. */
export const saysInOrder = (...events: readonly Pattern[]): Step => expects(OUT, ...events.flatMap(each => [any(ANY_ADDRESS), one(each)]));

// Steps that only lead to what a case is about name the requirement that is broken where they fail.
export const RUNS_UP: Step = citing(parent('reads-events'), expects(OUT, any(ANY_EVENT), any(ANY_ADDRESS), one(SAYS_COMPLETE)));
/** It was told to stop, or its child ended by itself. */
export const OVER: readonly Step[] = [
  citing(parent('reports-end'), among(OUT, ENDED)),
  // That it ends when its child has is how it is tested, and no part of the protocol.
  { ...ENDS, setup: true },
  { ...expectsLast(OUT, any(ANYTHING)), setup: true },
];
/** What its child, the probe, has written down. */
export const COLLECT: Step = citing(parent('closes-control'), { verb: 'collect', channel: REPORT, within: WITHIN });

export const COMMON: { readonly rev: 1; readonly role: 'parent'; readonly deadline: Duration } = {
  rev: 1,
  role: 'parent',
  deadline: DEADLINE,
};
