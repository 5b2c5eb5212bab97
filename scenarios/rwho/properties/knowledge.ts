/**
 * What the rwhod of each machine has to know by R3 and R4 of the README: told from what it received and wrote, and from nothing
 * of src/impl/rwho but the layout. So it is known of each host whether a reader may call it up or down, at any moment.
 * Lacks: R6, the room for records. What a power cut left on a disk is not known until it is written again.
 */
import { seconds } from '../../../src/host/time.ts';
import { nameFault } from '../../../src/impl/rwho/name.ts';
import { elapsed } from '../../../src/impl/rwho/time.ts';
import { WHO_PORT, WHODTYPE_STATUS, WHODVERSION } from '../../../src/impl/rwho/wire.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { type Head, headOf, isSame } from './heads.ts';
import { isRwhod, machineOf } from './places.ts';

/** How long the last report of a host stands (R4), and from when on readers have a host down (A7). */
const STANDS = seconds(450);
const DOWN_AFTER = seconds(660);
const SAME_START_SECONDS = 5;
/** By a second or so a clock that drifts is off when it says that 450 are over. */
const DRIFT = seconds(1);
/** Stamps are whole seconds; and a clock that is set by less than 2 s is not noticed, by more, corrected to half a second (R8). Twice. */
const SLACK = seconds(6);

interface Known extends Head {
  readonly heard: number;
  file: Found;
}

/** What readers find of a host. */
interface Found {
  /** When it was heard. unclear: it is of before the rwhod began, and nobody knows from when. */
  readonly heard: number | 'nothing' | 'unclear';
  readonly head?: Head;
  /** Its stamp is of another clock, since it could not be written when that was set. */
  readonly stale: boolean;
}

/** What has to become of a report. either: what it is compared with is not known. */
type Fate = 'kept' | 'dropped' | 'either';

/** What a reader may say of a host. */
export interface Sayable {
  readonly up: boolean;
  readonly down: boolean;
  /** That it does not know it. */
  readonly nothing: boolean;
  /** When it was heard last, if that is known. */
  readonly heard: number | undefined;
}

export class Knowledge {
  readonly #machines: Map<string, Machine> = new Map();

  /** Why what a rwhod does with reports is not as it should be. */
  see(event: TraceEvent): string | undefined {
    const { kind, data, time } = event;
    if (kind === 'power') this.#of(String(data?.['machine'])).forget(time);
    if (!isRwhod(event)) return undefined;
    const machine = this.#of(machineOf(event));
    switch (kind) {
      case 'start':
      case 'exit':
        return machine.forget(time);
      case 'inquire':
        if (data?.['of'] === 'hostname') machine.name = shortened(String(data['answer']));
        return undefined;
      case 'receive':
        return machine.receive(event);
      case 'write':
        return machine.write(event);
      case 'sync':
      case 'rename':
        return machine.complete(kind, data?.['error'] === undefined ? 'done' : 'failed');
      default:
        return undefined;
    }
  }

  on(machine: string): Machine | undefined {
    return this.#machines.get(machine);
  }

  #of(name: string): Machine {
    const machine = this.#machines.get(name) ?? new Machine();
    this.#machines.set(name, machine);
    return machine;
  }
}

class Machine {
  /** As its rwhod reports it. */
  name = '';
  /** When its rwhod has looked at its clock last: with each datagram, and each report of its own (R8). */
  clockSeen = -1;
  readonly #known: Map<string, Known> = new Map();
  /** Since when there are files of which nothing is known. */
  #left: number | undefined;
  #ran = false;
  #arrived: { readonly said: Head; readonly fate: Fate; done: boolean } | undefined;
  #writing: { readonly known: Known | undefined; readonly head: Head; readonly fresh: boolean; readonly time: number } | undefined;

  get hosts(): Iterable<string> {
    return this.#known.keys();
  }

  /** A rwhod begins or ends: what it knew is gone, and what is on the disk may be older. */
  forget(time: number): undefined {
    if (this.#ran) this.#left = time;
    this.#ran = true;
    this.#known.clear();
    this.#arrived = undefined;
    this.#writing = undefined;
    return undefined;
  }

  receive({ bytes, data, time }: TraceEvent): string | undefined {
    const missed = this.#arrived?.fate === 'kept' && !this.#arrived.done ? this.#arrived.said.hostName : undefined;
    this.clockSeen = time;
    const said = acceptable(bytes, String(data?.['from']));
    this.#arrived = said === undefined ? undefined : { said, fate: this.#fateOf(said, time), done: false };
    return missed === undefined ? undefined : `a report of ${missed} is not kept`;
  }

  #fateOf(said: Head, time: number): Fate {
    if (said.hostName === this.name) return 'dropped';
    const known = this.#known.get(said.hostName);
    if (known === undefined) return this.#left === undefined ? 'kept' : 'either';
    if (isSame(known, said)) return 'dropped';
    const silent = time - known.heard;
    if (Math.abs(silent - STANDS) < DRIFT) return 'either';
    if (silent > STANDS) return 'kept';
    const later = elapsed(known.sendTime, said.sendTime) > 0;
    const started = elapsed(known.bootTime, said.bootTime);
    return later && started >= -SAME_START_SECONDS ? 'kept' : 'dropped';
  }

  /** A report that is kept, or a record that is stamped anew because the clock was set. */
  write({ bytes, data, time }: TraceEvent): string | undefined {
    const said = headOf(bytes, 'file');
    this.#writing = undefined;
    if (said === undefined) return undefined;
    const { hostName } = said;
    const known = this.#known.get(hostName);
    // A record that is stamped anew is the one that stands, or one before it that could not be replaced.
    const again = known !== undefined && (isSame(known, said) || (known.file.head !== undefined && isSame(known.file.head, said)));
    const unclear = known === undefined ? this.#left !== undefined : known.file.heard === 'unclear';
    const own = hostName === this.name;
    const arrived = this.#arrived !== undefined && isSame(this.#arrived.said, said) ? this.#arrived : undefined;
    if (own) this.clockSeen = time;
    const fresh = own ? !again : arrived !== undefined && arrived.fate !== 'dropped' && !arrived.done;
    if (!fresh && !again && !unclear) return `a report of ${hostName} is kept that is not to be taken`;
    if (fresh && arrived !== undefined) arrived.done = true;
    if (fresh) this.#known.set(hostName, { ...said, heard: time, file: known?.file ?? this.#found });
    this.#writing = { known: this.#known.get(hostName), head: said, fresh, time };
    if (data?.['error'] !== undefined) this.complete('write', 'failed');
    return undefined;
  }

  /** A step of writing a file is done, or has failed. */
  complete(step: 'write' | 'sync' | 'rename', how: 'done' | 'failed'): undefined {
    const done = how === 'done';
    if (done && step !== 'rename') return undefined;
    const { known, head, fresh, time } = this.#writing ?? {};
    this.#writing = undefined;
    if (known === undefined || head === undefined || time === undefined) return undefined;
    if (fresh !== true) known.file = { ...known.file, stale: !done };
    else if (done) known.file = { heard: time, head, stale: false };
    return undefined;
  }

  get #found(): Found {
    return { heard: this.#left === undefined ? 'nothing' : 'unclear', stale: false };
  }

  sayable(host: string, time: number): Sayable {
    const known = this.#known.get(host);
    const heard = known?.heard;
    // What was left is, at the worst, taken to be of the moment when it was found.
    const left = this.#left !== undefined;
    if (known === undefined)
      return { up: time - (this.#left ?? -DOWN_AFTER - SLACK) < DOWN_AFTER + SLACK, down: left, nothing: true, heard };
    const { heard: found, stale } = known.file;
    if (found === 'unclear' || stale) return { up: true, down: true, nothing: true, heard };
    if (found === 'nothing') return { up: false, down: false, nothing: true, heard };
    const silent = time - found;
    return { up: silent < DOWN_AFTER + SLACK, down: silent > DOWN_AFTER - SLACK, nothing: false, heard };
  }
}

/** What a report calls its host. */
export const shortened = (hostName: string): string => hostName.split('.', 1)[0]?.slice(0, 31) ?? '';

/** The checks of R3 that need no memory. */
function acceptable(bytes: Uint8Array | undefined, from: string): Head | undefined {
  const head =
    from.endsWith(`:${WHO_PORT}`) && bytes?.[0] === WHODVERSION && bytes[1] === WHODTYPE_STATUS ? headOf(bytes, 'wire') : undefined;
  return head !== undefined && nameFault(head.hostName) === undefined ? head : undefined;
}
