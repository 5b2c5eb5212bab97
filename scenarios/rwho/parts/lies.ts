/**
 * Datagrams that no rwhod sends, drawn at random: names that are paths, cut off, or not text; any length; other versions and
 * types; other ports; names of hosts that are there.
 */
import fc from 'fast-check';
import { PLAIN } from '../../../src/check/plans.ts';
import { integerFrom, listUpTo, object, type Shape } from '../../../src/check/shape.ts';
import { forged, say } from './forged.ts';

export interface Lie {
  /** Milliseconds. */
  readonly at: number;
  /** Of the names. */
  readonly name: number;
  /** Seconds before or after it is sent. */
  readonly sent: number;
  readonly booted: number;
  readonly users: number;
  /** Bytes that are sent; more than there are: all. */
  readonly length: number;
  /** A byte that is changed, and to what. */
  readonly spot: number;
  readonly byte: number;
  readonly port: number;
}

export interface Liar {
  readonly names: readonly string[];
  /** Milliseconds. */
  readonly until: number;
  readonly most: number;
}

/** More than the field holds, and no NUL. */
export const OVERLONG: string = 'h'.repeat(40);
const PORTS = [513, 513, 513, 513, 5_130] as const;

type Ranges = Record<keyof Lie, readonly [least: number, most: number]>;

const rangesOf = ({ names, until }: Liar): Ranges => ({
  at: [1_000, until],
  name: [0, names.length - 1],
  sent: [-100, 100],
  booted: [-200, 200],
  users: [0, 43],
  length: [0, 1_200],
  spot: [0, 99],
  byte: [0, 255],
  port: [0, PORTS.length - 1],
});

export function liesOf(liar: Liar): fc.Arbitrary<readonly Lie[]> {
  const number = ([min, max]: readonly [number, number]): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }));
  const fields = Object.fromEntries(Object.entries(rangesOf(liar)).map(([name, range]) => [name, number(range)]));
  // One arbitrary for each field of Ranges, and so of Lie.
  return fc.array(fc.record(fields, PLAIN) as unknown as fc.Arbitrary<Lie>, { maxLength: liar.most, size: 'max' });
}

export function liesShape(liar: Liar): Shape {
  const fields = Object.entries(rangesOf(liar)).map(([name, [least, most]]) => [name, integerFrom(least, most)] as const);
  return listUpTo(liar.most, object(Object.fromEntries(fields)));
}

/** An argument of the forger. Half of the datagrams are whole, and half of them are right but for what they say. */
export function forgery({ names }: Liar, { at, name, sent, booted, users, length, spot, byte, port }: Lie): string {
  const called = names[name] ?? 'x';
  const bytes = forged(called, { sent: Math.floor(at / 1_000) + sent, booted, users: users % 44 });
  if (spot < 50) bytes[spot] = byte;
  if (called === OVERLONG) bytes.fill(0x68, 12, 44);
  return say(at, length < 600 ? bytes.subarray(0, length) : bytes, PORTS[port]);
}
