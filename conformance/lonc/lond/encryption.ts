/**
 * Encrypted requests of a lond, and its end.
 */
import type { Case, Step } from '../../case.ts';
import { casesOf } from '../../rows.ts';
import { BUILD_KEY } from '../channels.ts';
import {
  A,
  ANY_LINE,
  citing,
  ENDS,
  ends,
  hears,
  keeps,
  keyed,
  OVER,
  SERVER,
  START,
  say,
  sealedText,
  setup,
  silent,
  TERM,
} from '../vocabulary.ts';
import { ADMITTED, asks, COMMANDS, COMMON, id, PINGED, stored } from './words.ts';

const KEYED: readonly Step[] = [START, ...setup('the caller is admitted, and has a key', ...keyed(A))];

export const ENCRYPTION_CASES: readonly Case[] = casesOf(COMMON, id, {
  // ── encryption ────────────────────────────────────────────────────────────────────────────────────────────────────
  'enc.request': {
    rev: 2,
    title: 'An encrypted ping is a ping',
    requirements: [id('key')],
    steps: [...KEYED, ...PINGED, ...asks('encrypt:ping', SERVER), ...OVER],
  },
  'enc.clear-after-key': {
    rev: 2,
    title: 'Requests in clear are understood after ekey as well',
    requirements: [id('ping'), id('key')],
    steps: [
      ...KEYED,
      ...asks('ping', SERVER),
      ...asks('encrypt:ping', SERVER).map(step => citing(id('key'), step)),
      ...asks('ping', SERVER),
      ...OVER,
    ],
  },
  'enc.auth': {
    title: 'auth, encrypted, is not refused for being in clear',
    requirements: [id('encrypted-only'), id('key')],
    steps: [
      ...KEYED,
      say(A, 'encrypt:auth:dom:nobody:secret'),
      hears(A, ANY_LINE),
      {
        verb: 'expect-count',
        channel: A,
        message: { type: 'line', fields: { text: 'refused' }, name: 'the line refused' },
        least: 0,
        most: 0,
      },
      ...OVER,
    ],
  },
  'enc.long': {
    ...COMMANDS,
    title: 'A request of many blocks is understood',
    requirements: [id('key')],
    steps: [
      ...KEYED,
      ...stored('a=1'),
      ...asks(`encrypt:put:dom:user:notes:a=${'x'.repeat(500)}`, 'ok'),
      ...asks('get:dom:user:notes:a', 'x'.repeat(500)),
      ...OVER,
    ],
  },
  'enc.eget': {
    ...COMMANDS,
    title: 'The answer to eget is encrypted',
    requirements: [id('eget')],
    steps: [...KEYED, ...stored('a=secret'), ...asks('eget:dom:user:notes:a', sealedText('secret')), ...OVER],
  },
  'enc.eget-no-key': {
    ...COMMANDS,
    title: 'eget before ekey is answered error:no_key',
    requirements: [id('eget')],
    twin: id('enc.request'),
    deviation: 'no ekey before',
    steps: [...ADMITTED, ...stored('a=secret'), ...asks('eget:dom:user:notes:a', 'error:no_key'), ...OVER],
  },
  'enc.new-key': {
    rev: 2,
    title: 'After a second ekey the new key counts',
    requirements: [id('key-new')],
    steps: [
      ...KEYED,
      ...setup('the first key counts', ...asks('encrypt:ping', SERVER), say(A, 'ekey'), keeps(A, BUILD_KEY)),
      ...asks('encrypt:ping', SERVER),
      ...OVER,
    ],
  },
  'enc.broken': {
    rev: 2,
    title: 'Blocks that are not whole are answered with one line, and the connection goes on',
    requirements: [id('enc-broken')],
    twin: id('enc.request'),
    deviation: 'one digit less than a block',
    steps: [
      ...KEYED,
      // Who fills the block with zeros, as the published end does, has some unknown command; others say what is wrong.
      ...asks('enc:4:123456789abcdef', ANY_LINE),
      silent(A),
      ...asks('ping', ANY_LINE),
      ...OVER,
    ],
  },
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  'end.terminates': {
    title: 'At SIGTERM the connections end, and then lond',
    requirements: [id('terminates')],
    steps: [...ADMITTED, TERM, ends(A), ENDS],
  },
});
