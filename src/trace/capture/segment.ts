/**
 * One TCP segment or UDP datagram in an IPv4 packet in an Ethernet frame, with its checksums (RFC 9293 §3.1, RFC 768, RFC 791 §3.1,
 * RFC 1071).
 * Lacks: TCP options, IP options, fragments, IPv6.
 * May import: nothing.
 */

export interface Socket {
  /** Four bytes. */
  readonly address: readonly number[];
  readonly port: number;
}

/** Bits of the header. */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

export interface Datagram {
  readonly from: Socket;
  readonly to: Socket;
  readonly payload: Uint8Array;
  /** Of the IP packet, modulo 2^16. */
  readonly id: number;
}

export interface Segment extends Datagram {
  /** Modulo 2^32. */
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
}

const ETHERNET = 14;
const IP = 20;
const TCP = 20;
const WINDOW = 65_535;
const UDP = 8;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const DONT_FRAGMENT = 0x4000;

export function frameOf({ from, to, seq, ack, flags, payload, id }: Segment): Uint8Array {
  const bytes = packet(PROTOCOL_TCP, TCP, { from, to, payload, id });
  const view = new DataView(bytes.buffer, ETHERNET + IP);
  view.setUint32(4, seq);
  view.setUint32(8, ack);
  view.setUint16(12, (TCP / 4) * 4096 + flags);
  view.setUint16(14, WINDOW);
  view.setUint16(16, transportChecksum(bytes, PROTOCOL_TCP));
  return bytes;
}

/** What an Ethernet frame cannot hold is shown whole all the same: nobody fragmented it here. */
export function datagramFrameOf(datagram: Datagram): Uint8Array {
  const bytes = packet(PROTOCOL_UDP, UDP, datagram);
  const view = new DataView(bytes.buffer, ETHERNET + IP);
  view.setUint16(4, UDP + datagram.payload.length);
  // Zero would say that there is none.
  view.setUint16(6, transportChecksum(bytes, PROTOCOL_UDP) || 0xffff);
  return bytes;
}

/** The frame with addresses, ports and payload; the rest of the inner header is for the caller. */
function packet(protocol: number, header: number, { from, to, payload, id }: Datagram): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ETHERNET + IP + header + payload.length);
  const view = new DataView(bytes.buffer);
  // Locally administered addresses that end as the IP addresses do.
  bytes.set([2, 0, ...to.address, 2, 0, ...from.address, 0x08, 0x00]);
  view.setUint16(ETHERNET, 0x4500);
  view.setUint16(ETHERNET + 2, IP + header + payload.length);
  view.setUint16(ETHERNET + 4, id);
  view.setUint16(ETHERNET + 6, DONT_FRAGMENT);
  view.setUint16(ETHERNET + 8, 64 * 256 + protocol);
  bytes.set([...from.address, ...to.address], ETHERNET + 12);
  view.setUint16(ETHERNET + 10, checksum(bytes.subarray(ETHERNET, ETHERNET + IP), 0));

  view.setUint16(ETHERNET + IP, from.port);
  view.setUint16(ETHERNET + IP + 2, to.port);
  bytes.set(payload, ETHERNET + IP + header);
  return bytes;
}

/** Over the addresses, the protocol, the length, and all that is in the IP packet. */
function transportChecksum(frame: Uint8Array, protocol: number): number {
  const inner = frame.subarray(ETHERNET + IP);
  return checksum(inner, sum(frame.subarray(ETHERNET + 12, ETHERNET + IP), protocol + inner.length));
}

/** The complement of the sum of all 16-bit words, with the carries added again. */
function checksum(bytes: Uint8Array, start: number): number {
  let folded = sum(bytes, start);
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

function sum(bytes: Uint8Array, start: number): number {
  let total = start;
  for (let at = 0; at < bytes.length; at += 2) total += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  return total;
}
