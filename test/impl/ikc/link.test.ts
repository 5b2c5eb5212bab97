/** One link: requests both ways, its end, its limits, and each trap of side `link` beside what is done instead. */
import { describe, expect, test } from 'vitest';
import { concat, hex, utf8 } from '../../../src/host/bytes.ts';
import { seconds } from '../../../src/host/time.ts';
import { frameOf } from '../../../src/impl/framing/lines-then-frames.ts';
import {
  DIGITS_MAX,
  FRAME_MAX,
  LINE_MAX,
  LINES_MAX,
  LINGER,
  LOGGED_MAX,
  NEGOTIATION_TIMEOUT,
  PAUSE_AT,
  UNSENT_MAX,
} from '../../../src/impl/ikc/limits.ts';
import { QUIRK, type Quirk } from '../../../src/impl/ikc/quirks.ts';
import { freeze } from '../../../src/impl/storable/freeze.ts';
import { type PerlValue, Scalar } from '../../../src/impl/storable/values.ts';
import { AS_CLIENT, AS_SERVER, Hand, MOMENT, openServer, unix } from './hand.ts';

const frame = (value: PerlValue): Uint8Array => frameOf(freeze(value));
const OPENED = 'opened peer 127.0.0.1:40000';
const PING = new Map<string, PerlValue>([['event', 'poe://Inet/IKC/ping']]);
/** A request whose image has so many bytes: an array of one long string. */
const stringOf = (payload: number): PerlValue => ['x'.repeat(payload - freeze(['x'.repeat(300)]).length + 300)];

describe('requests', () => {
  test('are told one by one, and sent as frames', () => {
    const hand = openServer();
    hand.hear(concat([frame(PING), frame([1])]), frame([2]).subarray(0, 5), frame([2]).subarray(5));
    expect(hand.told).toEqual([OPENED, 'request', 'request', 'request']);
    expect(hand.requests).toEqual([PING, [1], [2]]);
    const before = hand.written.length;
    expect(hand.link.send([])).toBe(true);
    expect(hex(hand.written.subarray(before))).toBe('3700050b0200000000');
  });

  test('in JSON, when that was agreed', () => {
    const hand = new Hand().hearLines(...AS_CLIENT.map(each => each.replace('Storable', 'JSON')));
    hand.hear(frameOf(utf8('{"event":"x","params":[null,true,1.5,"\\u00e9"]}')));
    expect(hand.requests).toEqual([
      new Map<string, PerlValue>([
        ['event', 'x'],
        ['params', [null, true, 1.5, '\u00e9']],
      ]),
    ]);
    hand.link.send(new Map<string, PerlValue>([['a', [1, 'x']]]));
    expect(hand.said.endsWith('13\0{"a":[1,"x"]}')).toBe(true);
  });

  test('a frame that cannot be thawed is told, and the link goes on', () => {
    const hand = openServer().hear(frameOf(new Uint8Array(0)), frameOf(utf8('hello')), frame([1]));
    expect(hand.told.map(each => each.split(' ')[0])).toEqual(['opened', 'unreadable', 'unreadable', 'request']);
    expect(hand.slugs().filter(each => each === 'unreadable')).toHaveLength(2);
  });

  test('an image that is cut at any byte, or announces 2^31-1 items, is no request and no harm', () => {
    const whole = freeze(
      new Map<string, PerlValue>([
        ['event', new Map<string, PerlValue>([['kernel', 'k']])],
        ['params', [1, 'x', null]],
      ]),
    );
    const hand = openServer();
    for (let cut = 0; cut < whole.length; cut++) hand.hear(frameOf(whole.subarray(0, cut)));
    for (const bomb of [
      '\u0005\u000b\u0002\u007f\u00ff\u00ff\u00ff',
      '\u0005\u000b\u0003\u007f\u00ff\u00ff\u00ff',
      `\u0005\u000b${'\u0004'.repeat(100_000)}\u0005`,
    ])
      hand.hear(frameOf(Uint8Array.from([...bomb], each => each.charCodeAt(0))));
    expect(hand.told.filter(each => each.startsWith('unreadable'))).toHaveLength(whole.length + 3);
    expect(hand.told).not.toContain('request');
    expect(hand.link.open).toBe(true);
  });

  test('what has no form is told from within send, and the link goes on', () => {
    const hand = new Hand().hearLines(...AS_CLIENT.map(each => each.replace('Storable', 'JSON')));
    expect(hand.link.send([new Scalar('x')])).toBe(false);
    const cycle: PerlValue[] = [];
    cycle.push(cycle);
    expect(hand.link.send(cycle)).toBe(false);
    expect(hand.told.slice(1)).toEqual(['unsendable JSON has no form for a Scalar of Perl', 'unsendable deeper than 1000, or a cycle']);
    expect(hand.link.send([])).toBe(true);
    expect(openServer().link.send(cycle)).toBe(true);
  });

  test.each([
    [FRAME_MAX - 1, true],
    [FRAME_MAX, true],
    [FRAME_MAX + 1, false],
  ])('a request of %i bytes can be sent: %s', (size, sent) => {
    const hand = openServer();
    const before = hand.written.length;
    expect(hand.link.send(stringOf(size))).toBe(sent);
    expect(hand.written.length - before).toBe(sent ? size + 9 : 0);
    expect(hand.told.slice(1)).toEqual(sent ? [] : [`unsendable a frame of ${FRAME_MAX + 1} bytes: the limit is ${FRAME_MAX}`]);
  });

  test.each([
    [FRAME_MAX - 1, true],
    [FRAME_MAX, true],
    [FRAME_MAX + 1, false],
  ])('a frame of %i bytes is taken: %s', (size, taken) => {
    const hand = openServer().hear(utf8(`${size}\0`));
    expect(hand.told.includes('end')).toBe(!taken);
    if (taken) hand.hear(freeze(stringOf(size)));
    expect(hand.told).toEqual(taken ? [OPENED, 'request'] : [OPENED, 'end']);
  });

  test.each(['1000000000\0', 'x', '\0', '-1\0', '99999999999999999999999', '0'.repeat(30)])('%j is no frame, and ends the link', header => {
    const hand = openServer().hear(frame([1]), utf8(header), frame([2]));
    expect(hand.told).toEqual([OPENED, 'request', 'end']);
    expect(hand.slugs()).toContain('violation');
    expect(hand.link.open).toBe(false);
    hand.streamCloses();
    expect(hand.told.at(-1)).toMatch(/^closed (byte|a frame|a length)/);
  });
});

test.each([
  [DIGITS_MAX - 1, true],
  [DIGITS_MAX, true],
  [DIGITS_MAX + 1, false],
])('a length of %i digits is read: %s', (digits, read) => {
  const payload = freeze([1]);
  const hand = openServer().hear(`${String(payload.length).padStart(digits, '0')}\0`, payload);
  expect(hand.told).toEqual([OPENED, read ? 'request' : 'end']);
});

describe('the end', () => {
  test('of the peer: what was queued is flushed, and the half of a frame is told', () => {
    const hand = openServer().hear(frame([1]).subarray(0, 4));
    hand.peerEnds();
    expect(hand.told).toEqual([OPENED, 'end']);
    expect(hand.link.open).toBe(false);
    expect(hand.link.send([])).toBe(false);
    hand.streamCloses();
    expect(hand.told.at(-1)).toBe('closed the peer ended after 2 of 9 bytes of a frame');
    expect(hand.timers).toBe(0);
  });

  test('in the negotiation, with its phase', () => {
    const hand = new Hand().hearLines('HELLO').hear('O');
    hand.peerEnds();
    hand.streamCloses();
    expect(hand.told).toEqual(['end', 'closed the peer ended after 1 bytes of a line']);
    const other = new Hand().hearLines('HELLO');
    other.peerEnds();
    other.streamCloses();
    expect(other.told).toEqual(['end', 'closed the peer ended in phase 001']);
  });

  test('of the stream', () => {
    const hand = openServer();
    hand.streamCloses('ECONNRESET');
    expect(hand.told).toEqual([OPENED, 'closed the stream broke: ECONNRESET']);
    hand.link.shutdown();
    expect(hand.link.send([])).toBe(false);
    expect(hand.told).toHaveLength(2);
    expect(hand.timers).toBe(0);
  });

  test('by shutdown: nothing more is read, what was accepted is sent, and the peer has time as long as it reads', () => {
    const hand = openServer();
    hand.kernel = 'takes nothing';
    hand.link.send(['x'.repeat(1_000)]);
    hand.link.shutdown();
    hand.link.shutdown();
    expect(hand.told).toEqual([OPENED, 'end']);
    hand.hear(frame([1]));
    hand.later(seconds(9)).drains(500);
    hand.later(seconds(9)).drains(100);
    hand.later(seconds(9)).drains(0);
    hand.later(seconds(12));
    expect(hand.told).toEqual([OPENED, 'end']);
    hand.later(seconds(2));
    expect(hand.told).toEqual([OPENED, 'end', 'close', 'closed shutdown']);
    expect(hand.timers).toBe(0);
  });

  test('by shutdown: a peer that does not read is given up', () => {
    const hand = openServer();
    hand.kernel = 'takes nothing';
    hand.link.send(['x'.repeat(1_000)]);
    hand.link.shutdown();
    hand.later((LINGER - 1) as typeof LINGER);
    expect(hand.told).toEqual([OPENED, 'end']);
    hand.later(MOMENT);
    expect(hand.told).toEqual([OPENED, 'end', 'close', 'closed shutdown']);
  });

  test('by shutdown while nothing is read: it is read again, for the end of the peer has to be seen', () => {
    const hand = openServer();
    hand.kernel = 'takes nothing';
    hand.link.send(['x'.repeat(PAUSE_AT)]);
    hand.link.shutdown();
    expect(hand.told).toEqual([OPENED, 'pause', 'resume', 'end']);
  });

  test('is told once, whatever the stream still does', () => {
    const hand = openServer();
    hand.streamCloses('ECONNRESET');
    hand.streamCloses();
    hand.peerEnds();
    hand.hear(frame([1]));
    expect(hand.told).toEqual([OPENED, 'closed the stream broke: ECONNRESET']);
  });

  test('from within a request: what comes behind it is not told', () => {
    const hand = openServer();
    hand.onRequest = (_, link) => link.shutdown();
    hand.hear(concat([frame([1]), frame([2])]));
    expect(hand.told).toEqual([OPENED, 'request', 'end']);
  });
});

describe('back-pressure', () => {
  test.each([
    [PAUSE_AT - 1, false],
    [PAUSE_AT, true],
    [PAUSE_AT + 1, true],
  ])('with %i bytes unsent nothing more is read: %s', (unsent, paused) => {
    const hand = openServer();
    hand.kernel = 'takes nothing';
    hand.pending = unsent - frame([]).length;
    hand.onRequest = (_, link) => void link.send([]);
    hand.hear(concat([frame([1]), frame([2])]));
    // The second one is answered as well where there was room before it: that is the limit, too.
    expect(hand.requests.length).toBe(paused ? 1 : 2);
    expect(hand.told.filter(each => each === 'pause')).toHaveLength(1);
    hand.onRequest = () => {};
    hand.drains();
    expect(hand.requests).toEqual([[1], [2]]);
    expect(hand.told.slice(-2)).toEqual(paused ? ['request', 'resume'] : ['pause', 'resume']);
  });

  test('what waited and fills the queue again keeps it paused', () => {
    const hand = openServer();
    hand.kernel = 'takes nothing';
    hand.onRequest = (_, link) => void link.send(['x'.repeat(PAUSE_AT)]);
    hand.hear(concat([frame([1]), frame([2]), frame([3])]));
    hand.drains();
    expect(hand.requests).toEqual([[1], [2]]);
    expect(hand.told).not.toContain('resume');
    hand.drains();
    hand.onRequest = () => {};
    hand.drains();
    expect(hand.requests).toEqual([[1], [2], [3]]);
  });

  test.each([
    [UNSENT_MAX - 1, true],
    [UNSENT_MAX, true],
    [UNSENT_MAX + 1, false],
  ])('with %i bytes unsent the link is kept: %s', (unsent, kept) => {
    const hand = openServer();
    hand.kernel = 'takes nothing';
    hand.pending = unsent - frame([]).length;
    hand.link.send([]);
    expect(hand.told).toEqual(kept ? [OPENED, 'pause'] : [OPENED, 'reset']);
    expect(hand.link.open).toBe(kept);
    hand.later(MOMENT);
    expect(hand.told.slice(2)).toEqual(kept ? [] : [`closed ${UNSENT_MAX + 1} bytes are unsent: the peer does not read`]);
    if (!kept) expect(hand.timers).toBe(0);
  });
});

test('in the negotiation, too: nothing is said on a link that is given up', () => {
  const hand = new Hand({ role: 'client' }).hearLines('IAM peer', 'DONE', 'OK', 'OK');
  hand.kernel = 'takes nothing';
  hand.pending = UNSENT_MAX;
  const before = hand.lines.length;
  hand.hearLines('OK', 'OK', 'UP').later(seconds(60));
  expect(hand.lines.slice(before)).toEqual(['DONE']);
  expect(hand.told).toEqual(['reset', expect.stringMatching(/^closed \d+ bytes are unsent/)]);
});

describe('limits of the negotiation', () => {
  test.each([
    [LINE_MAX - 1, false],
    [LINE_MAX, false],
    [LINE_MAX + 1, true],
  ])('a line of %i bytes ends it: %s', (length, ends) => {
    const hand = new Hand().hear('x'.repeat(length), '\r\n');
    expect(hand.told).toEqual(ends ? ['end'] : []);
    expect(hand.slugs()).toEqual(ends ? ['violation'] : ['nonsense']);
  });

  test.each([
    [LINES_MAX - 1, false],
    [LINES_MAX, false],
    [LINES_MAX + 1, true],
  ])('%i lines end it: %s', (count, ends) => {
    const lines = count - AS_CLIENT.length;
    const hand = new Hand().hear('\n'.repeat(lines)).hearLines(...AS_CLIENT);
    expect(hand.told).toEqual(ends ? ['end'] : [OPENED]);
    expect(hand.slugs().filter(each => each === 'nonsense')).toHaveLength(LOGGED_MAX);
  });

  test('the log shows what a peer said as it can be shown', () => {
    const hand = new Hand().hear(Uint8Array.of(0x1b, 0x5b, 0x32, 0x4a, 0x0a));
    expect(hand.logs).toEqual([['nonsense', { link: 1, phase: '000', line: '\\u{1b}[2J' }]]);
  });

  test('each phase is in the log', () => {
    const moves = (hand: Hand): readonly string[] =>
      hand.logs.flatMap(([event, { from, to }]) => (event === 'phase' ? [`${from} ${to}`] : []));
    expect(moves(openServer())).toEqual(['000 001', '001 002', '002 003', '003 up']);
    expect(moves(new Hand({ role: 'client' }).hearLines(...AS_SERVER))).toEqual(['000 001', '001 002', '002 003', '003 up']);
    expect(openServer().logs.at(-1)).toEqual(['link-open', { link: 1, peer: 'peer', aliases: 1, serializer: 'Storable' }]);
  });
});

const as = (...quirks: readonly Quirk[]): { readonly quirks: readonly Quirk[] } => ({ quirks });

describe('as written', () => {
  test('B-T01: a negotiation ends in time; as written it has all the time there is', () => {
    for (const role of ['server', 'client'] as const) {
      const hand = new Hand({ role });
      hand.later((NEGOTIATION_TIMEOUT - 1) as typeof NEGOTIATION_TIMEOUT);
      expect(hand.told).toEqual([]);
      hand.later(MOMENT);
      expect(hand.told).toEqual(['end']);
      expect(hand.slugs()).toEqual(['negotiation-timeout']);
      hand.streamCloses();
      expect(hand.told.at(-1)).toBe('closed the negotiation was not over in time, but in phase 000');
      const written = new Hand({ role, ...as(QUIRK.NEGOTIATE_FOREVER) });
      expect(written.later(seconds(1_000_000)).told).toEqual([]);
    }
    // Whatever is said on the way.
    const busy = new Hand();
    for (let second = 0; second < 29; second++) busy.later(seconds(1)).hearLines('x');
    expect(busy.told).toEqual([]);
    expect(busy.later(seconds(1)).told).toEqual(['end']);
    expect(openServer().later(seconds(1_000_000)).told).toEqual([OPENED]);
  });

  test('B-T02: an end of line in two reads', () => {
    const said = (hand: Hand): readonly string[] => hand.hear('HELLO\r', '\nOK\r', '\nOK\n', '\r').lines;
    const answers = ['IAM id', 'IAM 127.0.0.1:603', 'IAM Inet'];
    expect(said(new Hand())).toEqual(answers);
    expect(said(new Hand(as(QUIRK.SPLIT_LINES)))).toEqual([answers[0], 'NOT', answers[1], 'NOT', answers[2], 'NOT']);
  });

  test('B-T03: the same behind the last line', () => {
    const play = (quirks: readonly Quirk[]): Hand => {
      const hand = new Hand(as(...quirks)).hearLines(...AS_CLIENT.slice(0, -1)).hear('WORLD\r', concat([utf8('\n'), frame(PING)]));
      return hand.hear(frame(PING)).later(seconds(100));
    };
    expect(play([]).told).toEqual([OPENED, 'request', 'request']);
    const deaf = play([QUIRK.SPLIT_SWITCH]);
    expect(deaf.told).toEqual([OPENED]);
    expect(deaf.link.open).toBe(true);
    expect(deaf.link.send(PING)).toBe(true);
  });

  test('B-T04: a name that would be refused is not told; as written it is, and both wait', () => {
    const setup = { aliases: ['bad name', 'good', ''], name: 'Inet' };
    const lines = (quirks: readonly Quirk[]): readonly string[] =>
      new Hand({ ...setup, ...as(...quirks) }).hearLines('HELLO', 'OK', 'OK', 'OK', 'OK').lines;
    expect(lines([])).toEqual(['IAM id', 'IAM 127.0.0.1:603', 'IAM good', 'IAM Inet', 'DONE']);
    const written = new Hand({ aliases: ['bad name'], ...as(QUIRK.SAY_BAD_NAMES) }).hearLines('HELLO', 'OK', 'OK', 'NOT');
    expect(written.lines).toEqual(['IAM id', 'IAM 127.0.0.1:603', 'IAM bad name']);
    expect(written.told).toEqual([]);
  });

  test('B-T05: the list of names does not end with a name that is false', () => {
    const lines = (quirks: readonly Quirk[]): readonly string[] =>
      new Hand({ aliases: ['A', '0', 'B'], ...as(...quirks) }).hearLines('HELLO', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK').lines;
    expect(lines([])).toEqual(['IAM id', 'IAM 127.0.0.1:603', 'IAM B', 'IAM 0', 'IAM A', 'IAM Inet', 'DONE']);
    expect(lines([QUIRK.STOP_AT_FALSE]).slice(0, 4)).toEqual(['IAM id', 'IAM 127.0.0.1:603', 'IAM B', 'DONE']);
  });

  test('B-T07: the server at a path has the name of its path', () => {
    const told = (quirks: readonly Quirk[]): readonly string[] =>
      new Hand({ role: 'client', local: unix(''), remote: unix('/run/ikc one.sock'), ...as(...quirks) }).hearLines(...AS_SERVER).told;
    expect(told([])).toEqual(['opened peer unix:_run_ikc_one.sock']);
    expect(told([QUIRK.CALL_IT_N])).toEqual(['opened peer unix:n']);
  });

  test('B-T09: requests behind the last line are told when it is known who sent them', () => {
    const told = (quirks: readonly Quirk[]): readonly string[] => {
      const hand = new Hand(as(...quirks));
      hand.onRequest = (_, { peer, open }) => void hand.told.push(`${peer?.id} ${open}`);
      return hand.hear(concat([utf8(AS_CLIENT.map(each => `${each}\r\n`).join('')), frame([1]), frame([2]), frame([3]).subarray(0, 3)]))
        .told;
    };
    expect(told([])).toEqual([OPENED, 'request', 'peer true', 'request', 'peer true']);
    expect(told([QUIRK.ANSWER_EARLY])).toEqual(['request', 'undefined false', 'request', 'undefined false', OPENED]);
  });

  test('B-T10: a shutdown is heard in a negotiation', () => {
    const play = (quirks: readonly Quirk[]): Hand => {
      const hand = new Hand(as(...quirks)).hearLines('HELLO');
      hand.link.shutdown();
      return hand.hearLines('OK');
    };
    expect(play([]).told).toEqual(['end']);
    expect(play([]).lines).toEqual(['IAM id']);
    expect(play([QUIRK.NEGOTIATE_ON]).told).toEqual([]);
    expect(play([QUIRK.NEGOTIATE_ON]).lines).toEqual(['IAM id', 'IAM 127.0.0.1:603']);
    // What was said is sent by then.
    const flushed = new Hand(as(QUIRK.NEGOTIATE_ON)).hearLines('HELLO').later(MOMENT);
    flushed.link.shutdown();
    expect(flushed.told).toEqual(['end']);
    const stuck = new Hand(as(QUIRK.NEGOTIATE_ON)).hearLines('HELLO').later(MOMENT);
    stuck.pending = 1;
    stuck.link.shutdown();
    expect(stuck.told).toEqual([]);
  });

  test('B-T12: no name is told that cannot be written in a specifier', () => {
    const lines = (quirks: readonly Quirk[]): readonly string[] =>
      new Hand({ aliases: ['a:b'], local: unix('/run/a:b.sock'), ...as(...quirks) }).hearLines('HELLO', 'OK', 'OK', 'OK', 'OK').lines;
    expect(lines([]).slice(0, 4)).toEqual(['IAM id', 'IAM unix:_run_a_b.sock', 'IAM Inet', 'DONE']);
    expect(lines([QUIRK.DIE_OF_NAME])).toEqual(['IAM id', 'IAM unix:_run_a:b.sock', 'IAM a:b', 'IAM Inet', 'DONE']);
  });

  test('B-T25: a client says HELLO; as written, of one whose on_connect is no code, both wait', () => {
    expect(new Hand({ role: 'client' }).lines).toEqual(['HELLO']);
    const mute = new Hand({ role: 'client', ...as(QUIRK.WAIT_AS_SERVER) });
    expect(mute.later(seconds(29)).lines).toEqual([]);
    expect(mute.later(seconds(1)).told).toEqual(['end']);
  });

  test('B-T26: what is not sent counts as that', () => {
    const sent = (quirks: readonly Quirk[]): boolean => {
      const hand = openServer(as(...quirks));
      hand.streamCloses();
      const before = hand.writes.length;
      const counted = hand.link.send(PING);
      expect(hand.writes.length).toBe(before);
      return counted;
    };
    expect(sent([])).toBe(false);
    expect(sent([QUIRK.COUNT_UNSENT])).toBe(true);
  });

  test('B-T29: an OK too many does not decide about the serializer', () => {
    const play = (quirks: readonly Quirk[], ...answers: readonly string[]): Hand =>
      new Hand({ role: 'client', serializers: ['JSON'], ...as(...quirks) })
        .hearLines('IAM peer', 'DONE', 'OK', 'OK')
        .hear('OK\r\nOK\r\n')
        .hearLines(...answers);
    const written = play([QUIRK.TAKE_SURPLUS], 'NOT', 'UP');
    expect(written.lines.slice(-2)).toEqual(['FREEZER JSON', 'WORLD']);
    // The server has refused JSON, and uses the default.
    expect(written.logs.at(-1)).toEqual(['link-open', { link: 1, peer: 'peer', aliases: 1, serializer: 'JSON' }]);
    const corrected = play([], 'NOT', 'UP');
    corrected.streamCloses();
    expect(corrected.told).toEqual(['end', 'closed the peer gave more answers than there were questions: the serializer is in doubt']);
    // Two too many: the second has no meaning in 003. Published, it is answered before what the phases begin with.
    const twice = (quirks: readonly Quirk[]): Hand =>
      new Hand({ role: 'client', serializers: ['JSON'], ...as(...quirks) })
        .hearLines('IAM peer', 'DONE', 'OK', 'OK')
        .hear('OK\r\nOK\r\nOK\r\n');
    expect(twice([QUIRK.TAKE_SURPLUS]).lines.slice(-4)).toEqual(['DONE', 'NOT', 'FREEZER JSON', 'WORLD']);
    expect(twice([]).lines.slice(-4)).toEqual(['DONE', 'FREEZER JSON', 'WORLD', 'NOT']);
    expect(twice([]).hearLines('OK', 'UP').told).toEqual(['end']);
    // What a phase begins with is not said when the lines are over.
    const at = new Hand({ role: 'client', ...as(QUIRK.TAKE_SURPLUS, QUIRK.ANSWER_EARLY) });
    at.hear(concat([utf8([...AS_SERVER.slice(0, -1), 'OK', 'UP', ''].join('\r\n')), frame([1])]));
    expect(at.told).toEqual(['request', OPENED]);
    expect(at.lines.at(-1)).toBe('NOT');
    // What was answered before it was asked is an answer, when nothing else comes.
    expect(play([], 'UP').told).toEqual([OPENED]);
  });
});
