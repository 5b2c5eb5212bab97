/**
 * Cases for a daemon: its commands, errors that end it, and what it has after a restart.
 */
import { seconds } from '../../src/host/time.ts';
import type { Case } from '../case.ts';
import {
  A,
  ANN,
  among,
  answer,
  asks,
  B,
  BOB,
  DONE,
  daemonCase,
  deviating,
  done,
  doneLines,
  endingCase,
  ends,
  exporting,
  HELD,
  hearsIn,
  importing,
  KILL,
  MARK,
  NOT_DONE,
  needing,
  type Pairs,
  RESTART,
  START,
  STDERR,
  STOPS,
  setup,
  silent,
  status,
  TERM,
  type Turn,
  testing,
  WITHIN,
} from './vocabulary-daemon.ts';

const has = (number: number, ...lines: readonly string[]): Turn => [importing(number, ANN), doneLines(...lines)];
const reset = (number: number, who: Pairs = ANN): Pairs => ({ ...importing(number, who), COMMAND: 'RESET' });
const object = (pairs: Pairs, OBJECT: string): Pairs => ({ ...pairs, OBJECT });
const cards = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('users cards', daemonCase(name, title, shows, ...turns));
const tests = (name: string, title: string, shows: string, ...turns: readonly Turn[]): Case =>
  needing('tests', daemonCase(name, title, shows, ...turns));
const FATAL = testing(1, 'TESTFATAL', MARK);
/** The kernel may take a moment to refuse others when one has seen the end. */
const ENDED = setup('it ends', ...asks(A, FATAL), ends(A, seconds(30)), silent(B));
const OTHER = { ...importing(1), HOST: 'other' };
const ANYTHING = answer('anything', {});
const MAIL = 'Agent__mail';
const DELIVERED = 'state/agents/Agent__mail';

// biome-ignore format: a conversation is read along the line.
export const COMMAND_CASES: readonly Case[] = [
  // ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────
  tests('tests.null', 'TESTNULL and TESTSLEEP answer nothing', 'test-commands', [testing(1, 'TESTNULL', 'x'), done('')], [testing(2, 'TESTSLEEP', '20'), done('')]),
  tests('tests.echo', 'TESTECHO answers DATA', 'test-commands', [testing(1, 'TESTECHO', 'a line\nand \u00e4\0another'), done('a line\nand \u00e4\0another')], [testing(2, 'TESTECHO', ''), done('')], [testing(3, 'TESTECHO', 'x'.repeat(70_000)), done('x'.repeat(70_000))]),
  tests('errors.text', 'The text of an error goes to the client', 'error-exit', [testing(1, 'TESTERROR', 'no such luck'), answer('the error', { done: false, text: { oneOf: ['no such luck', 'no such luck\n'] } })], [importing(2), DONE]),
  tests('errors.next', 'An error takes its number', 'errors-count', [testing(1, 'TESTERROR', 'no'), NOT_DONE], [testing(2, 'TESTERROR', 'no'), NOT_DONE], [importing(3), DONE]),
  needing('users', daemonCase('commands.unknown', 'A command that there is not', 'unknown-command', ...['NOTHING', 'importdata', 'IMPORTDATAX'].map((COMMAND, at) => [{ ...importing(at + 1, ANN), COMMAND }, status(422)] as const), [importing(4, ANN), DONE])),
  needing('users', deviating('import.text', 'the object is of no module', daemonCase('objects.prefix', 'Objects of no module', 'prefix',
    ...['Foo__x', 'irolo__x', 'xIrolo__y', 'Irolo_', 'Irolo__', 'Irolo__a/b', 'Irolo__../x', 'Irolo__\u0001', ''].map((each, at) => [object(importing(at + 1, ANN), each), status(404)] as const), [importing(10, ANN), DONE]))),
  cards('cards.import', 'What was exported is imported', 'exports', [exporting(1, 'zoe\t9\nann\t555-1234'), DONE], has(2, 'ann\t555-1234', 'zoe\t9'), [{ ...importing(3, ANN), COMMAND: 'IMPORTBINARY' }, doneLines('ann\t555-1234', 'zoe\t9')]),
  cards('cards.changed', 'A card is changed, and one is taken away', 'exports', [exporting(1, 'ann\t1\nbob\t2'), DONE], [exporting(2, 'bob\t3\nann\t'), DONE], has(3, 'bob\t3')),
  cards('cards.counted', 'How many cards there are', 'exports', [exporting(1, 'ann\t1\nbob\t2'), done({ begins: '2 cards' })]),
  cards('cards.other', 'Another object is another', 'exports', [exporting(1, 'ann\t1'), DONE], [object(importing(2, ANN), 'Irolo__home'), done('')], has(3, 'ann\t1')),
  cards('cards.undone', 'An export that fails has changed nothing', 'undone', [exporting(1, 'ann\t1'), DONE], [exporting(2, 'ann\t2\nno card'), NOT_DONE], has(3, 'ann\t1')),
  cards('cards.reset', 'RESET takes all cards away', 'resets', [exporting(1, 'ann\t1\nbob\t2'), DONE], [reset(2), DONE], has(3, ''), [exporting(4, 'zoe\t9'), DONE], has(5, 'zoe\t9')),
  cards('cards.owners', 'The cards of another user', 'owners', [exporting(1, 'ann\t1'), DONE], [importing(1, BOB), done('')], [exporting(2, 'bob\t2', BOB), DONE], [importing(1), done('')], has(2, 'ann\t1'), [importing(3, BOB), doneLines('bob\t2')]),
  needing('users tests cards', daemonCase('cards.after-error', 'After an error the next request is that of its own user', 'owners', [exporting(1, 'ann\t1'), DONE], [testing(2, 'TESTERROR', 'no', ANN), NOT_DONE], [importing(1, BOB), done('')], [exporting(2, 'bob\t2', BOB), DONE], has(3, 'ann\t1'))),
  needing('users agent', daemonCase('agent.reset', 'RESET of a module that has no procedure for it', 'no-reset', [object(reset(1), MAIL), NOT_DONE], [importing(2, ANN), DONE])),
  needing('users agent', daemonCase('agent.delivers', 'What an agent is given is delivered', 'delivers', [object(exporting(1, 'hello'), MAIL), DONE], { verb: 'expect-file', path: DELIVERED, contains: 'ann laptop 0 1 hello\n', within: WITHIN })),
  needing('users agent', daemonCase('agent.once', 'A duplicate is delivered once', 'delivers', [object(exporting(1, 'hello'), MAIL), DONE], [object(exporting(1, 'hello'), MAIL), ANYTHING], ...RESTART, [object(exporting(1, 'hello'), MAIL), ANYTHING],
    [object(exporting(2, 'again'), MAIL), DONE], { verb: 'expect-file', path: DELIVERED, contains: 'hello\nann laptop 0 2 again\n', lacks: 'hello\nann laptop 0 1', within: WITHIN })),
  // ── errors that end it ────────────────────────────────────────────────────────────────────────────────────────────
  tests('fatal.message', 'What a fatal error was is on standard error', 'fatal-message', ...ENDED, among(STDERR, { type: 'line', name: 'the text of the error', fields: { mark: true } })),
  tests('fatal.restarted', 'After a fatal error the daemon serves again', 'restarts', ...ENDED, [OTHER, DONE]),
  tests('fatal.poison', 'A request that ends the daemon every time', 'poison', ...ENDED, [OTHER, DONE], [FATAL, status(500)], [importing(2), DONE]),
  needing('users tests cards', daemonCase('fatal.kept', 'What was acknowledged before a fatal error', 'results-stable restarts', [exporting(1, 'ann\t1'), DONE], ...ENDED, has(2, 'ann\t1'))),
];

// biome-ignore format: a conversation is read along the line.
export const LOG_CASES: readonly Case[] = [
  cards('restart.results', 'What was acknowledged is there after a restart', 'results-stable', [exporting(1, 'ann\t1'), DONE], [exporting(2, 'bob\t2'), DONE], ...RESTART, has(3, 'ann\t1', 'bob\t2')),
  cards('restart.removed', 'What was taken away is gone after a restart', 'results-stable', [exporting(1, 'ann\t1\nbob\t2'), DONE], [exporting(2, 'ann\t'), DONE], ...RESTART, has(3, 'bob\t2')),
  cards('restart.reset', 'What was reset is empty after a restart', 'results-stable', [exporting(1, 'ann\t1'), DONE], [reset(2), DONE], ...RESTART, has(3, '')),
  cards('restart.twice', 'Two restarts', 'results-stable', [exporting(1, 'ann\t1'), DONE], ...RESTART, [exporting(2, 'bob\t2'), DONE], ...RESTART, has(3, 'ann\t1', 'bob\t2')),
  cards('restart.duplicate', 'A duplicate after a restart is not run', 'numbers-stable', [exporting(1, 'x\t1'), DONE], [exporting(2, 'x\t2'), DONE], ...RESTART, [exporting(1, 'x\t1'), ANYTHING], has(3, 'x\t2')),
  tests('restart.answer', 'A duplicate after a restart is answered as the first', 'answers-stable', [testing(1, 'TESTECHO', 'first'), done('first')], ...RESTART, [testing(1, 'TESTECHO', 'first'), done('first')], [importing(2), DONE]),
  daemonCase('restart.numbers', 'The stream goes on after a restart', 'numbers-stable', [importing(1), DONE], [importing(2), DONE], ...RESTART, [importing(3), DONE]),
  cards('restart.held', 'A request that came early is run after a restart', 'held-stable', [exporting(2, 'x\t2'), HELD], [exporting(3, 'y\t3'), HELD], ...RESTART, [importing(1, ANN), done('')], has(4, 'x\t2', 'y\t3')),
  cards('restart.conflict', 'Another request under a number that was taken before a restart', 'numbers-stable', [exporting(1, 'x\t1'), DONE], ...RESTART, [exporting(1, 'x\t2'), NOT_DONE], has(2, 'x\t1')),
  needing('epochs users cards', daemonCase('restart.epoch', 'The epoch of a stream after a restart', 'epochs-stable', [{ ...importing(1, ANN), EPOCH: '7' }, DONE], ...RESTART, [exporting(1, 'x\t1'), status(409)], [{ ...importing(2, ANN), EPOCH: '7' }, done('')])),
  needing('users tests cards', daemonCase('restart.unfinished', 'What ran when it was killed is run again', 'unfinished', ...asks(A, testing(1, 'TESTSLEEP', '2000', ANN)), [exporting(2, 'x\t1'), ANYTHING], ...RESTART, [testing(1, 'TESTSLEEP', '2000', ANN), DONE], has(3, 'x\t1'))),
  needing('users cards', daemonCase('restart.stopped', 'After an orderly end', 'results-stable', [exporting(1, 'ann\t1'), DONE], [exporting(3, 'bob\t2'), HELD], ...setup('it ends', ...STOPS), START, [importing(2, ANN), doneLines('ann\t1')], has(4, 'ann\t1', 'bob\t2'))),
  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────
  endingCase('ends.term', 'SIGTERM ends the parent and the daemon', 'terminates', [importing(1), DONE], TERM, { verb: 'expect-refused', to: { tcp: 'port' }, within: seconds(15) }, { verb: 'expect-exit', codes: [0], within: seconds(15) }),
  needing('tests', endingCase('ends.finishes', 'On SIGTERM what runs is finished and answered', 'finishes', ...asks(A, testing(1, 'TESTSLEEP', '2000')), [OTHER, DONE], TERM, hearsIn(seconds(15), A, DONE), { verb: 'expect-exit', within: seconds(15) })),
  endingCase('ends.orphan', 'When the parent is killed the daemon ends', 'orphan', [importing(1), DONE], KILL, { verb: 'expect-refused', to: { tcp: 'port' }, within: WITHIN }, { verb: 'expect-exit', within: WITHIN }),
];
