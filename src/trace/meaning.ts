/**
 * What the events of a trace mean, so that two traces can be compared by that: messages and not how their bytes were cut, who did something and not
 * with which number, what was said and not when. Timers, and other choices of a kernel, mean nothing by themselves: what follows from them does.
 * Lacks: order between processes, which a kernel chooses as well; each process is told by itself.
 */
import { fromUtf8, hex } from '../host/bytes.ts';
import type { EventValue } from '../host/event.ts';
import { sortedKeys } from './canonical.ts';
import { DecodedTrace } from './decoded.ts';
import type { EventKind, TraceEvent } from './event.ts';
import type { Decoders, Item } from './message.ts';
import { modeOf, type Varying } from './varying.ts';

/** Something that a process did or heard. */
export interface Meant {
  /** The one that brings it. */
  readonly event: TraceEvent;
  /** `machine/program`, with a number where there is more than one; '' for the world. */
  readonly process: string;
  /** Equal where it means the same. */
  readonly key: string;
}

export interface Meanings {
  readonly decoders: Decoders;
  /** What of messages is another in each run. */
  readonly varies?: readonly Varying[] | undefined;
}

export function meaningsOf(events: readonly TraceEvent[], { decoders, varies = [] }: Meanings): readonly Meant[] {
  const decoded = new DecodedTrace(decoders);
  const names = new Names();
  const meant: Meant[] = [];
  for (const event of events) {
    const items = decoded.see(event);
    const process = names.process(event.process);
    // To be counted even where nothing else is said of it.
    const channel = names.channel(process, event.channel);
    const { kind } = event;
    const said = items.map(item => `${kind} ${channel} ${itemKey(item, varies, names)}`);
    if (!decoded.isDecoded(event) || (kind !== 'send' && kind !== 'recv' && kind !== 'datagram' && kind !== 'receive')) {
      const own = ownKey(event, channel, names);
      if (own !== undefined) said.push(own);
    }
    for (const key of said) meant.push({ event, process, key });
  }
  return meant;
}

/** What each process was started with, by its name here: where that differs, the rest may well. */
export function startsOf(events: readonly TraceEvent[]): ReadonlyMap<string, string> {
  const names = new Names();
  const starts = new Map<string, string>();
  for (const { kind, process, data } of events) {
    const name = names.process(process);
    if (kind === 'start') starts.set(name, softened(data?.['args'] ?? '', names));
  }
  return starts;
}

/** Kinds that only say how a kernel, or a schedule, went about it. */
const SILENT: ReadonlySet<EventKind> = new Set<EventKind>([
  'timer',
  'fire',
  'cancel',
  'choice',
  'drain',
  'pause',
  'resume',
  'random',
  'phase',
]);
/** Numbers that a kernel gives, wherever they stand; and with what a program was started, which startsOf tells. */
const SOFT: ReadonlySet<string> = new Set([
  ...['id', 'pid', 'child', 'parent', 'target', 'fd', 'read', 'write', 'fault', 'port', 'delay'],
  ...['args', 'environment'],
]);
/** Of these kinds nothing is soft that is not a number of the kernel; of others, what was answered may be. */
const ANSWERED: ReadonlySet<EventKind> = new Set<EventKind>(['inquire']);

function ownKey({ kind, bytes, data = {} }: TraceEvent, channel: string, names: Names): string | undefined {
  if (SILENT.has(kind)) return undefined;
  const said = sortedKeys(data)
    .filter(key => !SOFT.has(key) && !(ANSWERED.has(kind) && key === 'answer'))
    .map(key => `${key}=${softened(data[key] ?? '', names)}`);
  return [kind, channel, ...said, ...(bytes === undefined ? [] : [bytesKey(bytes)])].join(' ');
}

function itemKey(item: Item, varies: readonly Varying[], names: Names): string {
  if (item.kind === 'violation') return `breaks ${item.clause}: ${item.detail}`;
  const { type, fields } = item;
  const told = sortedKeys(fields).flatMap(name => {
    const value = String(fields[name]);
    const mode = modeOf(varies, type, name, value);
    if (mode === 'ignore') return [];
    return [`${name}=${mode === 'exact' ? JSON.stringify(fields[name]) : mode === 'bound' ? names.bound(value) : '#'}`];
  });
  return [type, ...told].join(' ');
}

/** Ports of the kernel's choice, and numbers in names of files (process ids, seconds of the epoch), are any. */
function softened(value: EventValue, names: Names): string {
  if (typeof value !== 'string') return String(value);
  return names.inText(value).replace(/\d{3,}/g, digits => (Number(digits) < EPHEMERAL && digits.length < 5 ? digits : '#'));
}
/** Of Linux. Below: ports that somebody chose. */
const EPHEMERAL = 32_768;

/** Text as it is but for long numbers; anything else byte by byte. */
function bytesKey(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  return text === undefined ? hex(bytes) : JSON.stringify(text.replace(/\d{5,}/g, '#'));
}

/** Names without the numbers of a kernel: the first of a name is the first in both traces. */
class Names {
  readonly #processes = new Map<string, string>();
  readonly #channels = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  process(name: string): string {
    const plain = name.replace(/\.\d+$/, '');
    return this.#numbered(this.#processes, name, plain);
  }

  /** `tcp 1>`: the first TCP connection of this process, in this direction. */
  channel(process: string, name: string): string {
    const [, carrier = '', direction = ''] = /^([a-z]+)\d*([<>]?)$/.exec(name) ?? [];
    if (carrier === '') return name;
    // Both directions of a connection are one.
    const own = `${process} ${name.replace(/[<>]$/, '')}`;
    return `${this.#numbered(this.#channels, own, `${process} ${carrier}`).slice(process.length + 1)}${direction}`;
  }

  /** Processes that a text names. */
  inText(text: string): string {
    return this.#processes.get(text) ?? text;
  }

  /** `#1`: the first of the values that are another in each run. */
  bound(value: string): string {
    return this.#numbered(this.#values, value, '#value');
  }

  #numbered(known: Map<string, string>, name: string, plain: string): string {
    const found = known.get(name);
    if (found !== undefined) return found;
    const count = (this.#counts.get(plain) ?? 0) + 1;
    this.#counts.set(plain, count);
    const numbered = count === 1 || plain === '' ? plain : `${plain}#${count}`;
    known.set(name, numbered);
    return numbered;
  }
}
