/**
 * Cases for a server, seen from a client that calls it: lines, and the negotiation phase by phase.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import {
  A,
  A_NAME,
  asks,
  B,
  bytewise,
  C,
  calls,
  citing,
  close,
  ends,
  exchanges,
  GREETED,
  hears,
  joins,
  MET,
  NAMED,
  namesIn,
  namesOf,
  pings,
  plays,
  put,
  SHAKEN,
  START,
  say,
  serverCase,
  setup,
  silent,
  started,
} from './vocabulary-server.ts';

const { me } = namesOf(A);
const IAM = `IAM ${me}`;
type Heard = readonly (Pattern | string)[];

/** Not answered; what follows is. */
const unheard = (text: string, next: string, ...items: Heard): readonly Step[] => [say(A, text), silent(A), ...asks(A, next, ...items)];
/** Each is refused, and the right one is taken then. */
const refused = (lines: readonly string[], next: string, ...items: Heard): readonly Step[] => [
  ...lines.flatMap(each => asks(A, each, 'NOT')),
  ...asks(A, next, ...items),
];
const WHOLE = exchanges(me);
const endingWith = (end: string): readonly Step[] => [...MET, ...plays(A, WHOLE, end), ...pings(A)];
const HELLO = setup('the server says its id', calls(A), ...asks(A, 'HELLO', A_NAME));
const ADDRESS = setup('the server says its address', ...asks(A, 'OK', A_NAME));
const LATER: Pattern = { type: 'line', fields: { text: { not: { oneOf: ['OK', 'UP', 'DONE'] } } }, name: 'NOT or a SETUP of its own' };
const GIVEN_UP = seconds(600);
const SLOW = { slow: true, deadline: seconds(700) } as const;

// biome-ignore format: a conversation is read along the line.
export const NEGOTIATION_CASES: readonly Case[] = [
  // ── phase 000 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('hello.waits', 'A caller that says nothing hears nothing', 'waits',
    ...MET, silent(A)),
  serverCase('hello.id', 'HELLO is answered with one name', 'hello lines',
    ...MET, ...asks(A, 'HELLO', A_NAME), silent(A)),
  serverCase('hello.version', 'HELLO IKC1 is answered NOT, and HELLO taken', 'version',
    ...MET, ...asks(A, 'HELLO IKC1', 'NOT'), ...asks(A, 'HELLO', A_NAME)),
  serverCase('hello.digits', 'HELLO IKC10 is not answered', 'ignores',
    ...MET, ...unheard('HELLO IKC10', 'HELLO', A_NAME)),
  serverCase('hello.small', 'Case counts: hello is not answered', 'ignores',
    ...MET, ...unheard('hello', 'HELLO', A_NAME)),
  serverCase('hello.empty', 'An empty line is not answered', 'ignores',
    ...MET, ...unheard('', 'HELLO', A_NAME)),
  serverCase('hello.later', 'Lines of later phases are not answered', 'ignores',
    ...MET, say(A, 'OK', IAM, 'NOT', 'DONE', 'FREEZER Storable', 'WORLD'), silent(A), ...asks(A, 'HELLO', A_NAME)),
  serverCase('hello.setup', 'SETUP of a later version is answered', 'setup',
    ...MET, ...asks(A, 'SETUP KERNEL=other,Other;FREEZER=Storable;PID=1', LATER)),
  // ── phase 001 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('names.each', 'Each OK is answered with a name, the last with DONE', 'announces',
    ...GREETED, ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', 'IAM Inet'), ...asks(A, 'OK', 'DONE'), silent(A)),
  serverCase('names.order', 'The address, the aliases from the last to the first, the name', 'order',
    started('--alias=Ikc', '--alias=Second'), ...HELLO, ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', 'IAM Second'), ...asks(A, 'OK', 'IAM Ikc'),
    ...asks(A, 'OK', 'IAM Inet'), ...asks(A, 'OK', 'DONE')),
  serverCase('names.false', 'An alias 0 is told, and the names after it', 'all-names',
    started('--alias=Ikc', '--alias=0'), ...HELLO, ...ADDRESS, ...asks(A, 'OK', 'IAM 0'), ...asks(A, 'OK', 'IAM Ikc'),
    ...asks(A, 'OK', 'IAM Inet'), ...asks(A, 'OK', 'DONE')),
  serverCase('names.not', 'NOT is not answered', 'not',
    ...GREETED, ...unheard('NOT', 'OK', A_NAME)),
  serverCase('names.other', 'Anything but OK is refused', 'refuses',
    ...GREETED, ...refused(['HELLO', 'ok', 'OK ', ' OK', 'DONE', IAM, 'FREEZER Storable', ''], 'OK', A_NAME)),
  // ── phase 002 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('caller.names', 'Each name is answered OK', 'takes-names',
    ...NAMED, ...[IAM, 'IAM 127.0.0.1:58354', 'IAM unix:_tmp_px.sock:23809-3', 'IAM Ca-b_c.1'].flatMap(each => asks(A, each, 'OK'))),
  serverCase('caller.blanks', 'Blanks before a name are no part of it', 'takes-names',
    ...NAMED, ...asks(A, 'IAM   Ca', 'OK'), ...asks(A, 'IAM\tCa', 'OK')),
  serverCase('caller.refused', 'What is no name is refused', 'refuses-names',
    ...NAMED, ...refused(['IAM bad name', 'IAM', 'IAM ', 'IAM x ', 'IAM *', 'IAM \xe9', 'IAM a/b'], IAM, 'OK')),
  serverCase('caller.not', 'NOT is not answered', 'not',
    ...NAMED, ...unheard('NOT', IAM, 'OK')),
  serverCase('caller.other', 'Anything but a name and DONE is refused', 'refuses',
    ...NAMED, ...refused(['OK', 'HELLO', 'done', 'DONE ', 'FREEZER Storable', 'WORLD', ''], IAM, 'OK')),
  serverCase('caller.done', 'DONE is not answered', 'done',
    ...NAMED, ...asks(A, IAM, 'OK'), say(A, 'DONE'), silent(A)),
  // ── phase 003 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('serializer.storable', 'Storable is accepted', 'storable',
    ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK')),
  serverCase('serializer.unknown', 'A serializer that there is not is refused', 'refuses-serializer',
    ...SHAKEN, ...asks(A, 'FREEZER No::Such::Freezer', 'NOT')),
  serverCase('serializer.no-name', 'What is no name of a serializer is refused', 'refuses-serializer',
    ...SHAKEN, ...refused(['FREEZER ../x', 'FREEZER a b', 'FREEZER Storable;'], 'FREEZER Storable', 'OK')),
  serverCase('serializer.second', 'After a refusal another serializer is taken, and used', 'second-serializer',
    ...SHAKEN, ...asks(A, 'FREEZER No::Such::Freezer', 'NOT'), ...asks(A, 'FREEZER Storable', 'OK'), ...asks(A, 'WORLD', 'UP'), ...pings(A)),
  serverCase('serializer.code', 'A serializer that runs what it reads is refused', 'loads-nothing',
    ...SHAKEN, ...asks(A, 'FREEZER POE::Component::IKC::Freezer', 'NOT')),
  serverCase('serializer.none', 'WORLD is refused when every serializer was', 'all-refused',
    ...SHAKEN, ...asks(A, 'FREEZER No::Such::Freezer', 'NOT'), ...asks(A, 'WORLD', 'NOT')),
  serverCase('serializer.not', 'NOT is not answered', 'not',
    ...SHAKEN, ...unheard('NOT', 'WORLD', 'UP')),
  serverCase('serializer.other', 'Anything but FREEZER and WORLD is refused', 'refuses',
    ...SHAKEN, ...refused(['FREEZER', 'freezer Storable', 'HELLO', 'OK', 'DONE', IAM, 'world', 'WORLD ', ''], 'WORLD', 'UP')),
  serverCase('world.up', 'WORLD is answered UP, and that is all', 'up',
    ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK'), ...asks(A, 'WORLD', 'UP'), silent(A)),
  serverCase('world.default', 'Without a FREEZER frames have images in them', 'default up',
    ...SHAKEN, ...asks(A, 'WORLD', 'UP').map(step => citing('ikc.server.up', step)), ...pings(A)),
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  serverCase('lines.together', 'The whole negotiation in one write is answered in order', 'pipelined',
    ...MET, say(A, ...WHOLE.map(([said]) => said)), hears(A, ...WHOLE.flatMap(([, heard]) => heard ?? []))),
  serverCase('lines.lf', 'Lines that end with LF', 'endings', ...endingWith('\n')),
  serverCase('lines.cr', 'Lines that end with CR', 'endings', ...endingWith('\r')),
  serverCase('lines.lf-cr', 'Lines that end with LF CR', 'endings', ...endingWith('\n\r')),
  serverCase('lines.pieces', 'A line in pieces is one line, when it has ended', 'pieces',
    ...MET, put(A, 'HEL'), silent(A), put(A, 'LO'), silent(A), put(A, '\r\n'), hears(A, A_NAME)),
  serverCase('lines.bytes', 'The negotiation, byte by byte', 'pieces',
    ...MET, bytewise(A), ...plays(A, exchanges(...namesIn(A)))),
  serverCase('lines.split', 'CR, and later LF, end one line', 'split-ending',
    ...GREETED, put(A, 'OK\r'), hears(A, A_NAME), put(A, '\n'), silent(A), ...asks(A, 'OK', A_NAME)),
  serverCase('lines.split-switch', 'CR, and after UP its LF, end the last line', 'split-switch',
    ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK'), put(A, 'WORLD\r'), hears(A, 'UP'), put(A, '\n'), ...pings(A)),
  serverCase('lines.endless', 'A line without an end ends its connection, and nobody else notices', 'long-line',
    START, ...joins(B), ...setup('another caller connects', calls(A)), put(A, 'x'.repeat(4_096), 64), ends(A, seconds(20)), ...pings(B)),
  // ── negotiations that do not come to their end ────────────────────────────────────────────────────────────────────
  { ...serverCase('stuck.limit', 'A negotiation that stands still is given up', 'time-limit', ...GREETED, ends(A, GIVEN_UP)), ...SLOW },
  { ...serverCase('stuck.silent', 'A caller that says nothing is given up', 'time-limit', ...MET, ends(A, GIVEN_UP)), ...SLOW },
  serverCase('stuck.others', 'Callers in the middle of their negotiations do not hold up another', 'several',
    ...GREETED, ...setup('a second one stands later', calls(B), ...asks(B, 'HELLO', A_NAME), ...asks(B, 'OK', A_NAME)),
    calls(C), ...plays(C, exchanges(...namesIn(C))), ...pings(C), silent(A, B)),
  serverCase('stuck.leaves', 'A caller that leaves in its negotiation takes nobody with it', 'several',
    ...GREETED, ...joins(B), close(A), silent(B), ...pings(B)),
  serverCase('stuck.resets', 'A caller that breaks off in its negotiation takes nobody with it', 'several',
    ...GREETED, ...joins(B), { verb: 'reset', channel: A }, silent(B), ...pings(B)),
  serverCase('stuck.odd-name', 'A name that no specifier can hold harms nobody', 'any-name',
    ...NAMED, ...joins(B), say(A, 'IAM a:b', 'DONE', 'WORLD'), silent(B), ...pings(B)),
];
