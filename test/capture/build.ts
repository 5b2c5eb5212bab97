/**
 * Packets and capture files by hand, from the specifications and not from the readers under test.
 */

/** A capture file as pieces of bytes. */
export const bytesOf = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const u8 = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
export function u16(value: number, little = false): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, little);
  return bytes;
}
export function u32(value: number, little = false): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, little);
  return bytes;
}
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, letter => letter.charCodeAt(0));

// ── packets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface TcpOptions {
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly seq: number;
  readonly ack?: number;
  /** F, S, R, P, A. */
  readonly flags: string;
  readonly payload?: Uint8Array;
}

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };
const addressOf = (text: string): Uint8Array =>
  text.includes(':')
    ? bytesOf(...text.split(':').map(group => u16(Number.parseInt(group === '' ? '0' : group, 16))))
    : Uint8Array.from(text.split('.').map(Number));

export const tcpHeader = ({ fromPort, toPort, seq, ack = 0, flags, payload = u8() }: TcpOptions): Uint8Array =>
  bytesOf(
    ...[u16(fromPort), u16(toPort), u32(seq), u32(ack)],
    u8(
      0x50,
      [...flags].reduce((sum, flag) => sum | (FLAGS[flag] ?? 0), 0),
    ),
    ...[u16(65_535), u16(0), u16(0)],
    payload,
  );

/** An IPv4 packet. `fragment`: more fragments, and the offset in bytes. */
export function ipv4(
  from: string,
  to: string,
  protocol: number,
  payload: Uint8Array,
  fragment?: { readonly id: number; readonly more: boolean; readonly at: number },
): Uint8Array {
  const field = fragment === undefined ? 0x4000 : (fragment.more ? 0x2000 : 0) | (fragment.at / 8);
  return bytesOf(
    u8(0x45, 0),
    u16(20 + payload.length),
    ...[u16(fragment?.id ?? 0), u16(field)],
    u8(64, protocol),
    u16(0),
    ...[addressOf(from), addressOf(to)],
    payload,
  );
}

/** An IPv6 packet; the addresses are eight groups. `extensions` stand before the payload, the first of them is `next`. */
export const ipv6 = (from: string, to: string, next: number, payload: Uint8Array, extensions: Uint8Array = u8()): Uint8Array =>
  bytesOf(u32(0x6000_0000), u16(extensions.length + payload.length), u8(next, 64), addressOf(from), addressOf(to), extensions, payload);

export const tcp = (options: TcpOptions): Uint8Array =>
  options.from.includes(':')
    ? ipv6(options.from, options.to, 6, tcpHeader(options))
    : ipv4(options.from, options.to, 6, tcpHeader(options));

export const udpHeader = (fromPort: number, toPort: number, payload: Uint8Array): Uint8Array =>
  bytesOf(u16(fromPort), u16(toPort), u16(8 + payload.length), u16(0), payload);

export const ethernet = (packet: Uint8Array, tags: readonly number[] = []): Uint8Array =>
  bytesOf(new Uint8Array(12), ...tags.flatMap(tag => [u16(tag), u16(7)]), u16((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800), packet);

// ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Captured {
  readonly bytes: Uint8Array;
  /** Microseconds since 1970; default: one after the other. */
  readonly time?: number;
  /** On the wire; default: as long as it is. */
  readonly original?: number;
  /** Of its interface, in pcapng. */
  readonly on?: number;
}

const BASE = 1_700_000_000_000_000;
export const timeOf = ({ time }: Captured, index: number): number => time ?? BASE + index * 10;

/** `nanoseconds`: the magic of the fine stamps. */
export function pcap(packets: readonly Captured[], { link = 1, little = true, nanoseconds = false } = {}): Uint8Array {
  const head = bytesOf(
    u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little),
    u16(2, little),
    u16(4, little),
    u32(0),
    u32(0),
    u32(262_144, little),
    u32(link, little),
  );
  const records = packets.flatMap((packet, index) => {
    const time = timeOf(packet, index);
    const part = (time % 1_000_000) * (nanoseconds ? 1_000 : 1);
    const { bytes, original = bytes.length } = packet;
    return [u32(Math.floor(time / 1_000_000), little), u32(part, little), u32(bytes.length, little), u32(original, little), bytes];
  });
  return bytesOf(head, ...records);
}

export const block = (type: number, body: Uint8Array, little: boolean): Uint8Array => {
  const padded = bytesOf(body, new Uint8Array((4 - (body.length % 4)) % 4));
  return bytesOf(u32(type, little), u32(padded.length + 12, little), padded, u32(padded.length + 12, little));
};

export interface Interface {
  readonly link?: number;
  /** if_tsresol and how many stamps a microsecond has. */
  readonly resolution?: readonly [code: number, perMicro: number];
}

export const sectionOf = (little: boolean): Uint8Array =>
  block(0x0a0d0d0a, bytesOf(u32(0x1a2b3c4d, little), u16(1, little), u16(0, little), u32(0xffff_ffff), u32(0xffff_ffff)), little);

export const interfaceOf = ({ link = 1, resolution }: Interface, little: boolean): Uint8Array => {
  const options = resolution === undefined ? u8() : bytesOf(u16(9, little), u16(1, little), u8(resolution[0], 0, 0, 0), u32(0));
  return block(1, bytesOf(u16(link, little), u16(0), u32(262_144, little), options), little);
};

export function pcapng(packets: readonly Captured[], { interfaces = [{}] as readonly Interface[], little = true } = {}): Uint8Array {
  const blocks = packets.map((packet, index) => {
    const { bytes, original = bytes.length, on = 0 } = packet;
    const stamps = BigInt(timeOf(packet, index)) * BigInt(interfaces[on]?.resolution?.[1] ?? 1);
    const stamp = bytesOf(u32(Number(stamps >> 32n), little), u32(Number(stamps & 0xffff_ffffn), little));
    return block(6, bytesOf(u32(on, little), stamp, u32(bytes.length, little), u32(original, little), bytes), little);
  });
  return bytesOf(sectionOf(little), ...interfaces.map(each => interfaceOf(each, little)), ...blocks);
}
