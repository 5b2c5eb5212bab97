/**
 * What outlives the daemon: the order of requests with the answers that are kept, the stable variables, and of what runs which attempts
 * and declarations there were. It is what the log says: the same entries, told again in their order, make the same state, and telling it
 * what it has already changes nothing.
 * Lacks: the log.
 */
import { equalBytes } from '../../host/bytes.ts';
import { type Due, Fifo, type FifoLimits, type Sizes, type StreamName } from '../fifo/fifo.ts';
import { Room, type RoomLimits } from '../fifo/room.ts';
import type { StreamState } from '../fifo/stream.ts';
import { type FormRules, formOf, type Place, type Request } from './form.ts';
import { isRefusal } from './header.ts';
import type { Change } from './main-loop.ts';
import type { Pairs } from './pairs.ts';
import type { Declaration } from './plug-ins.ts';
import type { Entry } from './records.ts';
import type { Reply } from './wire.ts';

export interface StateRules extends FormRules {
  /** RV-03: how many requests wait. */
  readonly order: FifoLimits;
  /** RV-04: by what two requests are the same. */
  readonly identityOf: (request: Request) => string;
}

/** A text for a place, for tables. */
export const keyOf = ({ stream, epoch, number }: Place): string => JSON.stringify([stream.owner, stream.place, epoch, number]);

/** Of what runs. */
interface Unfinished {
  attempts: number;
  readonly declared: Declaration[];
  /** Values that wait for the result. */
  changes: Change[];
}

type Restored = StreamState<Request, Reply> & { readonly stream: StreamName };

const SIZES: Sizes<Request, Reply> = {
  item: ({ pairs }) => [...pairs.values()].reduce((sum, { length }) => sum + length, 0),
  answer: ({ body }) => body.length,
};

/** Bytes of all objects, and of those of a user. */
export const OBJECTS: RoomLimits = { all: 16 * 2 ** 20, ofOwner: 4 * 2 ** 20 };

export class State {
  readonly order: Fifo<Request, Reply>;
  readonly #rules: StateRules;
  readonly #variables: Map<string, Map<string, Uint8Array>> = new Map();
  readonly #objects: Room = new Room(OBJECTS);
  readonly #unfinished: Map<string, Unfinished> = new Map();
  /** The stream of a checkpoint that is being read. */
  #restored: Restored | undefined;

  constructor(rules: StateRules) {
    this.#rules = rules;
    this.order = new Fifo(rules.identityOf, rules.order, SIZES);
  }

  value(user: string, object: string): Uint8Array | undefined {
    return this.#variables.get(user)?.get(object);
  }

  attempts(place: Place): number {
    return this.#unfinished.get(keyOf(place))?.attempts ?? 0;
  }

  declared(place: Place): readonly Declaration[] {
    return this.#unfinished.get(keyOf(place))?.declared ?? [];
  }

  // ── what happens ──────────────────────────────────────────────────────────────────────────────────────────────────

  attempted(place: Place, count: number): void {
    this.#of(place).attempts = count;
  }

  declare(place: Place, declaration: Declaration): void {
    const { declared } = this.#of(place);
    if (!declared.some(each => isSame(each, declaration))) declared.push(declaration);
  }

  /** It has run. The next of its stream is to be run, if it is there. */
  finished(place: Place, changes: readonly Change[], reply: Reply): Due<Request> | undefined {
    this.change(changes);
    this.#unfinished.delete(keyOf(place));
    return this.order.done(place.stream, place, reply);
  }

  change(changes: readonly Change[]): void {
    for (const { user, object, value } of changes) {
      const objects = this.#variables.get(user) ?? new Map<string, Uint8Array>();
      this.#objects.add(user, this.#growth(user, object, value));
      this.#variables.set(user, objects);
      if (value === undefined) objects.delete(object);
      else objects.set(object, value);
      if (objects.size === 0) this.#variables.delete(user);
    }
  }

  /** There is room for these values; what becomes smaller always has room. */
  hasRoom(changes: readonly Change[]): boolean {
    return changes.every(({ user, object, value }) => {
      const growth = this.#growth(user, object, value);
      return growth <= 0 || this.#objects.fits(user, growth);
    });
  }

  #growth(user: string, object: string, value: Uint8Array | undefined): number {
    return (value?.length ?? 0) - (this.value(user, object)?.length ?? 0);
  }

  #of(place: Place): Unfinished {
    const key = keyOf(place);
    const found = this.#unfinished.get(key) ?? { attempts: 0, declared: [], changes: [] };
    this.#unfinished.set(key, found);
    return found;
  }

  // ── the log ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Tells an entry again. What is wrong with it, or undefined. */
  apply(entry: Entry): string | undefined {
    if (entry.kind === 'running' || entry.kind === 'held' || entry.kind === 'answer') return this.#applyTo(this.#restored, entry);
    this.restored();
    switch (entry.kind) {
      case 'message': {
        const request = this.#request(entry.pairs);
        if (request?.place === undefined) return 'a message that is no request';
        const { is } = this.order.offer(request.place.stream, request.place, request);
        // It was taken once, and must not get lost by other limits.
        return is === 'full' ? 'a message for which there is no room' : undefined;
      }
      case 'attempt':
        if (this.#runs(entry.place)) this.attempted(entry.place, entry.count);
        return undefined;
      case 'recovery':
        if (this.#runs(entry.place)) this.declare(entry.place, entry.declared);
        return undefined;
      case 'variable':
        if (this.#runs(entry.place)) this.#of(entry.place).changes.push(entry.change);
        return undefined;
      case 'result':
        if (this.#runs(entry.place)) this.finished(entry.place, this.#of(entry.place).changes, entry.reply);
        return undefined;
      case 'acked':
        this.order.acked(entry.place.stream, entry.place);
        return undefined;
      case 'stream':
        this.#restored = { stream: entry.stream, epoch: entry.epoch, next: entry.next, running: undefined, held: [], answers: [] };
        return undefined;
      case 'object':
        this.change([entry.change]);
        return undefined;
    }
  }

  /** All that was read of a checkpoint is in its place. */
  restored(): void {
    if (this.#restored !== undefined) this.order.restore(this.#restored.stream, this.#restored);
    this.#restored = undefined;
  }

  #applyTo(stream: Restored | undefined, entry: Extract<Entry, { kind: 'running' | 'held' | 'answer' }>): string | undefined {
    if (stream === undefined) return `${entry.kind} of no stream`;
    if (entry.kind === 'answer') {
      const { number, identity, reply } = entry;
      this.#restored = { ...stream, answers: [...stream.answers, { number, identity, answer: reply }] };
      return undefined;
    }
    const item = this.#request(entry.pairs);
    if (item === undefined) return 'a message that is no request';
    const one = { ...entry.position, item, identity: this.#rules.identityOf(item) };
    this.#restored = entry.kind === 'running' ? { ...stream, running: one } : { ...stream, held: [...stream.held, one] };
    return undefined;
  }

  /** All that still matters, as the beginning of a log. */
  *checkpoint(): Generator<Entry, void, void> {
    for (const [user, objects] of this.#variables)
      for (const [object, value] of objects) yield { kind: 'object', change: { user, object, value } };
    for (const { stream, epoch, next, running, held, answers } of this.order.states()) {
      yield { kind: 'stream', stream, epoch, next };
      if (running !== undefined) yield { kind: 'running', position: running, pairs: running.item.pairs };
      for (const { number, item } of held) yield { kind: 'held', position: { epoch, number }, pairs: item.pairs };
      for (const { number, identity, answer } of answers) yield { kind: 'answer', number, identity, reply: answer };
    }
    for (const place of this.order.running()) {
      const { stream, epoch, number } = place;
      const count = this.attempts(place);
      if (count > 0) yield { kind: 'attempt', place: { stream, epoch, number }, count };
      for (const declared of this.declared(place)) yield { kind: 'recovery', place: { stream, epoch, number }, declared };
    }
  }

  #request(pairs: Pairs): Request | undefined {
    const request = formOf(pairs, true, this.#rules);
    return isRefusal(request) ? undefined : request;
  }

  #runs(place: Place): boolean {
    return this.order.runs(place.stream, place);
  }
}

const isSame = (left: Declaration, right: Declaration): boolean =>
  left.module === right.module && left.code === right.code && left.object === right.object && equalBytes(left.data, right.data);
