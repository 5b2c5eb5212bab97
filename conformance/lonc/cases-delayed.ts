/**
 * Cases for a gateway, seen from the lond it connects to: encryption, and delayed messages. The blocks of the first are
 * those that a run of the published source gave.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import { casesOf } from '../rows.ts';
import { cipherFor, sealed } from './channels.ts';
import { CONF, confOf, HOSTS, hostLine } from './settings.ts';
import {
  A,
  alsoJoins,
  B,
  begins,
  CLIENT,
  CONNECTED,
  citing,
  close,
  connectedAgain,
  DEADLINE,
  dialogue,
  fileHas,
  hears,
  joins,
  LOND,
  LOND2,
  LOSES,
  never,
  noFile,
  ONLINE,
  OVER,
  once,
  oneOf,
  place,
  quiet,
  SERVER,
  SETTLING,
  START,
  say,
  setup,
  silent,
  WITHIN,
} from './vocabulary.ts';

const id = (name: string): string => `lonc.lond-client.${name}`;
const COMMON = { rev: 1, role: 'lond-client', deadline: DEADLINE } as const;
const SLOW = { slow: true, deadline: seconds(1_500) } as const;

/** A build key so short that together with these ids its newline would be in the key. */
const SHORT_KEY = '48213AC7B9E0F0B29A7D512';
const SHORT = { server: 's1', client: 'a1' } as const;
/** All kinds of bytes, as they are folded into a key; so long that its newline is never in it. */
const ODD_KEY = 'g-._/:z Z0Gh~!*[]@abPQrs#%yW09';
const IDS = { server: SERVER, client: CLIENT } as const;

/** Eight bytes: the block of them is whole, so that nothing but the key decides what becomes of it. */
const WHOLE = 'abcdefgh';
const WHOLE_BLOCK = 'enc:8:9f46183e02853a68';

const encrypts = (text: string, wire: string): readonly Step[] => [
  ...ONLINE,
  ...setup('the gateway has the key', say(A, `encrypt:${WHOLE}`), hears(LOND, begins(WHOLE_BLOCK)), say(LOND, 'ok'), hears(A, 'ok')),
  say(A, `encrypt:${text}`),
  hears(LOND, wire),
  silent(LOND),
  ...OVER,
];

const enc = (name: string, title: string, text: string, wire: string): Case => ({
  ...COMMON,
  rev: 2,
  id: id(`enc.${name}`),
  title,
  requirements: [id('enc')],
  steps: encrypts(text, wire),
});

const LATE = '1790000002.1.7.put.srv1';
const EARLY = '1790000001.2.7.put.srv1';
const delayedFile = (name: string): string => `sock/delayed/${name}`;
const leave = (name: string, text: string): Step => place(delayedFile(name), text);
const isKept = (name: string, text: string): Step => fileHas(delayedFile(name), text);

/** Seconds of the epoch, in the order in which their files are left: no order of a directory, nor of letters, is that of time. */
const TIMES = [1790000004, 1790000001, 999999999, 1790000007, 1790000003, 1790000006, 1790000002, 1790000005];

/** The delayed messages were all sent: what lond hears next is the request of a client. */
const nothingElse: readonly Step[] = [
  say(LOND, 'ok'),
  silent(LOND),
  ...setup('the gateway comes online', joins(A)),
  say(A, 'ping'),
  hears(LOND, 'ping'),
  say(LOND, 'srv1'),
  silent(LOND),
];
/** Of two files, the second is no message: only the other one is sent, whichever comes first in the directory. */
const sendsOnly = (text: string): readonly Step[] => [
  leave(EARLY, text),
  leave(LATE, 'put:own\n'),
  ...CONNECTED,
  hears(LOND, 'put:own'),
  ...nothingElse,
  ...OVER,
];

export const ENC_CASES: readonly Case[] = [
  enc('part', 'Five bytes are one block', 'put:a', 'enc:5:af4a34ca15c708bd'),
  enc('empty', 'No byte is one block of spaces', '', 'enc:0:571db23f385f2179'),
  enc('seven', 'Seven bytes are one block', 'abcdefg', 'enc:7:aa58ba0b3fe5866d'),
  enc('whole', 'Eight bytes are two blocks, the second of spaces', WHOLE, `${WHOLE_BLOCK}571db23f385f2179`),
  enc('two', 'Fourteen bytes are two blocks', 'put:dom:user:x', 'enc:14:b3fa7e2e1d64ca174e1efbd9dff562e5'),
  enc('three', 'Sixteen bytes are three blocks', '0123456789abcdef', 'enc:16:f0817432e0f06f6995534d8c47cb98e3571db23f385f2179'),
  ...casesOf(COMMON, id, {
    'enc.clear': {
      rev: 2,
      title: 'Only the prefix encrypt: asks for encryption',
      requirements: [id('request')],
      steps: [...ONLINE, say(A, 'encrypted:x'), hears(LOND, 'encrypted:x'), ...OVER],
    },
    'key.published': {
      title: 'Both host ids and the build key give the key of the published program',
      requirements: [id('key'), id('enc')],
      steps: [
        ...ONLINE,
        say(A, `encrypt:${WHOLE}`),
        citing(id('enc'), hears(LOND, begins('enc:8:'))),
        citing(id('enc'), never(LOND, begins(`enc:8:${WHOLE_BLOCK.slice(6).toUpperCase()}`))),
        once(LOND, begins(WHOLE_BLOCK)),
        ...OVER,
      ],
    },
    'key.odd': {
      rev: 2,
      title: 'A build key of other characters than digits gives the key of the published fold',
      requirements: [id('key')],
      steps: [
        START,
        ...setup('the gateway comes online', ...dialogue(LOND, ODD_KEY), joins(A)),
        say(A, `encrypt:${WHOLE}`),
        hears(LOND, begins(sealed(cipherFor(IDS, ODD_KEY), WHOLE).slice(0, WHOLE_BLOCK.length))),
        ...OVER,
      ],
    },
    'key.newline': {
      rev: 2,
      title: 'With short ids and a short build key its newline is none of the key',
      requirements: [id('key-newline')],
      steps: [
        place(CONF, confOf(SHORT.client)),
        place(HOSTS, hostLine(SHORT.server)),
        START,
        ...setup('the gateway comes online', ...dialogue(LOND, SHORT_KEY), joins(A, `sock/${SHORT.server}`)),
        say(A, `encrypt:${WHOLE}`),
        hears(LOND, begins(sealed(cipherFor(SHORT, SHORT_KEY), WHOLE).slice(0, WHOLE_BLOCK.length))),
        ...OVER,
      ],
    },
    'key.new': {
      rev: 2,
      title: 'A new connection has a new key',
      requirements: [id('reconnect-dialogue')],
      steps: [
        ...ONLINE,
        ...alsoJoins(B),
        ...LOSES,
        ...connectedAgain(LOND2, ODD_KEY),
        say(B, `encrypt:${WHOLE}`),
        hears(LOND2, begins(sealed(cipherFor(IDS, ODD_KEY), WHOLE).slice(0, WHOLE_BLOCK.length))),
        ...OVER,
      ],
    },
  }),
];

export const DELAYED_CASES: readonly Case[] = casesOf(COMMON, id, {
  'delayed.sent': {
    title: 'A delayed message is sent after the build key, and its file removed when it is answered',
    requirements: [id('delayed')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      hears(LOND, 'put:one'),
      silent(LOND),
      say(LOND, 'ok'),
      noFile(delayedFile(EARLY)),
      ...OVER,
    ],
  },
  'delayed.error': {
    title: 'Any answer is an answer: after unknown_cmd the file is removed',
    requirements: [id('delayed')],
    steps: [leave(EARLY, 'put:one\n'), ...CONNECTED, hears(LOND, 'put:one'), say(LOND, 'unknown_cmd'), noFile(delayedFile(EARLY)), ...OVER],
  },
  'delayed.not-before': {
    title: 'The file of a delayed message is there until it is answered',
    requirements: [id('delayed-kept')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      ...setup('the delayed message is sent', hears(LOND, 'put:one')),
      isKept(EARLY, 'put:one'),
      quiet(seconds(1), LOND2),
      isKept(EARLY, 'put:one'),
      ...OVER,
    ],
  },
  'delayed.first': {
    rev: 2,
    title: 'Delayed messages go before requests of local clients',
    requirements: [id('delayed-first')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      ...setup('the delayed message is sent', hears(LOND, 'put:one')),
      quiet(seconds(1), LOND2),
      { verb: 'expect-refused', to: { unix: 'sock/srv1' }, within: seconds(1) },
      ...OVER,
    ],
  },
  'delayed.order': {
    rev: 2,
    title: 'Delayed messages go in the order of their time, one after the other',
    requirements: [id('delayed-order'), id('one-outstanding')],
    steps: [
      ...TIMES.map(time => leave(`${time}.1.7.put.srv1`, `put:${time}\n`)),
      ...CONNECTED,
      ...TIMES.toSorted((one, other) => one - other).flatMap(time => [
        hears(LOND, `put:${time}`),
        citing(id('one-outstanding'), silent(LOND)),
        say(LOND, 'ok'),
      ]),
      ...OVER,
    ],
  },
  'delayed.other-host': {
    rev: 2,
    title: 'Delayed messages of other hosts stay, also of one whose id ends alike',
    requirements: [id('delayed-own')],
    steps: [
      leave('1790000001.1.7.put.srv2', 'put:other\n'),
      leave('1790000001.1.7.put.xsrv1', 'put:alike\n'),
      leave(LATE, 'put:own\n'),
      ...CONNECTED,
      hears(LOND, 'put:own'),
      ...nothingElse,
      isKept('1790000001.1.7.put.srv2', 'put:other'),
      isKept('1790000001.1.7.put.xsrv1', 'put:alike'),
      ...OVER,
    ],
  },
  'delayed.pattern': {
    rev: 2,
    title: 'A host id is no pattern: the messages of axb are not those of a.b',
    requirements: [id('delayed-own')],
    steps: [
      place(HOSTS, hostLine('a.b')),
      leave('1790000001.1.7.put.axb', 'put:other\n'),
      leave('1790000002.1.7.put.a.b', 'put:own\n'),
      ...CONNECTED,
      hears(LOND, 'put:own'),
      say(LOND, 'ok'),
      silent(LOND),
      isKept('1790000001.1.7.put.axb', 'put:other'),
      ...OVER,
    ],
  },
  'delayed.encrypted': {
    rev: 2,
    title: 'A delayed message for encryption is one encrypted line',
    requirements: [id('delayed-enc')],
    steps: [leave(EARLY, 'encrypt:put:a\n'), ...CONNECTED, hears(LOND, 'enc:5:af4a34ca15c708bd'), silent(LOND), ...OVER],
  },
  'delayed.kept': {
    rev: 2,
    title: 'A delayed message that is not answered before the connection ends stays',
    requirements: [id('delayed-kept')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      ...setup('the delayed message is sent', hears(LOND, 'put:one')),
      close(LOND),
      quiet(seconds(3), 'lond3'),
      isKept(EARLY, 'put:one'),
      ...OVER,
    ],
  },
  'delayed.limit': {
    ...SLOW,
    rev: 2,
    title: 'A delayed message that is not answered within 60 s stays',
    requirements: [id('delayed-kept')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      ...setup('the delayed message is sent', hears(LOND, 'put:one')),
      quiet(seconds(70), 'lond3'),
      isKept(EARLY, 'put:one'),
      ...OVER,
    ],
  },
  'delayed.limit-others': {
    ...SLOW,
    title: 'After a delayed message that is not answered within 60 s none follows on the same connection',
    requirements: [id('order-lost')],
    steps: [
      leave(EARLY, 'put:one\n'),
      leave(LATE, 'put:two\n'),
      ...CONNECTED,
      ...setup('a delayed message is sent', hears(LOND, oneOf('put:one', 'put:two'))),
      { verb: 'expect-sequence', channel: LOND, items: [], thenEof: true, within: seconds(70) },
      ...OVER,
    ],
  },
  'delayed.again': {
    rev: 2,
    title: 'A message delayed meanwhile is sent after the next connection',
    requirements: [id('delayed-again')],
    steps: [...ONLINE, leave(EARLY, 'put:one\n'), ...LOSES, ...connectedAgain(LOND2), hears(LOND2, 'put:one'), ...OVER],
  },
  'delayed.two-lines': {
    rev: 2,
    title: 'A delayed file of two lines is not sent in part',
    requirements: [id('delayed-whole')],
    steps: sendsOnly('put:one\nput:two\n'),
  },
  'delayed.cut-off': {
    rev: 2,
    title: 'A delayed file that was cut off is not sent',
    requirements: [id('delayed-whole')],
    steps: sendsOnly('put:on'),
  },
  'delayed.empty': {
    title: 'An empty delayed file is not sent',
    requirements: [id('delayed-whole')],
    steps: sendsOnly(''),
  },
  'delayed.log': {
    title: 'The permanent log says which delayed message was sent',
    requirements: [id('permanent-log')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      ...setup('the delayed message is sent', hears(LOND, 'put:one'), say(LOND, 'ok')),
      fileHas('daemons/logs/lonnet.perm.log', ':S:srv1:put:one:'),
      ...OVER,
    ],
  },
  'delayed.secret': {
    rev: 2,
    title: 'The permanent log does not have the text of an encrypted message',
    requirements: [id('secret-log'), id('permanent-log')],
    steps: [
      leave(EARLY, 'encrypt:passwd:secret\n'),
      ...CONNECTED,
      ...setup(
        'the delayed message is sent',
        { verb: 'expect-among', channel: LOND, message: { type: 'line', name: 'a line' }, within: SETTLING },
        say(LOND, 'ok'),
      ),
      citing(id('permanent-log'), fileHas('daemons/logs/lonnet.perm.log', ':S:srv1:')),
      { verb: 'expect-file', path: 'daemons/logs/lonnet.perm.log', contains: ':S:srv1:', lacks: 'secret', within: WITHIN },
      ...OVER,
    ],
  },
});
