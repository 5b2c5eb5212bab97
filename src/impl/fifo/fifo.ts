/**
 * What a server does with numbered requests of clients that send them in any order and more than once: each is run once, in the order
 * of its stream, and one stream waits for no other. A stream is a pair of names and never a joined text. A client that has lost its
 * numbers begins anew with a higher epoch.
 * It knows no time and no log: what it is told in the same order it decides in the same way, so it is rebuilt from a log by telling it
 * again, or from `states`. Streams are never forgotten: that would run a request twice. Where there are too many, it takes no new one.
 * Lacks: what runs a request, and what makes it durable. It keeps what it is given, however large: the owner has limits.
 */
import { Stream, type StreamState } from './stream.ts';
import { FIFO_LIMITS, type FifoLimits, type Position, type Verdict } from './verdict.ts';

export { FIFO_LIMITS, type FifoLimits, type Position, type Verdict };

/** Who numbers: an owner, and one of the places that it sends from. */
export interface StreamName {
  readonly owner: string;
  readonly place: string;
}

/** A request that is to be run, or runs. */
export interface Due<Item> extends Position {
  readonly stream: StreamName;
  readonly item: Item;
}

export class Fifo<Item, Answer> {
  readonly #limits: FifoLimits;
  /** What two requests have in common that are the same: short, it is kept with each answer. */
  readonly #identity: (item: Item) => string;
  /** By owner, then by place. */
  readonly #owners = new Map<string, Map<string, Stream<Item, Answer>>>();
  #streams = 0;

  constructor(identity: (item: Item) => string, limits: FifoLimits = FIFO_LIMITS) {
    this.#identity = identity;
    this.#limits = limits;
  }

  /** Streams that are known. */
  get streams(): number {
    return this.#streams;
  }

  /** A request has come. Numbers are positive, epochs not negative; both are safe integers, or it throws. */
  offer(name: StreamName, position: Position, item: Item): Verdict<Answer> {
    check(position);
    const known = this.#find(name);
    if (known !== undefined) return known.offer(position, item, this.#identity(item));
    const stream = new Stream<Item, Answer>(this.#limits, position.epoch);
    if (!this.#hasRoom(name.owner)) return { is: 'full' };
    const verdict = stream.offer(position, item, this.#identity(item));
    if (verdict.is !== 'full') this.#put(name, stream);
    return verdict;
  }

  /** It has been run. The next of its stream, if it is there: to be run now. Throws if it does not run. */
  done(name: StreamName, position: Position, answer: Answer): Due<Item> | undefined {
    const stream = this.#find(name);
    const due = stream === undefined ? 'not-running' : stream.done(position, answer);
    if (due === 'not-running') throw new Error(`request ${position.number} of ${name.owner}, ${name.place} does not run`);
    return due && { stream: name, ...due };
  }

  /** It could not be made durable, so it has not come: it does not run, and is not held. No effect for what was not taken, or is done. */
  withdraw(name: StreamName, position: Position): void {
    this.#find(name)?.withdraw(position);
  }

  /** `offer` said now, or `done` has given it as the next, and `done` was not said of it. */
  runs(name: StreamName, position: Position): boolean {
    return this.#find(name)?.runs(position) ?? false;
  }

  /** The client has all answers up to this number, of this epoch: they are not kept any more. How many that were. */
  acked(name: StreamName, { epoch, number }: Position): number {
    return this.#find(name)?.acked(epoch, number) ?? 0;
  }

  /** The first number that has not come; undefined where nothing has. */
  awaited(name: StreamName): Position | undefined {
    return this.#find(name)?.awaited();
  }

  /** What runs, in the order of streams. After a start: what has to be run again. */
  *running(): Iterable<Due<Item>> {
    for (const { stream, running } of this.states()) if (running !== undefined) yield { stream, ...running };
  }

  /** All there is, to be made durable. */
  *states(): Iterable<StreamState<Item, Answer> & { readonly stream: StreamName }> {
    for (const [owner, places] of this.#owners) for (const [place, stream] of places) yield { stream: { owner, place }, ...stream.state() };
  }

  /** One of `states`, in the place of what is known of that stream. Limits are not looked at. */
  restore(name: StreamName, state: StreamState<Item, Answer>): void {
    this.#put(name, new Stream<Item, Answer>(this.#limits, state.epoch, state));
  }

  #find({ owner, place }: StreamName): Stream<Item, Answer> | undefined {
    return this.#owners.get(owner)?.get(place);
  }

  #hasRoom(owner: string): boolean {
    return this.#streams < this.#limits.streams && (this.#owners.get(owner)?.size ?? 0) < this.#limits.streamsOfOwner;
  }

  #put(name: StreamName, stream: Stream<Item, Answer>): void {
    if (this.#find(name) === undefined) this.#streams++;
    const places = this.#owners.get(name.owner) ?? new Map<string, Stream<Item, Answer>>();
    this.#owners.set(name.owner, places.set(name.place, stream));
  }
}

function check({ epoch, number }: Position): void {
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`request number ${number}`);
  if (!Number.isSafeInteger(epoch) || epoch < 0) throw new Error(`epoch ${epoch}`);
}
