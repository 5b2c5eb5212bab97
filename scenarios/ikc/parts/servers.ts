/**
 * Servers that are not ours, each with a client of ours and all that this one has to print: limits of what it reads, lines in the wrong place, ends
 * and silence in each phase, and answers that are none.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { framed, type Plain } from './requests.ts';
import { ACCEPTS, answer, frame, GREETS, HEARS_NAME, letters, raw, SERVES_LITE, wait } from './said.ts';

type Steps = readonly string[];

export interface Row {
  readonly name: string;
  /** Of the small client, or of the other one. */
  readonly isLite: boolean;
  /** What the server says; undefined: there is none. */
  readonly says: Steps | undefined;
  /** What the client is told beside where it connects. */
  readonly args?: Steps;
  /** The lines that it prints, `ADDRESS` for where it connects. */
  readonly prints: readonly string[];
}

const TO = 'poe:/demo/echo';
/** The name of either client. */
export const NAME = 'lite';
const ASKS: Steps = [`--call=${TO} 1`];
const LINE_MAX = 4_096;
const FRAME_MAX = 16_777_216;
const text = (said: string): string => raw(utf8(said));
const errorOf = (error: string): string => JSON.stringify({ to: TO, error });
const answerOf = (value: Plain): string => JSON.stringify({ to: TO, answer: value });

// ── the small client ────────────────────────────────────────────────────────────────────────────────────────────────

const small = (name: string, says: Steps | undefined, error: string, args: Steps = ASKS): Row => ({
  name,
  isLite: true,
  says,
  args,
  prints: [errorOf(error)],
});
const good = (name: string, says: Steps): Row => ({ name, isLite: true, says, args: ASKS, prints: [answerOf('yes')] });
const YES = frame(answer(0, 'yes'));
/** Behind the name of the server, which was its first line. */
const REST: Steps = ['hear=OK', 'say=DONE', ...HEARS_NAME, 'hear=DONE', 'hear=FREEZER', ...ACCEPTS, YES];
const UP: Steps = [...SERVES_LITE, ...ACCEPTS];
const remote = (more: { readonly [key: string]: Plain }): string =>
  frame({ event: { kernel: NAME, session: 'IKC', state: 'remote_error' }, is_error: 1, ...more });
const BY = `sent by [poe://${NAME}/IKCLite/response0]`;
/** Where it stops, and in which phase it is. */
const PHASES: readonly (readonly [phase: string, steps: Steps])[] = [
  ['hello', ['hear=HELLO']],
  ['name', [...GREETS, 'hear=IAM']],
  ['freezer', SERVES_LITE],
  ['world', [...SERVES_LITE, 'say=OK', 'hear=WORLD']],
];

const OF_SMALL: readonly Row[] = [
  good('a name as long as a line', ['hear=HELLO', text(`IAM ${letters(LINE_MAX - 4)}\r\n`), ...REST]),
  good('a line whose end is late', ['hear=HELLO', text(`IAM ${letters(LINE_MAX - 4)}\r`), wait(200), text('\n'), ...REST]),
  small('a line without an end', ['hear=HELLO', text(`IAM ${letters(LINE_MAX - 2)}`)], `a line of more than ${LINE_MAX} bytes`),
  good('a line feed in a line', ['hear=HELLO', text('IAM a\nb\r\n'), ...REST]),
  good('a return in a line', ['hear=HELLO', text('IAM a\rb\r\n'), ...REST]),
  small('no count', [...UP, text('a')], 'a frame whose length is no number'),
  small('a letter behind a digit', [...UP, text('1'), wait(50), text('x')], 'a frame whose length is no number'),
  small('what comes before the digits', [...UP, text('/1\0')], 'a frame whose length is no number'),
  small('what comes behind the digits', [...UP, text('1:\0')], 'a frame whose length is no number'),
  small('a count of nothing', [...UP, text('\0')], 'a frame without a length'),
  small('endless digits', [...UP, text('0'.repeat(21))], 'a length of more than 20 digits'),
  small('as many digits as may be', [...UP, text('0'.repeat(20))], 'no answer came in time, in phase up'),
  small('too large a frame', [...UP, text(`${FRAME_MAX + 1}\0`)], `a frame of ${FRAME_MAX + 1} bytes: the limit is ${FRAME_MAX}`),
  small('the largest frame', [...UP, text(`${FRAME_MAX}\0`)], 'no answer came in time, in phase up'),
  small(
    'no image',
    [...UP, raw(framed(utf8('x')))],
    'a frame cannot be read: an image of another major version: major version 60 at offset 0',
  ),
  small('an error', [...UP, remote({ params: `no ${BY}` })], `no ${BY}`),
  good('an error without an end', [...UP, remote({ params: `no ${BY} more` }), YES]),
  good('an error of another state', [...UP, remote({ params: `no ${BY}`, event: { kernel: NAME, session: 'IKC', state: 'other' } }), YES]),
  good('an error of another session', [
    ...UP,
    remote({ params: `no ${BY}`, event: { kernel: NAME, session: 'I', state: 'remote_error' } }),
    YES,
  ]),
  good('an error that is no text', [...UP, remote({ params: ['no', BY] }), YES]),
  good('an answer that is early', [...UP, frame(answer(1, 'no')), YES]),
  good('an answer to another session', [...UP, frame({ event: { kernel: NAME, session: 'I', state: 'response0' }, params: 'no' }), YES]),
  good('an answer whose event is a text', [...UP, frame({ event: `poe://${NAME}/IKCLite/response0`, params: 'yes' })]),
  good('no request', [...UP, frame([1]), frame({}), frame({ event: [] }), YES]),
  small('the serializer is refused', [...SERVES_LITE, 'say=NOT'], 'the other kernel has none of the serializers'),
  small('both are refused', [...SERVES_LITE, 'say=NOT', 'hear=FREEZER', 'say=NOT'], 'the other kernel has none of the serializers', [
    '--serializer=JSON',
    '--serializer=Storable',
    ...ASKS,
  ]),
  ...PHASES.flatMap(([phase, steps]) => [
    small(`a word in phase ${phase}`, [...steps, 'say=word'], `'word' in phase ${phase}`),
    small(`silence in phase ${phase}`, steps, `no answer of the other kernel, in phase ${phase}`),
    small(`an end in phase ${phase}`, [...steps, 'end'], 'the connection ended'),
    small(`a reset in phase ${phase}`, [...steps, 'reset'], 'the connection broke: ECONNRESET'),
  ]),
  small('silence', UP, 'no answer came in time, in phase up'),
  small('an end before the answer', [...UP, 'hear=#0', wait(300), 'end'], 'the connection ended'),
  small('nobody is there', undefined, 'cannot connect: ECONNREFUSED'),
  {
    name: 'an end in a frame, and again',
    isLite: true,
    says: [...UP, text('100\0pst'), wait(50), 'end'],
    args: [...ASKS, ...ASKS],
    prints: [errorOf('the connection ended'), errorOf('the connection ended')],
  },
  {
    name: 'no state',
    isLite: true,
    says: UP,
    args: ['--call=poe:/demo 1'],
    prints: [JSON.stringify({ to: 'poe:/demo', error: "'poe:/demo' is no specifier of a session and a state" })],
  },
];

// ── the other one ───────────────────────────────────────────────────────────────────────────────────────────────────

const failing = (error: string): string => JSON.stringify({ error });
const large = (name: string, says: Steps | undefined, prints: readonly string[], args: Steps = ASKS): Row => ({
  name,
  isLite: false,
  says,
  args,
  prints,
});
const GONE = 'the kernel is not connected any more';
/** The server is told an id, an address, and a name. */
const REST_OF_NAMED: Steps = [...HEARS_NAME, ...HEARS_NAME, ...HEARS_NAME, 'hear=DONE', 'hear=FREEZER'];
const NAMED: Steps = [...GREETS, ...REST_OF_NAMED];
const OPEN: Steps = [...NAMED, ...ACCEPTS];

const OF_OTHER: readonly Row[] = [
  large('nobody is there', undefined, [failing('cannot connect to ADDRESS: ECONNREFUSED')]),
  large('an end at once', ['hear=HELLO', 'end'], [failing('the peer ended in phase 000')]),
  large('an end in a line', ['hear=HELLO', text('IAM'), wait(10), 'end'], [failing('the peer ended after 3 bytes of a line')]),
  large('an end in a negotiation', [...GREETS, 'end'], [failing('the peer ended in phase 001')]),
  large('a reset in a negotiation', [...GREETS, 'hear=IAM', wait(200), 'reset'], [failing('the stream broke: ECONNRESET')]),
  large('the serializer is refused', [...NAMED, 'say=NOT'], [failing('the peer refused every serializer')]),
  large(
    'no names',
    ['hear=HELLO', 'say=DONE', ...REST_OF_NAMED, ...ACCEPTS, wait(100), 'end'],
    [errorOf(GONE), failing('the peer ended between frames')],
  ),
  large(
    'the name of the client',
    ['hear=HELLO', `say=IAM ${NAME}`, 'hear=OK', 'say=DONE', ...REST_OF_NAMED, ...ACCEPTS],
    [failing('shutdown')],
  ),
  large('an end before the answer', [...OPEN, 'hear=#0', wait(200), 'end'], [errorOf(GONE), failing('the peer ended between frames')]),
  large('no frame', [...OPEN, wait(200), text('a')], [errorOf(GONE), failing('byte 0x61 where a frame has the digits of its length')]),
  large('silence', OPEN, [errorOf('no answer came in time')]),
  large(
    'an answer that is too late',
    [...OPEN, wait(3_500), frame({ event: 'poe:/IKC/response0', params: 'no' }), "has=has not published state 'response0'", 'end'],
    [errorOf('no answer came in time'), errorOf(GONE), failing('the peer ended between frames')],
    [...ASKS, ...ASKS],
  ),
  // It connects again, each time a second later.
  large(
    'an end before each answer',
    [...OPEN, wait(100), 'end'],
    [1, 2, 3].map(() => errorOf(GONE)),
    ['--reconnect', ...ASKS, ...ASKS, ...ASKS],
  ),
  large(
    'a subscription to all',
    OPEN,
    [JSON.stringify({ to: 'poe://*/demo', error: 'a session of one kernel can be subscribed to' })],
    ['--subscribe=poe://*/demo'],
  ),
  large(
    'a subscription without a session',
    OPEN,
    [JSON.stringify({ to: 'poe:', error: 'a session of one kernel can be subscribed to' })],
    ['--subscribe=poe:'],
  ),
  large(
    'a subscription to nobody',
    OPEN,
    [JSON.stringify({ to: 'poe://nobody/demo', error: 'there is no such kernel' })],
    ['--subscribe=poe://nobody/demo'],
  ),
  large(
    'a call of nobody',
    OPEN,
    [JSON.stringify({ to: 'poe://nobody/demo/echo', error: "there is no kernel 'nobody'" })],
    ['--call=poe://nobody/demo/echo 1'],
  ),
  large(
    'a post to nobody',
    OPEN,
    [JSON.stringify({ to: 'poe://nobody/demo/echo', error: "there is no kernel 'nobody'" }), failing('no answer came in time')],
    ['--post=poe://nobody/demo/echo 1'],
  ),
  large(
    'no state',
    OPEN,
    [JSON.stringify({ to: 'poe:/demo', error: "a specifier of a session and a state is wanted, not 'poe:/demo'" })],
    ['--call=poe:/demo 1'],
  ),
];

export const SERVERS: readonly Row[] = [...OF_SMALL, ...OF_OTHER];
