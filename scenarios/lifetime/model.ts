/**
 * THE SERVICE OF THE LIFETIME PIPE, a second time: what a parent and its child have to tell, in which order and when, how a child is stopped,
 * and how both end; told from what came to each, and from nothing of src/impl. It runs beside every pair of ours in every scenario; of a
 * pair with somebody else in it the one that is ours is judged.
 */

import { type AlwaysProperty, always } from '../../src/check/property.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import { STANDSTILLS } from '../standstill.ts';
import type { Family } from './family.ts';
import { ChildModel } from './model/child.ts';
import { ParentModel } from './model/parent.ts';
import { observationIn, WIRE_KINDS, Wire } from './wire.ts';

/** What comes to a process. */
const INBOUND: ReadonlySet<EventKind> = new Set<EventKind>(['recv', 'eof', 'fire', 'signal', 'wait']);
const PIPES: readonly EventKind[] = ['pipe', 'attach', 'release'];
const KINDS: readonly EventKind[] = [
  ...new Set<EventKind>([
    ...WIRE_KINDS,
    ...INBOUND,
    'start',
    'fault',
    'power',
    'kill',
    'listen',
    'close',
    'log',
    'write',
    'append',
    'sync',
    ...PIPES,
  ]),
];

class Model {
  readonly #wire: Wire = new Wire();
  readonly #parents: Map<string, ParentModel> = new Map();
  readonly #children: Map<string, ChildModel> = new Map();
  /** By path, what somebody has written. */
  readonly #files: Map<string, Uint8Array> = new Map();

  see(event: TraceEvent): string | undefined {
    const { kind, process, data } = event;
    const { families } = this.#wire;
    const before = this.#wire.writtenBy(process)?.tap.frames.length ?? 0;
    this.#wire.see(event);
    if (kind === 'fault' && STANDSTILLS.includes(data?.['kind']))
      for (const each of [...this.#parents.values(), ...this.#children.values()]) each.late = true;
    if (kind === 'write' && event.bytes !== undefined && data?.['error'] === undefined)
      this.#files.set(String(data?.['path']), event.bytes);
    if (kind === 'power') this.#dark();
    if (kind === 'start') this.#starts(event);
    const why = this.#parent(event, families.ofParent(process)) ?? this.#child(event, families.ofChild(process), before);
    return why === undefined ? undefined : `${process}: ${why}`;
  }

  #dark(): void {
    this.#parents.clear();
    this.#children.clear();
  }

  #starts(event: TraceEvent): void {
    const { process, data } = event;
    const args = String(data?.['args']);
    if (data?.['program'] === 'lifetime-parent') this.#parents.set(process, new ParentModel(args));
    if (data?.['program'] === 'lifetime-child') this.#children.set(process, new ChildModel(args, event, this.#files));
  }

  /** Without a family it has started nobody. */
  #parent(event: TraceEvent, family: Family | undefined): string | undefined {
    const { kind, process } = event;
    if (kind === 'recv' && family !== undefined && event.channel === family.events) this.#children.get(family.child)?.pipe(event);
    const parent = this.#parents.get(process);
    if (parent === undefined) return undefined;
    if (PIPES.includes(kind)) parent.holds(event);
    if (kind === 'exit') return this.#parents.delete(process) ? parent.exits(event) : undefined;
    const line = observationIn(event, this.#wire.families);
    if (line !== undefined) return parent.observes(line, event.time);
    if (kind === 'log') return parent.logs(event);
    if (family === undefined) return undefined;
    if (INBOUND.has(kind)) return parent.comes(event, family);
    if (kind === 'spawn') return parent.spawns(event);
    if (kind === 'kill') return parent.kills(event, family);
    return undefined;
  }

  /** Without a family nobody reads what it says. */
  #child(event: TraceEvent, family: Family | undefined, before: number): string | undefined {
    const { kind, process, channel, data, time } = event;
    const child = this.#children.get(process);
    if (child === undefined) return undefined;
    if (kind === 'eof' && channel === family?.control) child.asked(time, 'control-eof');
    if (kind === 'close' && data?.['error'] !== undefined && channel === family?.control) child.asked(time, 'control-failed');
    if (kind === 'signal' && data?.['action'] === 'handler' && data['signal'] !== 'SIGPIPE') child.asked(time, String(data['signal']));
    if (kind === 'exit') return this.#children.delete(process) ? child.exits(event) : undefined;
    if (kind !== 'send' || channel !== family?.events) return child.does(event);
    child.pipe(event);
    const tap = this.#wire.writtenBy(process)?.tap;
    if (tap?.garbled !== undefined) return `it writes ${tap.garbled}`;
    for (const frame of tap?.frames.slice(before) ?? []) {
      const why = child.says(frame, time);
      if (why !== undefined) return why;
    }
    return undefined;
  }
}

export const asTheModelSays: AlwaysProperty = always(
  'as-the-model-says',
  'What a parent and a child tell, when, and how they end is what a second reading of C1 to C5 says.',
  () => {
    const model = new Model();
    return { see: event => model.see(event) };
  },
  KINDS,
);
