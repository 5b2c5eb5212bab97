/**
 * Which protocol each stream and each socket of datagrams speaks, by what its first bytes are to the decoders of all; and the whole of a capture: the
 * one that has most bytes of messages in the streams that are surely its own.
 * A stream is surely of a protocol whose decoder recognises something in it. Of one that could be of several, or of any, the guess of the whole decides; a
 * stream that makes no sense to that one is nobody's.
 * Lacks: ports, which say what was meant and not what was said.
 */
import { CARRIERS, type Decoder, type Decoders, type FormatViolation, type Item } from '../trace/message.ts';
import { GUESS_HELD_LIMIT, GUESS_LIMIT, GUESS_LOOKS } from './limits.ts';

export interface Guess {
  readonly protocol: string;
  /** In all streams of which it makes something. */
  readonly messages: number;
  /** Different types of messages: a decoder that takes every line for the same says little. */
  readonly types: number;
  /** Directions of those streams that broke a rule of the format. */
  readonly broken: number;
  /** Streams that are surely its own, and the bytes of their messages. */
  readonly streams: number;
  readonly bytes: number;
}

/** What a stream could be of, the best first. */
export interface Verdict {
  readonly names: readonly string[];
  /** It is of one of them whatever the whole is. */
  readonly sure: boolean;
}

/** The protocol of a stream, where the whole is guessed to be of `file`; `undefined`: nobody's. */
export const settled = ({ names, sure }: Verdict, file: string | undefined): string | undefined =>
  file !== undefined && names.includes(file) ? file : sure ? names[0] : undefined;

/** Of which of both directions: what whoever connected said, and what was said to it. */
export type Side = 0 | 1;

/** What a decoder of one direction has made of it, to go on from there. */
export interface Progress {
  readonly decoder: Decoder | undefined;
  readonly messages: number;
  readonly violation: FormatViolation | undefined;
}

/** Types that are told apart, of a protocol. */
const TYPES_LIMIT = 1_000;

interface Sum {
  messages: number;
  readonly types: Set<string>;
  broken: number;
  streams: number;
  bytes: number;
}

/** All streams of a capture. */
export class Guesses {
  readonly known: Readonly<Record<string, Decoders>>;
  /** What the whole is guessed to be of, once that is known. */
  file: string | undefined;
  /** Bytes of streams that nothing is decided of. */
  held = 0;
  readonly #sums = new Map<string, Sum>();

  constructor(known: Readonly<Record<string, Decoders>>, file?: string) {
    this.known = known;
    this.file = file;
  }

  /** Something is surely of a protocol. */
  get isSure(): boolean {
    return [...this.#sums.values()].some(({ streams }) => streams > 0);
  }

  /** Told of once, when it is decided. */
  stream(channel: string, decided: (guess: StreamGuess) => void): StreamGuess {
    return new StreamGuess(this, channel, decided);
  }

  /** To be called once for each stream. */
  count(tried: readonly Candidate[], { names, sure }: Verdict): void {
    for (const each of tried.filter(({ sensible }) => sensible)) {
      const sum = this.#sumOf(each.protocol);
      sum.messages += each.messages;
      sum.broken += each.broken;
      for (const type of each.types) if (sum.types.size < TYPES_LIMIT) sum.types.add(type);
      // Of one that could be of several nobody has more than the others.
      if (!sure || names.length > 1 || names[0] !== each.protocol) continue;
      sum.streams++;
      sum.bytes += each.bytes;
    }
  }

  #sumOf(protocol: string): Sum {
    const sum = this.#sums.get(protocol) ?? { messages: 0, types: new Set(), broken: 0, streams: 0, bytes: 0 };
    this.#sums.set(protocol, sum);
    return sum;
  }

  /** Of the streams that are decided: all that make something of any, the best first. */
  best(): readonly Guess[] {
    return [...this.#sums]
      .map(([protocol, { types, ...sum }]): Guess => ({ protocol, ...sum, types: types.size }))
      .filter(({ messages }) => messages > 0)
      .sort(
        (one, other) =>
          other.bytes - one.bytes ||
          one.broken - other.broken ||
          other.types - one.types ||
          other.messages - one.messages ||
          (one.protocol < other.protocol ? -1 : 1),
      );
  }
}

/** What one protocol makes of a stream. */
class Candidate {
  readonly protocol: string;
  readonly #make: () => Decoder | undefined;
  readonly #isDatagram: boolean;
  readonly #sides: [Reading | undefined, Reading | undefined] = [undefined, undefined];
  readonly types: Set<string> = new Set();
  bytes = 0;
  recognised = false;
  /** Its decoder says so itself. */
  isCertain = false;
  /** It has taken for a message what is no text, and recognised nothing in it. */
  #blind = false;

  constructor(protocol: string, make: () => Decoder | undefined, isDatagram: boolean) {
    this.protocol = protocol;
    this.#make = make;
    this.#isDatagram = isDatagram;
  }

  get messages(): number {
    return this.#sides.reduce((sum, side) => sum + (side?.messages ?? 0), 0);
  }

  /** It makes something of it. */
  get sensible(): boolean {
    return this.recognised || (this.messages > 0 && !this.#blind);
  }

  get broken(): number {
    return this.#sides.reduce((sum, side) => sum + (side?.violation === undefined && side?.failed !== true ? 0 : 1), 0);
  }

  feed(side: Side, bytes: Uint8Array | undefined): void {
    let reading = this.#sides[side];
    if (reading === undefined || (this.#isDatagram && !reading.failed)) {
      const { messages = 0, violation } = reading ?? {};
      reading = { decoder: this.#made(), messages, violation, failed: false };
      this.#sides[side] = reading;
    }
    const { decoder } = reading;
    if (decoder === undefined) return;
    try {
      for (const item of bytes === undefined ? decoder.end() : decoder.feed(bytes)) this.#take(reading, item);
      if (decoder.recognised === true) this.isCertain = true;
      if (decoder.recognised ?? reading.messages > 0) this.recognised = true;
      else if (bytes !== undefined && !this.#blind) this.#blind = hasControl(bytes);
    } catch {
      reading.failed = true;
      reading.decoder = undefined;
    }
    if (reading.violation !== undefined && !this.#isDatagram) reading.decoder = undefined;
  }

  lose(side: Side): void {
    const { messages = 0, violation, failed = false } = this.#sides[side] ?? {};
    this.#sides[side] = { decoder: undefined, messages, violation, failed };
  }

  progress(side: Side): Progress {
    return this.#sides[side] ?? { decoder: this.#made(), messages: 0, violation: undefined };
  }

  #made(): Decoder | undefined {
    try {
      return this.#make();
    } catch {
      return undefined;
    }
  }

  #take(reading: Reading, item: Item): void {
    if (item.kind === 'violation') reading.violation ??= item;
    else {
      reading.messages++;
      this.bytes += item.bytes.length;
      this.types.add(item.type);
    }
  }
}

/** Bytes that nobody has looked at: one copy, since pieces may be very small and many. */
class Pending {
  #bytes = new Uint8Array(PENDING);
  #length = 0;

  add(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    if (end - start <= SMALL) for (let at = start; at < end; at++) this.#bytes[this.#length + at - start] = bytes[at] ?? 0;
    else this.#bytes.set(bytes.subarray(start, end), this.#length);
    this.#length = length;
  }

  taken(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
const PENDING = 512;
/** For fewer a view of them costs more than they do. */
const SMALL = 128;

interface Reading {
  decoder: Decoder | undefined;
  messages: number;
  violation: FormatViolation | undefined;
  /** The decoder has thrown. */
  failed: boolean;
}

/** One stream, or one socket of datagrams, until it is decided what it speaks: after so many bytes, or its end. */
export class StreamGuess {
  readonly #all: Guesses;
  readonly #channel: string;
  readonly #decided: (guess: StreamGuess) => void;
  readonly #pending: [Pending | undefined, Pending | undefined] = [undefined, undefined];
  readonly #over: [boolean, boolean] = [false, false];
  #candidates: readonly Candidate[] | undefined;
  #fed = 0;
  #looks = 0;
  verdict: Verdict | undefined;

  constructor(all: Guesses, channel: string, decided: (guess: StreamGuess) => void) {
    this.#all = all;
    this.#channel = channel;
    this.#decided = decided;
  }

  get isDatagram(): boolean {
    return this.#channel.startsWith('udp');
  }

  /** A part of `bytes`, which is not kept. */
  feed(side: Side, bytes: Uint8Array, start: number, end: number): void {
    if (this.#over[side]) return;
    this.#fed += end - start;
    this.#all.held += end - start;
    if (this.isDatagram) {
      this.#ask([[side, bytes.slice(start, end)]]);
    } else {
      const pending = this.#pending[side] ?? new Pending();
      this.#pending[side] = pending;
      pending.add(bytes, start, end);
    }
    if (this.#fed >= (GUESS_LOOKS[this.#looks] ?? GUESS_LIMIT) || this.#all.held > GUESS_HELD_LIMIT) this.#look();
  }

  /** Nothing more comes of this direction; `lost`: because bytes of it are missing. */
  end(side: Side, lost: boolean): void {
    if (this.#over[side] || this.verdict !== undefined) return;
    this.#flush();
    this.#over[side] = true;
    if (lost) for (const each of this.#tried()) each.lose(side);
    else if (!this.isDatagram) for (const each of this.#tried()) each.feed(side, undefined);
    if (this.#over[0] && this.#over[1]) this.decide();
  }

  /** With what there is. */
  decide(): void {
    if (this.verdict !== undefined) return;
    this.#flush();
    const tried = this.#tried();
    this.verdict = verdictOf(tried);
    this.#all.held -= this.#fed;
    this.#all.count(tried, this.verdict);
    this.#decided(this);
    // Only what is asked for now is still needed.
    this.#candidates = [];
  }

  get protocol(): string | undefined {
    return this.verdict === undefined ? undefined : settled(this.verdict, this.#all.file);
  }

  /** While it is told that it is decided. */
  progress(protocol: string, side: Side): Progress | undefined {
    return this.#tried()
      .find(each => each.protocol === protocol)
      ?.progress(side);
  }

  #look(): void {
    this.#flush();
    while (this.#fed >= (GUESS_LOOKS[this.#looks] ?? Number.POSITIVE_INFINITY)) this.#looks++;
    const recognised = this.#tried().filter(each => each.recognised);
    const isClear = (recognised.length === 1 && recognised[0]?.broken === 0) || this.#tried().length === 0;
    if (isClear || this.#fed >= GUESS_LIMIT || this.#all.held > GUESS_HELD_LIMIT) this.decide();
  }

  #flush(): void {
    const [sent, received] = this.#pending;
    if (sent !== undefined) this.#ask([[0, sent.taken()], ...(received === undefined ? [] : [[1, received.taken()] as const])]);
    else if (received !== undefined) this.#ask([[1, received.taken()]]);
    this.#pending[0] = this.#pending[1] = undefined;
  }

  #ask(pieces: readonly (readonly [Side, Uint8Array])[]): void {
    const ask = (each: Candidate): void => {
      for (const [side, bytes] of pieces) each.feed(side, bytes);
    };
    if (this.#candidates !== undefined) {
      for (const each of this.#candidates) ask(each);
      return;
    }
    // What most of the capture is may know it at once: nobody else is asked then.
    const { known, file } = this.#all;
    const [first] = file === undefined ? [] : candidatesOf(known, [file], this.#channel);
    if (first !== undefined) ask(first);
    if (first?.isCertain === true && first.broken === 0) this.#candidates = [first];
    else {
      const others = candidatesOf(
        known,
        Object.keys(known).filter(name => name !== first?.protocol),
        this.#channel,
      );
      for (const each of others) ask(each);
      this.#candidates = first === undefined ? others : [first, ...others];
    }
  }

  /** Made as late as they can be: many streams say nothing. */
  #tried(): readonly Candidate[] {
    this.#candidates ??= candidatesOf(this.#all.known, Object.keys(this.#all.known), this.#channel);
    return this.#candidates;
  }
}

/** Of these protocols, those that say something over what the stream goes through. */
function candidatesOf(known: Readonly<Record<string, Decoders>>, names: readonly string[], channel: string): readonly Candidate[] {
  const carrier = CARRIERS.find(each => channel.startsWith(each));
  if (carrier === undefined) return [];
  return names.flatMap(protocol => {
    const make = known[protocol]?.[carrier];
    return make === undefined ? [] : [new Candidate(protocol, () => make('', channel), carrier === 'udp')];
  });
}

/** No line of text has one. */
function hasControl(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x09 || byte === 0x7f || (byte > 0x0d && byte < 0x20 && byte !== ESCAPE)) return true;
  }
  return false;
}
const ESCAPE = 0x1b;

const compared = (one: Candidate, other: Candidate): number =>
  Number(other.recognised) - Number(one.recognised) ||
  one.broken - other.broken ||
  other.types.size - one.types.size ||
  other.messages - one.messages;

function verdictOf(tried: readonly Candidate[]): Verdict {
  const sensible = tried.filter(each => each.sensible);
  sensible.sort((one, other) => compared(one, other) || (one.protocol < other.protocol ? -1 : 1));
  const [best] = sensible;
  const sure = best?.recognised === true;
  return { names: sensible.filter(each => !sure || compared(best, each) === 0).map(each => each.protocol), sure };
}
