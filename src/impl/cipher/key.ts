/**
 * The key that both ends of a connection derive from their host ids and the build key (README.md, A8). Bytes in, bytes out:
 * the published code folds ASCII letters and takes every other byte as it comes.
 *
 *     K = fold(id of the server . id of the client)     S = K b K b K b, cut to 32 bytes     key = S read as hexadecimal
 *
 * Lacks: a limit on ids and build key, since nothing after the 32nd byte of S is looked at; making a build key (lond does).
 */
import { EMPTY } from '../../host/bytes.ts';

/** The host ids of both ends. On either side the server's comes first: lonc calls it conserver, lond calls it its own. */
export interface KeyIds {
  readonly server: Uint8Array;
  readonly client: Uint8Array;
}

export interface ClientKeyOptions {
  /** A-B08: the newline of the reply stays in the build key. The two ends then have different keys where `newlineMatters`. */
  readonly keepNewline?: boolean;
}

/** What S is cut to: two digits for each byte of the key. */
const DIGITS = 32;
/** How often K and the build key are repeated before the cut; too few for 32 digits if both are short. */
const REPEATS = 3;

/**
 * The client's key. `reply` is the line read after `ekey`, with its newline if it had one; empty after end of file, which
 * as written still makes a key (A-B18). The newline is dropped, as the server does, unless an option says otherwise.
 */
export function clientKey(ids: KeyIds, reply: Uint8Array, options: ClientKeyOptions = {}): Uint8Array {
  return keyOf(ids, options.keepNewline === true ? reply : withoutNewline(reply));
}

/** The server's key. `buildKey` is what it made, or the line it answers `ekey` with: a newline at its end does not count. */
export function serverKey(ids: KeyIds, buildKey: Uint8Array): Uint8Array {
  return keyOf(ids, withoutNewline(buildKey));
}

/**
 * Where A-B08 shows: ids and build key are so short that the newline falls into the first 32 bytes of S. Then a client as
 * written and its server cannot read each other (unless all digits of S happen to be those of the newline, A).
 */
export function newlineMatters(ids: KeyIds, buildKey: Uint8Array): boolean {
  return ids.server.length + ids.client.length + withoutNewline(buildKey).length < DIGITS;
}

/** G to P and then Q to Z become 0 to 9, A to F stay; small letters as capitals, all other bytes unchanged. */
export function foldByte(byte: number): number {
  const capital = byte >= SMALL_A && byte <= SMALL_Z ? byte - SMALL_A + CAPITAL_A : byte;
  const letter = capital - CAPITAL_A;
  return letter >= 6 && letter < 26 ? ZERO + ((letter - 6) % 10) : capital;
}

/** The value of any byte as a hexadecimal digit, which Perl's `pack` gives without complaint: letters beyond F go on from A. */
export function nibbleOf(byte: number): number {
  const letter = (byte >= CAPITAL_A && byte <= CAPITAL_Z) || (byte >= SMALL_A && byte <= SMALL_Z);
  return (letter ? byte + 9 : byte) & 15;
}

function keyOf(ids: KeyIds, buildKey: Uint8Array): Uint8Array {
  const start = [...ids.server.subarray(0, DIGITS), ...ids.client.subarray(0, DIGITS)].map(foldByte);
  const period = [...start, ...buildKey.subarray(0, DIGITS)];
  const digits = Array.from({ length: REPEATS }, () => period).flat();
  const key = new Uint8Array(DIGITS / 2);
  for (let index = 0; index < key.length; index++) {
    // A digit that is missing counts as zero, and so does the byte 0.
    key[index] = nibbleOf(digits[2 * index] ?? 0) * 16 + nibbleOf(digits[2 * index + 1] ?? 0);
  }
  return key;
}

function withoutNewline(line: Uint8Array): Uint8Array {
  if (line.length === 0) return EMPTY;
  return line[line.length - 1] === NEWLINE ? line.subarray(0, -1) : line;
}

const NEWLINE = 0x0a;
const ZERO = 0x30;
const CAPITAL_A = 0x41;
const CAPITAL_Z = 0x5a;
const SMALL_A = 0x61;
const SMALL_Z = 0x7a;
