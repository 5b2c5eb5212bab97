/**
 * THE SERVICE OF rwho, a second time: what a rwhod has to do with each datagram, each interval and each signal, told from what came to
 * it and what its machine answered, and from nothing of src/impl. It is run beside every rwhod of every scenario, and what the
 * rwhod wrote, sent and logged between two things that came to it must be what the model says.
 * Lacks: interfaces, which are no events: what networks there are is taken from the first report; what a power cut left of a disk.
 */

import { type AlwaysProperty, always } from '../../src/check/property.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import { STANDSTILLS } from '../standstill.ts';
import { MachineModel } from './model/machine.ts';
import { ServerModel } from './model/server.ts';
import { isRwhod, machineOf } from './properties/places.ts';

/** What comes to a process: it ends what the process did before. */
const INBOUND: ReadonlySet<EventKind> = new Set<EventKind>(['start', 'bind', 'receive', 'fire', 'signal']);
const KINDS: readonly EventKind[] = [
  ...INBOUND,
  'exit',
  'power',
  'fault',
  'inquire',
  'list',
  'read',
  'write',
  'sync',
  'rename',
  'unlink',
  'datagram',
  'log',
];

class Model {
  readonly #machines: Map<string, MachineModel> = new Map();
  readonly #servers: Map<string, ServerModel> = new Map();

  see(event: TraceEvent): string | undefined {
    const { kind, data, process, time } = event;
    if (kind === 'power') return this.#power(String(data?.['machine']), time);
    if (kind === 'fault') return this.#fault(data?.['kind'], time);
    if (!isRwhod(event)) {
      if (data?.['error'] !== undefined) this.#machine(machineOf(event)).unreadable();
      return kind === 'log' ? told(process, this.#machine(machineOf(event)).look(event)) : undefined;
    }
    this.#machine(machineOf(event)).disk.see(event);
    return told(process, this.#server(event));
  }

  #server(event: TraceEvent): string | undefined {
    const { kind, process, data } = event;
    if (kind === 'start') {
      this.#servers.set(process, new ServerModel(this.#machine(machineOf(event)), String(data?.['args']), event));
      return undefined;
    }
    const server = this.#servers.get(process);
    if (server === undefined) return undefined;
    if (kind !== 'exit') return INBOUND.has(kind) ? server.comes(event) : server.does(event);
    this.#servers.delete(process);
    return server.ends(event);
  }

  #machine(name: string): MachineModel {
    const machine = this.#machines.get(name) ?? new MachineModel();
    this.#machines.set(name, machine);
    return machine;
  }

  #power(name: string, time: number): undefined {
    this.#machine(name).power(time);
    for (const process of [...this.#servers.keys()]) if (process.startsWith(`${name}/`)) this.#servers.delete(process);
  }

  #fault(kind: unknown, time: number): undefined {
    for (const machine of this.#machines.values()) machine.wall.fault(kind);
    if (STANDSTILLS.includes(kind)) for (const server of this.#servers.values()) server.excuse(time);
    if (kind === 'clock-step') for (const server of this.#servers.values()) server.clockSet(time);
  }

  end(time: number): string | undefined {
    for (const [process, server] of this.#servers) {
      const why = told(process, server.judge(time));
      if (why !== undefined) return why;
    }
    return undefined;
  }
}

const told = (process: string, why: string | undefined): string | undefined => (why === undefined ? undefined : `${process}: ${why}`);

export const asTheModelSays: AlwaysProperty = always(
  'as-the-model-says',
  'What a rwhod writes, sends and logs is what a second reading of R3 to R8 says.',
  () => {
    const model = new Model();
    return { see: event => model.see(event), end: ({ time }) => model.end(time) };
  },
  KINDS,
);
