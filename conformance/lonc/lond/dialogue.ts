/**
 * The dialogue by which a lond admits a caller.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import { HOSTS, hostLine } from '../settings.ts';
import {
  A,
  ANY_LINE,
  admitted,
  B,
  begins,
  calls,
  citing,
  ends,
  hears,
  hearsIn,
  hearsLast,
  line,
  never,
  OVER,
  once,
  place,
  put,
  quiet,
  START,
  say,
  setup,
  silent,
} from '../vocabulary.ts';
import { ADMITTED, asks, COMMON, challenged, id, OWN_ID, REVERSE, reaches, SLOW } from './words.ts';

export const DIALOGUE_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  'greeting.waits': {
    title: 'A caller that says nothing hears nothing',
    requirements: [id('waits')],
    steps: [START, ...reaches(A), silent(A), ...OVER],
  },
  'greeting.challenge': {
    rev: 2,
    title: 'init is answered with one line',
    requirements: [id('challenge')],
    steps: [START, ...reaches(A), say(A, 'init'), hears(A, ANY_LINE), silent(A), ...OVER],
  },
  'greeting.admitted': {
    rev: 2,
    title: 'The challenge, sent back, is answered ok',
    requirements: [id('admits'), id('line-feed'), id('waits')],
    steps: [
      START,
      ...challenged(A),
      say(A, '{challenge}'),
      hears(A, begins('ok')),
      citing(id('line-feed'), never(A, line('ok\r'))),
      once(A, line('ok')),
      citing(id('waits'), silent(A)),
      ...OVER,
    ],
  },
  'greeting.echo-reduced': {
    title: 'The challenge with a minus before it and a blank after it is the challenge',
    requirements: [id('reduces')],
    steps: [START, ...challenged(A), say(A, '-{challenge} '), hears(A, 'ok'), ...OVER],
  },
  'greeting.init-reduced': {
    title: 'init with a CR is init',
    requirements: [id('reduces')],
    steps: [START, ...reaches(A), say(A, 'init\r'), hears(A, ANY_LINE), silent(A), ...OVER],
  },
  'greeting.pieces': {
    title: 'init in pieces is init, when it has ended',
    requirements: [id('pieces')],
    steps: [START, ...reaches(A), put(A, 'in'), silent(A), put(A, 'it'), silent(A), put(A, '\n'), hears(A, ANY_LINE), ...OVER],
  },
  'greeting.other-first': {
    title: 'Another first line is answered bye, refused, and the connection ends',
    requirements: [id('refuses-first')],
    twin: id('greeting.admitted'),
    deviation: 'ping instead of init',
    steps: [START, ...reaches(A), say(A, 'ping'), hearsLast(A, 'bye', 'refused'), ...OVER],
  },
  'greeting.other-echo': {
    title: 'Another echo is answered bye, refused, and the connection ends',
    requirements: [id('refuses-echo')],
    twin: id('greeting.admitted'),
    deviation: 'a digit more in the echo',
    steps: [START, ...challenged(A), say(A, '{challenge}1'), hearsLast(A, 'bye', 'refused'), ...OVER],
  },
  'greeting.empty-echo': {
    title: 'An empty echo is refused',
    requirements: [id('refuses-echo')],
    twin: id('greeting.admitted'),
    deviation: 'an empty line instead of the echo',
    steps: [START, ...challenged(A), say(A, ''), hearsLast(A, 'bye', 'refused'), ...OVER],
  },
  'greeting.other-connection': {
    rev: 2,
    title: 'The challenge of another connection is not accepted',
    requirements: [id('fresh')],
    twin: id('greeting.admitted'),
    deviation: 'the echo is the challenge of another connection',
    steps: [
      START,
      ...challenged(A),
      ...setup('another caller is given a challenge', calls(B), say(B, 'init'), hears(B, ANY_LINE)),
      say(B, '{challenge}'),
      quiet(seconds(2), A),
      never(B, line('ok')),
      ...OVER,
    ],
  },
  'greeting.address': {
    title: 'A caller from an address that is not in the table is refused before it speaks',
    requirements: [id('refuses-address')],
    twin: id('greeting.admitted'),
    deviation: 'the address of the caller is not in the table',
    steps: [
      place(HOSTS, hostLine('srv1', '127.0.0.2') + hostLine('cli1', '127.0.0.3')),
      START,
      ...reaches(A),
      hearsLast(A, 'bye', 'refused'),
      ...OVER,
    ],
  },
  'greeting.limit': {
    ...SLOW,
    title: 'A caller that says nothing for two minutes is disconnected',
    requirements: [id('greeting-limit')],
    steps: [START, ...reaches(A), ends(A, seconds(130)), ...OVER],
  },
  'pong.own-id': {
    rev: 2,
    title: 'The answer to pong begins with the host id of the lond',
    requirements: [id('pong')],
    steps: [...ADMITTED, say(A, 'pong'), hearsIn(REVERSE, A, OWN_ID), silent(A), ...OVER],
  },
  'pong.con-lost': {
    title: 'Where the caller has no lond the answer to pong says con_lost',
    requirements: [id('pong-colon')],
    steps: [...ADMITTED, say(A, 'pong'), hearsIn(REVERSE, A, 'srv1:con_lost'), ...OVER],
  },
  'ekey.line': {
    title: 'ekey is answered with one line',
    requirements: [id('ekey')],
    steps: [
      ...ADMITTED,
      ...asks('ekey', { type: 'line', fields: { length: { atLeast: 1 } }, name: 'a line with a build key' }),
      silent(A),
      ...OVER,
    ],
  },
  'dialogue.whole': {
    rev: 2,
    title: 'The dialogue of a gateway, and then a request',
    requirements: [id('admits'), id('pong'), id('ekey'), id('one-line')],
    steps: [
      START,
      ...reaches(A),
      ...admitted(A).slice(1),
      say(A, 'pong'),
      citing(id('pong'), hearsIn(REVERSE, A, ANY_LINE)),
      ...asks('ekey', ANY_LINE).map(step => citing(id('ekey'), step)),
      ...asks('ping', ANY_LINE).map(step => citing(id('one-line'), step)),
      citing(id('one-line'), silent(A)),
      ...OVER,
    ],
  },
});
