/** The state of the server and its log: told again it is the same, from the beginning or from a checkpoint, and what it has changes nothing. */
import { describe, expect, test } from 'vitest';
import { formOf, type Place, type Request } from '../../../src/impl/rover/form.ts';
import { isRefusal } from '../../../src/impl/rover/header.ts';
import { type Entry, entryOf, recordOf } from '../../../src/impl/rover/records.ts';
import { CORRECTED } from '../../../src/impl/rover/rules.ts';
import { OBJECTS, State } from '../../../src/impl/rover/state.ts';
import { bytesOf, textOf } from '../../../src/impl/rover/text.ts';
import type { Reply } from '../../../src/impl/rover/wire.ts';

const request = (user: string, number: number, epoch = 0): Request & { readonly place: Place } => {
  const pairs = {
    USER: user,
    HOST: 'h\u00e4'.slice(0, 1),
    EPOCH: String(epoch),
    MSGID: String(number),
    COMMAND: 'EXPORT',
    DATA: `\0${number}`,
  };
  const made = formOf(new Map(Object.entries(pairs).map(([token, value]) => [token, bytesOf(value)])), true);
  if (isRefusal(made) || made.place === undefined) throw new Error('no request');
  return { ...made, place: made.place };
};
const reply = (text: string): Reply => ({ status: 200, result: 'done', type: 'text/plain', body: bytesOf(text) });

/** Through its bytes. */
function logged(entry: Entry): Entry {
  const read = entryOf(recordOf(entry));
  if (read === undefined) throw new Error(`unreadable: ${entry.kind}`);
  return read;
}

const told = (entries: Iterable<Entry>, state = new State(CORRECTED)): State => {
  for (const entry of entries) expect(state.apply(logged(entry))).toBeUndefined();
  state.restored();
  return state;
};
/** The state as text: objects are in no order. */
function shown(state: State): string {
  const entries = [...state.checkpoint()].map(entry =>
    JSON.stringify(entry, (_, value: unknown) => (value instanceof Uint8Array ? textOf(value) : value instanceof Map ? [...value] : value)),
  );
  const isObject = (text: string): boolean => text.includes('"kind":"object"');
  return [...entries.filter(isObject).sort(), ...entries.filter(each => !isObject(each))].join('\n');
}

/** What a server could have logged; as it was logged, it was done. */
function drawn(seed: number, length: number): { readonly entries: readonly Entry[]; readonly state: State } {
  let random = seed;
  const below = (bound: number): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return (random >>> 8) % bound;
  };
  const state = new State(CORRECTED);
  const entries: Entry[] = [];
  const log = (...more: readonly Entry[]): void => void entries.push(...more);
  for (let step = 0; step < length; step++) {
    const user = ['ann', 'bob'][below(2)] ?? '';
    const running = [...state.order.running()];
    const due = running[below(Math.max(1, running.length))];
    const verb = below(8);
    if (verb < 4) {
      const asked = request(user, 1 + below(8), below(10) === 0 ? 1 : 0);
      const { is } = state.order.offer(asked.place.stream, asked.place, asked);
      if (is === 'now' || is === 'held') log({ kind: 'message', pairs: asked.pairs });
    } else if (verb === 4) {
      const place = { stream: { owner: user, place: 'h' }, epoch: 0, number: below(6) };
      state.order.acked(place.stream, place);
      log({ kind: 'acked', place });
    } else if (due !== undefined) {
      const { stream, epoch, number } = due;
      const place = { stream, epoch, number };
      const declared = { module: 'Agent__', code: 'deliver', object: `Agent__${step}`, data: bytesOf(`${step}\n`) };
      if (verb === 5) {
        state.attempted(place, state.attempts(place) + 1);
        log({ kind: 'attempt', place, count: state.attempts(place) });
      } else if (verb === 6) {
        state.declare(place, declared);
        log({ kind: 'recovery', place, declared });
      } else {
        const change = { user: stream.owner, object: `Irolo__${below(3)}`, value: below(4) === 0 ? undefined : bytesOf(`${step}`) };
        state.finished(place, [change], reply(`${step}`));
        log({ kind: 'variable', place, change }, { kind: 'result', place, reply: reply(`${step}`) });
      }
    }
  }
  return { entries, state };
}

describe('told again', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))('seed %d', seed => {
    const { entries, state } = drawn(seed, 120);
    const whole = shown(state);
    expect(shown(told(entries))).toBe(whole);
    expect(shown(told(state.checkpoint()))).toBe(whole);
    // A checkpoint of any moment, and what came after it; also if that begins with what it has already.
    for (const near of [10, 40, 80]) {
      // A value and its result are one commit.
      const at = entries[near]?.kind === 'result' ? near + 1 : near;
      const half = told(entries.slice(0, at));
      const checkpoint = [...half.checkpoint()];
      expect(shown(told([...checkpoint, ...entries.slice(at)]))).toBe(whole);
      const messages = entries.slice(0, at).filter(({ kind }) => kind === 'message' || kind === 'result' || kind === 'variable');
      expect(shown(told([...checkpoint, ...messages]))).toBe(shown(half));
    }
  });
});

describe('room for objects', () => {
  const of = (user: string, object: string, bytes: number | undefined) => ({
    user,
    object,
    value: bytes === undefined ? undefined : new Uint8Array(bytes),
  });

  test('of a user, of all, and never too little for what becomes smaller', () => {
    const state = new State(CORRECTED);
    const { all, ofOwner } = OBJECTS;
    state.change([of('ann', 'a', ofOwner - 10)]);
    expect([state.hasRoom([of('ann', 'b', 10)]), state.hasRoom([of('ann', 'b', 11)]), state.hasRoom([of('bob', 'b', 11)])]).toEqual([
      true,
      false,
      true,
    ]);
    expect([state.hasRoom([of('ann', 'a', ofOwner)]), state.hasRoom([of('ann', 'a', ofOwner + 1)])]).toEqual([true, false]);
    for (let user = 0; user < all / ofOwner; user++) state.change([of(`u${user}`, 'x', ofOwner)]);
    expect([state.hasRoom([of('bob', 'b', 1)]), state.hasRoom([of('ann', 'a', 5)]), state.hasRoom([of('ann', 'a', undefined)])]).toEqual([
      false,
      true,
      true,
    ]);
    state.change([of('u0', 'x', undefined), of('ann', 'a', undefined)]);
    expect([state.hasRoom([of('bob', 'b', ofOwner)]), state.hasRoom([of('bob', 'b', ofOwner + 1)])]).toEqual([true, false]);
  });
});

describe('entries', () => {
  test('what no version has written is none', () => {
    expect(entryOf({ kind: 99, payload: new Uint8Array(0) })).toBeUndefined();
    for (const entry of drawn(7, 60).entries) {
      const record = recordOf(entry);
      for (let length = 0; length < record.payload.length; length++) {
        const cut = entryOf({ kind: record.kind, payload: record.payload.subarray(0, length) });
        // A message may be shorter; what it then is, is no request, or another.
        if (cut !== undefined) expect(['message', 'variable']).toContain(cut.kind);
      }
    }
  });

  test('a message that is no request, and a part of a checkpoint that has lost its stream, are told', () => {
    expect(new State(CORRECTED).apply({ kind: 'message', pairs: new Map() })).toBe('a message that is no request');
    expect(new State(CORRECTED).apply({ kind: 'held', position: { epoch: 0, number: 1 }, pairs: request('ann', 1).pairs })).toBe(
      'held of no stream',
    );
  });
});
