/**
 * What a peer that is not ours (daemons/peer.ts) is told to say and to hear: negotiations, requests, and what is none.
 */
import { concat, hex } from '../../../src/host/bytes.ts';
import { framed, type Plain } from './requests.ts';

type Steps = readonly string[];

/** The server tells its id, its address and its name. */
const HELLO: Steps = ['say=HELLO', 'say=OK', 'say=OK', 'say=OK', 'hear=DONE'];
export const says = (...names: Steps): Steps => [...HELLO, ...names.map(name => `say=IAM ${name}`), 'say=DONE', 'say=FREEZER Storable'];
/** All of the negotiation, as a client of these names: its id first. */
export const joins = (...names: Steps): Steps => [...says(...names), 'say=WORLD', 'hear=UP'];
/** It begins so, as a server; */
export const GREETS: Steps = ['hear=HELLO', 'say=IAM s', 'hear=OK', 'say=DONE'];
/** is told a name; */
export const HEARS_NAME: Steps = ['hear=IAM', 'say=OK'];
/** and is asked for a serializer. A client without a name tells its id and its address, the small one its name alone. */
const ASKED: Steps = ['hear=DONE', 'hear=FREEZER'];
export const SERVES: Steps = [...GREETS, ...HEARS_NAME, ...HEARS_NAME, ...ASKED];
export const SERVES_LITE: Steps = [...GREETS, ...HEARS_NAME, ...ASKED];
export const ACCEPTS: Steps = ['say=OK', 'hear=WORLD', 'say=UP'];

export const raw = (...parts: readonly Uint8Array[]): string => `raw=${hex(concat(parts))}`;
export const frame = (request: Plain): string => `frame=${JSON.stringify(request)}`;
export const wait = (milliseconds: number): string => `pause=${milliseconds}`;
export const back = (kernel: string): Plain => ({ kernel, session: 'S', state: 'back' });
/** Asked by a peer of this id. */
export const ping = (kernel: string): Plain => ({ event: 'poe:/IKC/ping', params: 'PING', rsvp: back(kernel) });
/** It is asked, and answers. */
export const answers = (kernel: string): readonly string[] => [frame(ping(kernel)), 'has="PONG"'];
/** `more`: of the request, beside or instead of what it has. */
export const echo = (kernel: string, more: { readonly [key: string]: Plain }): string =>
  frame({ event: 'poe:/demo/echo', params: 'x', rsvp: back(kernel), ...more });
/** A text that is only long. */
export const letters = (count: number): string => 'n'.repeat(count);
export const forward = (to: string): Plain => ({ event: 'poe:/demo/forward', params: [to, 5] });
/** To the small client, for the call of this number. */
export const answer = (call: number, params: Plain): Plain => ({
  event: { kernel: 'lite', session: 'IKCLite', state: `response${call}` },
  params,
});
/** To it, from somebody whom it has asked nothing; longer than an answer. */
export const UNASKED: Plain = {
  event: { kernel: 'lite', session: 'IKCLite', state: 'unasked' },
  params: 'nobody has asked for this, and it is long',
};

/** Frames and requests of which nothing can be made (B-T11). */
export const DEADLY: Steps = [
  raw(framed(Uint8Array.of(5, 11, 99))),
  raw(framed(new Uint8Array(0))),
  frame([1, 2]),
  frame({ event: 'poe:/demo/echo', params: 1, rsvp: 'poe://a b c:/' }),
  frame({ event: 'poe:/IKC/do_you_have', params: 'x', rsvp: back('id1') }),
  frame({ event: 'poe:/demo/fail', params: null, rsvp: back('id1') }),
];

/** Lines whose answers are more than a Unix-domain socket holds: each costs it what a whole buffer does. */
export const NONSENSE = 400;
