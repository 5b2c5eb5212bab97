/**
 * Cases for a client: what it asks, until when it asks again, what it tells, and what it has after its own end.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case, Pattern, Step } from '../case.ts';
import {
  ANYTHING,
  answersDone,
  answerText,
  asked,
  bytewise,
  C1,
  C2,
  C3,
  C4,
  C5,
  clientCase,
  DIES,
  endingCase,
  exits,
  expects,
  expectsLast,
  never,
  one,
  quiet,
  request,
  says,
  sends,
  sendsAll,
  setup,
  silent,
  TOLD,
  TOLD_AGAIN,
  tells,
  toldAs,
  toldDone,
  wasAsked,
} from './vocabulary-client.ts';

const [FIRST, SECOND, THIRD] = ['EXPORT Irolo__work x\t1', 'EXPORT Irolo__work y\t2', 'IMPORTDATA Irolo__work'] as const;
const R1 = request(1, { COMMAND: 'EXPORT', OBJECT: 'Irolo__work', DATA: 'x\t1' });
const R2 = request(2, { COMMAND: 'EXPORT', OBJECT: 'Irolo__work', DATA: 'y\t2' });
const NOTHING = request(1, { COMMAND: { not: 'EXPORT' } });
const done = (channel: string, number: number): readonly Step[] =>
  setup('it is answered', ...answersDone(channel, number), tells(toldDone(number)));
const ANY: Pattern = { type: 'request', name: 'a request', fields: { method: 'POST' } };
/** Of several that are on their way, any comes first; its number is kept, and is in what it is answered with. */
const takes = (channel: string, as: string): readonly Step[] => [
  { verb: 'expect-open', channel, within: seconds(20) },
  expects(channel, { ...one(ANY), save: { field: 'number', as } }),
];
const saysSaved = (channel: string, as: string): readonly Step[] =>
  says(channel, answerText(200, 0, 'n0', 9).replace('Rover-Message: 0', `Rover-Message: {${as}}`).replace(/n0$/, `n{${as}}`));
const FOUR = [
  [C1, 'first'],
  [C2, 'second'],
  [C3, 'third'],
  [C4, 'fourth'],
] as const;
/** What comes in place of an answer, and then the same request again. */
const again = (name: string, title: string, shows: string, ...steps: readonly Step[]): Case =>
  clientCase(
    name,
    title,
    shows,
    sends(FIRST),
    ...wasAsked(C1, R1),
    ...steps,
    ...asked(C2, R1),
    ...answersDone(C2, 1, 'ok'),
    tells(toldDone(1, 'ok')),
  );

// biome-ignore format: a conversation is read along the line.
export const CLIENT_CASES: readonly Case[] = [
  // ── what it asks ──────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('asks.form', 'A request', 'form', sends(FIRST), ...asked(C1, R1)),
  clientCase('asks.identity', 'Whose request it is', 'identity', sends(FIRST), ...asked(C1, request(1, { USER: 'ann', HOST: 'laptop', AUTH: 's3cret' }))),
  clientCase('asks.escapes', 'Bytes that mean something', 'escapes', sends('EXPORT Irolo__work a&b=c%d+e\tf\n\u00e4'), ...asked(C1, request(1, { COMMAND: 'EXPORT', DATA: 'a&b=c%d+e\tf\n\u00e4' }))),
  clientCase('asks.numbers', 'Requests, one after the other', 'numbers', sends(FIRST, SECOND, THIRD), ...asked(C1, R1), ...answersDone(C1, 1), ...asked(C2, R2), ...answersDone(C2, 2),
    ...asked(C3, request(3, { COMMAND: 'IMPORTDATA' }))),
  clientCase('asks.window', 'Four requests at a time', 'window', sendsAll(FIRST, SECOND, THIRD, THIRD, THIRD), ...FOUR.flatMap(([channel, as]) => takes(channel, as)), silent(C5),
    ...FOUR.flatMap(([channel, as]) => saysSaved(channel, as)), ...asked(C5, request(5))),
  // ── until when ────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('again.offline', 'Nobody listens at first', 'offline', ...setup('nobody listens', { verb: 'close-listener' }), sends(FIRST), quiet(seconds(2), TOLD), { verb: 'listen' }, ...asked(C1, R1),
    ...answersDone(C1, 1), tells(toldDone(1))),
  again('again.closed', 'The connection ends without an answer', 'again', { verb: 'close', channel: C1 }),
  again('again.reset', 'The connection breaks', 'again', { verb: 'reset', channel: C1 }),
  again('again.cut', 'Half an answer', 'half-answers', ...says(C1, answerText(200, 1, 'a body that is longer').slice(0, -8))),
  again('again.head', 'The beginning of an answer', 'half-answers', ...says(C1, 'HTTP/1.0 200 OK\r\nContent-Type: text/pl')),
  again('again.garbage', 'What is no answer', 'half-answers', ...says(C1, 'HELLO\r\n\r\n')),
  again('again.number', 'The answer of another number', 'own-number', ...says(C1, answerText(200, 9, 'other'))),
  again('again.held', 'It is held', 'asks-held', ...says(C1, answerText(202, 1, 'it is held'))),
  again('again.busy', 'The server is busy', 'asks-busy', ...says(C1, answerText(503, 1, 'busy'))),
  clientCase('again.twice', 'Two times without an answer', 'again', sends(FIRST), ...wasAsked(C1, R1), { verb: 'close', channel: C1 }, ...asked(C2, R1), { verb: 'close', channel: C2 }, ...asked(C3, R1), ...answersDone(C3, 1), tells(toldDone(1))),
  // ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('answers.told', 'An answer is told', 'tells', sends(FIRST), ...wasAsked(C1, R1), ...answersDone(C1, 1, '2 cards'), tells(toldDone(1, '2 cards'))),
  clientCase('answers.failed', 'An error is told', 'tells', sends(FIRST), ...wasAsked(C1, R1), ...says(C1, answerText(422, 1, 'no card', 2)), tells(toldAs(1, 422, 'failed'))),
  clientCase('answers.pieces', 'An answer byte by byte', 'pieces', sends(FIRST), ...wasAsked(C1, R1), bytewise(C1), ...says(C1, answerText(200, 1, '2 cards', 2)), tells(toldDone(1, '2 cards'))),
  clientCase('answers.order', 'Two on their way at the same time', 'tells-order', sendsAll(FIRST, SECOND), ...setup('it asks', ...takes(C1, 'first'), ...takes(C2, 'second')), ...saysSaved(C1, 'first'), ...saysSaved(C2, 'second'), tells(toldDone(1, 'n1'), toldDone(2, 'n2'))),
  endingCase('answers.once', 'Each answer is told once', 'tells-once', sends(FIRST, SECOND), ...wasAsked(C1, R1), ...says(C1, answerText(202, 1)), ...wasAsked(C2, R1), ...answersDone(C2, 1), ...wasAsked(C3, R2), ...answersDone(C3, 2),
    expectsLast(TOLD, one(toldDone(1)), one(toldDone(2))), exits(0)),
  // ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────
  clientCase('refused.substitute', 'A request is refused', 'substitute', sends(FIRST, SECOND), ...wasAsked(C1, R1), ...says(C1, answerText(400, 1)), ...asked(C2, NOTHING), ...answersDone(C2, 1), tells(toldAs(1, 400, 'refused')), ...asked(C3, R2)),
  endingCase('refused.twice', 'What stands in its place is refused as well', 'stops', sends(FIRST, SECOND), ...wasAsked(C1, R1), ...says(C1, answerText(400, 1)), ...wasAsked(C2, NOTHING), ...says(C2, answerText(400, 1)), exits(1), never(C3, ANYTHING)),
  // ── its end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  endingCase('ends.done', 'Everything is done', 'status', sends(FIRST), ...wasAsked(C1, R1), ...answersDone(C1, 1), exits(0)),
  endingCase('ends.failed', 'Something has failed', 'status', sends(FIRST), ...wasAsked(C1, R1), ...says(C1, answerText(422, 1, 'no', 2)), exits(1)),
  endingCase('ends.refused', 'Something was refused', 'status', sends(FIRST), ...wasAsked(C1, R1), ...says(C1, answerText(400, 1)), ...wasAsked(C2, NOTHING), ...answersDone(C2, 1), exits(1)),
  clientCase('dies.asked', 'What was asked and not answered', 'survives', sends(FIRST), ...wasAsked(C1, R1), ...DIES, sends(), ...asked(C2, R1), ...answersDone(C2, 1), expects(TOLD_AGAIN, one(toldDone(1)))),
  clientCase('dies.waiting', 'What was waiting', 'survives', sends(FIRST, SECOND), ...wasAsked(C1, R1), ...DIES, sends(), ...asked(C2, R1), ...answersDone(C2, 1), ...asked(C3, R2)),
  endingCase('dies.answered', 'What was answered', 'survives-answers', sends(FIRST), ...wasAsked(C1, R1), ...answersDone(C1, 1), ...setup('it ends', exits(0)), sends(), exits(0), never(C2, ANYTHING)),
  clientCase('dies.numbers', 'The numbers of its next life', 'survives-numbers', sends(FIRST), ...wasAsked(C1, R1), ...answersDone(C1, 1), ...setup('it ends', exits(0)), sends(SECOND), ...asked(C2, R2)),
  clientCase('dies.epoch', 'The epoch of its next life', 'epoch', sends(FIRST), { verb: 'expect-open', channel: C1, within: seconds(20) }, expects(C1, { ...one(R1), save: { field: 'epoch', as: 'epoch' } }), ...done(C1, 1), ...setup('it ends', exits(0)), sends(SECOND),
    ...asked(C2, request(2, { epoch: { near: 'epoch', by: 0 } }))),
];
