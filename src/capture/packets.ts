/**
 * Packets out of a capture file, in pieces of any size: pcap (microseconds and nanoseconds, both byte orders) and pcapng
 * (draft-ietf-opsawg-pcapng: sections, interfaces each with its link type and resolution of time, enhanced, simple and obsolete packets).
 * What the first four bytes say counts, not the name of the file. A packet is handed on as a part of the reader's own buffer, which is good until the
 * call returns: nothing is allocated for it.
 * Lacks: names, statistics, secrets and comments of pcapng, which are passed over; the modified pcap of 1999.
 */
import { INTERFACE_LIMIT, RECORD_LIMIT } from './limits.ts';
import type { Problems } from './problem.ts';

/** The same object for each packet. */
export interface Packet {
  bytes: Uint8Array;
  /** Where the packet begins and ends in `bytes`. */
  start: number;
  end: number;
  /** Bytes that it had on the wire; more than there are where it was cut. */
  original: number;
  /** Microseconds since 1970, whole. */
  time: number;
  /** LINKTYPE_…, as the registry of link types numbers them. */
  link: number;
  /** Of its record in the file. */
  offset: number;
}

interface Interface {
  readonly link: number;
  readonly snapLength: number;
  /** Microseconds of a stamp. */
  readonly micros: (high: number, low: number) => number;
}

export type CaptureFormat = 'pcap' | 'pcapng';
type State = 'begin' | CaptureFormat | 'stopped';

export class PacketReader {
  readonly #take: (packet: Packet) => void;
  readonly #problems: Problems;
  readonly #packet: Packet = { bytes: new Uint8Array(0), start: 0, end: 0, original: 0, time: 0, link: 0, offset: 0 };
  #buffer = new Uint8Array(0);
  #view = new DataView(this.#buffer.buffer);
  #at = 0;
  #end = 0;
  /** Of `#at` in the file. */
  #offset = 0;
  #state: State = 'begin';
  #little = true;
  #interfaces: Interface[] = [];
  format: CaptureFormat | undefined;
  packets = 0;

  constructor(problems: Problems, take: (packet: Packet) => void) {
    this.#problems = problems;
    this.#take = take;
  }

  /** Bytes that were looked at. */
  get offset(): number {
    return this.#offset;
  }

  /** More of the file can be understood. */
  get reading(): boolean {
    return this.#state !== 'stopped';
  }

  feed(chunk: Uint8Array): void {
    if (!this.reading) return;
    this.#append(chunk);
    if (this.#state === 'begin') this.#begin();
    if (this.#state === 'pcap') this.#records();
    if (this.#state === 'pcapng') this.#blocks();
  }

  /** The file is over. */
  end(): void {
    const left = this.#end - this.#at;
    if (this.#state === 'begin') this.#stop(left === 0 ? 'the file is empty' : 'the file is too short to be a capture');
    else if (this.reading && left > 0)
      this.#stop(`the file ends in the middle of a record, after ${left} of its bytes; what is before it was read`);
    this.#state = 'stopped';
  }

  #append(chunk: Uint8Array): void {
    const left = this.#end - this.#at;
    if (left + chunk.length > this.#buffer.length) {
      const larger = new Uint8Array(2 * (left + chunk.length));
      larger.set(this.#buffer.subarray(this.#at, this.#end));
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
      this.#packet.bytes = larger;
    } else if (this.#at > 0) this.#buffer.copyWithin(0, this.#at, this.#end);
    this.#buffer.set(chunk, left);
    this.#at = 0;
    this.#end = left + chunk.length;
  }

  #begin(): void {
    if (this.#end - this.#at < PCAP_HEADER) return;
    const big = this.#view.getUint32(0, false);
    const little = this.#view.getUint32(0, true);
    if (big === SECTION_HEADER) {
      this.#state = this.format = 'pcapng';
      return;
    }
    const found = magicOf(big, little);
    if (found === undefined) {
      this.#stop(`it begins with ${big.toString(16).padStart(8, '0')}, which is neither pcap nor pcapng`);
      return;
    }
    this.#little = found.magic === little;
    const major = this.#view.getUint16(4, this.#little);
    if (major !== PCAP_MAJOR) {
      this.#stop(`a pcap of version ${major}; version ${PCAP_MAJOR} can be read`);
      return;
    }
    // The upper bits tell about a frame check sequence.
    const link = this.#view.getUint32(20, this.#little) & 0x0fff_ffff;
    this.#interfaces = [{ link, snapLength: 0, micros: (seconds, part) => seconds * 1_000_000 + Math.floor(part / found.perMicro) }];
    this.#state = this.format = 'pcap';
    this.#advance(PCAP_HEADER);
  }

  // ── pcap ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #records(): void {
    const [only] = this.#interfaces;
    if (only === undefined) return;
    const view = this.#view;
    const little = this.#little;
    while (this.#end - this.#at >= PCAP_RECORD) {
      const at = this.#at;
      const length = view.getUint32(at + 8, little);
      if (length > RECORD_LIMIT) {
        this.#stop(`a packet of ${length} bytes, the limit is ${RECORD_LIMIT}: the file is damaged here, and nothing after it can be read`);
        return;
      }
      if (this.#end - at < PCAP_RECORD + length) return;
      this.#emit(
        only,
        only.micros(view.getUint32(at, little), view.getUint32(at + 4, little)),
        PCAP_RECORD,
        length,
        view.getUint32(at + 12, little),
      );
      this.#advance(PCAP_RECORD + length);
    }
  }

  // ── pcapng ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #blocks(): void {
    const view = this.#view;
    while (this.#end - this.#at >= BLOCK_LEAST) {
      const at = this.#at;
      const type = view.getUint32(at, this.#little);
      // A section says in which byte order it is, itself: the number of its block reads the same in both.
      if (type === SECTION_HEADER && !this.#section()) return;
      const length = view.getUint32(at + 4, this.#little);
      if (length < BLOCK_LEAST || length % 4 !== 0 || length > RECORD_LIMIT) {
        this.#stop(`a block of ${length} bytes: the file is damaged here, and nothing after it can be read`);
        return;
      }
      if (this.#end - at < length) return;
      if (view.getUint32(at + length - 4, this.#little) !== length) {
        this.#stop(`a block says at its end another length than ${length}: the file is damaged here, and nothing after it can be read`);
        return;
      }
      this.#block(type, length);
      this.#advance(length);
    }
  }

  #section(): boolean {
    const magic = this.#view.getUint32(this.#at + 8, true);
    if (magic === BYTE_ORDER_MAGIC) this.#little = true;
    else if (magic === BYTE_ORDER_SWAPPED) this.#little = false;
    else this.#stop(`a section whose byte order is ${magic.toString(16)}`);
    this.#interfaces = [];
    return this.reading;
  }

  #block(type: number, length: number): void {
    const at = this.#at;
    const view = this.#view;
    const little = this.#little;
    switch (type) {
      case ENHANCED_PACKET:
        if (length >= 32) this.#stamped(view.getUint32(at + 8, little), 28, length);
        else this.#problems.add(this.#offset, `a packet block of ${length} bytes`);
        return;
      case OBSOLETE_PACKET:
        if (length >= 32) this.#stamped(view.getUint16(at + 8, little), 28, length);
        else this.#problems.add(this.#offset, `a packet block of ${length} bytes`);
        return;
      case SIMPLE_PACKET:
        this.#simple(length);
        return;
      case INTERFACE_DESCRIPTION:
        this.#describe(length);
        return;
      default: // what is not known is passed over, as the format asks for
    }
  }

  #stamped(index: number, header: number, length: number): void {
    const at = this.#at;
    const view = this.#view;
    const little = this.#little;
    const from = this.#interfaces[index];
    const captured = view.getUint32(at + 20, little);
    if (from === undefined)
      this.#problems.add(this.#offset, `a packet of interface ${index}, of which ${this.#interfaces.length} are described`);
    else if (captured > length - header - 4) this.#problems.add(this.#offset, `a packet of ${captured} bytes in a block of ${length}`);
    else
      this.#emit(
        from,
        from.micros(view.getUint32(at + 12, little), view.getUint32(at + 16, little)),
        header,
        captured,
        view.getUint32(at + 24, little),
      );
  }

  /** It has no stamp: the time of the one before it. */
  #simple(length: number): void {
    const [from] = this.#interfaces;
    if (from === undefined || length < 16) {
      this.#problems.add(
        this.#offset,
        from === undefined ? 'a packet before its interface is described' : `a packet block of ${length} bytes`,
      );
      return;
    }
    const original = this.#view.getUint32(this.#at + 8, this.#little);
    const captured = Math.min(original, length - 16, from.snapLength === 0 ? original : from.snapLength);
    this.#emit(from, this.#packet.time, 12, captured, original);
  }

  #describe(length: number): void {
    if (length < 20 || this.#interfaces.length >= INTERFACE_LIMIT) {
      this.#stop(length < 20 ? `an interface in ${length} bytes` : `more than ${INTERFACE_LIMIT} interfaces`);
      return;
    }
    const at = this.#at;
    const view = this.#view;
    const little = this.#little;
    let resolution = DEFAULT_RESOLUTION;
    let seconds = 0;
    for (let option = at + 16; option + 4 <= at + length - 4; ) {
      const code = view.getUint16(option, little);
      const size = view.getUint16(option + 2, little);
      if (code === END_OF_OPTIONS || option + 4 + size > at + length - 4) break;
      if (code === TIME_RESOLUTION && size === 1) resolution = view.getUint8(option + 4);
      if (code === TIME_OFFSET && size === 8) seconds = Number(view.getBigInt64(option + 4, little));
      option += 4 + size + ((4 - (size % 4)) % 4);
    }
    const shift = seconds * 1_000_000;
    const unit = microsOf(resolution);
    const micros = shift === 0 ? unit : (high: number, low: number): number => unit(high, low) + shift;
    this.#interfaces.push({ link: view.getUint16(at + 8, little), snapLength: view.getUint32(at + 12, little), micros });
  }

  // ── both ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  #emit({ link }: Interface, time: number, header: number, captured: number, original: number): void {
    const packet = this.#packet;
    packet.start = this.#at + header;
    packet.end = packet.start + captured;
    packet.original = original;
    packet.time = time;
    packet.link = link;
    packet.offset = this.#offset;
    this.packets++;
    this.#take(packet);
  }

  #advance(length: number): void {
    this.#at += length;
    this.#offset += length;
  }

  #stop(message: string): void {
    this.#problems.add(this.#offset, message);
    this.#state = 'stopped';
  }
}

/** What the first bytes of a file say that it is; `undefined`: no capture. */
export function captureFormatOf(bytes: Uint8Array): CaptureFormat | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) === SECTION_HEADER) return 'pcapng';
  return magicOf(view.getUint32(0), view.getUint32(0, true)) === undefined ? undefined : 'pcap';
}

const magicOf = (big: number, little: number): (typeof PCAP_MAGICS)[number] | undefined =>
  PCAP_MAGICS.find(({ magic }) => magic === big || magic === little);

/** if_tsresol: a power of ten, or of two where the highest bit is set. The common ones without rounding. */
function microsOf(resolution: number): (high: number, low: number) => number {
  if (resolution === 6) return (high, low) => high * WORD + low;
  // 2^32 is 4294967 thousands and 296.
  if (resolution === 9) return (high, low) => high * 4_294_967 + Math.floor((high * 296 + low) / 1_000);
  const unit = (resolution & 0x80) === 0 ? 10 ** -resolution : 2 ** -(resolution & 0x7f);
  return (high, low) => Math.floor((high * WORD + low) * unit * 1_000_000);
}

const WORD = 2 ** 32;
const PCAP_HEADER = 24;
const PCAP_RECORD = 16;
const PCAP_MAJOR = 2;
const PCAP_MAGICS = [
  { magic: 0xa1b2c3d4, perMicro: 1 },
  { magic: 0xa1b23c4d, perMicro: 1_000 },
] as const;

const BLOCK_LEAST = 12;
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const BYTE_ORDER_SWAPPED = 0x4d3c2b1a;
const END_OF_OPTIONS = 0;
const TIME_RESOLUTION = 9;
const TIME_OFFSET = 14;
const DEFAULT_RESOLUTION = 6;
