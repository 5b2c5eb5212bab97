/**
 * Cases for a gateway whose lond answers with what almost is an encrypted line: on both sides of every rule of its form. The blocks are of
 * the key that the tester gives; what they hold stands in cases-delayed.ts.
 */
import type { Case, Step } from '../case.ts';
import { A, DEADLINE, hears, LOND, ONLINE, OVER, say, setup } from './vocabulary.ts';

const id = (name: string): string => `lonc.local.${name}`;
const COMMON = { rev: 1, role: 'local', deadline: DEADLINE } as const;

/** `put:a`, a block of spaces, and `abcdefgh` without it. */
const PUT = 'af4a34ca15c708bd';
const SPACES = '571db23f385f2179';
const WHOLE = '9f46183e02853a68';

const answered = (reply: string, text: string): readonly Step[] => [
  ...setup('a request is on its way', say(A, 'get:x'), hears(LOND, 'get:x')),
  say(LOND, reply),
  hears(A, text),
];

/** Each of these is no encrypted line, and so no more than a text. */
const odd = (name: string, title: string, deviation: string, ...replies: readonly string[]): Case => ({
  ...COMMON,
  id: id(`enc.${name}`),
  title,
  requirements: [id('decrypts-only')],
  twin: id('enc.reply'),
  deviation,
  steps: [...ONLINE, ...replies.flatMap(reply => answered(reply, reply)), ...OVER],
});

export const ENC_REPLY_CASES: readonly Case[] = [
  {
    ...COMMON,
    id: id('enc.capitals'),
    title: 'A reply with capital digits is decrypted',
    requirements: [id('decrypts')],
    steps: [...ONLINE, ...answered(`enc:5:${PUT.toUpperCase()}`, 'put:a'), ...answered('enc:7:AA58BA0B3FE5866D', 'abcdefg'), ...OVER],
  },
  odd(
    'no-digit',
    'A reply with a character that is next to a digit is passed on as it is',
    'a character before or behind the digits, the capital and the small letters',
    ...['/', ':', '@', 'G', '`', 'g', ' '].map(each => `enc:5:${PUT.slice(0, -1)}${each}`),
    ...['/', ':', '@', 'G', '`', 'g'].map(each => `enc:5:${each}${PUT.slice(1)}`),
  ),
  odd(
    'blocks',
    'A reply with another number of blocks than its length wants is passed on as it is',
    'a block less, a block more, a part of one',
    'enc:5:',
    `enc:5:${PUT}${SPACES}`,
    `enc:8:${WHOLE}`,
    `enc:7:${WHOLE}${SPACES}`,
    `enc:5:${PUT.slice(0, -2)}`,
    `enc:5:${PUT}00`,
    `enc:16:${PUT}${SPACES}`,
  ),
  odd(
    'length',
    'A reply whose length is no number is passed on as it is',
    'a sign, a zero before it, a letter, nothing, no colon behind it',
    ...['-5', '+5', '05', '5x', 'x5', '', ' 5', '5 ', '/', '5;'].map(length => `enc:${length}:${PUT}`),
    `enc:00:${SPACES}`,
    `enc:5${PUT}`,
    'enc:5',
    'enc:',
    `enc:99999999:${PUT}`,
  ),
  odd(
    'padding',
    'A reply with something else than spaces behind its length is passed on as it is',
    'a length that is too small by one to four',
    ...[1, 2, 3, 4].map(length => `enc:${length}:${PUT}`),
  ),
  odd(
    'prefix',
    'A reply that does not begin with enc: is passed on as it is',
    'another letter, a blank, nothing for the colon',
    ...['Enc:', 'end:', 'ec:', 'enc;', 'enc ', ' enc:', 'encx:'].map(prefix => `${prefix}5:${PUT}`),
  ),
];
