/**
 * WHAT IS SAID: one status report of one machine, struct whod of <protocols/rwhod.h>, as bytes and as values.
 *
 *     0  vers 1 · 1  type 1 · 2  pad · 4  sendtime · 8  recvtime · 12  hostname, 32 · 44  load × 3 · 56  boottime
 *     60 and on, for each person: line, 8 · name, 8 · login time · idle
 *
 * On the wire all numbers are signed, of 32 bits, the highest byte first (A3). Text is bytes, one character each.
 * Lacks: files (record.ts), and whether a report is believed (receiver.ts).
 * May import: host.
 */

export const WHO_PORT = 513;
export const WHODVERSION = 1;
export const WHODTYPE_STATUS = 1;

/** Bytes before the first entry; no report is shorter. */
export const HEADER = 60;
export const ENTRY = 24;
/** floor(1024 / 24): what the array of the struct holds. */
export const ENTRIES_MAX = 42;
/** Of the struct, and of the buffer that a daemon reads into: the rest of a longer datagram is cut off by the kernel. */
export const REPORT_MAX: number = HEADER + ENTRIES_MAX * ENTRY;
/** The field has one byte more, for the NUL. */
export const HOSTNAME_MAX = 31;
/** Of a line and of a name: the field may be full, without a NUL. */
export const TEXT_MAX = 8;

export const OFFSET = { version: 0, type: 1, sendTime: 4, receiveTime: 8, hostName: 12, load: 44, bootTime: 56 } as const;
const HOSTNAME_FIELD = 32;
const IN_ENTRY = { line: 0, name: 8, loginTime: 16, idle: 20 } as const;

/** Whose status it is. Times are seconds since 1970, modulo 2^32 and signed: time.ts says what that means after 2038. */
export interface Status {
  readonly sendTime: number;
  /** When it arrived, by the clock of the receiver; what the wire has there means nothing. */
  readonly receiveTime: number;
  readonly hostName: string;
  /** In hundredths, over 1, 5 and 15 minutes. */
  readonly load: readonly [one: number, five: number, fifteen: number];
  readonly bootTime: number;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly line: string;
  readonly name: string;
  readonly loginTime: number;
  /** Seconds since the last input; negative where a clock was set back. */
  readonly idle: number;
}

/** big: on the wire. little: in the files of the machines that most people have. */
export type ByteOrder = 'big' | 'little';

/** Everything that is not said is zero. Text is cut to its field, entries to 42. */
export function encode(status: Status, order: ByteOrder = 'big'): Uint8Array {
  const entries = status.entries.slice(0, ENTRIES_MAX);
  const bytes = new Uint8Array(HEADER + entries.length * ENTRY);
  const view = new DataView(bytes.buffer);
  const little = order === 'little';
  bytes[OFFSET.version] = WHODVERSION;
  bytes[OFFSET.type] = WHODTYPE_STATUS;
  view.setInt32(OFFSET.sendTime, status.sendTime, little);
  view.setInt32(OFFSET.receiveTime, status.receiveTime, little);
  putText(bytes, OFFSET.hostName, HOSTNAME_MAX, status.hostName);
  for (const [index, load] of status.load.entries()) view.setInt32(OFFSET.load + 4 * index, load, little);
  view.setInt32(OFFSET.bootTime, status.bootTime, little);
  for (const [index, entry] of entries.entries()) {
    const at = HEADER + index * ENTRY;
    putText(bytes, at + IN_ENTRY.line, TEXT_MAX, entry.line);
    putText(bytes, at + IN_ENTRY.name, TEXT_MAX, entry.name);
    view.setInt32(at + IN_ENTRY.loginTime, entry.loginTime, little);
    view.setInt32(at + IN_ENTRY.idle, entry.idle, little);
  }
  return bytes;
}

export interface Decoded {
  readonly version: number;
  readonly type: number;
  readonly status: Status;
  /** Bytes after the last whole entry. */
  readonly trailing: number;
}

/** `undefined` for less than a header. Any version and type; who cares looks. More than 42 entries are left out. */
export function decode(bytes: Uint8Array, order: ByteOrder = 'big'): Decoded | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === 'little';
  const number = (at: number): number => view.getInt32(at, little);
  const whole = Math.min(ENTRIES_MAX, Math.floor((bytes.length - HEADER) / ENTRY));
  const entries = Array.from({ length: whole }, (_, index): Entry => {
    const at = HEADER + index * ENTRY;
    return {
      line: textAt(bytes, at + IN_ENTRY.line, TEXT_MAX),
      name: textAt(bytes, at + IN_ENTRY.name, TEXT_MAX),
      loginTime: number(at + IN_ENTRY.loginTime),
      idle: number(at + IN_ENTRY.idle),
    };
  });
  return {
    version: view.getInt8(OFFSET.version),
    type: view.getInt8(OFFSET.type),
    status: {
      sendTime: number(OFFSET.sendTime),
      receiveTime: number(OFFSET.receiveTime),
      hostName: hostNameOf(bytes),
      load: [number(OFFSET.load), number(OFFSET.load + 4), number(OFFSET.load + 8)],
      bootTime: number(OFFSET.bootTime),
      entries,
    },
    trailing: Math.min(bytes.length, REPORT_MAX) - HEADER - whole * ENTRY,
  };
}

/** Up to the first NUL, and never more than 31 bytes (RW-07). */
export const hostNameOf = (bytes: Uint8Array): string => textAt(bytes, OFFSET.hostName, HOSTNAME_MAX);

/** Whether the 32 bytes of the field end in time. */
export const isTerminated = (bytes: Uint8Array): boolean => bytes.subarray(OFFSET.hostName, OFFSET.hostName + HOSTNAME_FIELD).includes(0);

export function textAt(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (const byte of bytes.subarray(at, at + length)) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

function putText(bytes: Uint8Array, at: number, length: number, text: string): void {
  for (let index = 0; index < Math.min(length, text.length); index++) bytes[at + index] = text.charCodeAt(index) & 0xff;
}
