/**
 * Several clients of a gateway: who is answered, who waits, who leaves.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import { A, alsoJoins, B, C, citing, close, ends, hears, joins, LOND, ONLINE, OVER, quiet, say, setup, silent } from '../vocabulary.ts';
import { asked, askedTwo, asks, COMMON, id, served, serves } from './words.ts';

export const CLIENT_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── clients ───────────────────────────────────────────────────────────────────────────────────────────────────────
  'clients.three': {
    rev: 2,
    title: 'Three clients get each its own reply',
    requirements: [id('several'), id('reply')],
    steps: [
      ...ONLINE,
      joins(B),
      joins(C),
      ...serves(B, 'b', 'for b'),
      ...serves(C, 'c', 'for c'),
      ...serves(A, 'a', 'for a'),
      citing(id('reply'), silent(A, B, C)),
      ...OVER,
    ],
  },
  'clients.waiting': {
    rev: 2,
    title: 'What two clients ask at a time is answered to each',
    requirements: [id('several'), id('reply')],
    steps: [
      ...ONLINE,
      joins(B),
      ...asks(A, 'a'),
      say(B, 'b'),
      silent(A, B),
      say(LOND, 'for a'),
      hears(LOND, 'b'),
      say(LOND, 'for b'),
      citing(id('reply'), hears(A, 'for a')),
      citing(id('reply'), hears(B, 'for b')),
      ...OVER,
    ],
  },
  'clients.prompt': {
    title: 'An answer is given while the request of the next client is on its way',
    requirements: [id('prompt')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'a'),
      say(B, 'b'),
      silent(A, B),
      say(LOND, 'for a'),
      ...setup('the next request is on its way', hears(LOND, 'b')),
      hears(A, 'for a'),
      ...OVER,
    ],
  },
  'clients.one-after-another': {
    rev: 2,
    title: 'A client that comes after another has left is served',
    requirements: [id('several')],
    steps: [...ONLINE, ...served(A), close(A), joins(B), ...serves(B, 'ping', 'again'), ...OVER],
  },
  'clients.leaves': {
    rev: 2,
    title: 'A client that leaves with a request pending takes nobody with it',
    race: 'the client leaves, and the answer to its request comes',
    requirements: [id('gone-client')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'slow'),
      close(A),
      silent(B),
      say(LOND, 'late'),
      silent(B),
      ...serves(B, 'ping', 'srv1'),
      ...OVER,
    ],
  },
  'clients.leaves-two': {
    rev: 2,
    title: 'A client that leaves with two requests pending takes nobody with it',
    race: 'the client leaves, and its second request is taken',
    requirements: [id('gone-client')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...askedTwo('slow', 'other'),
      close(A),
      silent(B),
      say(LOND, 'late'),
      quiet(seconds(1), B),
      // Whether the second one is still sent is left open; this answers it, or nobody.
      say(LOND, 'later'),
      quiet(seconds(2), B),
      ...OVER,
    ],
  },
  'clients.leaves-asking': {
    title: 'A client that asks once more and leaves, while its first request is pending, takes nobody with it',
    requirements: [id('gone-client')],
    steps: [
      ...ONLINE,
      ...alsoJoins(B),
      ...asked(A, 'slow'),
      silent(B),
      say(A, 'other'),
      close(A),
      silent(B),
      say(LOND, 'late'),
      quiet(seconds(1), B),
      say(LOND, 'later'),
      quiet(seconds(2), B),
      ...OVER,
    ],
  },
  'clients.half-close': {
    title: 'A client that has ended its direction is closed',
    requirements: [id('closes')],
    steps: [...ONLINE, ...served(A), { verb: 'half-close', channel: A }, ends(A), ...OVER],
  },
});
