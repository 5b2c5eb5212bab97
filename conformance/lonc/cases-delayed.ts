/**
 * Cases for a gateway, seen from the lond it connects to: encryption, and delayed messages. The blocks of the first are
 * those that a run of the published source gave.
 * May import: host, case.ts, vocabulary.ts, settings.ts, channels.ts.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Step } from '../case.ts';
import { cipherFor, sealed } from './channels.ts';
import { CONF, confOf, HOSTS, hostLine } from './settings.ts';
import {
  A,
  citing,
  close,
  DEADLINE,
  dialogue,
  fileHas,
  hears,
  joins,
  LOND,
  LOND2,
  line,
  never,
  noFile,
  ONLINE,
  OVER,
  opens,
  place,
  put,
  quiet,
  SETTLING,
  START,
  say,
  silent,
  WITHIN,
} from './vocabulary.ts';

const id = (name: string): string => `lonc.lond-client.${name}`;
const COMMON = { rev: 1, role: 'lond-client', deadline: DEADLINE } as const;
const SLOW = { ...COMMON, slow: true, deadline: seconds(1_500) } as const;

/** A build key so short that together with these ids its newline would be in the key. */
const SHORT_KEY = '48213AC7B9E0F0B29A7D512';
const SHORT = { server: 's1', client: 'a1' } as const;
/** All kinds of bytes, as they are folded into a key. */
const ODD_KEY = 'g-._/:z Z0';

const encrypts = (text: string, wire: string): readonly Step[] => [
  ...ONLINE,
  say(A, `encrypt:${text}`),
  hears(LOND, wire),
  silent(LOND),
  ...OVER,
];

const enc = (name: string, title: string, text: string, wire: string): Case => ({
  ...COMMON,
  id: id(`enc.${name}`),
  title,
  requirements: [id('enc'), id('key')],
  steps: encrypts(text, wire),
});

const LATE = '1790000002.1.7.put.srv1';
const EARLY = '1790000001.2.7.put.srv1';
const delayedFile = (name: string): string => `sock/delayed/${name}`;
const leave = (name: string, text: string): Step => place(delayedFile(name), text);
const CONNECTED: readonly Step[] = [START, ...dialogue(LOND)];

export const ENC_CASES: readonly Case[] = [
  enc('part', 'Five bytes are one block', 'put:a', 'enc:5:af4a34ca15c708bd'),
  enc('empty', 'No byte is one block of spaces', '', 'enc:0:571db23f385f2179'),
  enc('seven', 'Seven bytes are one block', 'abcdefg', 'enc:7:aa58ba0b3fe5866d'),
  enc('whole', 'Eight bytes are two blocks, the second of spaces', 'abcdefgh', 'enc:8:9f46183e02853a68571db23f385f2179'),
  enc('two', 'Fourteen bytes are two blocks', 'put:dom:user:x', 'enc:14:b3fa7e2e1d64ca174e1efbd9dff562e5'),
  enc('three', 'Sixteen bytes are three blocks', '0123456789abcdef', 'enc:16:f0817432e0f06f6995534d8c47cb98e3571db23f385f2179'),
  {
    ...COMMON,
    id: id('enc.clear'),
    title: 'Only the prefix encrypt: asks for encryption',
    requirements: [id('enc'), id('request')],
    steps: [...ONLINE, say(A, 'encrypted:x'), hears(LOND, 'encrypted:x'), ...OVER],
  },
  {
    ...COMMON,
    id: id('key.odd'),
    title: 'A build key of other characters than digits gives the key of the published fold',
    requirements: [id('key')],
    steps: [
      START,
      ...dialogue(LOND, ODD_KEY),
      joins(A),
      say(A, 'encrypt:put:a'),
      hears(LOND, sealed(cipherFor({ server: 'srv1', client: 'cli1' }, ODD_KEY), 'put:a')),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('key.newline'),
    title: 'With short ids and a short build key its newline is none of the key',
    requirements: [id('key-newline')],
    steps: [
      place(CONF, confOf(SHORT.client)),
      place(HOSTS, hostLine(SHORT.server)),
      START,
      ...dialogue(LOND, SHORT_KEY),
      joins(A, `sock/${SHORT.server}`),
      say(A, 'encrypt:put:a'),
      hears(LOND, sealed(cipherFor(SHORT, SHORT_KEY), 'put:a')),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('key.new'),
    title: 'A new connection has a new key',
    requirements: [id('reconnect-dialogue'), id('key')],
    steps: [
      ...ONLINE,
      close(LOND),
      ...dialogue(LOND2, ODD_KEY),
      say(A, 'encrypt:put:a'),
      hears(LOND2, sealed(cipherFor({ server: 'srv1', client: 'cli1' }, ODD_KEY), 'put:a')),
      ...OVER,
    ],
  },
];

export const DELAYED_CASES: readonly Case[] = [
  {
    ...COMMON,
    id: id('delayed.sent'),
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
  {
    ...COMMON,
    id: id('delayed.error'),
    title: 'Any answer is an answer: after unknown_cmd the file is removed',
    requirements: [id('delayed')],
    steps: [leave(EARLY, 'put:one\n'), ...CONNECTED, hears(LOND, 'put:one'), say(LOND, 'unknown_cmd'), noFile(delayedFile(EARLY)), ...OVER],
  },
  {
    ...COMMON,
    id: id('delayed.first'),
    title: 'Delayed messages go before requests of local clients',
    requirements: [id('delayed-first')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      hears(LOND, 'put:one'),
      { verb: 'expect-refused', to: { unix: 'sock/srv1' }, within: seconds(1) },
      say(LOND, 'ok'),
      joins(A),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.order'),
    title: 'Delayed messages go in the order of their time, one after the other',
    requirements: [id('delayed-order'), id('one-outstanding')],
    steps: [
      leave(LATE, 'put:two\n'),
      leave('999999999.1.7.put.srv1', 'put:zero\n'),
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      hears(LOND, 'put:zero'),
      citing(id('one-outstanding'), silent(LOND)),
      say(LOND, 'ok'),
      hears(LOND, 'put:one'),
      say(LOND, 'ok'),
      hears(LOND, 'put:two'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.other-host'),
    title: 'Delayed messages of other hosts stay, also of one whose id ends alike',
    requirements: [id('delayed-own')],
    steps: [
      leave('1790000001.1.7.put.srv2', 'put:other\n'),
      leave('1790000001.1.7.put.xsrv1', 'put:alike\n'),
      leave(LATE, 'put:own\n'),
      ...CONNECTED,
      hears(LOND, 'put:own'),
      say(LOND, 'ok'),
      silent(LOND),
      fileHas(delayedFile('1790000001.1.7.put.srv2'), 'put:other'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.pattern'),
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
      fileHas(delayedFile('1790000001.1.7.put.axb'), 'put:other'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.encrypted'),
    title: 'A delayed message for encryption is one encrypted line',
    requirements: [id('delayed-enc')],
    steps: [
      leave(EARLY, 'encrypt:put:a\n'),
      ...CONNECTED,
      hears(LOND, 'enc:5:af4a34ca15c708bd'),
      silent(LOND),
      say(LOND, 'ok'),
      silent(LOND),
      noFile(delayedFile(EARLY)),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.kept'),
    title: 'A delayed message that is not answered before the connection ends stays',
    requirements: [id('delayed-kept')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      hears(LOND, 'put:one'),
      close(LOND),
      opens(LOND2, SETTLING),
      silent('lond3'),
      fileHas(delayedFile(EARLY), 'put:one'),
      ...OVER,
    ],
  },
  {
    ...SLOW,
    id: id('delayed.limit'),
    title: 'A delayed message that is not answered within 60 s stays',
    requirements: [id('delayed-kept')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      hears(LOND, 'put:one'),
      quiet(seconds(70), 'lond3'),
      fileHas(delayedFile(EARLY), 'put:one'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.again'),
    title: 'A message delayed meanwhile is sent after the next connection',
    requirements: [id('delayed-again')],
    steps: [
      ...ONLINE,
      leave(EARLY, 'put:one\n'),
      close(LOND),
      ...dialogue(LOND2),
      hears(LOND2, 'put:one'),
      say(LOND2, 'ok'),
      noFile(delayedFile(EARLY)),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.two-lines'),
    title: 'A delayed file of two lines is not deleted after the first',
    requirements: [id('delayed-whole')],
    steps: [
      leave(EARLY, 'put:one\nput:two\n'),
      leave(LATE, 'put:own\n'),
      ...CONNECTED,
      hears(LOND, 'put:own'),
      say(LOND, 'ok'),
      silent(LOND),
      never(LOND, line('put:one')),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.cut-off'),
    title: 'A delayed file that was cut off is not sent',
    requirements: [id('delayed-whole')],
    steps: [leave(EARLY, 'put:on'), leave(LATE, 'put:own\n'), ...CONNECTED, hears(LOND, 'put:own'), ...OVER],
  },
  {
    ...COMMON,
    id: id('delayed.log'),
    title: 'The permanent log says which delayed message was sent',
    requirements: [id('permanent-log')],
    steps: [
      leave(EARLY, 'put:one\n'),
      ...CONNECTED,
      hears(LOND, 'put:one'),
      say(LOND, 'ok'),
      fileHas('daemons/logs/lonnet.perm.log', ':S:srv1:put:one:'),
      ...OVER,
    ],
  },
  {
    ...COMMON,
    id: id('delayed.secret'),
    title: 'The permanent log does not have the text of an encrypted message',
    requirements: [id('secret-log'), id('permanent-log')],
    steps: [
      leave(EARLY, 'encrypt:passwd:secret\n'),
      ...CONNECTED,
      { verb: 'expect-among', channel: LOND, message: { type: 'line', name: 'a line' }, within: SETTLING },
      put(LOND, 'ok\n'),
      { verb: 'expect-file', path: 'daemons/logs/lonnet.perm.log', contains: ':S:srv1:', lacks: 'secret', within: WITHIN },
      ...OVER,
    ],
  },
];
