/**
 * What a peer that is not ours says, as words of a plan: an honest negotiation with the hub, as far as it goes, lines of all kinds, and
 * frames of all kinds.
 */
import { hex, utf8 } from '../../../src/host/bytes.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import type { PerlValue } from '../../../src/impl/storable/values.ts';

export const TERMINATORS = { crlf: '\r\n', lfcr: '\n\r', cr: '\r', lf: '\n' } as const;
export type Terminator = keyof typeof TERMINATORS;

export const rawOf = (text: string): string => `raw=${hex(utf8(text))}`;
export const lineOf = (text: string, terminator: Terminator): string => rawOf(`${text}${TERMINATORS[terminator]}`);

/** To the hub, which tells its id, its address, an alias and its name. */
export const honestClient = (id: string, ...names: readonly string[]): readonly string[] => [
  'HELLO',
  'OK',
  'OK',
  'OK',
  'OK',
  `IAM ${id}`,
  ...names.map(each => `IAM ${each}`),
  'DONE',
  'FREEZER Storable',
  'WORLD',
];
/** To a client of ours, which tells its id, its address and its name. */
export const honestServer = (id: string): readonly string[] => [`IAM ${id}`, 'IAM other', 'DONE', 'OK', 'OK', 'OK', 'OK', 'UP'];

/** Said in the midst of a negotiation. */
export const LINES = [
  'HELLO',
  'HELLO IKC1',
  'HELLO IKC10',
  'hello',
  'SETUP KERNEL=a;FREEZER=Storable;PID=1',
  'OK',
  'OK ',
  'NOT',
  'DONE',
  'IAM x',
  'IAM bad name',
  'IAM a:b',
  'IAM ',
  'FREEZER Storable',
  'FREEZER JSON',
  'FREEZER Data::Dumper',
  'FREEZER ?',
  'WORLD',
  'UP',
  '',
] as const;

const frame = (payload: Uint8Array): string => `${hex(utf8(`${payload.length}\0`))}${hex(payload)}`;
const hash = (entries: Readonly<Record<string, PerlValue>>): PerlValue => new Map(Object.entries(entries));
const asked = (entries: Readonly<Record<string, PerlValue>>): string => frame(freeze(hash(entries)));
const rsvp = (kernel: string, state = 'cb'): PerlValue => hash({ kernel, session: 'keep', state });

/** Frames of `stranger`; what is no frame ends its link, and is said last. */
export const FRAMES: Readonly<Record<string, string>> = {
  'an array': frame(freeze([1, 2])),
  'no image': frame(utf8('Hello, world')),
  nothing: frame(new Uint8Array()),
  'a truncated image': frame(freeze(hash({ event: 'poe:/demo/echo' })).subarray(0, 12)),
  '2^31-1 items': '3700050b027fffffff',
  'two thousand references': frame(Uint8Array.from([5, 11, ...Array.from({ length: 2_000 }, () => 4)])),
  'no event': asked({ params: 1 }),
  'no specifier': asked({ event: 'nowhere:at all', params: 1 }),
  'a bad rsvp': asked({ event: 'poe:/demo/echo', params: 1, rsvp: 'no specifier at all!' }),
  'an rsvp of a third': asked({ event: 'poe:/demo/echo', params: 1, rsvp: rsvp('c0') }),
  'a bad subscription': asked({ event: 'poe:/IKC/do_you_have', params: 'x', rsvp: rsvp('stranger') }),
  'a failing state': asked({ event: 'poe:/demo/fail', rsvp: rsvp('stranger') }),
  'a shutdown': asked({ event: 'poe:/IKC/shutdown' }),
  'an answer to others': asked({ event: 'poe:/IKC/response0', params: 'forged' }),
  'an error': asked({ event: 'poe:/IKC/remote_error', params: 'you are wrong', is_error: 1 }),
  'a call': asked({ event: 'poe:/demo/echo', params: 'x', rsvp: rsvp('stranger') }),
};
export const BREAKING: Readonly<Record<string, string>> = {
  'nothing more': '',
  'no digits': hex(utf8('HELLO\r\n')),
  'endless digits': hex(utf8('1'.repeat(5_000))),
  'a gigabyte announced': hex(utf8('1000000000\0x')),
  'half a frame': hex(utf8('10\0abc')),
};
