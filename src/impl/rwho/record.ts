/**
 * WHAT IS KEPT: a report as a file. The same bytes as the datagram, with the numbers in the order of the machine and the time
 * of arrival filled in (A6). Readers take any length from a header on.
 * Lacks: names of files, and how they are written (spool.ts).
 */
import { type ByteOrder, decode, encode, REPORT_MAX, type Status } from './wire.ts';

/** The order that Linux on the machines of today has. */
export const HOST_ORDER: ByteOrder = 'little';

/** The record of a report that arrived at `receiveTime`, a stamp. Only whole entries; what no field has is zero. */
export const recordOf = (status: Status, receiveTime: number): Uint8Array => encode(status, HOST_ORDER, receiveTime);

/** `undefined` for what is shorter than a header: no record. */
export const parseRecord = (bytes: Uint8Array): Status | undefined => decode(bytes.subarray(0, REPORT_MAX), HOST_ORDER)?.status;
