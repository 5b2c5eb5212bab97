/**
 * A second, simple reading and writing of reports (R2), against which the implementation is judged. It shares no code with src/impl:
 * a mistake there must not be repeated here.
 * Lacks: judgement. Any version, any type and any name is read.
 */

export interface Person {
  readonly line: string;
  readonly user: string;
  /** Seconds. */
  readonly since: number;
  readonly idle: number;
}

/** Times are seconds of 32 bits, signed. */
export interface Report {
  readonly version: number;
  readonly type: number;
  readonly sent: number;
  readonly stamp: number;
  readonly host: string;
  readonly loads: readonly number[];
  readonly booted: number;
  readonly people: readonly Person[];
}

export type Layout = 'wire' | 'file';

const HEADER_BYTES = 60;
const PERSON_BYTES = 24;
export const PEOPLE_MOST = 42;
/** Bytes of a name, behind which there is a NUL in any case. */
const NAME_BYTES = 31;
const TEXT_BYTES = 8;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Characters up to the first NUL, of one byte each. */
function text(bytes: Uint8Array, at: number, most: number): string {
  const field = [...bytes.subarray(at, at + most)];
  const end = field.indexOf(0);
  return String.fromCharCode(...(end < 0 ? field : field.slice(0, end)));
}

/** `undefined` for less than a header. The numbers of a file have the lowest byte first. */
export function reportIn(bytes: Uint8Array | undefined, place: Layout): Report | undefined {
  if (bytes === undefined || bytes.length < HEADER_BYTES) return undefined;
  const view = viewOf(bytes);
  const number = (at: number): number => view.getInt32(at, place === 'file');
  const count = Math.min(PEOPLE_MOST, Math.floor((bytes.length - HEADER_BYTES) / PERSON_BYTES));
  return {
    version: view.getInt8(0),
    type: view.getInt8(1),
    sent: number(4),
    stamp: number(8),
    host: text(bytes, 12, NAME_BYTES),
    loads: [number(44), number(48), number(52)],
    booted: number(56),
    people: Array.from({ length: count }, (_, index) => {
      const at = HEADER_BYTES + index * PERSON_BYTES;
      return {
        line: text(bytes, at, TEXT_BYTES),
        user: text(bytes, at + 8, TEXT_BYTES),
        since: number(at + 16),
        idle: number(at + 20),
      };
    }),
  };
}

/** What nothing is said in is zero; what is too long is cut. */
export function bytesOf({ sent, stamp, host, loads, booted, people }: Report, place: Layout): Uint8Array {
  const told = people.slice(0, PEOPLE_MOST);
  const bytes = new Uint8Array(HEADER_BYTES + told.length * PERSON_BYTES);
  const view = viewOf(bytes);
  const number = (at: number, value: number): void => view.setInt32(at, value, place === 'file');
  const characters = (at: number, most: number, said: string): void =>
    bytes.set(
      Array.from(said.slice(0, most), each => each.charCodeAt(0)),
      at,
    );
  bytes.set([1, 1]);
  number(4, sent);
  number(8, stamp);
  characters(12, NAME_BYTES, host);
  for (const [index, load] of loads.entries()) number(44 + 4 * index, load);
  number(56, booted);
  for (const [index, { line, user, since, idle }] of told.entries()) {
    const at = HEADER_BYTES + index * PERSON_BYTES;
    characters(at, TEXT_BYTES, line);
    characters(at + 8, TEXT_BYTES, user);
    number(at + 16, since);
    number(at + 20, idle);
  }
  return bytes;
}

/** Seconds from one to the other, either of which may have come round (R8). */
export const between = (earlier: number, later: number): number => (later - earlier) | 0;

/** R3: it is not empty, and all its bytes are printable ASCII, none of them a blank or a slash. */
export const isName = (host: string): boolean => /^[!-.0-~]+$/.test(host);

/** What a machine is called in its own reports: without its domain, and cut to what fits. */
export const calledBy = (hostName: string): string => hostName.replace(/\..*$/s, '').slice(0, NAME_BYTES);
