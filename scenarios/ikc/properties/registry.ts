/**
 * Who is called what at a server (B11), a second time: a name is of the first who said it, for as long as that one is connected, and
 * then of the next; an id that somebody has leaves its next owner without any name. What a server says of its names must be this.
 */
import { type AlwaysProperty, always, type SometimesProperty, sometimes } from '../../../src/check/property.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { printable } from '../../../src/host/bytes.ts';
import { linkNoted } from '../../../src/impl/ikc/log.ts';
import { noted, warned } from '../../../src/impl/ikc/responder-log.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { Dialogue } from '../model/dialogue.ts';
import { selfOf } from '../model.ts';
import { Incoming } from '../parts/incoming.ts';
import { SERVER } from '../parts/network.ts';

const KINDS: readonly EventKind[] = ['start', 'accept', 'recv', 'fire', 'eof', 'close', 'log', 'exit', 'power'];

interface Caller {
  readonly dialogue: Dialogue;
  readonly incoming: Incoming;
  readonly address: string;
  names: readonly string[];
}

class Registry {
  readonly #start: TraceEvent;
  readonly #own: Set<string>;
  /** In the order in which they were accepted: so are links numbered. */
  readonly #callers: Caller[] = [];
  readonly #byStream: Map<string, Caller> = new Map();
  /** Who is connected, in the order in which the links opened. */
  #open: Caller[] = [];
  /** In the order in which each was claimed. */
  readonly #claims: Map<string, Caller[]> = new Map();
  /** What the server says. */
  readonly #told: Map<string, string> = new Map();

  constructor(start: TraceEvent) {
    this.#start = start;
    const { name, aliases } = selfOf(start);
    this.#own = new Set([...(name === undefined ? [] : [name]), ...aliases]);
  }

  see(event: TraceEvent): string | undefined {
    const { kind, channel, bytes, data } = event;
    if (kind === 'log') return this.#log(event);
    const why = this.#differs();
    if (why !== undefined) return why;
    const stream = channel.slice(0, -1);
    if (kind === 'accept') {
      const dialogue = new Dialogue('server', selfOf(this.#start));
      const caller = {
        dialogue,
        incoming: new Incoming(
          line => dialogue.hears(line),
          () => dialogue.phase === 'up',
        ),
        address: String(data?.['peer']),
        names: [],
      };
      this.#callers.push(caller);
      this.#byStream.set(stream, caller);
    }
    const caller = this.#byStream.get(stream);
    if (kind === 'recv' && caller !== undefined && bytes !== undefined) caller.incoming.take(bytes);
    return undefined;
  }

  #log(event: TraceEvent): string | undefined {
    const opened = linkNoted['link-open'].of(event);
    const closed = linkNoted['link-closed'].of(event);
    if (opened !== undefined) this.#joins(this.#callers[opened.link - 1]);
    if (closed !== undefined) this.#leaves(this.#callers[closed.link - 1]);
    const registered = noted.registered.of(event);
    const unregistered = noted.unregistered.of(event);
    if (registered !== undefined) {
      const { name, kernel, isId } = registered;
      if (isId !== (name === kernel)) return `says that ${name} is ${isId ? 'the id' : 'a name'} of ${kernel}`;
      if (this.#told.has(name)) return `registers ${name} for ${kernel}, and ${this.#told.get(name)} has it`;
      this.#told.set(name, kernel);
    }
    if (unregistered !== undefined && unregistered.isId !== (unregistered.name === unregistered.kernel))
      return `says that ${unregistered.name} was ${unregistered.isId ? 'the id' : 'a name'} of ${unregistered.kernel}`;
    if (unregistered !== undefined && !this.#told.delete(unregistered.name)) return `unregisters ${unregistered.name}, which nobody has`;
    return undefined;
  }

  #joins(caller: Caller | undefined): void {
    if (caller === undefined) return;
    // Of who calls by a Unix-domain socket it sees none.
    const address = caller.address.startsWith('unix:') ? [] : [caller.address];
    caller.names = [...new Set([...caller.dialogue.heard, ...address])].map(each => printable(each));
    this.#open.push(caller);
    this.#claim(caller);
  }

  /** All names, if the first of them is free or its own. */
  #claim(caller: Caller): void {
    const [id = ''] = caller.names;
    if (this.#own.has(id) || (this.#claims.get(id)?.[0] ?? caller) !== caller) return;
    for (const name of caller.names) {
      const claims = this.#claims.get(name) ?? [];
      if (!claims.includes(caller) && !this.#own.has(name)) this.#claims.set(name, [...claims, caller]);
    }
  }

  #leaves(caller: Caller | undefined): void {
    if (caller === undefined) return;
    this.#open = this.#open.filter(each => each !== caller);
    for (const [name, claims] of [...this.#claims]) {
      const left = claims.filter(each => each !== caller);
      if (left.length === 0) this.#claims.delete(name);
      else this.#claims.set(name, left);
    }
    const next = this.#open.find(each => each.names[0] === caller.names[0]);
    if (next !== undefined) this.#claim(next);
  }

  #differs(): string | undefined {
    for (const [name, [owner]] of this.#claims) {
      const is = this.#told.get(name);
      if (is !== owner?.names[0]) return `has ${name} for ${is ?? 'nobody'}, and it is of ${owner?.names[0]}`;
    }
    const forgotten = [...this.#told.keys()].find(name => !this.#claims.has(name));
    return forgotten === undefined ? undefined : `still knows ${forgotten}, who has gone`;
  }
}

export const namesAreKept: AlwaysProperty = always(
  'names-are-kept',
  'A name is of the first who said it for as long as that one is connected, then of the next; who has gone is forgotten, and nobody else.',
  () => {
    const servers = new Map<string, Registry>();
    return {
      see: event => {
        const { kind, process, data } = event;
        if (kind === 'start' && programOf(process) === SERVER) servers.set(process, new Registry(event));
        if (kind === 'exit') servers.delete(process);
        if (kind === 'power')
          for (const each of [...servers.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) servers.delete(each);
        const why = servers.get(process)?.see(event);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  KINDS,
);

export const namesakeMet: SometimesProperty = sometimes(
  'same-id-met',
  'Somebody has the id that another one announced.',
  () => ({ see: event => warned['id-taken'].of(event) !== undefined }),
  ['log'],
);
