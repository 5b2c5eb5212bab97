/**
 * What a parent has to observe of the bytes that it reads (C2, C5), a second time: the lines it must write, in their order. It shares
 * no code with src/impl. A violation is told with the clause that was broken, what was seen instead, and at which byte.
 */
import { concat, EMPTY, fromUtf8, printable } from '../../../src/host/bytes.ts';

/** As a line has it, keys in their order. */
export type Line = Readonly<Record<string, string | number>>;

const NAMES: readonly string[] = ['database', 'p2p-server'];
const ADDRESS_MOST = 300;
const ADDRESSES: readonly string[] = ['p2plistenaddr', 'rpclistenaddr'];
const EVENT = 'lifetimeevent';
/** Of the messages of a child, as many as are looked at for the table that it speaks. */
const REMEMBERED = 64;

/** One letter for a message: D P start, C complete, p d stop, a address. A parent takes the orders of 2017 and of 2020. */
const ORDER = /^(?:D(?:d|Pa*(?:d|pd?|C(?:pd?)?)?)?)?$/;
const LETTERS: Readonly<Record<string, string>> = { '0,0': 'D', '0,1': 'P', '2,1': 'p', '2,0': 'd' };
/** After the last letter, where the child is. */
const STATES: Readonly<Record<string, string>> = {
  D: 'database',
  P: 'server',
  a: 'server',
  C: 'running',
  p: 'server-stopped',
  d: 'stopped',
};
const BROKEN: Readonly<Record<string, string>> = {
  D: 'C5 0,0 comes first, once',
  P: 'C5 the P2P server starts after the database, once',
  a: 'C5 addresses come after the start of the P2P server and before 1,0',
  C: 'C5 1,0 comes at most once, after the start of the P2P server',
  p: 'C5 the P2P server stops only after 1,0, once',
  d: 'C5 2,0 comes only after 0,0 and after every other stop, once',
};

export class Reading {
  readonly #limit: number;
  #rest: Uint8Array = EMPTY;
  /** Bytes before them. */
  #read = 0;
  #letters = '';
  /** Ids and addresses, for the table that the child speaks. */
  readonly #spoken: string[] = [];
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
    }
    return lines;
  }

  /** The pipe has ended: a frame that has begun is a violation. */
  end(): readonly Line[] {
    const { length } = this.#rest;
    if (this.stopped || length === 0) return [];
    const typeLength = this.#rest[1] ?? 0;
    const head = 6 + typeLength;
    const cut = (field: string, at: number, want: number, have = length - at): readonly Line[] =>
      this.#broken('C2 frames are whole', `truncated: the pipe ended in ${field}: ${have} of ${want} bytes`, at);
    if (length < 2) return cut('type length', 1, 1);
    if (length < 2 + typeLength) return cut('type', 2, typeLength);
    if (length < head) return cut('payload length', 2 + typeLength, 4);
    // What nobody wants is not held.
    return this.#isKnown(this.#type ?? '') ? cut('payload', head, this.#length(head)) : cut('payload', length, 1, 0);
  }

  /** Which table of ids the child speaks, as far as what it said gives away. */
  get speaks(): string {
    let [started, verdict] = ['0', 'either'];
    for (const each of this.#spoken) {
      const [kind, id = ''] = each.split(',');
      if (kind === 'address' || kind === '1') {
        if (verdict === 'either' && started === '1') verdict = 'constants';
        continue;
      }
      if (Number(id) > 2 || (id === '2' && verdict === 'constants')) return 'neither';
      if (id === '2') verdict = 'comment';
      if (kind === '0') started = id;
    }
    return verdict;
  }

  get #type(): string | undefined {
    return fromUtf8(this.#rest.subarray(2, 2 + (this.#rest[1] ?? 0)));
  }

  #isKnown(type: string): boolean {
    return type === EVENT || ADDRESSES.includes(type);
  }

  #length(head: number): number {
    return new DataView(this.#rest.buffer, this.#rest.byteOffset + head - 4, 4).getUint32(0, true);
  }

  /** `at`: counted from the beginning of the frame. */
  #broken(clause: string, detail: string, at = 0): readonly Line[] {
    this.stopped = true;
    return [{ event: 'violation', clause, detail: `${detail} (byte ${this.#read + at})` }];
  }

  /** The lines of the first frame, which is read; `undefined` where it is not whole. */
  #next(): readonly Line[] | undefined {
    const bytes = this.#rest;
    const [version, typeLength] = bytes;
    if (version === undefined) return undefined;
    if (version !== 1) return this.#broken('C2 version is 1', `version ${version}`);
    if (typeLength === undefined || bytes.length < 2 + typeLength) return undefined;
    const type = this.#type;
    if (type === undefined) return this.#broken('C2 type is UTF-8', `type of ${typeLength} bytes is not UTF-8`, 2);
    const head = 6 + typeLength;
    if (bytes.length < head) return undefined;
    const length = this.#length(head);
    const known = this.#isKnown(type);
    if (known && length > this.#limit)
      return this.#broken('C2 payload is bounded', `payload of ${length} bytes, the limit is ${this.#limit}`, 2 + typeLength);
    if (bytes.length < head + length) return undefined;
    const lines = known ? this.#message(type, bytes.subarray(head, head + length)) : [{ event: 'unknown', type, length }];
    this.#rest = bytes.subarray(head + length);
    this.#read += head + length;
    return lines;
  }

  #message(type: string, payload: Uint8Array): readonly Line[] {
    if (type !== EVENT) return this.#address(type, payload);
    const [kind = -1, id = -1] = payload;
    if (payload.length !== 2) return this.#broken('C2 lifetimeevent has a payload of 2 bytes', `payload of ${payload.length} bytes`);
    if (kind > 2) return this.#broken('C2 lifetimeevent kind is 0, 1 or 2', `kind ${kind}`);
    const line = { event: 'lifetime', kind, id, name: kind === 1 ? 'complete' : (NAMES[id] ?? 'unknown') };
    return this.#ordered(line, kind === 1 ? 'C' : (LETTERS[`${kind},${id}`] ?? ''), `${kind},${id}`);
  }

  #address(type: string, payload: Uint8Array): readonly Line[] {
    const wrong = (detail: string): readonly Line[] => this.#broken('C2 address is host:port', `${type} ${detail}`);
    if (payload.length > ADDRESS_MOST) return wrong(`has ${payload.length} bytes`);
    const address = fromUtf8(payload);
    if (address === undefined) return wrong('is not UTF-8');
    if (!isHostPort(address)) return wrong(`is '${printable(address)}'`);
    return this.#ordered({ event: 'address', type, address }, 'a', type);
  }

  /** `seen`: as a complaint names it. */
  #ordered(line: Line, letter: string, seen: string): readonly Line[] {
    if (this.#spoken.length < REMEMBERED) this.#spoken.push(letter === 'a' ? 'address' : seen);
    if (letter === '' || ORDER.test(this.#letters + letter)) {
      this.#letters += letter;
      return [line];
    }
    const state = STATES[this.#letters.at(-1) ?? ''] ?? 'initial';
    const clause = state === 'stopped' ? 'C5 2,0 is last' : (BROKEN[letter] ?? '');
    return [line, ...this.#broken(clause, `${seen} in state ${state}`)];
  }
}

/** A host of any spelling, a colon, and a port; a host that has colons is in brackets. */
function isHostPort(address: string): boolean {
  const colon = address.lastIndexOf(':');
  const [host, port] = [address.slice(0, Math.max(0, colon)), address.slice(colon + 1)];
  if (colon < 0 || !/^\d{1,5}$/.test(port) || Number(port) > 65_535 || /[\s\p{Cc}]/u.test(host)) return false;
  return !host.includes(':') || (host.startsWith('[') && host.endsWith(']'));
}
