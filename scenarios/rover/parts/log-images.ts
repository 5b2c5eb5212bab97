/**
 * Logs that a server or a client finds when it begins, each with what has to come of it: whole and torn, damaged in each place that
 * src/impl/stable-log/README.md names, and with each kind of record of R8 and R11. Made of bytes here, and not by the code that reads them.
 * Lacks: what a power cut leaves at each call (test/impl/rover/power).
 */
import { concat, utf8 } from '../../../src/host/bytes.ts';
import { checksum } from '../model/segment.ts';
import { octets } from './messages.ts';

/** What has to come of it. */
export interface Due {
  /** It does not begin: what is told, and the status. `file`: `log`, or the folder. */
  readonly refused?: { readonly file: 'log' | 'folder'; readonly offset: number; readonly what: string; readonly status: number };
  /** What is cut off; bytes. */
  readonly cut?: { readonly offset: number; readonly what: string; readonly bytes: number };
  /** Of a server. */
  readonly unfinished?: number;
  readonly streams?: number;
  readonly recovered?: number;
  /** Statuses of what is run again, in order. */
  readonly finishes?: readonly number[];
  /** Of a client. */
  readonly next?: number;
  readonly waiting?: number;
  readonly told?: readonly number[];
  /** The records with which the next segment begins, and the number of its first frame. `*`: what only one program can know. */
  readonly checkpoint?: readonly string[];
  readonly sequence?: number;
}
export interface LogImage {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly due: Due;
}

type Fields = readonly [kind: number, ...fields: readonly string[]];
const MARK = [7, 9] as const;
const NUMBER = 3;
const SEQUENCE = 5;

function numbers(size: number, values: readonly (readonly [at: number, bytes: number, value: number])[]): Uint8Array {
  const all = new Uint8Array(size);
  for (const [at, bytes, value] of values)
    for (let index = 0; index < bytes; index++) all[at + index] = Math.floor(value / 256 ** index) % 256;
  return all;
}
const fieldBytes = (field: string): Uint8Array => concat([numbers(4, [[0, 4, field.length]]), octets(field)]);

/** A record of a server has fields; that of a client is JSON, and bytes. */
const recordBytes = ([kind, ...fields]: Fields): Uint8Array => {
  const payload = concat(fields[0]?.startsWith('{') === true ? fields.map(octets) : fields.map(fieldBytes));
  return concat([
    numbers(5, [
      [0, 1, kind],
      [1, 4, payload.length],
    ]),
    payload,
  ]);
};

interface Frame {
  readonly sequence?: number;
  readonly durable?: number;
  readonly payload: Uint8Array;
}
const frameOf = (...records: readonly Fields[]): Frame => ({ payload: concat([new Uint8Array(), ...records.map(recordBytes)]) });
function frameBytes({ payload, sequence, durable }: Frame, own: number): Uint8Array {
  const head = numbers(28, [
    [0, 4, MARK[0]],
    [4, 4, payload.length],
    [8, 8, sequence ?? own],
    [16, 8, durable ?? own - 1],
    [24, 4, checksum(payload)],
  ]);
  return concat([head, numbers(4, [[0, 4, checksum(head, MARK[1])]]), payload]);
}

interface File {
  readonly version?: number;
  readonly number?: number;
  /** Of the first frame. */
  readonly first?: number;
  readonly promised?: (whole: number) => number;
}
function fileOf(frames: readonly Frame[], { version = 1, number = NUMBER, first = SEQUENCE, promised = () => 48 }: File = {}): Uint8Array {
  const body = concat([new Uint8Array(), ...frames.map((frame, index) => frameBytes(frame, first + index))]);
  const head = concat([
    utf8('SLIPLOG\n'),
    numbers(36, [
      [0, 4, version],
      [4, 4, MARK[0]],
      [8, 4, MARK[1]],
      [12, 8, number],
      [20, 8, first],
      [28, 8, promised(48 + body.length)],
    ]),
  ]);
  return concat([head, numbers(4, [[0, 4, checksum(head)]]), body]);
}
const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte));

// ── of a server ─────────────────────────────────────────────────────────────────────────────────────────────────────

const PLACE = (number: number, epoch = 0): readonly string[] => ['ann', 'desk', String(epoch), String(number)];
const pairsOf = (number: number, more: readonly string[] = ['COMMAND', 'TESTNULL'], epoch = ''): readonly string[] => [
  ...['USER', 'ann', 'HOST', 'desk'],
  ...(epoch === '' ? [] : ['EPOCH', epoch]),
  ...['MSGID', String(number), ...more],
];
const message = (number: number, ...more: readonly string[]): Fields => [1, ...pairsOf(number, more.length === 0 ? undefined : more)];
const done = (number: number, body = '', epoch = 0): Fields => [5, ...PLACE(number, epoch), '200', 'done', 'text/plain', body];
const ONE: readonly Fields[] = [message(1), done(1)];
const ONE_DONE = ['7 ann|desk|0|2', '10 1|*|200|done|text/plain|'];
const RUNNING = ['7 ann|desk|0|2', `8 0|1|${pairsOf(1).join('|')}`];
const DELIVERS = ['COMMAND', 'EXPORT', 'OBJECT', 'Agent__x', 'DATA', 'hello'];
const DECLARED = ['Agent__', 'deliver', 'Agent__x', 'ann desk 0 1 hello\n'];
const BIG = 40_000;

const WHOLE = fileOf([frameOf(message(1)), frameOf(done(1))]);
const SECOND = 48 + 32 + recordBytes(message(1)).length;
const UNFINISHED: Due = { unfinished: 1, streams: 1, finishes: [200], checkpoint: RUNNING, sequence: SEQUENCE + 1 };
const damaged = (offset: number, what: string): Due => ({ refused: { file: 'log', offset, what, status: 78 } });
const means = (what: string): Due => ({ refused: { file: 'folder', offset: 0, what, status: 78 } });
const image = (bytes: Uint8Array, due: Due, number = NUMBER): LogImage => ({ number, bytes, due });
const torn = (bytes: Uint8Array, what: string, offset = SECOND, due: Due = UNFINISHED): LogImage =>
  image(bytes, { ...due, cut: { offset, what, bytes: bytes.length - offset } });
/** What records in one frame come to. */
const made = (records: readonly Fields[], due: Due): LogImage => image(fileOf([frameOf(...records)]), { sequence: SEQUENCE + 1, ...due });
const idle = (streams: number, ...checkpoint: readonly string[]): Due => ({ unfinished: 0, streams, checkpoint });
const stream = (next: number, epoch = 0): Fields => [7, 'ann', 'desk', String(epoch), String(next)];

export const SERVER_IMAGES: readonly LogImage[] = [
  image(WHOLE, { ...idle(1, ...ONE_DONE), sequence: SEQUENCE + 2 }),
  image(fileOf([frameOf(message(1)), frameOf(done(1)), frameOf()]), { ...idle(1, ...ONE_DONE), sequence: SEQUENCE + 3 }),
  image(fileOf([]), { ...idle(0), sequence: SEQUENCE }),
  // A tail that nobody was promised.
  torn(WHOLE.subarray(0, -1), 'the file ends in frame 6'),
  torn(WHOLE.subarray(0, SECOND + 32), 'the file ends in frame 6'),
  torn(WHOLE.subarray(0, SECOND + 31), 'the file ends in the header of a frame'),
  torn(WHOLE.subarray(0, SECOND + 1), 'the file ends in the header of a frame'),
  torn(flipped(WHOLE, -1), 'the checksum of frame 6 is another'),
  torn(flipped(WHOLE, SECOND + 20), 'no frame begins here'),
  torn(concat([WHOLE, new Uint8Array(40)]), 'no frame begins here', WHOLE.length, { ...idle(1, ...ONE_DONE), sequence: SEQUENCE + 2 }),
  torn(fileOf([frameOf(message(1)), { ...frameOf(done(1)), sequence: 9, durable: 4 }]), 'frame 9 where 6 should be'),
  // What had been promised.
  image(flipped(WHOLE, SECOND - 1), damaged(48, 'the checksum of frame 5 is another, but was durable when 6 was written')),
  image(flipped(WHOLE, 50), damaged(48, 'no frame begins here, but was durable when 6 was written')),
  image(
    fileOf([frameOf(...ONE)], { promised: whole => whole + 1 }),
    damaged(fileOf([frameOf(...ONE)]).length, `the file ends, of ${fileOf([frameOf(...ONE)]).length + 1} bytes promised`),
  ),
  image(fileOf([frameOf(...ONE)], { promised: whole => whole }), { ...idle(1, ...ONE_DONE), sequence: SEQUENCE + 1 }),
  image(
    flipped(fileOf([frameOf(message(1)), frameOf(done(1))], { promised: whole => whole }), -1),
    damaged(SECOND, `the checksum of frame 6 is another, of ${WHOLE.length} bytes promised`),
  ),
  // The header.
  image(new Uint8Array(), damaged(0, 'it does not begin as a log')),
  image(flipped(WHOLE, 0), damaged(0, 'it does not begin as a log')),
  image(flipped(WHOLE, 7), damaged(7, 'it does not begin as a log')),
  image(WHOLE.subarray(0, 47), damaged(47, 'the file ends in its header')),
  image(WHOLE.subarray(0, 48), { ...idle(0), sequence: SEQUENCE }),
  image(fileOf([], { version: 2 }), damaged(8, 'version 2, and only 1 is known')),
  image(flipped(WHOLE, 13), damaged(44, 'the checksum of the header is another')),
  image(flipped(WHOLE, 47), damaged(44, 'the checksum of the header is another')),
  image(fileOf([frameOf(message(1))], { number: 2 }), damaged(20, 'it is segment 2 under the name of another')),
  image(fileOf([frameOf(message(1))], { number: 123_456_789 }), { ...UNFINISHED, sequence: SEQUENCE + 1 }, 123_456_789),
  // Numbers that do not fit into 32 bits.
  ...[2 ** 32 - 1, 2 ** 32, 3 * 2 ** 32 + 7].map(first =>
    image(fileOf([frameOf(message(1)), frameOf(done(1))], { first }), { ...idle(1, ...ONE_DONE), sequence: first + 2 }),
  ),
  // Records that are none.
  image(fileOf([{ payload: Uint8Array.of(1, 1, 0, 0) }]), damaged(80, 'a frame ends in the header of a record')),
  image(fileOf([{ payload: Uint8Array.of(1, 1, 0, 0, 0) }]), damaged(80, 'a record is longer than its frame')),
  ...[0, 12, 255].map(kind => made([[kind]], means(`record 1: no record of kind ${kind}`))),
  made([message(1), [5, ...PLACE(1), '200', 'done', 'text/html', '']], means('record 2: no record of kind 5')),
  made([message(1), [5, ...PLACE(1), '201', 'done', 'text/plain', '']], means('record 2: no record of kind 5')),
  made([message(1), [2, ...PLACE(1)]], means('record 2: no record of kind 2')),
  made([[1, ...pairsOf(0)]], means('record 1: a message that is no request')),
  made([[1, 'USER', 'ann']], means('record 1: a message that is no request')),
  made([[10, '1', 'x', '200', 'done', 'text/plain', '']], means('record 1: answer of no stream')),
  made([[8, '0', '1', ...pairsOf(1)]], means('record 1: running of no stream')),
  made([[9, '0', '1', ...pairsOf(1)]], means('record 1: held of no stream')),
  made([message(2), done(1), [9, '0', '2', ...pairsOf(2)]], means('record 3: held of no stream')),
  // What they make.
  made(ONE, idle(1, ...ONE_DONE)),
  made([...ONE, message(3)], idle(1, '7 ann|desk|0|2', `9 0|3|${pairsOf(3).join('|')}`, ONE_DONE[1] ?? '')),
  made([message(1)], UNFINISHED),
  made([message(1), [2, ...PLACE(1), '1']], { ...UNFINISHED, checkpoint: [...RUNNING, '2 ann|desk|0|1|1'] }),
  made([message(1), [2, ...PLACE(1), '2']], { ...UNFINISHED, finishes: [500], checkpoint: [...RUNNING, '2 ann|desk|0|1|2'] }),
  made([message(1), [4, ...PLACE(1), 'ann', 'Irolo__a', 'a\tb\n']], UNFINISHED),
  made([message(1), [4, ...PLACE(1), 'ann', 'Irolo__a', 'a\tb\n'], done(1)], idle(1, '11 ann|Irolo__a|a\tb\n', ...ONE_DONE)),
  made([[11, 'ann', 'Irolo__a', 'a\tb\n'], message(1), [4, ...PLACE(1), 'ann', 'Irolo__a'], done(1)], idle(1, ...ONE_DONE)),
  made([message(1), [4, ...PLACE(2), 'ann', 'Irolo__a', 'a\tb\n'], done(1)], idle(1, ...ONE_DONE)),
  made([message(1), done(2)], UNFINISHED),
  made([...ONE, [6, ...PLACE(1)]], idle(1, '7 ann|desk|0|2')),
  made([...ONE, message(2), done(2), [6, ...PLACE(1)]], idle(1, '7 ann|desk|0|3', '10 2|*|200|done|text/plain|')),
  made([message(1, ...DELIVERS), [3, ...PLACE(1), ...DECLARED]], {
    ...UNFINISHED,
    recovered: 1,
    checkpoint: ['7 ann|desk|0|2', `8 0|1|${pairsOf(1, DELIVERS).join('|')}`, `3 ann|desk|0|1|${DECLARED.join('|')}`],
  }),
  made([...ONE, [1, ...pairsOf(1, ['COMMAND', 'TESTNULL'], '4')]], {
    ...UNFINISHED,
    checkpoint: ['7 ann|desk|4|2', `8 4|1|${pairsOf(1, undefined, '4').join('|')}`],
  }),
  made(
    [...ONE, [1, ...pairsOf(1, ['COMMAND', 'TESTNULL'], '4')], done(1, 'x', 4)],
    idle(1, '7 ann|desk|4|2', '10 1|*|200|done|text/plain|x'),
  ),
  made(
    [
      stream(9),
      [9, '0', '11', ...pairsOf(11)],
      [10, '8', 'a-b-c', '422', 'failed', 'text/plain', 'no\n'],
      [7, 'bob', 'desk', '1', '1'],
      [11, 'bob', 'Irolo__b', ''],
    ],
    idle(2, '11 bob|Irolo__b|', '7 ann|desk|0|9', `9 0|11|${pairsOf(11).join('|')}`, '10 8|*|422|failed|text/plain|no\n', '7 bob|desk|1|1'),
  ),
  made([stream(2), [8, '0', '1', ...pairsOf(1)]], UNFINISHED),
  made(
    [1, 2, 3, 4].map((each): Fields => [11, 'ann', `Irolo__${each}`, String(each).repeat(BIG)]),
    idle(0, ...[1, 2, 3, 4].map(each => `11 ann|Irolo__${each}|${String(each).repeat(BIG)}`)),
  ),
];

// ── of a client ─────────────────────────────────────────────────────────────────────────────────────────────────────

const json = (kind: number, head: object, data = ''): Fields => [kind, `${JSON.stringify(head)}\n${data}`];
const begun = (next: number, more: object = {}): Fields => json(1, { user: 'ann', host: 'desk', epoch: 5, next, ...more });
const request = (object = ''): Fields => json(2, { command: 'TESTNULL', object });
const kept = (number: number, told: boolean): Fields => json(6, { number, told, command: 'TESTNULL', object: '' });
const answer = (number: number, over: boolean, result = 'done', status = 200): Fields => json(3, { number, status, result, over }, 'x');
const queued = (next: number, waiting: number, ...told: readonly number[]): Due => ({ next, waiting, told });
const TEXT_ALONE = 'a record without a head';
const nothingHere = (kind: number): string => `a record of kind ${kind} that means nothing here`;

export const CLIENT_IMAGES: readonly LogImage[] = [
  made([begun(1)], queued(1, 0)),
  made([begun(3)], queued(3, 0)),
  made([begun(1), request()], queued(2, 1)),
  made([begun(1), request(), request()], queued(3, 2)),
  made([begun(3), kept(1, false), answer(1, true), kept(2, false)], queued(3, 2, 1)),
  made([begun(3), kept(2, true)], queued(3, 1)),
  // What was told is not told again, though its number goes on.
  made([begun(2), kept(1, true), answer(1, false, 'refused', 400)], queued(2, 1)),
  made([begun(1), request(), answer(1, true)], queued(2, 1, 1)),
  made([begun(1), request(), answer(1, true), json(5, { number: 1 })], queued(2, 0)),
  made([begun(1), request(), request(), answer(1, true), answer(2, true), json(5, { number: 1 })], queued(3, 1, 2)),
  made([begun(1), request(), answer(1, false, 'refused', 400)], queued(2, 1, 1)),
  made([begun(1), request(), answer(1, false, 'refused', 400), json(4, { number: 1 })], queued(2, 1, 1)),
  made([begun(1), request(), answer(1, false, 'refused', 400), json(4, { number: 1 }), json(5, { number: 1 })], queued(2, 0)),
  torn(
    fileOf([frameOf(begun(1)), frameOf(request())]).subarray(0, -1),
    'the file ends in frame 6',
    48 + 32 + recordBytes(begun(1)).length,
    queued(1, 0),
  ),
  made([begun(1, { user: 'bob' })], { refused: { file: 'folder', offset: 0, what: 'the queue of bob at desk', status: 2 } }),
  made([begun(1, { host: 'lap' })], { refused: { file: 'folder', offset: 0, what: 'the queue of ann at lap', status: 2 } }),
  made([[1, '{']], means(TEXT_ALONE)),
  made([[1, '{\n']], means(TEXT_ALONE)),
  made([begun(1, { epoch: '5' })], means(nothingHere(1))),
  made([request()], means(nothingHere(2))),
  made([begun(1), json(2, { command: 7, object: '' })], means(nothingHere(2))),
  made([begun(1), answer(1, true)], means(nothingHere(3))),
  made([begun(1), request(), answer(1, true, 'done', 299)], means(nothingHere(3))),
  made([begun(1), request(), answer(1, true, 'held', 202)], means(nothingHere(3))),
  made([begun(1), json(4, { number: 'one' })], means(nothingHere(4))),
  made([begun(1), json(7, { number: 1 })], means(nothingHere(7))),
  image(new Uint8Array(), damaged(0, 'it does not begin as a log')),
];

// ── users ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const line = (number: number, what: string): string => `line ${number} of the file of users: ${what}`;
/** The file of users, and what is wrong with it. */
export const USERS_FILES: readonly (readonly [bytes: Uint8Array, problem?: string])[] = [
  [utf8('ann s\nbob t\n')],
  [utf8('')],
  [utf8('# nobody\n\n  ann \t s # hers\n\t\n')],
  [utf8(`${'n'.repeat(64)} s`)],
  [utf8(`ann ${'s'.repeat(1_024)}`)],
  [utf8('ann \u00e4#\n')],
  [utf8('ann'), line(1, 'no NAME SECRET')],
  [utf8('ann s t'), line(1, 'no NAME SECRET')],
  [utf8('ann s\n\na/b t'), line(3, 'no NAME SECRET')],
  [utf8(`${'n'.repeat(65)} s`), line(1, 'a name of 65 characters; at most 64')],
  [utf8(`ann ${'s'.repeat(1_025)}`), line(1, 'a secret of 1025 bytes; at most 1024')],
  [utf8('nobody s'), line(1, 'nobody has no secret')],
  [utf8('ann s\nann s'), line(2, 'ann twice')],
  [Uint8Array.of(0x61, 0x20, 0xff), 'the file of users is no UTF-8'],
];
