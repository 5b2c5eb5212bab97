/**
 * WHAT IS SAID: one status report of one machine, struct whod of <protocols/rwhod.h>, as bytes and as values.
 *
 *     0  vers 1 · 1  type 1 · 2  pad · 4  sendtime · 8  recvtime · 12  hostname, 32 · 44  load × 3 · 56  boottime
 *     60 and on, for each person: line, 8 · name, 8 · login time · idle
 *
 * On the wire all numbers are signed, of 32 bits, the highest byte first (A3). Text is bytes, one character each.
 * Lacks: files (record.ts), and whether a report is believed (receiver.ts).
 */

export const WHO_PORT = 513;
export const WHODVERSION = 1;
export const WHODTYPE_STATUS = 1;

/** Bytes before the first entry; no report is shorter. */
export const HEADER = 60;
export const ENTRY = 24;
/** floor(1024 / 24): what the array of the struct holds. */
export const ENTRIES_MAX = 42;
/** Bytes of the struct, and of the buffer that a daemon reads into: the rest of a longer datagram is cut off by the kernel. */
export const REPORT_MAX: number = HEADER + ENTRIES_MAX * ENTRY;
/** The field has one byte more, for the NUL. */
export const HOSTNAME_MAX = 31;
/** Bytes of a line and of a name: the field may be full, without a NUL. */
export const TEXT_MAX = 8;

export const OFFSET = { version: 0, type: 1, sendTime: 4, receiveTime: 8, hostName: 12, load: 44, bootTime: 56 } as const;
export const IN_ENTRY = { line: 0, name: 8, loginTime: 16, idle: 20 } as const;

/** Whose status it is. Times are seconds since 1970, modulo 2^32 and signed: time.ts says what that means after 2038. */
export interface Status {
  readonly sendTime: number;
  /** When it arrived, by the clock of the receiver; what the wire has there means nothing. */
  readonly receiveTime: number;
  readonly hostName: string;
  /** Load averages in hundredths, over 1, 5 and 15 minutes. */
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
export function encode(status: Status, order: ByteOrder = 'big', receiveTime: number = status.receiveTime): Uint8Array {
  const { load, entries } = status;
  const count = Math.min(ENTRIES_MAX, entries.length);
  const bytes = new Uint8Array(HEADER + count * ENTRY);
  bytes[OFFSET.version] = WHODVERSION;
  bytes[OFFSET.type] = WHODTYPE_STATUS;
  putNumber(bytes, OFFSET.sendTime, status.sendTime, order);
  putNumber(bytes, OFFSET.receiveTime, receiveTime, order);
  putText(bytes, OFFSET.hostName, HOSTNAME_MAX, status.hostName);
  putNumber(bytes, OFFSET.load, load[0], order);
  putNumber(bytes, OFFSET.load + 4, load[1], order);
  putNumber(bytes, OFFSET.load + 8, load[2], order);
  putNumber(bytes, OFFSET.bootTime, status.bootTime, order);
  for (let index = 0; index < count; index++) {
    const entry = entries[index];
    const at = HEADER + index * ENTRY;
    if (entry === undefined) continue;
    putText(bytes, at + IN_ENTRY.line, TEXT_MAX, entry.line);
    putText(bytes, at + IN_ENTRY.name, TEXT_MAX, entry.name);
    putNumber(bytes, at + IN_ENTRY.loginTime, entry.loginTime, order);
    putNumber(bytes, at + IN_ENTRY.idle, entry.idle, order);
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
  const whole = Math.min(ENTRIES_MAX, Math.floor((bytes.length - HEADER) / ENTRY));
  const entries: Entry[] = [];
  for (let at = HEADER; at < HEADER + whole * ENTRY; at += ENTRY) {
    entries.push({
      line: textAt(bytes, at + IN_ENTRY.line, TEXT_MAX),
      name: textAt(bytes, at + IN_ENTRY.name, TEXT_MAX),
      loginTime: numberAt(bytes, at + IN_ENTRY.loginTime, order),
      idle: numberAt(bytes, at + IN_ENTRY.idle, order),
    });
  }
  return {
    version: signedAt(bytes, OFFSET.version),
    type: signedAt(bytes, OFFSET.type),
    status: {
      sendTime: numberAt(bytes, OFFSET.sendTime, order),
      receiveTime: numberAt(bytes, OFFSET.receiveTime, order),
      hostName: hostNameOf(bytes),
      load: [numberAt(bytes, OFFSET.load, order), numberAt(bytes, OFFSET.load + 4, order), numberAt(bytes, OFFSET.load + 8, order)],
      bootTime: numberAt(bytes, OFFSET.bootTime, order),
      entries,
    },
    trailing: Math.min(bytes.length, REPORT_MAX) - HEADER - whole * ENTRY,
  };
}

/** Up to the first NUL, and never more than 31 bytes (RW-07). */
export const hostNameOf = (bytes: Uint8Array): string => textAt(bytes, OFFSET.hostName, HOSTNAME_MAX);

export function textAt(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  const end = Math.min(bytes.length, at + length);
  for (let index = at; index < end; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

function putText(bytes: Uint8Array, at: number, length: number, text: string): void {
  const end = Math.min(length, text.length);
  for (let index = 0; index < end; index++) bytes[at + index] = text.charCodeAt(index) & 0xff;
}

// A DataView would be an object more for each report, which is most of what a report costs.

const signedAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 24) >> 24;

function numberAt(bytes: Uint8Array, at: number, order: ByteOrder): number {
  const [one, two, three, four] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  return order === 'little' ? one | (two << 8) | (three << 16) | (four << 24) : four | (three << 8) | (two << 16) | (one << 24);
}

function putNumber(bytes: Uint8Array, at: number, value: number, order: ByteOrder): void {
  const little = order === 'little';
  bytes[little ? at : at + 3] = value & 0xff;
  bytes[little ? at + 1 : at + 2] = (value >>> 8) & 0xff;
  bytes[little ? at + 2 : at + 1] = (value >>> 16) & 0xff;
  bytes[little ? at + 3 : at] = value >>> 24;
}
