/** What somebody did as a case: whose part it is, in which order, how long is waited, what is compared, and what of it is told as left out. */
import { describe, expect, test } from 'vitest';
import { type Conversation, conversationOf } from '../../conformance/captured/lane.ts';
import { capturedRequirement, caseText, readCase, withCases } from '../../conformance/captured/suite.ts';
import type { Case, Varying, Wiring } from '../../conformance/case.ts';
import { lines } from '../../conformance/decoders.ts';
import { defineSuite } from '../../conformance/define.ts';
import { utf8 } from '../../src/host/bytes.ts';
import { instantOf, micros, millis, seconds } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';

type Given = Partial<Omit<TraceEvent, 'time'>> & Pick<TraceEvent, 'kind'> & { readonly at?: number };
const eventsOf = (given: readonly Given[]): readonly TraceEvent[] =>
  given.map(({ at = 0, ...rest }, index) => ({
    ...{ index, time: instantOf(at), process: 'srv', cause: -1, message: 0, channel: '', bytes: undefined, data: undefined },
    ...rest,
  }));

const varies: readonly Varying[] = [
  { type: 'id', field: 'id', mode: 'bound' },
  { type: 'id', field: 'when', mode: 'structural' },
  { type: 'id', field: 'note', mode: 'ignore' },
];
const decoder = lines({
  clause: 'F',
  limit: 40,
  read: text => {
    const [, id, when, note] = /^ID (\S+) (\S+) (\S+)$/.exec(text) ?? [];
    return id === undefined ? { type: 'line', fields: { text } } : { type: 'id', fields: { id, when: when ?? '', note: note ?? '' } };
  },
});
const suite = defineSuite({
  name: 'own',
  title: 'Own',
  roles: {
    server: { channels: { a: { decoder, rules: { F: 'own.form' } }, b: { decoder } }, varies },
    client: { channels: { up: { decoder, unfinished: 'own.whole' } }, environment: { accepts: ['up'], directories: [], files: {} } },
  },
  requirements: [
    { id: 'own.form', clause: '1', level: 'MUST', role: 'server', text: 'Lines are lines.' },
    { id: 'own.whole', clause: '1', level: 'MUST', role: 'client', text: 'Lines are whole.' },
    { id: 'own.other', clause: '2', level: 'MUST', role: 'server', text: 'Something else.' },
  ],
  cases: [],
});
const made = (events: readonly Given[], { role = 'server', process = undefined as string | undefined } = {}): Conversation => {
  const wiring = suite.roles[role];
  if (wiring === undefined) throw new Error(role);
  const { id: requirement } = capturedRequirement(suite, role);
  return conversationOf(eventsOf(events), {
    role,
    wiring,
    requirement,
    id: `own.${role}`,
    title: 'x',
    ...(process === undefined ? {} : { process }),
  });
};
const stepsOf = (...events: readonly Given[]): Case['steps'] => made(events).testCase.steps.slice(2);

const accept = (channel = 'tcp1<', at = 0): Given => ({ kind: 'accept', channel, at });
const hears = (text: string, at = 0, channel = 'tcp1>'): Given => ({ kind: 'recv', channel, bytes: utf8(text), at });
const says = (text: string, at = 0, channel = 'tcp1<'): Given => ({ kind: 'send', channel, bytes: utf8(text), at });
const line = (text: string) => ({ message: { type: 'line', fields: { text }, name: `line ${text}` }, times: 'one' });
const within = seconds(10);

describe('a conversation', () => {
  test('is what a peer did and what was answered, in order, with its end', () => {
    const { testCase, streams, messages, process, left } = made([
      accept(),
      hears('hi\n'),
      says('ho\nhe\n'),
      { kind: 'eof', channel: 'tcp1>' },
      { kind: 'end', channel: 'tcp1<' },
    ]);
    expect({ streams, messages, process, left }).toEqual({ streams: 1, messages: 2, process: 'srv', left: [] });
    expect(testCase.steps).toEqual([
      { verb: 'start' },
      { verb: 'dial', channel: 'a', to: { tcp: 'port' }, within },
      { verb: 'send', channel: 'a', hex: '68690a' },
      { verb: 'expect-sequence', channel: 'a', items: [line('ho'), line('he')], within },
      { verb: 'half-close', channel: 'a' },
      { verb: 'expect-sequence', channel: 'a', items: [], thenEof: true, within },
    ]);
    // As long as all that is waited for, and a little.
    expect(testCase.deadline).toBe(seconds(40));
  });

  test('waits three times as long as it took, and no less than its patience', () => {
    const [, early] = stepsOf(accept(), hears('a\n', 0), says('b\n', 1_000_000));
    expect(early).toMatchObject({ within });
    const [, late] = stepsOf(accept(), hears('a\n', 0), says('b\n', 4_000_000), says('c\n', 5_000_000));
    expect(late).toMatchObject({ items: [line('b'), line('c')], within: seconds(15) });
  });

  test('keeps a pause of its peer as a silence of what is open, less its end, and none that is short', () => {
    const [, pause, , ...rest] = stepsOf(accept(), hears('a\n', 0), hears('b\n', 2_000_000), hears('c\n', 2_999_999));
    expect(pause).toEqual({ verb: 'expect-silence', channels: ['a'], lasting: millis(1_600) });
    expect(rest).toEqual([]);
    const two = stepsOf(accept(), accept('tcp2<'), { kind: 'end', channel: 'tcp1<' }, hears('x\n', 3_000_000, 'tcp2>'));
    expect(two).toContainEqual({ verb: 'expect-silence', channels: ['b'], lasting: millis(2_400) });
  });

  test('sends again what is bound, whole and in pieces, if it is long enough not to be an accident', () => {
    const [, heard, again] = stepsOf(accept(), hears('who\n'), says('ID abc 12 x\n'), hears('for a'), hears('bc!\n'));
    expect(heard).toMatchObject({
      items: [
        { message: { type: 'id', fields: { id: { form: 'any' }, when: { form: 'any' } } }, save: [{ field: 'id', as: 'captured-a' }] },
      ],
    });
    expect(heard).not.toHaveProperty('items.0.message.fields.note');
    expect(again).toEqual({ verb: 'send', channel: 'a', hex: '666f7220210a', insert: [{ at: 4, saved: 'captured-a' }] });
    const [, short, plain] = stepsOf(accept(), hears('who\n'), says('ID ab 12 x\n'), hears('for ab\n'));
    expect(short).not.toHaveProperty('items.0.save');
    expect(plain).toEqual({ verb: 'send', channel: 'a', hex: '666f722061620a' });
  });

  test('retells with the values that it saves, under the name that its row says', () => {
    const wiring = suite.roles['server'];
    const keyed: Wiring = {
      ...(wiring ?? { channels: {}, options: [], probe: undefined }),
      varies: [{ type: 'id', field: 'id', mode: 'bound', as: 'the-key' }],
      channels: {
        a: {
          ...{ descriptor: undefined, direction: 'both', decoder },
          retelling: saved => ({
            feed: bytes => (saved.has('the-key') ? [`${saved.get('the-key')}: ${bytes.length}\n`] : [bytes]),
            end: () => [utf8('.')],
          }),
        },
      },
    };
    const events = eventsOf([accept(), hears('who\n'), says('ID abc 1 x\n'), hears('sealed\n'), { kind: 'eof', channel: 'tcp1>' }]);
    const { steps } = conversationOf(events, { role: 'server', wiring: keyed, requirement: 'r', id: 'x', title: 'x' }).testCase;
    expect(steps.slice(2)).toMatchObject([
      { verb: 'send', hex: '77686f0a' },
      { verb: 'expect-sequence', items: [{ save: [{ field: 'id', as: 'the-key' }] }] },
      { verb: 'say', text: 'abc: 7\n' },
      { verb: 'send', hex: '2e' },
      { verb: 'half-close' },
      // What is held when the capture ends.
      { verb: 'send', hex: '2e' },
    ]);
  });

  test('tells what is left out: behind a hole, behind what breaks the format, and beyond its channels', () => {
    const hole: Given = { kind: 'log', channel: 'tcp1>', data: { event: 'hole' } };
    const { left, testCase } = made([accept(), hears('a\n'), hole, hears('b\n'), hole, accept('unix1<'), accept('tcp3<'), accept('tcp4<')]);
    expect(left).toEqual([
      'what tcp1> has behind bytes that the capture has not',
      'connections beyond those that the role has channels for',
    ]);
    expect(testCase.steps.filter(({ verb }) => verb === 'send')).toHaveLength(1);
    const broken = made([accept(), says(`ok\n${'x'.repeat(50)}\n`), hears('later\n')]);
    expect(broken.left).toEqual(['what tcp1< has behind bytes that break the format: a line of more than 40 bytes']);
    expect(broken.testCase.steps.slice(2)).toEqual([{ verb: 'expect-sequence', channel: 'a', items: [line('ok')], within }]);
  });

  test('has a reset of its peer as one, and nothing behind it', () => {
    const reset: Given = { kind: 'close', channel: 'tcp1<', data: { error: 'ECONNRESET' } };
    expect(stepsOf(accept(), hears('a\n'), reset, hears('b\n'))).toEqual([
      { verb: 'send', channel: 'a', hex: '610a' },
      { verb: 'reset', channel: 'a' },
    ]);
    expect(stepsOf(accept(), { kind: 'close', channel: 'tcp1<' })).toEqual([
      { verb: 'expect-sequence', channel: 'a', items: [], thenEof: true, within },
    ]);
  });

  test('is that of who is connected to most, or connects most, or who is named', () => {
    const both: readonly Given[] = [
      { ...accept(), process: 'one' },
      { ...accept('tcp2<'), process: 'two' },
      { ...accept('tcp3<'), process: 'two' },
    ];
    expect(made(both).process).toBe('two');
    expect(made(both, { process: 'one' }).process).toBe('one');
    expect(() => made(both, { process: 'three' })).toThrow('no process three is in it; there are one, two');
    expect(() => made(both, { role: 'client' })).toThrow('nobody in it connects as the role client does');
    const calls = made([{ kind: 'open', channel: 'tcp1>', data: {} }], { role: 'client' });
    expect(calls.testCase.steps[1]).toEqual({ verb: 'expect-open', channel: 'up', within });
    expect(() => made([{ kind: 'open', channel: 'tcp1>', data: { error: 'ECONNREFUSED' } }], { role: 'client' })).toThrow(
      /no connection in it that can be played/,
    );
  });
});

describe('as text', () => {
  const { testCase } = made([accept(), hears('a\n'), says('b\n')]);
  const read = (from: RegExp | string, to: string): unknown => readCase(caseText(testCase).replace(from, to), suite);

  test('it has lengths of time as people write them, and is the same when it is read', () => {
    expect(caseText({ ...testCase, deadline: micros(1_500_000) })).toContain('"deadline":"1500 ms"');
    expect(caseText({ ...testCase, deadline: micros(1_501) })).toContain('"deadline":"1501 us"');
    expect(caseText(testCase)).toContain('"deadline":"30 s"');
    for (const each of [testCase, { ...testCase, deadline: micros(1_501) }]) expect(readCase(caseText(each), suite)).toEqual(each);
  });

  test('what is wrong with it is told with its place', () => {
    expect(read('"role":"server"', '"role":"hub"')).toBe('role: the suite own has the roles server, client');
    expect(read('own.server.captured', 'own.none')).toBe('requirements: there is no requirement own.none');
    expect(read('own.server.captured', 'own.other')).toMatchObject({ requirements: ['own.other'] });
    expect(read('"channel":"a"', '"channel":"z"')).toBe('steps.1: the role server has no channel z; it has a, b');
    expect(read('610a', '610')).toMatch(/^steps\.2\.hex: is an even number/);
    expect(read('"v": 1', '"v": 2')).toMatch(/^v: /);
  });
});

test('a suite with such a case has of its requirements those that can be decided', () => {
  const { testCase } = made([accept(), hears('a\n')]);
  const ids = (...cases: readonly Case[]): readonly string[] => withCases(suite, cases).requirements.map(({ id }) => id);
  expect(ids(testCase)).toEqual(['own.form', 'own.server.captured']);
  expect(ids({ ...testCase, requirements: ['own.other'] })).toEqual(['own.form', 'own.other']);
  const client = made([{ kind: 'open', channel: 'tcp1>', data: {} }], { role: 'client' }).testCase;
  expect(ids(testCase, client)).toEqual(['own.form', 'own.whole', 'own.server.captured', 'own.client.captured']);
  expect(withCases(suite, [testCase])).toMatchObject({
    cases: [testCase],
    mutants: [],
    sets: { captured: ['own.form', 'own.server.captured'] },
  });
});
