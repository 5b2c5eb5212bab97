/**
 * One computer: its clock, disk, network stack and process table.
 * Lacks: rights of users, and limits other than those of its parts.
 */

import type { Daemon, NetworkInterface, Pid, Programs } from '../host/host.ts';
import { NO_CAUSE } from '../trace/event.ts';
import { MachineClock } from './core/clock.ts';
import type { Core } from './core/core.ts';
import type { Prng } from './core/prng.ts';
import { Disk } from './disk/disk.ts';
import type { Network } from './network/network.ts';
import { type AddressOptions, NetworkStack } from './network/stack.ts';
import { type Computer, INIT, ROOT, SimProcess } from './process/process.ts';
import { type MachineStatus, statusOf } from './system.ts';

export type { AddressOptions } from './network/stack.ts';

export interface MachineOptions {
  /** One interface for each. Default: the next free address of 10.0.0.0/24. */
  readonly addresses?: readonly AddressOptions[];
  /**
   * What is on no network of its own goes by the first interface to routers that know every machine. Default: there is no such route,
   * and that is ENETUNREACH.
   */
  readonly defaultRoute?: boolean;
  /** Directories that exist, durably, before anything starts. */
  readonly directories?: readonly string[];
  /** Whom a process may become. Default: root and nobody. */
  readonly users?: readonly string[];
}

const USERS: readonly string[] = [ROOT, 'nobody'];

/** pids before this one belong to the system. */
const FIRST_PID: Pid = 100;

interface Boot {
  readonly program: string;
  readonly args: readonly string[];
}

/** What every machine of a world has in common. */
export interface Installation {
  readonly core: Core;
  readonly network: Network<NetworkStack>;
  readonly programs: Programs;
  /** Runs the daemon in a process, on a Host of its own. */
  readonly begin: (daemon: Daemon, machine: Machine, process: SimProcess) => void;
}

export class Machine implements Computer {
  // What every call that stores something looks at comes first, so that it lies together.
  readonly clock: MachineClock = new MachineClock();
  readonly disk: Disk;
  /** Extra time every sync takes, and a note that it did. */
  syncDelay: { readonly extra: number; readonly fired: () => void } | undefined;
  readonly core: Core;
  readonly name: string;
  readonly programs: Programs;
  readonly prng: Prng;
  readonly stack: NetworkStack;
  readonly status: MachineStatus;
  readonly users: readonly string[];
  readonly #begin: Installation['begin'];
  readonly #processes = new Map<Pid, SimProcess>();
  readonly #boots: Boot[] = [];
  readonly #listings = new Map<string, Prng>();
  #nextPid = FIRST_PID;

  constructor({ core, network, programs, begin }: Installation, name: string, options: MachineOptions) {
    this.disk = new Disk(core.slabs);
    this.core = core;
    this.programs = programs;
    this.#begin = begin;
    this.name = name;
    this.status = statusOf(name);
    this.users = options.users ?? USERS;
    this.prng = core.chance.stream(`machine/${name}`);
    this.stack = new NetworkStack(this, network, options.addresses ?? [], options.defaultRoute === true);
    for (const directory of options.directories ?? []) this.disk.makeDirectory(directory, this.clock.wall(core.now));
    this.disk.powerCut('kept', this.prng);
  }

  /** It has power. */
  get up(): boolean {
    return this.stack.up;
  }

  /** The loopback first. */
  get interfaces(): readonly NetworkInterface[] {
    return this.stack.interfaces;
  }

  /**
   * Starts a program as init would, and again whenever the machine is powered on. Without power it starts with the machine,
   * and the answer is 0. Throws when there is no such program.
   */
  start(program: string, args: readonly string[] = []): Pid {
    this.#boots.push({ program, args });
    return this.up ? this.#launch(program, args) : 0;
  }

  /** A process of `program` in the table, under `parent` or init. `undefined`: no such program. */
  create(program: string, args: readonly string[], parent: SimProcess | undefined): SimProcess | undefined {
    if (!Object.hasOwn(this.programs, program)) return undefined;
    const process = new SimProcess(this, this.#nextPid++, this.core.nextSerial(), parent?.pid ?? INIT, program, args);
    this.#processes.set(process.pid, process);
    parent?.children.set(process.pid, process);
    return process;
  }

  begin(process: SimProcess, cause: number): void {
    const daemon = this.programs[process.program];
    if (daemon !== undefined) process.start(() => this.#begin(daemon, this, process), cause);
  }

  process(pid: Pid): SimProcess | undefined {
    return this.#processes.get(pid);
  }

  /** Living processes, oldest first. */
  get processes(): readonly SimProcess[] {
    return [...this.#processes.values()].filter(process => !process.ended);
  }

  /** The newest living process of a program. */
  newest(program: string): SimProcess | undefined {
    return this.processes.findLast(process => process.program === program);
  }

  remove(process: SimProcess): void {
    this.#processes.delete(process.pid);
  }

  ended(process: SimProcess): void {
    for (const child of process.children.values()) {
      child.parentPid = INIT;
      if (child.ended) this.remove(child);
    }
    process.children.clear();
    const parent = this.#processes.get(process.parentPid);
    if (parent === undefined || parent.ended) this.remove(process);
    else parent.childEnded(process);
  }

  /** Where the order of names is drawn each time that this directory, in normal form, is listed. */
  listing(directory: string): Prng {
    let prng = this.#listings.get(directory);
    if (prng === undefined) {
      prng = this.core.chance.stream(`list/${this.name}${directory}`);
      this.#listings.set(directory, prng);
    }
    return prng;
  }

  /** From now on both clocks run `partsPerMillion` fast. */
  drift(partsPerMillion: number): void {
    this.clock.drift(this.core.now, partsPerMillion);
    for (const process of this.processes) process.retime();
  }

  /** Returns how many unsynced writes were at stake. `draw`: of several ways to tear them, which. */
  powerOff(unsynced: 'kept' | 'lost' | 'torn', draw = 0): number {
    if (!this.up) return 0;
    this.stack.up = false;
    this.core.record('power', { machine: this.name, state: 'off' });
    for (const process of this.processes) process.discard();
    this.#processes.clear();
    this.stack.discard();
    return this.disk.powerCut(unsynced, this.core.chance.stream(`disk/${this.name}${draw === 0 ? '' : `/${draw}`}`));
  }

  powerOn(): void {
    if (this.up) return;
    this.stack.up = true;
    this.clock.reboot(this.core.now);
    this.core.record('power', { machine: this.name, state: 'on' });
    this.stack.network.release();
    for (const { program, args } of this.#boots) this.#launch(program, args);
  }

  #launch(program: string, args: readonly string[]): Pid {
    const process = this.create(program, args, undefined);
    if (process === undefined) throw new Error(`no program '${program}' in the table of this world`);
    this.begin(process, NO_CAUSE);
    return process.pid;
  }
}
