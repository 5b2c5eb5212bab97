/**
 * What of a message of Rover anybody may see: what HTTP makes of it (its first line but for the path, the names of fields, and those that say how long and of what
 * kind the body is), and what stands between the pairs of a body. Everything else is somebody's.
 */
import { type ByteSpan, type Disclosure, wordSpans } from '../../src/trace/anonymise/disclosure.ts';

const VERSION = /^HTTP\/\d\.\d [\x20-\x7e]*/;
const REQUEST = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS) | HTTP\/\d\.\d$/g;
/** Fields, with their values. */
const FIELD = /^(?:content-length|content-type|transfer-encoding|connection|allow|retry-after|status|rover-[a-z]{1,20}): ?[\x20-\x7e]*/i;
/** Others, by their names. */
const NAME = /^(?:host|date|server|user-agent|accept|expect|cache-control):/i;
const PAIRS: ReadonlySet<number> = new Set([...'&='].map(each => each.charCodeAt(0)));
const [LF, CR] = [0x0a, 0x0d];

export const disclosed: Disclosure = (_, bytes) => {
  const kept: ByteSpan[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(LF, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = textOf(bytes.subarray(at, bytes[end - 1] === CR ? end - 1 : end));
    kept.push(...partsOf(line, at === 0).map(([from, length]): ByteSpan => [at + from, length]), [
      at + line.length,
      end + 1 - at - line.length,
    ]);
    at = end + 1;
    if (line === '')
      return [...kept, ...wordSpans(bytes.subarray(at), new Set(), PAIRS).map(([from, length]): ByteSpan => [at + from, length])];
  }
  return kept;
};

function partsOf(line: string, isFirst: boolean): readonly ByteSpan[] {
  const whole = FIELD.exec(line)?.[0] ?? NAME.exec(line)?.[0] ?? (isFirst ? VERSION.exec(line)?.[0] : undefined);
  if (whole !== undefined) return [[0, whole.length]];
  if (isFirst) return [...line.matchAll(REQUEST)].map(({ index, 0: part }) => [index, part.length]);
  const colon = line.indexOf(':');
  return colon < 0 ? [] : [[colon, 1]];
}

/** A character for each byte. */
const textOf = (bytes: Uint8Array): string => Array.from(bytes, byte => String.fromCharCode(byte)).join('');
