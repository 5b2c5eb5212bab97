/**
 * What clients and peers can be told to ask, as words of a plan. An object whose name begins with that of a host is that host's alone.
 */
import type { Tokens } from './messages.ts';

export const KINDS = [
  'card',
  'cards',
  'uncard',
  'no-card',
  'look',
  'binary',
  'reset',
  'slow-card',
  'deliver',
  'delivered',
  'shared',
  'two-lines',
  'echo',
  'null',
  'sleep',
  'long',
  'too-long',
  'error',
  'unknown',
  'missing',
  'bare',
  'no-reset',
] as const;
export type Kind = (typeof KINDS)[number];

/** A file to which users deliver, from one host each. */
export const OF_EACH = 'Agent__each';

/** What is not asked everywhere. */
export type More = 'fatal' | 'nap' | 'deliver-each' | 'delivered-each';

type Words = readonly [command: string, object?: string, data?: string];
/** `own`: what only this request has. */
const WORDS: Readonly<Record<Kind | More, (host: string, own: number) => Words>> = {
  card: (host, own) => ['EXPORT', `Irolo__${host}`, `name${own % 3}\ttext ${own}`],
  cards: (host, own) => ['EXPORT', `Irolo__${host}`, `a\t${own}\nb & c\t50%+=\n`],
  uncard: (host, own) => ['EXPORT', `Irolo__${host}`, `name${own % 3}\t`],
  'no-card': host => ['EXPORT', `Irolo__${host}`, 'z\tfirst\nno tab in this line'],
  look: host => ['IMPORTDATA', `Irolo__${host}`],
  binary: host => ['IMPORTBINARY', `Irolo__${host}`],
  reset: host => ['RESET', `Irolo__${host}`],
  'slow-card': (host, own) => ['TESTEXPORT', `Irolo__${host}`, `1200\nslow\t${own}`],
  deliver: (host, own) => ['EXPORT', `Agent__${host}`, `parcel ${own}`],
  delivered: host => ['IMPORTDATA', `Agent__${host}`],
  shared: (_, own) => ['EXPORT', 'Agent__all', `parcel ${own}`],
  'two-lines': host => ['EXPORT', `Agent__${host}`, 'one\ntwo'],
  echo: (_, own) => ['TESTECHO', '', `\u00e9 & = + ${own}\n`],
  null: () => ['TESTNULL'],
  sleep: () => ['TESTSLEEP', '', '120'],
  long: () => ['TESTSLEEP', '', '1700'],
  'too-long': () => ['TESTSLEEP', '', '60001'],
  error: (_, own) => ['TESTERROR', '', `wrong ${own}`],
  unknown: () => ['REBOOT'],
  missing: host => ['IMPORTDATA', `Foo__${host}`],
  bare: () => ['IMPORTDATA', 'Irolo__'],
  'no-reset': host => ['RESET', `Agent__${host}`],
  fatal: () => ['TESTFATAL'],
  nap: () => ['TESTSLEEP', '', '9000'],
  'deliver-each': (_, own) => ['EXPORT', OF_EACH, `parcel ${own}`],
  'delivered-each': () => ['IMPORTDATA', OF_EACH],
};

/** Its tokens but for who asks, and which number. */
export function tokensOf(kind: Kind | More, host: string, own: number): Tokens {
  const [COMMAND, OBJECT = '', DATA = ''] = WORDS[kind](host, own);
  return { COMMAND, ...(OBJECT === '' ? {} : { OBJECT }), ...(DATA === '' ? {} : { DATA }) };
}
/** As a client of ours is told it. */
export const sendOf = (kind: Kind | More, host: string, own: number): string => `--send=${WORDS[kind](host, own).join(' ')}`;
