/** The legal order: the runs of the real daemon, every refusal of the table, and which table of ids a sequence speaks. */
import { describe, expect, test } from 'vitest';
import type { EventTable } from '../../../src/impl/lifetime/event-ids.ts';
import { EVENT_IDS, identifyTable, idOf } from '../../../src/impl/lifetime/event-ids.ts';
import type { SequenceInput, SequenceOptions, SequenceState } from '../../../src/impl/lifetime/sequence.ts';
import {
  CLAUSE_LAST,
  CLAUSE_UNASKED,
  CLAUSE_UNDEFINED_ID,
  LEGAL,
  LEGAL_2017,
  SEQUENCE_CLAUSES,
  Sequence,
} from '../../../src/impl/lifetime/sequence.ts';
import type { Message } from '../../../src/impl/lifetime/wire.ts';
import { FrameDecoder, messageOf } from '../../../src/impl/lifetime/wire.ts';
import { bytesOf, RUN_VECTORS } from './vectors.ts';

/** `0,1 p2p rpc 1,0 x` as messages. */
const messages = (text: string): readonly Message[] => text.split(' ').filter(Boolean).map(word);

function word(text: string): Message {
  const [event, id] = text.split(',').map(Number);
  if (event !== undefined && id !== undefined) return { kind: 'lifetime', event, id };
  if (text === 'x') return { kind: 'unknown', type: 'x', length: 0 };
  return { kind: 'address', type: text === 'p2p' ? 'p2plistenaddr' : 'rpclistenaddr', address: '127.0.0.1:1' };
}

function verdict(text: string, options: SequenceOptions = {}): string {
  const sequence = new Sequence(options);
  let offset = 0;
  for (const message of messages(text)) {
    const violation = sequence.message(message, offset++);
    if (violation !== undefined) return `${violation.clause} @${violation.offset}`;
  }
  return sequence.state;
}

describe('runs of dcrd 1.8.0', () => {
  const runs = RUN_VECTORS.filter(run => run.hex !== null);
  test('there are enough of them', () => expect(runs.length).toBeGreaterThan(12));

  test.each(runs.map(run => [run.name, run] as const))('%s is legal', (_, run) => {
    const frames = new FrameDecoder().push(bytesOf(run.hex ?? ''));
    expect(frames.length).toBe(run.frames.length);
    const has = (option: string): boolean => run.flags.includes(option);
    const sequence = new Sequence({ lifetimeEvents: has('--lifetimeevents'), addressEvents: has('--boundaddrevents') });
    for (const frame of frames) {
      const message = frame.kind === 'violation' ? frame : messageOf(frame);
      if (message.kind === 'violation') throw new Error(message.detail);
      expect(sequence.message(message, frame.offset)).toBeUndefined();
    }
    expect(sequence.end(0)).toBeUndefined();
  });
});

describe('order', () => {
  test.each([
    ['', 'initial'],
    ['0,0 0,1 p2p p2p rpc 1,0 2,1 2,0', 'stopped'],
    ['0,0 2,0', 'stopped'],
    ['0,0 0,1 2,0', 'stopped'],
    ['0,0 0,1 p2p 2,0', 'stopped'],
    ['x 0,0 x 0,1 x 1,0 x 2,1 x 2,0 x', 'stopped'],
    ['0,0 0,1 1,9 2,1', 'server-stopped'],
    ['0,1', `${SEQUENCE_CLAUSES['start-server']} @0`],
    ['1,0', `${SEQUENCE_CLAUSES.complete} @0`],
    ['2,0', `${SEQUENCE_CLAUSES['stop-database']} @0`],
    ['0,0 0,0', `${SEQUENCE_CLAUSES['start-database']} @1`],
    ['0,0 p2p', `${SEQUENCE_CLAUSES.address} @1`],
    ['0,0 1,0', `${SEQUENCE_CLAUSES.complete} @1`],
    ['0,0 2,1', `${SEQUENCE_CLAUSES['stop-server']} @1`],
    ['0,0 0,1 2,1', `${SEQUENCE_CLAUSES['stop-server']} @2`],
    ['0,0 0,1 1,0 rpc', `${SEQUENCE_CLAUSES.address} @3`],
    ['0,0 0,1 1,0 1,0', `${SEQUENCE_CLAUSES.complete} @3`],
    ['0,0 0,1 1,0 2,0', `${SEQUENCE_CLAUSES['stop-database']} @3`],
    ['0,0 0,1 1,0 2,1 2,0 2,0', `${CLAUSE_LAST} @5`],
    ['0,0 2,0 0,1', `${CLAUSE_LAST} @2`],
    ['0,0 0,7', `${CLAUSE_UNDEFINED_ID} @1`],
    ['0,0 0,2', `${CLAUSE_UNDEFINED_ID} @1`],
  ])('%s: %s', (text, want) => expect(verdict(text)).toBe(want));

  test('nothing is judged after a violation, and nothing comes after the end', () => {
    const sequence = new Sequence();
    expect(sequence.message(word('1,0'), 0)).toBeDefined();
    expect(sequence.message(word('1,0'), 0)).toBeUndefined();
    expect(sequence.state).toBe('error');
    const ended = new Sequence();
    expect(ended.end(0)).toBeUndefined();
    expect(ended.message(word('x'), 0)).toMatchObject({ clause: SEQUENCE_CLAUSES.unknown });
  });

  test('the older order allows 2,1 before 1,0', () => {
    expect(verdict('0,0 0,1 2,1 2,0', { legal: LEGAL_2017 })).toBe('stopped');
    expect(verdict('0,0 2,1', { legal: LEGAL_2017 })).toBe(`${SEQUENCE_CLAUSES['stop-server']} @1`);
  });

  test('a child of 2016, by both tables', () => {
    const full = '0,0 0,1 0,2 p2p 1,0 2,2 2,1 2,0';
    expect(verdict(full, { ids: 'comment' })).toBe('stopped');
    expect(verdict('0,0 0,1 2,1 2,0', { ids: 'comment' })).toBe('stopped');
    expect(verdict('0,0 0,1 p2p', { ids: 'comment' })).toBe(`${SEQUENCE_CLAUSES.address} @2`);
    expect(verdict('0,0 0,1 0,1', { ids: 'comment' })).toBe(`${SEQUENCE_CLAUSES['start-ticket-database']} @2`);
    expect(verdict('0,0 2,1', { ids: 'comment' })).toBe(`${SEQUENCE_CLAUSES['stop-ticket-database']} @1`);
    expect(verdict(full, { undefinedIds: 'tolerate' })).toBe('stopped');
  });

  test('only what was asked for is sent', () => {
    expect(verdict('p2p rpc', { lifetimeEvents: false })).toBe('initial');
    expect(verdict('0,0', { lifetimeEvents: false })).toBe(`${CLAUSE_UNASKED} @0`);
    expect(verdict('0,0 0,1 p2p', { addressEvents: false })).toBe(`${CLAUSE_UNASKED} @2`);
  });

  test('every state can end, and none but error and ended refuses an unknown type', () => {
    const states = Object.keys(LEGAL) as SequenceState[];
    for (const state of states) {
      const final = state === 'error' || state === 'ended';
      expect(LEGAL[state].end).toBe(final ? undefined : 'ended');
      expect(LEGAL[state].unknown).toBe(final ? undefined : state);
    }
    const inputs = Object.keys(SEQUENCE_CLAUSES) as SequenceInput[];
    const used = new Set(states.flatMap(state => Object.keys(LEGAL[state])));
    expect([...used].sort((a, b) => (a < b ? -1 : 1))).toEqual([...inputs].sort((a, b) => (a < b ? -1 : 1)));
  });
});

describe('ids', () => {
  test('both tables', () => {
    expect(EVENT_IDS.constants).toEqual(['database', 'p2p-server']);
    expect(EVENT_IDS.comment).toEqual(['database', 'ticket-database', 'p2p-server']);
    expect(idOf('constants', 'ticket-database')).toBeUndefined();
    expect(idOf('comment', 'p2p-server')).toBe(2);
  });

  test.each<[string, EventTable | 'either' | 'neither']>([
    ['', 'either'],
    ['0,0 2,0', 'either'],
    ['p2p rpc', 'either'],
    ['0,0 0,1', 'either'],
    ['0,0 0,1 2,0', 'either'],
    ['0,0 0,1 x 2,1 2,0', 'either'],
    ['0,0 0,1 p2p', 'constants'],
    ['0,0 0,1 1,0 2,1 2,0', 'constants'],
    ['0,0 0,1 0,2', 'comment'],
    ['0,0 0,1 0,2 p2p 1,0 2,2 2,1 2,0', 'comment'],
    ['0,0 0,1 p2p 0,2', 'neither'],
    ['0,0 0,3', 'neither'],
    ['0,0 0,1 1,0 2,255', 'neither'],
  ])('%s speaks %s', (text, want) => expect(identifyTable(messages(text))).toBe(want));
});
