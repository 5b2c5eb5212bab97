/**
 * A trace as text: canonical, versioned JSON Lines. Two equal traces are equal bytes. A file that was cut is still a trace
 * up to the cut, because nothing is closed at the end that was opened at the start. docs/trace-format.md describes the format.
 *
 *     {"format":"slipway-trace","v":[1,0],"engine":3,"kind":"sim","clock":"virtual","unit":"us","name":…,"seed":…,"title":…,"plan":…}
 *     {"i":7,"t":1200300,"n":"m/child.101","k":"send","c":3,"m":3,"ch":"pipe1","len":2,"raw":"010d","d":{…}}
 *     {"k":"#","i":1023,"h":"<byte chain>","s":"<fingerprint>"}                                          every 1024 events
 *     {"k":"end","events":1031,"h":…,"s":…,"outcome":"fail","check":…,"at":…,"why":…}
 *
 * What is empty is left out of an event, and only events and checkpoints have an index; a payload shorter than `len` was cut when it was written. The footer's own bytes
 * enter the chain with 32 zeros in the place of its hash.
 * Lacks: compression and files (src/node); a compact form.
 */
import { hex, utf8 } from '../host/bytes.ts';
import { canonicalData, canonicalJson } from './canonical.ts';
import { ByteChain } from './chain.ts';
import type { TraceEvent, TraceFooter, TraceHeader } from './event.ts';
import { TRACE_VERSION } from './event.ts';
import { Fingerprint } from './fingerprint.ts';
import { CHECKPOINT_INTERVAL, LINE_LIMIT, RAW_LIMIT } from './limits.ts';

export const FORMAT = 'slipway-trace';
/** Stands for the hash of the footer while the footer is hashed. */
export const NO_HASH: string = '0'.repeat(32);

export interface EncoderOptions {
  /** Payload bytes to write of one event, at most RAW_LIMIT. After a payload that was cut, a reader cannot check the fingerprint. */
  readonly rawLimit?: number;
  /** By the index of an event: the length of a payload of which a file had less (`ReadTrace.truncated`). */
  readonly lengths?: ReadonlyMap<number, number>;
}

/** How a trace ends, less what its events say themselves. */
export type TraceEnding = Omit<TraceFooter, 'events' | 'fingerprint'>;

/** The whole trace, piece by piece; each piece is one or two lines. */
export function* encodeTrace(
  header: TraceHeader,
  events: Iterable<TraceEvent>,
  ending: TraceEnding | undefined,
  options: EncoderOptions = {},
): Generator<string, void> {
  const encoder = new TraceEncoder(options);
  yield encoder.header(header);
  for (const event of events) yield encoder.event(event);
  if (ending !== undefined) yield encoder.footer({ events: encoder.events, fingerprint: encoder.fingerprint(), ...ending });
}

/** The line of a file, from 1, that holds the event with this index: the header and the checkpoints before it are lines as well. */
export const lineOfEvent = (index: number): number => index + 2 + Math.floor(index / CHECKPOINT_INTERVAL);

/** Each call returns whole lines, newlines included: a header, then events, then a footer. Another order is a bug, and throws. */
export class TraceEncoder {
  readonly #chain = new ByteChain();
  readonly #fingerprint = new Fingerprint();
  readonly #rawLimit: number;
  readonly #lengths: ReadonlyMap<number, number> | undefined;
  #state: 'empty' | 'open' | 'ended' = 'empty';
  #events = 0;

  constructor(options: EncoderOptions = {}) {
    this.#rawLimit = Math.min(options.rawLimit ?? RAW_LIMIT, RAW_LIMIT);
    this.#lengths = options.lengths;
  }

  /** How many were encoded so far. */
  get events(): number {
    return this.#events;
  }

  /** Of the events so far. */
  fingerprint(): string {
    return this.#fingerprint.digest();
  }

  header(header: TraceHeader): string {
    if (this.#state !== 'empty') throw new Error('the header of a trace comes once, and first');
    const line = headerLine(header);
    this.#state = 'open';
    this.#chain.addText(line);
    return line;
  }

  event(event: TraceEvent): string {
    if (this.#state !== 'open') throw new Error('events come after the header and before the footer of a trace');
    checkEvent(event, this.#events);
    const line = eventLine(event, this.#rawLimit, this.#lengths?.get(event.index));
    this.#events++;
    this.#fingerprint.add(event);
    this.#chain.addText(line);
    return this.#events % CHECKPOINT_INTERVAL === 0 ? line + this.#checkpoint() : line;
  }

  footer(footer: TraceFooter): string {
    if (this.#state !== 'open') throw new Error('the footer of a trace comes once, after the header');
    const fingerprint = this.#fingerprint.digest();
    if (footer.events !== this.#events) throw new Error(`the footer counts ${footer.events} events, ${this.#events} were written`);
    if (footer.fingerprint !== fingerprint) {
      throw new Error(`the footer has fingerprint ${footer.fingerprint}, the events that were written have ${fingerprint}`);
    }
    this.#state = 'ended';
    this.#chain.addText(footerLine(footer, NO_HASH));
    return footerLine(footer, this.#chain.end());
  }

  #checkpoint(): string {
    const hash = this.#chain.end();
    this.#chain.begin(hash);
    return `{"k":"#","i":${this.#events - 1},"h":"${hash}","s":"${this.#fingerprint.digest()}"}\n`;
  }
}

function headerLine(header: TraceHeader): string {
  const [major, minor] = header.version;
  if (major !== TRACE_VERSION[0] || minor !== TRACE_VERSION[1]) {
    throw new RangeError(`this encoder writes version ${TRACE_VERSION.join('.')}, the header has ${header.version.join('.')}`);
  }
  if (!Number.isSafeInteger(header.engine)) throw new RangeError(`the engine is an integer, not ${header.engine}`);
  const identity = `"format":"${FORMAT}","v":[${major},${minor}],"engine":${header.engine}`;
  const nature = `"kind":${quote(header.kind)},"clock":${quote(header.clock)},"unit":"us"`;
  const content = `"name":${quote(header.name)},"seed":${quote(header.seed)},"title":${quote(header.title)}`;
  return withinLimit(`{${identity},${nature},${content},"plan":${canonicalJson(header.plan)}}\n`, 'the header');
}

function checkEvent(event: TraceEvent, index: number): void {
  if (event.index !== index) throw new RangeError(`event ${index} is next, not ${event.index}`);
  if (!isCount(event.time)) throw new RangeError(`event ${index}: time must be a whole number of microseconds, not ${event.time}`);
  if (!isCount(event.message)) throw new RangeError(`event ${index}: message must be an integer from 0, not ${event.message}`);
  if (!isCount(event.cause + 1) || event.cause >= index) throw new RangeError(`event ${index} cannot be caused by ${event.cause}`);
}

function eventLine(event: TraceEvent, rawLimit: number, length: number | undefined): string {
  const { process, cause, message, channel, bytes, data } = event;
  let line = `{"i":${event.index},"t":${event.time}`;
  if (process !== '') line += `,"n":${quote(process)}`;
  line += `,"k":${quote(event.kind)}`;
  if (cause >= 0) line += `,"c":${cause}`;
  if (message > 0) line += `,"m":${message}`;
  if (channel !== '') line += `,"ch":${quote(channel)}`;
  if (bytes !== undefined) {
    const raw = bytes.length > rawLimit ? bytes.subarray(0, rawLimit) : bytes;
    line += `,"len":${length ?? bytes.length},"raw":"${hex(raw)}"`;
  }
  if (data !== undefined) line += `,"d":${canonicalData(data)}`;
  return withinLimit(`${line}}\n`, `event ${event.index}`);
}

function footerLine(footer: TraceFooter, hash: string): string {
  const counts = `"events":${footer.events},"h":"${hash}","s":"${footer.fingerprint}"`;
  const verdict = `"outcome":${quote(footer.outcome)},"check":${quote(footer.check)},"at":${footer.at},"why":${quote(footer.why)}`;
  return withinLimit(`{"k":"end",${counts},${verdict}}\n`, 'the footer');
}

function withinLimit(line: string, what: string): string {
  // UTF-8 takes at most three bytes for a code unit, so short lines need no counting.
  if (line.length > LINE_LIMIT / 3 && utf8(line).length > LINE_LIMIT) {
    throw new RangeError(`${what} does not fit into a line of ${LINE_LIMIT} bytes`);
  }
  return line;
}

const quote = (text: string): string => JSON.stringify(text);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
