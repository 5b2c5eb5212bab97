/**
 * The dialogue of a gateway with lond.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  begins,
  CHALLENGE,
  CLIENT,
  citing,
  hears,
  hearsIn,
  LOND,
  LOND2,
  line,
  never,
  ONLINE,
  OVER,
  once,
  opens,
  put,
  quiet,
  SERVER,
  SETTLING,
  START,
  say,
  silent,
} from '../vocabulary.ts';
import { ADMITTED, ASKED_PONG, COMMON, GREETED, id } from './words.ts';

export const DIALOGUE_CASES: readonly Case[] = [
  // ── the dialogue ──────────────────────────────────────────────────────────────────────────────────────────────────
  ...casesOf(COMMON, id, {
    'dialogue.init': {
      rev: 2,
      title: 'The first line is init, and nothing follows before the challenge',
      requirements: [id('init'), id('connects'), id('line-feed')],
      steps: [
        START,
        citing(id('connects'), opens(LOND)),
        hears(LOND, begins('init')),
        citing(id('line-feed'), never(LOND, line('init\r'))),
        once(LOND, line('init')),
        silent(LOND),
        ...OVER,
      ],
    },
    'dialogue.one-connection': {
      rev: 2,
      title: 'There is one connection, in the dialogue and after it',
      requirements: [id('connects'), id('idle')],
      steps: [...ONLINE, silent(LOND2), citing(id('idle'), silent(LOND)), ...OVER],
    },
    'dialogue.echo': {
      rev: 2,
      title: 'The challenge comes back as it was',
      requirements: [id('echo')],
      steps: [...GREETED, say(LOND, CHALLENGE), hears(LOND, CHALLENGE), silent(LOND), ...OVER],
    },
    'dialogue.echo-any': {
      title: 'A challenge of other characters than digits comes back as it was',
      requirements: [id('echo')],
      steps: [...GREETED, say(LOND, 'Qz: %41 \xe4 7'), hears(LOND, 'Qz: %41 \xe4 7'), ...OVER],
    },
    'dialogue.echo-pieces': {
      title: 'A challenge in pieces comes back whole, when it has ended',
      requirements: [id('pieces'), id('echo')],
      steps: [
        ...GREETED,
        put(LOND, '10086'),
        silent(LOND),
        put(LOND, '1774'),
        silent(LOND),
        put(LOND, '3\n'),
        hears(LOND, '1008617743'),
        ...OVER,
      ],
    },
    'dialogue.settles': {
      rev: 2,
      title: 'Nothing is said for five seconds after ok',
      requirements: [id('settles'), id('pong')],
      steps: [...ADMITTED, quiet(seconds(3.5), LOND), citing(id('pong'), hearsIn(SETTLING, LOND, 'pong')), ...OVER],
    },
    'dialogue.pong': {
      title: 'After the pause comes pong, and after its answer ekey',
      requirements: [id('pong')],
      steps: [
        ...ADMITTED,
        hearsIn(SETTLING, LOND, 'pong'),
        silent(LOND),
        say(LOND, `${SERVER}:${CLIENT}`),
        hears(LOND, 'ekey'),
        silent(LOND),
        ...OVER,
      ],
    },
    'dialogue.pong-con-lost': {
      title: 'An answer to pong that says con_lost is an answer',
      requirements: [id('pong-answer')],
      steps: [...ASKED_PONG, say(LOND, `${SERVER}:con_lost`), hears(LOND, 'ekey'), ...OVER],
    },
    'dialogue.pong-other': {
      title: 'An answer to pong with another host id is an answer',
      requirements: [id('pong-answer')],
      steps: [...ASKED_PONG, say(LOND, 'somebody:else'), hears(LOND, 'ekey'), ...OVER],
    },
  }),
];
