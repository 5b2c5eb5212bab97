/** What leads from event to event, and what of it reaches into a window. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bandsOf } from '../../viewer/bands.ts';
import { type Columns, NONE } from '../../viewer/columns.ts';
import { CONE, coneOf, reasonsOf } from '../../viewer/cone.ts';
import { lanesOf, partsOf } from '../../viewer/lanes.ts';
import { ARROW, effectsOf, linksOf, TIMER } from '../../viewer/links.ts';
import { Spans } from '../../viewer/spans.ts';
import { columnsOf, columnsOfSaid, eventsOf, type Said, traceOf } from './made.ts';

const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(65);
const all = (spans: Spans): readonly (readonly number[])[] => {
  const found: number[][] = [];
  spans.within(0, 1e9, 1e9, (...span) => found.push(span));
  return found;
};

describe('arrows', () => {
  test('from who sends to who reads, in pieces as they are read', () => {
    const columns = columnsOfSaid([
      { kind: 'send', channel: 'tcp1>', message: 1, bytes: bytes(4) },
      { kind: 'recv', process: 'm/b.2', channel: 'tcp1>', message: 1, cause: 0, bytes: bytes(1) },
      { kind: 'recv', process: 'm/b.2', channel: 'tcp1>', message: 1, cause: 0, bytes: bytes(3) },
    ]);
    const links = linksOf(columns);
    expect(all(links.arrows)).toEqual([
      [0, 1, ARROW.message],
      [0, 2, ARROW.message],
    ]);
    expect(effectsOf(links, 0, 9)).toEqual([1, 2]);
    expect([...links.unread]).toEqual([0, 0, 0]);
  });

  test('what is read together with an earlier message has its reader by its place in the stream', () => {
    const columns = columnsOfSaid([
      { kind: 'send', channel: 'tcp1>', message: 1, bytes: bytes(2) },
      { kind: 'send', channel: 'tcp1>', message: 2, bytes: bytes(3) },
      { kind: 'send', channel: 'tcp1>', message: 3, bytes: bytes(1) },
      { kind: 'recv', process: 'm/b.2', channel: 'tcp1>', message: 1, cause: 0, bytes: bytes(5) },
    ]);
    const links = linksOf(columns);
    expect([...links.readAt]).toEqual([NONE, 3, NONE, NONE]);
    expect(all(links.arrows)).toEqual([
      [0, 3, ARROW.message],
      [1, 3, ARROW.message],
    ]);
    expect([...links.unread]).toEqual([0, 0, 1, 0]);
  });

  test('a datagram that comes twice to one of two readers', () => {
    const columns = columnsOfSaid([
      { kind: 'datagram', channel: 'udp1', message: 1, bytes: bytes(1) },
      { kind: 'receive', process: 'm/b.2', channel: 'udp2', message: 1, cause: 0 },
      { kind: 'receive', process: 'm/c.3', channel: 'udp3', message: 1, cause: 0 },
      { kind: 'receive', process: 'm/b.2', channel: 'udp2', message: 1, cause: 0 },
      { kind: 'datagram', channel: 'udp1', message: 2, bytes: bytes(1) },
    ]);
    const links = linksOf(columns);
    expect(all(links.arrows).map(([, , kind]) => kind)).toEqual([ARROW.message, ARROW.message, ARROW.again]);
    expect([...links.unread]).toEqual([0, 0, 0, 0, 1]);
  });

  test('of other causes between processes, and none for a timer of its own', () => {
    const columns = columnsOfSaid([
      { kind: 'spawn' },
      { kind: 'start', process: 'm/b.2', cause: 0 },
      { kind: 'timer', data: { id: 1, delay: 5 } },
      { kind: 'fire', cause: 2, data: { id: 1 } },
    ]);
    expect(all(linksOf(columns).arrows)).toEqual([[0, 1, ARROW.other]]);
  });
});

test('timers run until they fire, are cancelled, or their process is heard of no more', () => {
  const columns = columnsOfSaid([
    { kind: 'timer', data: { id: 1, delay: 5 } },
    { kind: 'timer', data: { id: 2, delay: 5 } },
    { kind: 'timer', data: { id: 3, delay: 5 } },
    { kind: 'timer', process: 'm/b.2', data: { id: 2, delay: 5 } },
    { kind: 'cancel', data: { id: 2 } },
    { kind: 'fire', cause: 0, data: { id: 1 } },
    { kind: 'log', process: 'm/b.2', data: { event: 'x', severity: 'info' } },
  ]);
  expect(all(linksOf(columns).timers)).toEqual([
    [0, 5, TIMER.fired],
    [1, 4, TIMER.cancelled],
    [2, 5, TIMER.open],
    [3, 6, TIMER.open],
  ]);
});

test('a window has the spans that reach into it, the latest where there are too many', () => {
  const length = fc.oneof({ weight: 500, arbitrary: fc.nat(20) }, fc.nat(2_000));
  const span = fc.tuple(fc.nat(2_000), length, fc.nat(2)).map(([from, length, kind]) => [from, from + length, kind] as const);
  fc.assert(
    fc.property(
      fc.array(span, { minLength: 600, maxLength: 1_200, size: 'max' }),
      fc.nat(2_300),
      fc.nat(100),
      fc.integer({ min: 1, max: 2_000 }),
      (many, first, length, limit) => {
        const spans = new Spans();
        for (const each of many) spans.add(...each);
        spans.sorted();
        const wanted = many.filter(([from, to]) => from <= first + length && to >= first).toSorted(([one], [other]) => one - other);
        const found: (readonly number[])[] = [];
        spans.within(first, first + length, limit, (...each) => found.push(each));
        expect(found).toEqual(wanted.slice(-limit));
      },
    ),
    { numRuns: 100 },
  );
});

describe('cones', () => {
  const said: fc.Arbitrary<Said> = fc.record({
    kind: fc.constantFrom('send', 'recv', 'log'),
    process: fc.constantFrom('', 'm/a.1', 'm/b.2', 'm/c.3'),
    channel: fc.constantFrom('tcp1>', 'tcp2>'),
    bytes: fc.integer({ min: 0, max: 3 }).map(bytes),
  });

  /** By walking over every edge again and again. */
  function reached(columns: Columns, from: number, edges: readonly (readonly [number, number])[]): ReadonlySet<number> {
    const found = new Set([from]);
    for (let before = 0; before < found.size; ) {
      before = found.size;
      for (const [one, other] of edges) if (found.has(one)) found.add(other);
    }
    expect(Math.max(...found)).toBeLessThan(columns.count);
    return found;
  }

  it('are all that can be reached by causes and by the order of processes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(said, fc.nat()), { minLength: 1, maxLength: 40 }), fc.nat(), (many, at) => {
        const columns = columnsOf(
          traceOf(eventsOf(many.map(([each, back], index) => ({ ...each, cause: index > 0 && back % 3 === 0 ? back % index : NONE })))),
        );
        const links = linksOf(columns);
        const place = at % columns.count;
        const edges: [number, number][] = [];
        for (let each = 0; each < columns.count; each++)
          for (const [from, to] of [
            [links.before[each], each],
            [columns.cause[each], each],
            [each, links.readAt[each]],
          ])
            if (from !== undefined && to !== undefined && from >= 0 && to >= 0) edges.push([from, to]);
        const future = reached(columns, place, edges);
        const past = reached(
          columns,
          place,
          edges.map(([from, to]) => [to, from]),
        );
        const cone = coneOf(columns, links, place);
        for (let each = 0; each < columns.count; each++)
          expect(cone[each]).toBe(each === place ? CONE.itself : past.has(each) ? CONE.past : future.has(each) ? CONE.future : 0);
      }),
      { numRuns: 500 },
    );
  });

  test('reasons go back by causes, through the callbacks that had none', () => {
    const columns = columnsOfSaid([
      { kind: 'timer', data: { id: 1, delay: 0 } },
      { kind: 'fire', cause: 0, data: { id: 1 } },
      { kind: 'log', data: { event: 'x', severity: 'info' } },
      { kind: 'send', channel: 'tcp1>', bytes: bytes(1) },
      { kind: 'recv', process: 'm/b.2', channel: 'tcp1>', cause: 3, bytes: bytes(1) },
      { kind: 'exit', process: 'm/b.2', data: { code: 1 } },
    ]);
    expect(reasonsOf(columns, linksOf(columns), 5, 9)).toEqual([4, 3, 1, 0]);
    expect(reasonsOf(columns, linksOf(columns), 4, 2)).toEqual([3, 1]);
    expect(reasonsOf(columns, linksOf(columns), 0, 9)).toEqual([]);
    const opened = columnsOfSaid([{ kind: 'connect' }, { kind: 'accept', process: 'm/b.2', cause: 0 }, { kind: 'open', cause: 1 }]);
    expect(reasonsOf(opened, linksOf(opened), 2, 9)).toEqual([1, 0]);
  });
});

describe('lanes', () => {
  test('a program that is started again has the lane of the one before, two at once have two, and machines stand together', () => {
    const { lanes, laneOf, lives } = lanesOf(
      columnsOfSaid([
        { kind: 'start', process: 'm/a.1' },
        { kind: 'start', process: 'n/a.1' },
        { kind: 'start', process: 'm/c.2' },
        { kind: 'start', process: 'm/c.3' },
        { kind: 'exit', process: 'm/c.2', data: { code: 0 } },
        { kind: 'start', process: 'm/c.4' },
        { kind: 'phase', process: '', data: { name: 'heal' } },
      ]),
    );
    expect(lanes).toEqual([
      { machine: 'm', program: 'a' },
      { machine: 'm', program: 'c' },
      { machine: 'm', program: 'c' },
      { machine: 'n', program: 'a' },
    ]);
    expect([...laneOf]).toEqual([0, 3, 1, 2, 1, NONE]);
    expect(lives.map(({ from, to, ended }) => [from, to, ended])).toEqual([
      [0, 6, false],
      [1, 6, false],
      [2, 4, true],
      [3, 6, false],
      [5, 6, false],
    ]);
  });

  test('who is on a machine that loses its power ends there', () => {
    const { lives } = lanesOf(
      columnsOfSaid([
        { kind: 'start', process: 'm/a.1' },
        { kind: 'start', process: 'n/a.1' },
        { kind: 'power', process: '', data: { machine: 'm', state: 'off' } },
        { kind: 'log', process: 'n/a.1', data: { event: 'x', severity: 'info' } },
      ]),
    );
    expect(lives.map(({ to, ended }) => [to, ended])).toEqual([
      [2, true],
      [3, false],
    ]);
  });

  test('states are what a process notes to have gone to', () => {
    const note = (to: string): Said => ({ kind: 'log', data: { event: 'phase', severity: 'debug', from: 'x', to } });
    const { states, stays, laneOf } = lanesOf(
      columnsOfSaid([note('up'), { kind: 'fire' }, note('down'), note('up'), { kind: 'exit', data: { code: 0 } }]),
    );
    expect(states).toEqual(['up', 'down']);
    expect(laneOf[0]).toBe(0);
    expect(all(stays.get(0) ?? new Spans().sorted())).toEqual([
      [0, 2, 0],
      [2, 3, 1],
      [3, 4, 0],
    ]);
  });

  test('a case that was recorded from one side has a lane for the other', () => {
    const events = eventsOf([{ kind: 'send', channel: 'tcp1>', bytes: bytes(1) }]);
    const { lanes, outside } = lanesOf(columnsOf(traceOf(events, {}, { kind: 'conformance' })));
    expect([lanes.length, outside]).toEqual([2, 1]);
    expect(lanesOf(columnsOf(traceOf(events))).outside).toBe(NONE);
  });

  test.each([
    ['m/a.1', 'm', 'a', '1'],
    ['a.b/c-d.10', 'a.b', 'c-d', '10'],
    ['tester', '', 'tester', ''],
    ['/', '', '', ''],
  ])('%s', (name, machine, program, pid) => {
    expect(partsOf(name)).toEqual({ machine, program, pid });
  });
});

test('bands: faults and machines without power, side by side where they overlap, and to the end where they have none', () => {
  const fault = (number: number, step: string): Said => ({ kind: 'fault', process: '', data: { fault: number, kind: 'kill', step } });
  const bands = bandsOf(
    columnsOfSaid([
      fault(0, 'begin'),
      { kind: 'power', process: '', data: { machine: 'm', state: 'off' } },
      fault(0, 'fire'),
      { kind: 'power', process: '', data: { machine: 'm', state: 'on' } },
      fault(0, 'end'),
      fault(1, 'begin'),
      fault(2, 'begin'),
      fault(1, 'end'),
      fault(2, 'end'),
      fault(3, 'begin'),
      { kind: 'log', data: { event: 'x', severity: 'info' } },
    ]),
  );
  expect(bands).toEqual([
    { from: 0, to: 4, name: 'kill', track: 0 },
    { from: 1, to: 3, name: 'm has no power', track: 1 },
    { from: 5, to: 7, name: 'kill', track: 0 },
    { from: 6, to: 8, name: 'kill', track: 1 },
    { from: 9, to: 10, name: 'kill', track: 0 },
  ]);
});
