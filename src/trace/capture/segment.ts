/**
 * One TCP segment or UDP datagram in an IPv4 or IPv6 packet in an Ethernet frame, with its checksums (RFC 9293 §3.1, RFC 768,
 * RFC 791 §3.1, RFC 8200 §3 and §8.1, RFC 1071).
 * Lacks: TCP options, IP options, extension headers, fragments.
 */

export interface Socket {
  /** Four bytes, or sixteen; both ends of a packet have as many. */
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
const TCP = 20;
const WINDOW = 65_535;
const UDP = 8;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const DONT_FRAGMENT = 0x4000;
const HOP_LIMIT = 64;
const IPV4 = { type: 0x0800, header: 20, addresses: 12 };
const IPV6 = { type: 0x86dd, header: 40, addresses: 8 };
const familyOf = ({ address }: Socket): typeof IPV4 => (address.length === 4 ? IPV4 : IPV6);

export function frameOf({ from, to, seq, ack, flags, payload, id }: Segment): Uint8Array {
  const bytes = packet(PROTOCOL_TCP, TCP, { from, to, payload, id });
  const view = new DataView(bytes.buffer, bodyOf(from));
  view.setUint32(4, seq);
  view.setUint32(8, ack);
  view.setUint16(12, (TCP / 4) * 4096 + flags);
  view.setUint16(14, WINDOW);
  view.setUint16(16, transportChecksum(bytes, PROTOCOL_TCP, from));
  return bytes;
}

/** What an Ethernet frame cannot hold is shown whole all the same: nobody fragmented it here. */
export function datagramFrameOf(datagram: Datagram): Uint8Array {
  const bytes = packet(PROTOCOL_UDP, UDP, datagram);
  const view = new DataView(bytes.buffer, bodyOf(datagram.from));
  view.setUint16(4, UDP + datagram.payload.length);
  // Zero would say that there is none.
  view.setUint16(6, transportChecksum(bytes, PROTOCOL_UDP, datagram.from) || 0xffff);
  return bytes;
}

/** Where the segment or datagram begins in a frame of this family. */
const bodyOf = (socket: Socket): number => ETHERNET + familyOf(socket).header;

/** The frame with addresses, ports and payload; the rest of the inner header is for the caller. */
function packet(protocol: number, header: number, { from, to, payload, id }: Datagram): Uint8Array<ArrayBuffer> {
  const family = familyOf(from);
  const body = bodyOf(from);
  const bytes = new Uint8Array(body + header + payload.length);
  const view = new DataView(bytes.buffer);
  // Locally administered addresses that end as the IP addresses do.
  bytes.set([2, 0, ...to.address.slice(-4), 2, 0, ...from.address.slice(-4)]);
  view.setUint16(ETHERNET - 2, family.type);
  bytes.set([...from.address, ...to.address], ETHERNET + family.addresses);
  if (family === IPV4) writeIpv4(view, protocol, id);
  else writeIpv6(view, protocol);
  view.setUint16(body, from.port);
  view.setUint16(body + 2, to.port);
  bytes.set(payload, body + header);
  return bytes;
}

/** What there is beside the addresses. */
function writeIpv4(view: DataView, protocol: number, id: number): void {
  view.setUint16(ETHERNET, 0x4500);
  view.setUint16(ETHERNET + 2, view.byteLength - ETHERNET);
  view.setUint16(ETHERNET + 4, id);
  view.setUint16(ETHERNET + 6, DONT_FRAGMENT);
  view.setUint16(ETHERNET + 8, HOP_LIMIT * 256 + protocol);
  view.setUint16(ETHERNET + 10, checksum(new Uint8Array(view.buffer, ETHERNET, IPV4.header), 0));
}

function writeIpv6(view: DataView, protocol: number): void {
  view.setUint32(ETHERNET, 0x60000000);
  view.setUint16(ETHERNET + 4, view.byteLength - ETHERNET - IPV6.header);
  view.setUint16(ETHERNET + 6, protocol * 256 + HOP_LIMIT);
}

/** Over the addresses, the protocol, the length, and all that is in the IP packet. */
function transportChecksum(frame: Uint8Array, protocol: number, from: Socket): number {
  const inner = frame.subarray(bodyOf(from));
  const addresses = frame.subarray(ETHERNET + familyOf(from).addresses, bodyOf(from));
  return checksum(inner, sum(addresses, protocol + inner.length));
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
