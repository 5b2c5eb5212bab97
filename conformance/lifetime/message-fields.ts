/**
 * What of the frames of the lifetime pipe anybody may see: their form, the types there are, and the events. Addresses are somebody's.
 */
import { KNOWN_TYPES } from '../../src/impl/lifetime/wire.ts';
import { type ByteSpan, type Disclosure, spansOf } from '../../src/trace/anonymise/disclosure.ts';

/** Version, and length of the type. */
const HEAD = 2;
const LENGTH = 4;
const PUBLIC = { lifetimeevent: ['kind', 'id'] };

/** C2: a version, a type behind its length, and the length of the payload. */
export const disclosed: Disclosure = (message, bytes) => {
  const type = bytes[1] ?? 0;
  const name = String.fromCharCode(...bytes.subarray(HEAD, HEAD + type));
  const known: readonly ByteSpan[] = KNOWN_TYPES.some(each => (message === undefined ? each.startsWith(name) : each === name))
    ? [[HEAD, type]]
    : [];
  return [[0, HEAD], ...known, [HEAD + type, LENGTH], ...spansOf(message, PUBLIC)];
};
