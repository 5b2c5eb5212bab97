/**
 * Encrypted replies, the request that closes the connection, and SIGUSR1, as a client of a gateway sees them.
 */
import { seconds } from '../../../src/host/time.ts';
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import {
  A,
  B,
  ends,
  hears,
  hearsLast,
  joins,
  LOND,
  LOND2,
  ONLINE,
  OVER,
  opens,
  quiet,
  SETTLING,
  say,
  setup,
  silent,
  USR1,
} from '../vocabulary.ts';
import { asked, COMMON, id, served, serves } from './words.ts';

const ENCRYPTED: readonly Step[] = [
  ...ONLINE,
  ...setup('an encrypted request is on its way', say(A, 'encrypt:put:a'), hears(LOND, 'enc:5:af4a34ca15c708bd')),
];

export const OTHER_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  'enc.reply': {
    title: 'An encrypted reply is given in clear',
    requirements: [id('decrypts')],
    steps: [...ENCRYPTED, say(LOND, 'enc:14:b3fa7e2e1d64ca174e1efbd9dff562e5'), hears(A, 'put:dom:user:x'), ...OVER],
  },
  'enc.reply-to-clear': {
    title: 'A reply is decrypted also when the request was in clear',
    requirements: [id('decrypts')],
    steps: [...ONLINE, ...asked(A, 'eget:x'), say(LOND, 'enc:8:9f46183e02853a68571db23f385f2179'), hears(A, 'abcdefgh'), ...OVER],
  },
  'enc.clear-reply': {
    rev: 2,
    title: 'A reply in clear to an encrypted request is passed on',
    requirements: [id('reply')],
    steps: [...ENCRYPTED, say(LOND, 'ok'), hears(A, 'ok'), ...OVER],
  },
  'enc.word': {
    title: 'A reply that begins with the letters enc is passed on as it is',
    requirements: [id('decrypts-only')],
    twin: id('enc.reply'),
    deviation: 'encyclopedia instead of an encrypted reply',
    steps: [...ONLINE, ...asked(A, 'get:x'), say(LOND, 'encyclopedia'), hears(A, 'encyclopedia'), ...OVER],
  },
  'enc.malformed': {
    title: 'A reply with blocks that are not whole is passed on as it is',
    requirements: [id('decrypts-only')],
    twin: id('enc.reply'),
    deviation: 'one digit less',
    steps: [...ONLINE, ...asked(A, 'get:x'), say(LOND, 'enc:5:af4a34ca15c708b'), hears(A, 'enc:5:af4a34ca15c708b'), ...OVER],
  },
  // ── others ────────────────────────────────────────────────────────────────────────────────────────────────────────
  'close-request.ends': {
    title: 'close_connection_exit ends the connection, and lond does not hear of it',
    requirements: [id('close-request')],
    steps: [...ONLINE, say(A, 'close_connection_exit'), hearsLast(LOND), ends(A), ...OVER],
  },
  'close-request.restarts': {
    title: 'After close_connection_exit the host is connected anew',
    requirements: [id('close-request')],
    steps: [...ONLINE, say(A, 'close_connection_exit'), ends(A), opens(LOND2, SETTLING), ...OVER],
  },
  'usr1.connected': {
    rev: 2,
    title: 'After SIGUSR1 a client that was connected is served',
    requirements: [id('usr1')],
    steps: [...ONLINE, ...served(A), USR1, quiet(seconds(3), A), ...serves(A, 'load', '17'), ...OVER],
  },
  'usr1.new': {
    rev: 2,
    title: 'After SIGUSR1 a new client is served, and the old ones stay',
    requirements: [id('usr1')],
    steps: [...ONLINE, USR1, quiet(seconds(3), A), joins(B), ...serves(B, 'ping', 'srv1'), silent(A), ...OVER],
  },
});
