/**
 * Reports as a tester sees them: bytes made with every mistake that a sender can make, and bytes read without believing anything.
 * Our own daemon has a codec of its own (src/impl/rwho/wire.ts); a mistake in one is found by the other.
 * Layout: R2 of src/impl/rwho/README.md.
 */

import type { DatagramAddress } from '../../src/host/host.ts';
import { compareCodeUnits } from '../../src/host/order.ts';
import type { Decoder, FieldValue, Item, Message } from '../case.ts';

export const HEADER = 60;
export const ENTRY = 24;
export const ENTRIES_MAX = 42;
export const NAME_FIELD = 32;
const TEXT_FIELD = 8;
const AT = { version: 0, type: 1, pad: 2, send: 4, stamp: 8, host: 12, load: 44, boot: 56 } as const;

/** The clause that less than a header breaks. */
export const TOO_SHORT = 'R2';

/** Where fields stand; of what is made of several, where the first of them does. */
const SPANS: NonNullable<Message['spans']> = {
  version: [AT.version, 1],
  type: [AT.type, 1],
  pad: [AT.pad, 2],
  send: [AT.send, 4],
  stamp: [AT.stamp, 4],
  host: [AT.host, NAME_FIELD],
  padded: [AT.host, NAME_FIELD],
  named: [AT.host, NAME_FIELD],
  dotted: [AT.host, NAME_FIELD],
  load: [AT.load, 12],
  leastLoad: [AT.load, 12],
  boot: [AT.boot, 4],
};

/** Somebody who is told of. */
export interface Login {
  readonly line: string;
  readonly user: string;
  readonly since: number;
  /** Seconds. */
  readonly idle: number;
}

export interface Report {
  /** A character for each byte; what is beyond the field is left out. */
  readonly host: string;
  readonly send: number;
  readonly boot: number;
  /** In hundredths. */
  readonly load: readonly [number, number, number];
  readonly people: readonly Login[];
  readonly version: number;
  readonly type: number;
  /** What nothing is said of. */
  readonly pad: number;
  readonly stamp: number;
  /** Behind the NUL of the name. */
  readonly tail: string;
}

export function encodeReport({ host, send, boot, load, people, version, type, pad, stamp, tail }: Report): Uint8Array {
  const bytes = new Uint8Array(HEADER + people.length * ENTRY);
  const view = new DataView(bytes.buffer);
  view.setUint8(AT.version, version);
  view.setUint8(AT.type, type);
  view.setUint16(AT.pad, pad);
  view.setInt32(AT.send, send);
  view.setInt32(AT.stamp, stamp);
  putText(bytes, AT.host, NAME_FIELD, tail === '' ? host : `${host}\0${tail}`);
  for (const [index, each] of load.entries()) view.setInt32(AT.load + 4 * index, each);
  view.setInt32(AT.boot, boot);
  for (const [index, { line, user, since, idle }] of people.entries()) {
    const at = HEADER + index * ENTRY;
    putText(bytes, at, TEXT_FIELD, line);
    putText(bytes, at + TEXT_FIELD, TEXT_FIELD, user);
    view.setInt32(at + 16, since);
    view.setInt32(at + 20, idle);
  }
  return bytes;
}

function putText(bytes: Uint8Array, at: number, length: number, text: string): void {
  for (let index = 0; index < Math.min(length, text.length); index++) bytes[at + index] = text.charCodeAt(index);
}

/** A datagram is a report with the port it came from. Any that is long enough is; what is recognised has the version, the type, and a name that is one. */
export function reportDecoder(): Decoder {
  let recognised = false;
  return {
    feed(bytes, from) {
      const item = reportItem(bytes, 'big', from);
      if (item.kind === 'message') recognised = item.fields['version'] === 1 && item.fields['type'] === 1 && item.fields['named'] === true;
      return [item];
    },
    end: () => [],
    get recognised() {
      return recognised;
    },
  };
}

/** A file is a report with its numbers in the order of this machine, which is taken to put the lowest byte first. */
export const recordDecoder = (): Decoder => ({ feed: bytes => [reportItem(bytes, 'little')], end: () => [] });

function reportItem(bytes: Uint8Array, order: 'big' | 'little', from?: DatagramAddress): Item {
  if (bytes.length < HEADER)
    return { kind: 'violation', clause: TOO_SHORT, detail: `${bytes.length} bytes are less than the ${HEADER} of a header`, offset: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const number = (at: number): number => view.getInt32(at, order === 'little');
  const [send, boot] = [number(AT.send), number(AT.boot)];
  const field = bytes.subarray(AT.host, AT.host + NAME_FIELD);
  const host = textOf(field);
  const users = Math.floor((bytes.length - HEADER) / ENTRY);
  const people = Array.from({ length: Math.min(users, ENTRIES_MAX) }, (_, index) => personAt(bytes, HEADER + index * ENTRY, number));
  // In the order in which they are shown, as far as there is room.
  const told: Record<string, FieldValue> = {
    version: view.getUint8(AT.version),
    type: view.getUint8(AT.type),
    users,
    length: bytes.length,
    beyond: bytes.length - HEADER - users * ENTRY,
    stamp: number(AT.stamp),
    pad: view.getUint16(AT.pad),
    padded: field.subarray(host.length).every(byte => byte === 0),
    send,
    boot,
    // Modulo 2^32: both clocks are one.
    uptime: (send - boot) | 0,
    load: [0, 4, 8].map(at => number(AT.load + at)).join(' '),
    leastLoad: Math.min(...[0, 4, 8].map(at => number(AT.load + at))),
    named: /^[!-.0-~]{1,31}$/.test(host),
    dotted: host.includes('.'),
    people: people.map(personText).join('; '),
    who: whoText(people),
    everybody: everybodyText(people),
  };
  const fields = from === undefined ? { host, ...told } : { host, port: from.port, ...told };
  return { kind: 'message', type: 'report', fields, bytes: bytes.slice(), spans: SPANS, ignorable: false };
}

const personAt = (bytes: Uint8Array, at: number, number: (at: number) => number): Login => {
  const [line, user] = [bytes.subarray(at, at + TEXT_FIELD), bytes.subarray(at + TEXT_FIELD, at + 2 * TEXT_FIELD)].map(textOf);
  return { line: line ?? '', user: user ?? '', since: number(at + 16), idle: number(at + 20) };
};

/** As the field `people` has each of them. */
export const personText = ({ line, user, since, idle }: Login): string => `${user} on ${line} since ${since} idle ${idle}`;

/** As the field `who` has all of them: in whatever order they come, and whether they type or not. */
export const whoText = (people: readonly Pick<Login, 'user' | 'line' | 'since'>[]): string =>
  people
    .map(({ user, line, since }) => `${user} on ${line} since ${since}`)
    .sort(compareCodeUnits)
    .join('; ');

/** As the field `everybody` has them: with how long nobody typed, in whatever order. */
export const everybodyText = (people: readonly Login[]): string => people.map(personText).sort(compareCodeUnits).join('; ');

/** Up to the first NUL, a character for each byte. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return String.fromCharCode(...field.subarray(0, end < 0 ? field.length : end));
}
