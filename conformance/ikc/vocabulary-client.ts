/**
 * How the cases of a client begin: the tester is its server, and calls itself Inet.
 */
import type { Case, ExpectedMessage, Pattern, Step } from '../case.ts';
import {
  A,
  A_NAME,
  DEADLINE,
  expects,
  hears,
  KERNEL,
  keepsName,
  type Names,
  namesOf,
  OUT,
  OVER,
  one,
  put,
  request,
  setup,
  WITHIN,
} from './vocabulary.ts';

export * from './vocabulary.ts';

export const serverNames = (channel: string): Names => ({ ...namesOf(channel), 'my-name': 'Inet' });

export const CALL = '--call=poe://Inet/test/called [1,2]';
/** Where the server is, the only name that it has beside its id and its address, what it offers, and what it does. */
export const OPTIONS: readonly string[] = ['--connect={address}', '--name=Cli', '--serializer=Storable', CALL];
export const started = (...options: readonly string[]): Step => ({
  verb: 'start',
  options: ['--connect={address}', '--name=Cli', ...options],
});

const id = (name: string): string => `ikc.client.${name}`;

/** `shows` first what a failure breaks. */
export const clientCase = (name: string, title: string, shows: string, ...steps: readonly Step[]): Case => ({
  rev: 1,
  role: 'client',
  deadline: DEADLINE,
  id: id(name),
  title,
  requirements: shows.split(' ').map(id),
  steps: [...steps, ...OVER],
});
export const deviating = (twin: string, deviation: string, testCase: Case): Case => ({ ...testCase, twin: id(twin), deviation });
export const needing = (claim: string, testCase: Case): Case => ({ ...testCase, needs: [claim] });

// ── the negotiation ─────────────────────────────────────────────────────────────────────────────────────────────────

export const opens = (channel: string): Step => ({ verb: 'expect-open', channel, within: WITHIN });

/** What the tester says, and what it hears of it. */
export type Exchange = readonly [said: string, ...heard: readonly (Pattern | string)[]];

const own = (channel: string): readonly Exchange[] => [`IAM ${serverNames(channel).me}`, 'IAM Inet'].map((each): Exchange => [each, 'OK']);
const ASKED: Exchange = ['DONE', A_NAME];
const NAMES: readonly Exchange[] = [
  ['OK', A_NAME],
  ['OK', 'IAM Cli'],
];
const OFFER: Exchange = ['OK', 'DONE', 'FREEZER Storable'];
const AGREED: Exchange = ['OK', 'WORLD'];
const UP: Exchange = ['UP'];

export const exchanges = (channel: string): readonly Exchange[] => [...own(channel), ASKED, ...NAMES, OFFER, AGREED, UP];
/** One after the other; the id of the kernel is kept. */
export const plays = (channel: string, rows: readonly Exchange[], end = '\r\n'): readonly Step[] =>
  rows.flatMap(([said, ...heard]) => [
    put(channel, said + end),
    ...(heard.length === 0 ? [] : [said === 'DONE' ? keepsName(channel, KERNEL) : hears(channel, ...heard)]),
  ]);

const meeting = (channel: string): readonly Step[] => [opens(channel), hears(channel, 'HELLO')];
const reaching = (what: string, rows: readonly Exchange[], start: Step = { verb: 'start' }): readonly Step[] => [
  start,
  ...setup(what, ...meeting(A), ...plays(A, rows)),
];
/** In phase 000; in 001; having offered a serializer (002); having said WORLD (003). */
export const MET: readonly Step[] = reaching('the client says HELLO', []);
export const ASKS: readonly Step[] = reaching('the client says its id', [...own(A), ASKED]);
export const OFFERS: readonly Step[] = reaching('the client offers a serializer', [...own(A), ASKED, ...NAMES, OFFER]);
export const WORLD: readonly Step[] = reaching('the client says WORLD', [...own(A), ASKED, ...NAMES, OFFER, AGREED]);
/** With these options. */
export const openWith = (...options: readonly string[]): readonly Step[] =>
  reaching('the client is connected', exchanges(A), started(...options));

// ── what it asks ────────────────────────────────────────────────────────────────────────────────────────────────────

export const CALLED: Pattern = request('the call', {
  event: 'poe://Inet/test/called',
  params: '[1,2]',
  'rsvp-state': { not: '' },
  error: false,
});
/** The call, with where the answer has to go. */
export const keepsRsvp = (message: Pattern): ExpectedMessage => ({
  ...one(message),
  save: ['kernel', 'session', 'state'].map(part => ({ field: `rsvp-${part}`, as: `rsvp-${part}` })),
});
export const asks = (message: Pattern = CALLED): Step => expects(A, keepsRsvp(message));
/** It is connected, and has asked. */
export const OPEN: readonly Step[] = [...reaching('the client is connected', exchanges(A)), ...setup('it calls', asks())];

/** On its standard output. */
export const tells = (value: string): Pattern => ({ type: 'answer', fields: { value }, name: `the answer ${value}` });
export const TELLS_ERROR: Pattern = { type: 'error', name: 'an error' };
export const tellsOf = (...messages: readonly Pattern[]): Step => expects(OUT, ...messages.map(one));
