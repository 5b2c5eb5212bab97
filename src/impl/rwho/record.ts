/**
 * WHAT IS KEPT: a report as a file. The same bytes as the datagram, with the numbers in the order of the machine and the time
 * of arrival filled in (A6). Readers take any length from a header on.
 * Lacks: names of files, and how they are written (spool.ts).
 * May import: host.
 */
import type { ByteOrder, Status } from './wire.ts';
import { decode, ENTRIES_MAX, ENTRY, encode, HEADER, HOSTNAME_MAX, OFFSET, REPORT_MAX } from './wire.ts';

/** What Linux on the machines of today has. */
export const HOST_ORDER: ByteOrder = 'little';

/** The record of a report that arrived at `receiveTime`, a stamp. Only whole entries; what no field has is zero. */
export const recordOf = (status: Status, receiveTime: number): Uint8Array => encode(status, HOST_ORDER, receiveTime);

/** `undefined` for what is shorter than a header: no record. */
export const parseRecord = (bytes: Uint8Array): Status | undefined => decode(bytes.subarray(0, REPORT_MAX), HOST_ORDER)?.status;

/**
 * As the published receivers do it (A5): the numbers of the header and of every whole entry are turned round in place, the time
 * of arrival is put in, and all other bytes stay what they were, those of half an entry as well (RW-31). netkit and Debian
 * end the name at its 32nd byte; the seed and BSD do not.
 */
export function turned(datagram: Uint8Array, receiveTime: number, name: 'ended' | 'as it came' = 'ended'): Uint8Array {
  const bytes = datagram.slice(0, REPORT_MAX);
  const view = new DataView(bytes.buffer);
  const turn = (at: number): void => {
    if (at + 4 <= bytes.length) view.setInt32(at, view.getInt32(at), true);
  };
  for (const at of [OFFSET.sendTime, OFFSET.load, OFFSET.load + 4, OFFSET.load + 8, OFFSET.bootTime]) turn(at);
  const whole = Math.min(ENTRIES_MAX, Math.floor((bytes.length - HEADER) / ENTRY));
  for (let index = 0; index < whole; index++) {
    for (const field of [16, 20]) turn(HEADER + index * ENTRY + field);
  }
  if (bytes.length >= OFFSET.receiveTime + 4) view.setInt32(OFFSET.receiveTime, receiveTime, true);
  if (name === 'ended' && bytes.length > LAST_OF_NAME) bytes[LAST_OF_NAME] = 0;
  return bytes;
}

const LAST_OF_NAME = OFFSET.hostName + HOSTNAME_MAX;
