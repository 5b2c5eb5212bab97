/**
 * Of a report or a record what tells it from others, without the people: monitors look at every datagram.
 */
import { HEADER, hostNameOf, OFFSET } from '../../../src/impl/rwho/wire.ts';

export interface Head {
  readonly hostName: string;
  readonly sendTime: number;
  readonly receiveTime: number;
  readonly bootTime: number;
}

/** `undefined` for what is shorter than a header. Numbers are little endian in a file, big endian on the wire. */
export function headOf(bytes: Uint8Array | undefined, where: 'wire' | 'file'): Head | undefined {
  if (bytes === undefined || bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number): number => view.getInt32(at, where === 'file');
  return {
    hostName: hostNameOf(bytes),
    sendTime: number(OFFSET.sendTime),
    receiveTime: number(OFFSET.receiveTime),
    bootTime: number(OFFSET.bootTime),
  };
}

/** Whether two are the same report. */
export const isSame = (one: Head, other: Head): boolean =>
  one.hostName === other.hostName && one.sendTime === other.sendTime && one.bootTime === other.bootTime;
