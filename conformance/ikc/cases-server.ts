/**
 * Cases for a server, seen from a client that calls it: lines and the negotiation, phase by phase.
 */
import { minutes, seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import { caseOf, GREETED, HI, MEETS, NAMED, OPTIONS, opened, SHAKEN } from './server.ts';
import {
  A,
  A_NAME,
  asks,
  B,
  bytewise,
  calls,
  citing,
  close,
  ends,
  hears,
  keepsName,
  KERNEL,
  line,
  namesOf,
  PONG,
  pings,
  put,
  say,
  sends,
  setup,
  silent,
  START,
  stillPings,
} from './vocabulary.ts';

const { me } = namesOf(A);
const one = caseOf('');
/** A line without an answer, after which another one has its own. */
const unheard = (text: string, next: string, ...items: readonly (Pattern | string)[]): readonly Step[] => [
  say(A, text),
  silent(A),
  ...asks(A, next, ...items),
];
/** Each is refused, and then the right one is taken. */
const refused = (lines: readonly string[], next: string, ...items: readonly (Pattern | string)[]): readonly Step[] => [
  ...lines.flatMap(each => asks(A, each, 'NOT')),
  ...(items.length === 0 ? [say(A, next), silent(A)] : asks(A, next, ...items)),
];
const started = (...options: readonly string[]): Step => ({ verb: 'start', options: [...OPTIONS, ...options] });
/** Nothing is agreed on yet, and Storable is used. */
const upWith = (...steps: readonly Step[]): readonly Step[] => [...steps, ...pings(A)];

const SETUP = 'SETUP KERNEL=other,Other;FREEZER=Storable;PID=1';
const WHOLE = ['HELLO', 'OK', 'OK', 'OK', `IAM ${me}`, 'DONE', 'FREEZER Storable', 'WORLD'];
const ANSWERS: readonly (Pattern | string)[] = [A_NAME, A_NAME, A_NAME, 'DONE', 'OK', 'OK', 'UP'];
/** The same with another end of each line. */
const endedBy = (end: string): readonly Step[] => [
  ...HI,
  ...setup('it says its id', put(A, `HELLO${end}`), keepsName(A, KERNEL)),
  ...WHOLE.slice(1).flatMap((text, index) => {
    const answers = [A_NAME, A_NAME, 'DONE', 'OK', undefined, 'OK', 'UP'] as const;
    const heard = answers[index];
    return [put(A, text + end), ...(heard === undefined ? [] : [hears(A, heard)])];
  }),
  ...pings(A),
];

export const NEGOTIATION_CASES: readonly Case[] = [
  // ── phase 000 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  one('hello.waits', 'A caller that says nothing hears nothing', ['waits'], ...HI, silent(A)),
  one('hello.id', 'HELLO is answered with one name', ['hello', 'lines'], ...HI, ...asks(A, 'HELLO', A_NAME), silent(A)),
  one('hello.version', 'HELLO IKC1 is answered NOT, and HELLO taken', ['version'], ...HI, ...asks(A, 'HELLO IKC1', 'NOT'), ...asks(A, 'HELLO', A_NAME)),
  one('hello.digits', 'HELLO IKC10 is not answered', ['ignores'], ...HI, ...unheard('HELLO IKC10', 'HELLO', A_NAME)),
  one('hello.small', 'Case counts: hello is not answered', ['ignores'], ...HI, ...unheard('hello', 'HELLO', A_NAME)),
  one('hello.empty', 'An empty line is not answered', ['ignores'], ...HI, ...unheard('', 'HELLO', A_NAME)),
  one('hello.phase', 'Lines of later phases are not answered', ['ignores'], ...HI, ...unheard('OK\r\nIAM x\r\nNOT\r\nWORLD', 'HELLO', A_NAME)),
  one('hello.setup', 'SETUP of a later version is answered', ['setup'], ...HI, say(A, SETUP), hears(A, { ...line(''), name: 'NOT or SETUP', fields: { text: { oneOf: ['NOT', 'SETUP'] } } })),
  // ── phase 001 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  one('names.each', 'Each OK is answered with a name, the last with DONE', ['announces'], ...GREETED, ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', 'DONE'), silent(A)),
  one('names.order', 'The address, the aliases from the last to the first, the name', ['order'],
    started('--alias=Ikc', '--alias=Second'), ...MEETS, ...setup('it says its id', ...asks(A, 'HELLO', A_NAME)),
    ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', 'IAM Second'), ...asks(A, 'OK', 'IAM Ikc'), ...asks(A, 'OK', 'IAM Inet'), ...asks(A, 'OK', 'DONE')),
  one('names.false', 'An alias 0 is told, and the names after it', ['all-names'],
    started('--alias=Ikc', '--alias=0'), ...MEETS, ...setup('it tells its address', ...asks(A, 'HELLO', A_NAME), ...asks(A, 'OK', A_NAME)),
    ...asks(A, 'OK', 'IAM 0'), ...asks(A, 'OK', 'IAM Ikc'), ...asks(A, 'OK', 'IAM Inet'), ...asks(A, 'OK', 'DONE')),
  one('names.not', 'NOT is not answered', ['not'], ...GREETED, ...unheard('NOT', 'OK', A_NAME)),
  one('names.other', 'Anything but OK is refused', ['refuses'], ...GREETED, ...refused(['HELLO', 'ok', 'OK ', ' OK', 'DONE', `IAM ${me}`, 'FREEZER Storable', ''], 'OK', A_NAME)),
  // ── phase 002 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  one('caller.names', 'Each name is answered OK', ['takes-names'], ...NAMED, ...[`IAM ${me}`, 'IAM 127.0.0.1:58354', 'IAM unix:_tmp_px.sock:23809-3', 'IAM Ca-b_c.1'].flatMap(each => asks(A, each, 'OK'))),
  one('caller.blanks', 'Blanks before a name are no part of it', ['takes-names'], ...NAMED, ...asks(A, `IAM   ${me}`, 'OK'), ...asks(A, 'IAM\tx', 'OK')),
  one('caller.refused', 'What is no name is refused, and a name taken then', ['refuses-names'], ...NAMED, ...refused(['IAM bad name', 'IAM', 'IAM ', 'IAM x ', 'IAM *', 'IAM \xe9', 'IAM a/b'], `IAM ${me}`, 'OK')),
  one('caller.not', 'NOT is not answered', ['not'], ...NAMED, ...unheard('NOT', `IAM ${me}`, 'OK')),
  one('caller.other', 'Anything but a name and DONE is refused', ['refuses'], ...NAMED, ...refused(['OK', 'HELLO', 'done', 'DONE ', 'FREEZER Storable', 'WORLD', ''], `IAM ${me}`, 'OK')),
  one('caller.done', 'DONE is not answered', ['done'], ...NAMED, ...asks(A, `IAM ${me}`, 'OK'), say(A, 'DONE'), silent(A)),
  // ── phase 003 ─────────────────────────────────────────────────────────────────────────────────────────────────────
  one('serializer.storable', 'Storable is accepted', ['storable'], ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK')),
  one('serializer.unknown', 'A serializer that there is not is refused', ['refuses-serializer'], ...SHAKEN, ...asks(A, 'FREEZER No::Such::Freezer', 'NOT')),
  one('serializer.no-name', 'What is no name of a serializer is refused', ['refuses-serializer'], ...SHAKEN, ...refused(['FREEZER ../x', 'FREEZER a b', 'FREEZER Storable;'], 'NOT')),
  one('serializer.second', 'After a refusal another serializer is taken, and used', ['second-serializer'], ...SHAKEN, ...asks(A, 'FREEZER No::Such::Freezer', 'NOT'), ...asks(A, 'FREEZER Storable', 'OK'), ...upWith(...asks(A, 'WORLD', 'UP'))),
  one('serializer.code', 'A serializer that runs what it reads is refused', ['loads-nothing'], ...SHAKEN, ...asks(A, 'FREEZER POE::Component::IKC::Freezer', 'NOT')),
  one('serializer.none', 'WORLD is refused when every serializer was', ['all-refused'], ...SHAKEN, ...asks(A, 'FREEZER No::Such::Freezer', 'NOT'), ...asks(A, 'WORLD', 'NOT')),
  one('serializer.not', 'NOT is not answered', ['not'], ...SHAKEN, ...unheard('NOT', 'WORLD', 'UP')),
  one('serializer.other', 'Anything but FREEZER and WORLD is refused', ['refuses'], ...SHAKEN, ...refused(['FREEZER', 'freezer Storable', 'HELLO', 'OK', 'DONE', `IAM ${me}`, 'world', 'WORLD ', ''], 'WORLD', 'UP')),
  one('world.up', 'WORLD is answered UP, and that is all', ['up'], ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK'), ...asks(A, 'WORLD', 'UP'), silent(A)),
  one('world.default', 'Without a FREEZER images are used', ['default', 'up'], ...SHAKEN, ...asks(A, 'WORLD', 'UP').map(step => citing('ikc.server.up', step)), ...pings(A)),
  one('world.early', 'WORLD has no place before DONE', ['refuses'], ...NAMED, ...asks(A, `IAM ${me}`, 'OK'), ...refused(['WORLD'], 'DONE')),
  // ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  one('lines.together', 'The whole negotiation in one write is answered in order', ['pipelined'], ...HI, say(A, ...WHOLE), hears(A, ...ANSWERS)),
  one('lines.lf', 'Lines that end with LF', ['endings'], ...endedBy('\n')),
  one('lines.cr', 'Lines that end with CR', ['endings'], ...endedBy('\r')),
  one('lines.lf-cr', 'Lines that end with LF CR', ['endings'], ...endedBy('\n\r')),
  one('lines.pieces', 'A line in pieces is one line, when it has ended', ['pieces'], ...HI, put(A, 'HEL'), silent(A), put(A, 'LO'), silent(A), put(A, '\r\n'), hears(A, A_NAME)),
  one('lines.split', 'CR, and later LF, end one line', ['split-ending'], ...GREETED, put(A, 'OK\r'), hears(A, A_NAME), put(A, '\n'), silent(A), ...asks(A, 'OK', A_NAME)),
  one('lines.split-switch', 'CR, and after UP its LF, end the last line', ['split-switch'], ...SHAKEN, ...asks(A, 'FREEZER Storable', 'OK'), put(A, 'WORLD\r'), hears(A, 'UP'), put(A, '\n'), ...pings(A)),
  one('lines.bytes', 'The negotiation and a request, byte by byte', ['pieces', 'frame-pieces'],
    ...HI, bytewise(A), say(A, 'HELLO'), keepsName(A, KERNEL), ...WHOLE.slice(1).flatMap((text, at) => [say(A, text), ...[hears(A, ANSWERS[at + 1] ?? '')].slice(text === 'DONE' || at > 3 ? 1 : 0)]),
  ),
  one('lines.endless', 'A line without an end ends its connection, and nobody else notices', ['long-line'],
    ...opened(B), ...HI.slice(1), put(A, 'x'.repeat(65_536), 16), ends(A, seconds(30)), ...pings(B)),
  // ── who does not come to an end ───────────────────────────────────────────────────────────────────────────────────
  { ...one('stuck.limit', 'A negotiation that stands still is given up', ['time-limit'], ...GREETED, ends(A, minutes(10))), slow: true, deadline: minutes(12) },
  { ...one('stuck.silent', 'A caller that never says HELLO is given up', ['time-limit'], ...HI, ends(A, minutes(10))), slow: true, deadline: minutes(12) },
  one('stuck.others', 'Callers in each phase of a negotiation do not hold up another', ['several'], ...GREETED, ...setup('another stands later', calls(B), ...asks(B, 'HELLO', A_NAME), ...asks(B, 'OK', A_NAME)), ...opened('c', []), ...pings('c')),
  one('stuck.leaves', 'A caller that leaves in its negotiation takes nobody with it', ['several'], ...opened(B), ...setup('a caller is in its negotiation', calls(A), ...asks(A, 'HELLO', A_NAME)), close(A), ...pings(B)),
  one('stuck.resets', 'A caller that resets its connection in its negotiation takes nobody with it', ['several'], ...opened(B), ...setup('a caller is in its negotiation', calls(A), ...asks(A, 'HELLO', A_NAME)), { verb: 'reset', channel: A }, ...pings(B)),
  one('stuck.odd-name', 'A name with a colon in it, which no specifier can hold', ['any-name'], ...opened(B), ...setup('a caller has an odd name', calls(A), ...asks(A, 'HELLO', A_NAME), ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', A_NAME), ...asks(A, 'OK', 'DONE')), say(A, 'IAM a:b', 'DONE', 'WORLD'), silent(B), ...pings(B)),
];
void [START, sends, stillPings, PONG];
