/**
 * A capture of small packets, of any size: some 120 bytes of file a packet, TCP connections that begin and end while others go on, in lines as
 * they are of LON-CAPA, and datagrams of rwho between. Of four connections two end, one is reset, and one is silent from then on, as where a
 * machine was switched off.
 * Lacks: loss, disorder, fragments, IPv6; what is measured with it is the way of whole packets.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface Written {
  readonly bytes: number;
  readonly packets: number;
  readonly connections: number;
}

/** Connections that say something at the same time. */
const LIVE = 2_000;
/** Payloads of one, over both directions. */
const PAYLOADS = 100;
/** One packet of so many is a datagram, of one of so many hosts. */
const DATAGRAM_EACH = 64;
const HOSTS = 200;

const [FIN, SYN, RST, PSH, ACK] = [1, 2, 4, 8, 16] as const;
const SERVER = 0x0a00_0001;
const LINE = new TextEncoder().encode('currentversion:user:msu:lib=/home/httpd/html/res/adm/pages:0123456789');

interface Slot {
  readonly client: number;
  readonly port: number;
  readonly end: number;
  /** The next sequence numbers: of the client, of the server. */
  readonly next: [number, number];
  /** Packets so far. */
  age: number;
}

/** Until it has so many bytes. */
export function writeCapture(path: string, bytes: number): Written {
  const file = new PacketFile(path);
  let random = 1;
  const draw = (below: number): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return (random >>> 8) % below;
  };
  let connections = 0;
  const fresh = (): Slot => {
    const number = connections++;
    // Each host has some thousand ports of its kernel's choice.
    const [client, port] = [SERVER + 1 + (Math.floor(number / 20_000) % 60_000), 40_000 + (number % 20_000)];
    return { client, port, end: number % 4, next: [1_000 * number, 7_000 * number], age: 0 };
  };
  const live: Slot[] = Array.from({ length: LIVE }, fresh);
  while (file.size < bytes) {
    if (draw(DATAGRAM_EACH) === 0) {
      file.datagram(SERVER + 100_000 + draw(HOSTS), 60 + 24 * draw(2));
      continue;
    }
    const at = draw(LIVE);
    const slot = live[at] ?? fresh();
    if (step(slot, file, draw)) live[at] = fresh();
  }
  return { bytes: file.close(), packets: file.packets, connections };
}

/** One packet of it. True: it was the last. */
function step(slot: Slot, file: PacketFile, draw: (below: number) => number): boolean {
  const age = slot.age++;
  const said = age - 3;
  if (age === 0) file.tcp(slot, 0, SYN, LINE, 0);
  else if (age === 1) file.tcp(slot, 1, SYN | ACK, LINE, 0);
  else if (age === 2) file.tcp(slot, 0, ACK, LINE, 0);
  else if (said < PAYLOADS) file.tcp(slot, draw(2) as 0 | 1, PSH | ACK, LINE, 1 + draw(64));
  else if (slot.end === 3) return true;
  else if (slot.end === 2) {
    file.tcp(slot, 0, RST | ACK, LINE, 0);
    return true;
  } else file.tcp(slot, (said - PAYLOADS) as 0 | 1, FIN | ACK, LINE, 0);
  return said > PAYLOADS;
}

/** Packets of an Ethernet in a pcapng, a microsecond and more between them. */
class PacketFile {
  readonly #descriptor: number;
  readonly #block = Buffer.alloc(1 << 20);
  #used = 0;
  #written = 0;
  packets = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w');
    const header = '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000' + '01000000140000000100000000000400' + '14000000';
    this.#used = this.#block.write(header, 'hex');
  }

  get size(): number {
    return this.#written + this.#used;
  }

  close(): number {
    this.#flush();
    closeSync(this.#descriptor);
    return this.#written;
  }

  /** `direction`: 0 from the client. The payload is a piece of `words`, and a line feed. */
  tcp({ client, port, next }: Slot, direction: 0 | 1, flags: number, words: Uint8Array, size: number): void {
    const ip = this.#packet(40 + size, 6, direction === 0 ? client : SERVER, direction === 0 ? SERVER : client);
    const block = this.#block;
    block.writeUInt16BE(direction === 0 ? port : 9_090, ip + 20);
    block.writeUInt16BE(direction === 0 ? 9_090 : port, ip + 22);
    block.writeInt32BE((next[direction] ?? 0) | 0, ip + 24);
    block.writeInt32BE((flags & ACK) === 0 ? 0 : (next[1 - direction] ?? 0) | 0, ip + 28);
    block[ip + 32] = 0x50;
    block[ip + 33] = flags;
    block.writeUInt16BE(65_535, ip + 34);
    block.set(words.subarray(0, size), ip + 40);
    if (size > 0) block[ip + 39 + size] = 0x0a;
    next[direction] += size + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  }

  /** What an rwhod says of its host (rwhod(8)): a header of 60 bytes, and 24 of each user. */
  datagram(from: number, size: number): void {
    const ip = this.#packet(28 + size, 17, from, 0x0a00_ffff);
    const block = this.#block;
    block.writeUInt16BE(513, ip + 20);
    block.writeUInt16BE(513, ip + 22);
    block.writeUInt16BE(8 + size, ip + 24);
    block[ip + 28] = block[ip + 29] = 1;
    block.write(`host${from & 0xff}`, ip + 40, 'latin1');
    if (size > 60) block.write('pts/0', ip + 88, 'latin1');
    if (size > 60) block.write('root', ip + 96, 'latin1');
  }

  /** Where its IP header begins. */
  #packet(length: number, protocol: number, from: number, to: number): number {
    const padded = (14 + length + 3) & ~3;
    if (this.#used + padded + 32 > this.#block.length) this.#flush();
    const block = this.#block;
    const at = this.#used;
    this.#used += padded + 32;
    block.fill(0, at, this.#used);
    const micros = 1_700_000_000_000_000 + this.packets++ * 5;
    block.writeUInt32LE(6, at);
    block.writeUInt32LE(padded + 32, at + 4);
    block.writeUInt32LE(Math.floor(micros / 2 ** 32), at + 12);
    block.writeUInt32LE(micros % 2 ** 32, at + 16);
    block.writeUInt32LE(14 + length, at + 20);
    block.writeUInt32LE(14 + length, at + 24);
    block.writeUInt32LE(padded + 32, at + padded + 28);
    const ip = at + 28 + 14;
    block.writeUInt16BE(0x0800, ip - 2);
    block[ip] = 0x45;
    block.writeUInt16BE(length, ip + 2);
    block[ip + 8] = 64;
    block[ip + 9] = protocol;
    block.writeUInt32BE(from, ip + 12);
    block.writeUInt32BE(to, ip + 16);
    return ip;
  }

  #flush(): void {
    for (let at = 0; at < this.#used; ) at += writeSync(this.#descriptor, this.#block, at, this.#used - at);
    this.#written += this.#used;
    this.#used = 0;
  }
}
