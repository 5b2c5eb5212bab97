/**
 * How the cases of a server begin: the tester is a client, and says of itself an id, an alias and a name.
 */
import type { Case, Pattern, Step } from '../case.ts';
import { A, A_NAME, calls, DEADLINE, hears, KERNEL, keepsName, namesOf, OVER, put, START, setup } from './vocabulary.ts';

export * from './vocabulary.ts';

/** Where it listens, and the only name that it has beside its id and its address. */
export const OPTIONS: readonly string[] = ['--listen={address}', '--name=Inet'];
export const started = (...options: readonly string[]): Step => ({ verb: 'start', options: [...OPTIONS, ...options] });

const id = (name: string): string => `ikc.server.${name}`;

/** `shows` first what a failure breaks. */
export const serverCase = (name: string, title: string, shows: string, ...steps: readonly Step[]): Case => ({
  rev: 1,
  role: 'server',
  deadline: DEADLINE,
  id: id(name),
  title,
  requirements: shows.split(' ').map(id),
  steps: [...steps, ...OVER],
});
/** With one thing wrong that another case has right. */
export const deviating = (twin: string, deviation: string, testCase: Case): Case => ({ ...testCase, twin: id(twin), deviation });
export const needing = (claim: string, testCase: Case): Case => ({ ...testCase, needs: [claim] });

// ── the negotiation ─────────────────────────────────────────────────────────────────────────────────────────────────

/** What is said, and what is heard of it. */
export type Exchange = readonly [said: string, heard?: Pattern | string];

const FIRST: Exchange = ['HELLO', A_NAME];
const NAMES: readonly Exchange[] = [
  ['OK', A_NAME],
  ['OK', A_NAME],
  ['OK', 'DONE'],
];
const own = (...names: readonly string[]): readonly Exchange[] => [...names.map((name): Exchange => [`IAM ${name}`, 'OK']), ['DONE']];
const LAST: readonly Exchange[] = [
  ['FREEZER Storable', 'OK'],
  ['WORLD', 'UP'],
];

export const namesIn = (channel: string): readonly string[] => {
  const { me, 'my-alias': alias, 'my-name': name } = namesOf(channel);
  return [me, alias, name];
};
/** The whole of it. */
export const exchanges = (...names: readonly string[]): readonly Exchange[] => [FIRST, ...NAMES, ...own(...names), ...LAST];
/** One after the other; the id of the kernel is kept. */
export const plays = (channel: string, rows: readonly Exchange[], end = '\r\n'): readonly Step[] =>
  rows.flatMap(([said, heard]) => [
    put(channel, said + end),
    ...(heard === undefined ? [] : [said === 'HELLO' ? keepsName(channel, KERNEL) : hears(channel, heard)]),
  ]);

const reaching = (what: string, rows: readonly Exchange[]): readonly Step[] => [START, ...setup(what, calls(A), ...plays(A, rows))];
/** Before HELLO; in phase 001, 002 and 003. */
export const MET: readonly Step[] = reaching('the caller connects', []);
export const GREETED: readonly Step[] = reaching('the server says its id', [FIRST]);
export const NAMED: readonly Step[] = reaching('the server says its names', [FIRST, ...NAMES]);
export const SHAKEN: readonly Step[] = reaching('both say their names', [FIRST, ...NAMES, ...own(...namesIn(A))]);

/** Callers that have come to the end of it. */
export const joins = (...channels: readonly string[]): readonly Step[] =>
  channels.flatMap(channel => setup('a caller is connected', calls(channel), ...plays(channel, exchanges(...namesIn(channel)))));
export const joinsAs = (channel: string, ...names: readonly string[]): readonly Step[] =>
  setup('a caller is connected', calls(channel), ...plays(channel, exchanges(...names)));
export const OPEN: readonly Step[] = [START, ...joins(A)];
