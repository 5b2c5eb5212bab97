/** The machine of a case, fed by hand: what each step takes for an answer, and what a verdict says. */
import { expect, test } from 'vitest';
import type { ExpectedMessage, Pattern, Step } from '../../conformance/case.ts';
import { CHANNEL_LIMIT, ITEM_LIMIT } from '../../conformance/judge/inbox.ts';
import { CaseMachine } from '../../conformance/judge/machine.ts';
import type { Observation } from '../../conformance/judge/observations.ts';
import type { Action } from '../../conformance/judge/progress.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { millis, seconds } from '../../src/host/time.ts';
import { TOY_WIRING, toyCase } from './support.ts';

const A: Pattern = { type: 'a', name: 'an a' };
const B: Pattern = { type: 'b', name: 'a b' };
const one = (message: Pattern): ExpectedMessage => ({ message, times: 'one' });
const any = (message: Pattern): ExpectedMessage => ({ message, times: 'any' });
const START: Step = { verb: 'start' };
const sequence = (items: readonly ExpectedMessage[], thenEof = false): Step => ({
  verb: 'expect-sequence',
  channel: 'in',
  items,
  thenEof,
  within: seconds(5),
});
const ENDS: Step = { verb: 'expect-exit', codes: [0], within: seconds(5) };

const STARTED: Observation = { kind: 'started' };
const EOF: Observation = { kind: 'eof', channel: 'in' };
const line = (event: string, more = ''): Observation => ({ kind: 'bytes', channel: 'in', bytes: utf8(`{"event":"${event}"${more}}\n`) });
const exit = (code: number): Observation => ({ kind: 'exit', status: { code } });

function play(steps: readonly Step[], ...observations: readonly Observation[]) {
  const machine = new CaseMachine(toyCase(steps), TOY_WIRING);
  const actions: Action[] = [...machine.start()];
  for (const observation of observations) actions.push(...machine.observe(observation));
  return { machine, actions, verdict: machine.verdict, kinds: actions.filter(each => each.kind !== 'step').map(each => each.kind) };
}

test('steps are done until one has to wait, and its deadline is asked for once', () => {
  const { kinds, verdict } = play([START, { verb: 'send', channel: 'out', hex: '6869' }, sequence([one(A), one(B)])], STARTED, line('a'));
  expect(kinds).toEqual(['start', 'write', 'arm']);
  expect(verdict).toBeUndefined();
});

test('what was expected comes: pass', () => {
  const { verdict, machine } = play([START, sequence([one(A), one(B)], true), ENDS], STARTED, line('a'), line('b'), EOF, exit(0));
  expect(verdict).toEqual({ verdict: 'pass' });
  expect(machine.end).toBe('exited 0');
});

test('the same, whether it is known before the step or after', () => {
  const early = play(
    [START, { verb: 'expect-silence', channels: [], lasting: millis(5) }, sequence([one(A)], true)],
    STARTED,
    line('a'),
    EOF,
    {
      kind: 'deadline',
      step: 1,
    },
  );
  expect(early.verdict).toEqual({ verdict: 'pass' });
});

test('another message: fail, and both are named', () => {
  const { verdict } = play([START, sequence([one(A)])], STARTED, line('b', ',"n":1'));
  expect(verdict).toMatchObject({ verdict: 'fail', step: 1, expected: 'an a (a) on in', requirement: 'toy.server.must' });
  expect(verdict).toMatchObject({ received: expect.stringContaining('b, n 1') });
});

test('a message that may be ignored is skipped, unless it is asked for', () => {
  expect(play([START, sequence([one(A)])], STARTED, line('unheard-of'), line('a')).verdict).toEqual({ verdict: 'pass' });
  const asked = play([START, sequence([one({ type: 'unheard-of', name: 'it' })])], STARTED, line('unheard-of'));
  expect(asked.verdict).toEqual({ verdict: 'pass' });
});

test('one that has to come goes before one that may', () => {
  const steps = [
    START,
    sequence([any({ type: '*', name: 'anything' }), any(A), one({ type: 'a', fields: { last: true }, name: 'the last a' })]),
  ];
  expect(play(steps, STARTED, line('b'), line('a'), line('a', ',"last":true')).verdict).toEqual({ verdict: 'pass' });
});

test('the end of the channel before what was expected: fail, and it says how the implementation ended', () => {
  const { verdict } = play([START, sequence([one(A)])], STARTED, exit(3), EOF);
  expect(verdict).toMatchObject({ received: 'end of file; the implementation has ended: exited 3' });
});

test('something after the end was expected: fail', () => {
  expect(play([START, sequence([one(A)], true)], STARTED, line('a'), line('b')).verdict).toMatchObject({ expected: 'end of file on in' });
});

test('a deadline ends a case with what was awaited; one of a step that is over does not', () => {
  const steps = [START, sequence([one(A)]), ENDS];
  const { verdict, machine } = play(steps, STARTED, line('a'), { kind: 'deadline', step: 1 });
  expect(verdict).toBeUndefined();
  machine.observe({ kind: 'deadline', step: 2 });
  expect(machine.verdict).toMatchObject({
    step: 2,
    expected: 'the implementation ends with status 0',
    received: expect.stringContaining('within 5.000000 s'),
  });
  machine.observe({ kind: 'killed' });
  machine.observe({ kind: 'exit', status: { signal: 'SIGKILL' } });
  expect(machine.end).toBe('killed by us after the deadline');
});

test('the deadline of the case', () => {
  const { verdict } = play([START, sequence([one(A)])], STARTED, { kind: 'case-deadline' });
  expect(verdict).toMatchObject({ verdict: 'fail', expected: 'an a (a) on in', received: expect.stringContaining('20.000000 s') });
});

test('silence: time passes it, a message, an end and an exit do not', () => {
  const steps: readonly Step[] = [START, { verb: 'expect-silence', channels: ['in'], lasting: millis(300) }];
  expect(play(steps, STARTED, { kind: 'deadline', step: 1 }).verdict).toEqual({ verdict: 'pass' });
  expect(play(steps, STARTED, line('unheard-of'), { kind: 'deadline', step: 1 }).verdict).toEqual({ verdict: 'pass' });
  expect(play(steps, STARTED, line('a')).verdict).toMatchObject({ verdict: 'fail' });
  expect(play(steps, STARTED, EOF).verdict).toMatchObject({ received: 'end of file on in' });
  expect(play(steps, STARTED, exit(0)).verdict).toMatchObject({ received: 'it ended: exited 0' });
});

test('count and order look at everything so far', () => {
  const count = (most: number): Step => ({ verb: 'expect-count', channel: 'in', message: A, least: 1, most });
  const steps = (last: Step): readonly Step[] => [START, sequence([any(A), any(B)], true), last];
  expect(play(steps(count(1)), STARTED, line('a'), line('a'), EOF).verdict).toMatchObject({
    expected: '1 of: an a (a) on in',
    received: expect.stringMatching(/^2, the first: a /),
  });
  expect(play(steps(count(2)), STARTED, line('a'), line('a'), EOF).verdict).toEqual({ verdict: 'pass' });
  const order: Step = { verb: 'expect-order', channel: 'in', before: B, after: A };
  expect(play(steps(order), STARTED, line('a'), line('b'), EOF).verdict).toMatchObject({ expected: 'an a (a) only after a b (b)' });
  expect(play(steps({ ...order, before: A, after: B }), STARTED, line('a'), line('b'), EOF).verdict).toEqual({ verdict: 'pass' });
});

test('a step may name the requirement that it is about', () => {
  const { verdict } = play([START, { ...sequence([one(A)]), cites: 'toy.server.should' }], STARTED, line('b'));
  expect(verdict).toMatchObject({ requirement: 'toy.server.should' });
});

test('an implementation that cannot be started', () => {
  const { verdict, machine } = play([START, ENDS], { kind: 'not-started', code: 'ENOENT' });
  expect(verdict).toMatchObject({ verdict: 'fail', received: expect.stringContaining('ENOENT') });
  expect(machine.end).toBe('never started');
});

test('an address that cannot be connected to, and one that can', () => {
  const steps = (expected: ExpectedMessage): readonly Step[] => [
    START,
    sequence([expected]),
    { verb: 'expect-connect', to: 'x', within: seconds(5) },
  ];
  const saved: ExpectedMessage = { message: A, times: 'one', save: { field: 'at', as: 'x' } };
  const { kinds, machine } = play(steps(saved), STARTED, line('a', ',"at":"[::]:80"'));
  expect(kinds).toContain('connect');
  machine.observe({ kind: 'connected', error: 'ECONNREFUSED' });
  expect(machine.verdict).toMatchObject({ received: 'ECONNREFUSED' });
  expect(play(steps(saved), STARTED, line('a', ',"at":"127.0.0.1:80"'), { kind: 'connected', error: undefined }).verdict).toEqual({
    verdict: 'pass',
  });
  expect(play(steps(saved), STARTED, line('a', ',"at":"localhost"')).verdict).toMatchObject({ verdict: 'fail', received: 'localhost' });
});

test('a flood of messages, or of bytes, ends the case', () => {
  const steps = [START, sequence([any(A), one(B)])];
  const many: Observation = { kind: 'bytes', channel: 'in', bytes: utf8('{"event":"a"}\n'.repeat(ITEM_LIMIT + 1)) };
  expect(play(steps, STARTED, many).verdict).toMatchObject({ expected: expect.stringContaining(`at most ${ITEM_LIMIT} messages`) });
  const much: Observation = { kind: 'bytes', channel: 'in', bytes: new Uint8Array(CHANNEL_LIMIT + 1).fill(0x20) };
  expect(play(steps, STARTED, much).verdict).toMatchObject({ verdict: 'fail' });
});

test('output that is not decoded is counted, its tail is kept, and it decides nothing', () => {
  const out: Observation = { kind: 'bytes', channel: 'stdout', bytes: utf8('x'.repeat(9_000)) };
  const { machine, verdict } = play([START, sequence([one(A)])], STARTED, out, out);
  expect(verdict).toBeUndefined();
  expect([machine.inbox('stdout').bytes, machine.inbox('stdout').tail.length]).toEqual([18_000, 2_048]);
});

const DISTURB: Step = { verb: 'disturb', channel: 'out', fault: { kind: 'split', bytes: 1, gap: millis(1) } };
const SEND: Step = { verb: 'send', channel: 'out', hex: '6869' };

test('a send on a channel that is disturbed is over when its bytes have left, and no wait begins before', () => {
  const { kinds, machine } = play([START, DISTURB, SEND, sequence([one(A)])], STARTED);
  expect(kinds).toEqual(['start', 'disturb', 'write']);
  const actions = machine.observe({ kind: 'delivered', channel: 'out' });
  expect(actions.map(each => each.kind)).toEqual(['step', 'arm']);
  machine.observe(line('a'));
  expect(machine.verdict).toEqual({ verdict: 'pass' });
});

test('a case that is over while the tester still sends refutes nothing', () => {
  const { verdict } = play([START, DISTURB, SEND, sequence([one(A)])], STARTED, { kind: 'case-deadline' });
  expect(verdict).toMatchObject({ verdict: 'inconclusive', by: 'withheld', why: expect.stringContaining('was still on its way') });
});

test('what a half-open channel brings is not seen; of one that is cut it is', () => {
  const steps = [START, { verb: 'expect-silence', channels: ['in'], lasting: seconds(1) }] as const;
  const over = { kind: 'deadline', step: 1 } as const;
  const broke = (how: string): Observation => ({ kind: 'broke', channel: 'in', how });
  expect(play(steps, STARTED, broke('half-open'), line('a'), EOF, over).verdict).toEqual({ verdict: 'pass' });
  expect(play(steps, STARTED, broke('cut'), line('a'), EOF, over).verdict).toMatchObject({ verdict: 'fail' });
});
