/**
 * Reads an image (B7): the header, and then once or twice the items. What refers to a scalar by its number is met after that scalar,
 * so an image that does is read again, now knowing which scalars those are. Others, nearly all, are read once and number nothing.
 * Lacks: images in files (`pst0`), other byte orders, major version 1.
 */
import { type Header, ImageReader } from './image-reader.ts';
import { NATIVE_LAYOUT, NETORDER_HEADER } from './opcodes.ts';
import { LIMITS, type Limits, type ThawFailure, ThawStop } from './problem.ts';
import type { Reference } from './values.ts';

export interface ThawOptions {
  readonly limits?: Partial<Limits>;
  /** Subroutines are read as their text, instead of refused. */
  readonly code?: boolean;
  /** Regular expressions are read as their text, instead of refused. */
  readonly regexps?: boolean;
  /** Is told where each string, key, name of a class and number stands, some of them twice. */
  readonly onValue?: (at: number, length: number) => void;
}

export type Thawed = { readonly ok: true; readonly value: Reference } | ThawFailure;

/**
 * The value of an image, native or in network order. Bytes behind it are ignored, as Perl does. Never throws for what the bytes are;
 * time and memory are proportional to their number.
 */
export function thaw(bytes: Uint8Array, options: ThawOptions = {}): Thawed {
  try {
    return { ok: true, value: read(bytes, options) };
  } catch (stop) {
    if (stop instanceof ThawStop) return stop.failure;
    throw stop;
  }
}

function read(bytes: Uint8Array, { limits, code = false, regexps = false, onValue }: ThawOptions): Reference {
  const head = header(bytes);
  const wanted = { limits: limits === undefined ? LIMITS : { ...LIMITS, ...limits }, code, regexps, onValue };
  const first = new ImageReader(bytes, head, wanted);
  const value = first.read();
  if (first.targets === undefined) return value;
  return new ImageReader(bytes, head, wanted, first.targets).read();
}

function header(bytes: Uint8Array): Header {
  const [first, minor] = bytes;
  if (first === undefined) throw new ThawStop('magic', 0, 'no bytes');
  const [netorder] = NETORDER_HEADER;
  if (first >> 1 !== netorder >> 1) throw new ThawStop('version', 0, `major version ${first >> 1}`);
  if (minor === undefined) throw new ThawStop('truncated', 1, 'no minor version');
  if (first === netorder) return { start: 2, netorder: true };
  for (const [index, expected] of NATIVE_LAYOUT.entries()) {
    const byte = bytes[2 + index];
    if (byte === undefined) throw new ThawStop('truncated', bytes.length, 'no layout of the machine');
    if (byte !== expected) throw new ThawStop('byte-order', 2 + index, `${byte} instead of ${expected}`);
  }
  return { start: 2 + NATIVE_LAYOUT.length, netorder: false };
}
