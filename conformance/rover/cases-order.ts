/**
 * Cases for a daemon: the order of requests, and duplicates.
 */
import { millis, seconds } from '../../src/host/time.ts';
import type { Case, Pattern } from '../case.ts';
import {
  A,
  ANN,
  answer,
  asks,
  B,
  BOB,
  DONE,
  daemonCase,
  done,
  doneLines,
  exporting,
  HELD,
  hearsIn,
  importing,
  NOBODY,
  needing,
  quiet,
  status,
  type Turn,
  testing,
} from './vocabulary-daemon.ts';

/** How far ahead of the number that is awaited one may be (R4). */
const AHEAD = 64;
const [X1, X2, X3] = ['x\t1', 'x\t2', 'x\t3'] as const;
/** What ann's cards are, asked for with this number. */
const has = (number: number, ...lines: readonly string[]): Turn => [importing(number, ANN), doneLines(...lines)];
const echo = (number: number, text: string): Turn => [testing(number, 'TESTECHO', text), done(text)];
const HELD_BY = (next: number): Pattern => answer('that it is held, and for which', { held: true, result: 'held', next });
const epoch = (pairs: ReturnType<typeof importing>, number: number): ReturnType<typeof importing> => ({ ...pairs, EPOCH: String(number) });

const cards = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('users cards', daemonCase(name, title, shows, ...turns));
const tests = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('tests', daemonCase(name, title, shows, ...turns));

// biome-ignore format: a conversation is read along the line.
export const ORDER_CASES: readonly Case[] = [
  cards('order.follows', 'Requests in their order', 'in-order', [exporting(1, X1), DONE], [exporting(2, X2), DONE], has(3, X2)),
  cards('order.early', 'A request that comes early changes nothing yet', 'early', [exporting(2, X2), HELD], [importing(1, ANN), done('')], has(3, X2)),
  cards('order.reverse', 'Requests that come in the reverse order', 'in-order early', [exporting(3, X3), HELD], [exporting(2, X2), HELD], [exporting(1, X1), DONE], has(4, X3)),
  cards('order.gap', 'What is behind a gap waits on', 'early', [exporting(2, X1), HELD], [exporting(4, X3), HELD], [importing(1, ANN), DONE], has(3, X1), has(5, X3)),
  daemonCase('order.held', 'A request that comes early is answered at once', 'held-status', [importing(2), status(202)], [importing(2), status(202)], [importing(1), DONE]),
  daemonCase('order.held-answer', 'The answer of a request that came early', 'answers-again', [importing(2), HELD], [importing(1), DONE], [importing(2), DONE]),
  cards('order.twice', 'A duplicate is not run', 'duplicates', [exporting(1, X1), DONE], [exporting(2, X2), DONE], [exporting(1, X1), answer('anything', {})], has(3, X2)),
  cards('order.held-twice', 'A request that comes early, twice', 'duplicates', [exporting(2, X1), HELD], [exporting(2, X1), HELD], [importing(1, ANN), DONE], [exporting(3, X2), DONE], [exporting(2, X1), answer('anything', {})], has(4, X2)),
  tests('order.again', 'A duplicate is answered as the first', 'answers-again', echo(1, 'first'), echo(2, 'second'), echo(1, 'first'), echo(2, 'second'), echo(3, 'third')),
  tests('order.error-again', 'An error is an answer like others', 'errors-count answers-again', [testing(1, 'TESTERROR', 'no'), status(422)], echo(2, 'second'), [testing(1, 'TESTERROR', 'no'), status(422)]),
  needing('fields', daemonCase('order.replayed', 'An answer that was given before', 'replayed', [importing(1), answer('the answer', { done: true, replayed: false })], [importing(1), answer('the answer again', { done: true, replayed: true })])),
  tests('order.both', 'Two ask the same while it runs', 'answers-both', ...asks(A, testing(1, 'TESTSLEEP', '700')), ...asks(B, testing(1, 'TESTSLEEP', '700')), hearsIn(seconds(10), A, DONE), hearsIn(seconds(10), B, DONE)),
  cards('order.conflict', 'Another request under a number that is taken', 'conflicts', [exporting(1, X1), DONE], [exporting(1, X2), status(409)], has(2, X1)),
  cards('order.held-conflict', 'Another request under a number that is held', 'conflicts', [exporting(2, X1), HELD], [exporting(2, X2), status(409)], [importing(1, ANN), DONE], has(3, X1)),
  daemonCase('order.same', 'What may differ in a duplicate', 'answers-again', [{ ...importing(1), USERTIME: '1', ACKED: '0' }, DONE], [{ ...importing(1), USERTIME: '2' }, DONE]),
  // ── streams ───────────────────────────────────────────────────────────────────────────────────────────────────────
  needing('users', daemonCase('streams.users', 'A gap is that of one user', 'streams', [importing(2, ANN), HELD], [importing(1, BOB), DONE], [importing(1), DONE])),
  daemonCase('streams.hosts', 'A gap is that of one host', 'streams', [importing(2), HELD], [{ ...importing(1), HOST: 'other' }, DONE]),
  daemonCase('streams.letters', 'Names that differ in the case of a letter, or in a dot', 'stream-key', ...['kiosk', 'Kiosk', 'kiosk.', '.kiosk'].map(HOST => [{ ...importing(1), HOST }, DONE] as const)),
  // ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────
  daemonCase('limits.ahead', 'A number that is far ahead', 'ahead-limit', [importing(2), HELD], [importing(1 + AHEAD), HELD], ...[2 + AHEAD, 100_000, 9_007_199_254_740_991].map(number => [importing(number), status(503)] as const), [importing(1), DONE]),
  // ── epochs ────────────────────────────────────────────────────────────────────────────────────────────────────────
  needing('epochs users cards', daemonCase('epochs.higher', 'A client that has lost its log', 'new-epoch', [exporting(1, X1), DONE], [epoch(exporting(1, X2), 7), DONE], [epoch(importing(2, ANN), 7), doneLines(X2)])),
  needing('epochs users cards', daemonCase('epochs.held', 'What was held in an earlier epoch is not run', 'new-epoch', [exporting(2, X1), HELD], [epoch(importing(1, ANN), 7), done('')], [epoch(importing(2, ANN), 7), done('')])),
  needing('epochs users cards', daemonCase('epochs.lower', 'A request of an earlier epoch', 'old-epoch', [epoch(importing(1, ANN), 7), DONE], [exporting(1, X1), status(409)], [epoch(exporting(2, X2), 6), status(409)], [epoch(importing(2, ANN), 7), done('')])),
  needing('acked', daemonCase('acked.forgotten', 'What a client has is not kept for it', 'acked', [importing(1), DONE], [{ ...importing(2), ACKED: '1' }, DONE], [importing(1), status(410)], [importing(2), DONE])),
  needing('fields', daemonCase('fields.told', 'What has become of a request', 'tells-result',
    [importing(1), answer('what has become of it', { result: 'done', message: 1, next: 2 })], [importing(3), HELD_BY(2)],
    [{ ...importing(2), COMMAND: 'RESET' }, answer('what has become of it', { result: 'failed', message: 2 })], [{ ...importing(0) }, answer('what has become of it', { result: 'refused' })])),
  // ── long requests ─────────────────────────────────────────────────────────────────────────────────────────────────
  tests('long.others', 'Others are served while a request is long', 'long', ...asks(A, testing(1, 'TESTSLEEP', '8000')), ...[1, 2, 3].map(number => [importing(number, { ...NOBODY, HOST: 'other' }), DONE] as const)),
  tests('long.answer', 'A long request is answered, once', 'long-answer', ...asks(A, testing(1, 'TESTSLEEP', '3000')), { verb: 'expect-sequence', channel: A, items: [{ message: DONE, times: 'one' }], thenEof: true, within: seconds(20) }, echo(2, 'next')),
  needing('users tests cards', daemonCase('long.order', 'The next request waits for the long one', 'long-order', [exporting(1, X1), DONE], ...asks(A, testing(2, 'TESTSLEEP', '3000', ANN)), ...asks(B, exporting(3, X2)), quiet(millis(1_500), A),
    [{ ...importing(1, ANN), HOST: 'phone' }, doneLines(X1)], hearsIn(seconds(20), A, DONE), has(4, X2))),
  needing('tests', daemonCase('long.many', 'Three long requests', 'long', ...asks(A, testing(1, 'TESTSLEEP', '4000', { ...NOBODY, HOST: 'first' })), ...asks(B, testing(1, 'TESTSLEEP', '4000', { ...NOBODY, HOST: 'second' })), [importing(1), DONE],
    hearsIn(seconds(20), A, DONE), hearsIn(seconds(20), B, DONE))),
];
