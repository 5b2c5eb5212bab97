/**
 * Images that come back with their keys in order, and with all the digits of their doubles.
 */
import { utf8 } from '../../../src/host/bytes.ts';
import { type Asked, bytesOf, Image } from './image.ts';
import { flagHash } from './pieces.ts';

/** In the order of their characters, which of the last ones is not that of their halves. */
const KEYS = ['', '\0', 'A', 'B', 'a', 'aa', 'aab', 'ab', 'b', '\xff'];
const WIDE_KEYS = ['a', 'ab', '\u0100', '\ud7ff', '\ue000', '\uffff', '😀', '😀a', '😁', '😁\ue000'];
/** Those whose text is the shortest of this language as well. */
const DOUBLES = [0.1, 1 / 3, 0.30000000000000004, 123_456.789012345, 4.35, 2.5e-3, 100_000_000_000_001.5, -0.000123, 1.5e300, 5e-324];

/** The last of them first, so many times. */
const turned = (keys: readonly string[], times: number): readonly string[] => {
  const at = times % keys.length;
  return [...keys.slice(at), ...keys.slice(0, at)].toReversed();
};

function ofKeys(keys: readonly string[], wide: boolean): Uint8Array {
  const image = new Image();
  const flags = (key: string): readonly [number, readonly number[]] => (/[^\0-\xff]/.test(key) ? [1, [...utf8(key)]] : [0, bytesOf(key)]);
  if (wide) flagHash(image, false, keys.map(flags));
  else image.hash(keys.map(key => [key, () => image.integer(key.length)]));
  return image.back;
}

export function exactAsk(size: number): readonly Asked[] {
  const doubles = new Image(true);
  doubles.array(DOUBLES.length, index => {
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, DOUBLES[index] ?? 0, true);
    doubles.eight(7, new Uint8Array(bytes.buffer), String(DOUBLES[index]));
  });
  return [
    { name: `keys turned ${size} times`, sent: ofKeys(turned(KEYS, size), false), due: ofKeys(KEYS, false) },
    { name: `wide keys turned ${size} times`, sent: ofKeys(turned(WIDE_KEYS, size), true), due: ofKeys(WIDE_KEYS, true) },
    { name: 'exact doubles', sent: doubles.sent, due: doubles.back },
  ];
}
