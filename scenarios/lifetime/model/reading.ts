/**
 * What a parent has to observe of the bytes that it reads (C2, C5), a second time: the lines it must write, in their order. It shares
 * no code with src/impl.
 * Lacks: words. Of a violation only that there is one is said, and after it nothing is read.
 */
import { concat, EMPTY, fromUtf8 } from '../../../src/host/bytes.ts';

/** As a line has it, keys in their order. */
export type Line = Readonly<Record<string, string | number>>;

const VIOLATION: Line = { event: 'violation' };
const NAMES: readonly string[] = ['database', 'p2p-server'];
const ADDRESS_MOST = 300;
const ADDRESSES: readonly string[] = ['p2plistenaddr', 'rpclistenaddr'];
const EVENT = 'lifetimeevent';

/** One letter for a message: D P start, C complete, p d stop, a address. A parent takes the orders of 2017 and of 2020. */
const ORDER = /^(?:D(?:d|Pa*(?:d|pd?|C(?:pd?)?)?)?)?$/;
const LETTERS: Readonly<Record<string, string>> = { '0,0': 'D', '0,1': 'P', '2,1': 'p', '2,0': 'd' };

export class Reading {
  readonly #limit: number;
  #rest: Uint8Array = EMPTY;
  #letters = '';
  /** A violation was found. */
  stopped = false;

  /** The longest payload that is held. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(bytes: Uint8Array): readonly Line[] {
    const lines: Line[] = [];
    this.#rest = concat([this.#rest, bytes]);
    while (!this.stopped) {
      const read = this.#next();
      if (read === undefined) break;
      lines.push(...read);
      this.stopped = read.includes(VIOLATION);
    }
    return lines;
  }

  /** The pipe has ended: a frame that has begun is a violation. */
  end(): readonly Line[] {
    const cut = !this.stopped && this.#rest.length > 0;
    this.stopped ||= cut;
    return cut ? [VIOLATION] : [];
  }

  /** The lines of the first frame, which is read; `undefined` where it is not whole. */
  #next(): readonly Line[] | undefined {
    const bytes = this.#rest;
    const [version, typeLength] = bytes;
    if (version === undefined) return undefined;
    if (version !== 1) return [VIOLATION];
    if (typeLength === undefined || bytes.length < 2 + typeLength) return undefined;
    const type = fromUtf8(bytes.subarray(2, 2 + typeLength));
    if (type === undefined) return [VIOLATION];
    const head = 6 + typeLength;
    if (bytes.length < head) return undefined;
    const length = new DataView(bytes.buffer, bytes.byteOffset + head - 4, 4).getUint32(0, true);
    const known = type === EVENT || ADDRESSES.includes(type);
    if (known && length > this.#limit) return [VIOLATION];
    if (bytes.length < head + length) return undefined;
    this.#rest = bytes.subarray(head + length);
    return known ? this.#message(type, bytes.subarray(head, head + length)) : [{ event: 'unknown', type, length }];
  }

  #message(type: string, payload: Uint8Array): readonly Line[] {
    if (type !== EVENT) return this.#address(type, payload);
    const [kind = -1, id = -1] = payload;
    if (payload.length !== 2 || kind > 2) return [VIOLATION];
    const line = { event: 'lifetime', kind, id, name: kind === 1 ? 'complete' : (NAMES[id] ?? 'unknown') };
    return this.#ordered(line, kind === 1 ? 'C' : (LETTERS[`${kind},${id}`] ?? ''));
  }

  #address(type: string, payload: Uint8Array): readonly Line[] {
    const address = payload.length > ADDRESS_MOST ? undefined : fromUtf8(payload);
    return address === undefined || !isHostPort(address) ? [VIOLATION] : this.#ordered({ event: 'address', type, address }, 'a');
  }

  #ordered(line: Line, letter: string): readonly Line[] {
    this.#letters += letter;
    return ORDER.test(this.#letters) ? [line] : [line, VIOLATION];
  }
}

/** A host of any spelling, a colon, and a port; a host that has colons is in brackets. */
function isHostPort(address: string): boolean {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, Math.max(0, colon)), address.slice(colon + 1)];
  if (colon < 0 || !/^\d{1,5}$/.test(port) || Number(port) > 65_535 || /[\s\p{Cc}]/u.test(host)) return false;
  return !host.includes(':') || (host.startsWith('[') && host.endsWith(']'));
}
