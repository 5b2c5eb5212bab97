/**
 * One computer: its clock, disk, addresses and process table.
 * Lacks: users, and limits other than those of its parts.
 * May import: host.
 */

import { broadcastOf } from '../host/address.ts';
import type { NetworkInterface, Pid, Programs } from '../host/host.ts';
import { MachineClock } from './clock.ts';
import type { Core } from './core.ts';
import type { DatagramConditions, SimSocket } from './datagram.ts';
import { Disk } from './disk.ts';
import { SimHost } from './host.ts';
import type { Inode } from './inode.ts';
import type { SimListener } from './listener.ts';
import type { Network } from './network.ts';
import { Ports } from './ports.ts';
import type { Prng } from './prng.ts';
import { INIT, SimProcess } from './process.ts';
import { type AttachedNetwork, networksOf } from './route.ts';
import { type MachineStatus, statusOf } from './system.ts';

export interface AddressOptions {
  /** Dotted IPv4, as the mask. */
  readonly address: string;
  readonly netmask: string;
  /** The address at the other end of a point-to-point link, which cannot broadcast. */
  readonly peer?: string;
  /** False for a network that carries datagrams to one address only. */
  readonly broadcasts?: boolean;
}

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
}

/** pids before this one belong to the system. */
const FIRST_PID: Pid = 100;
/** net.ipv4.ip_local_port_range of Linux. */
const FIRST_EPHEMERAL = 32_768;
const LAST_EPHEMERAL = 60_999;

interface Boot {
  readonly program: string;
  readonly args: readonly string[];
}

export class Machine {
  // What every datagram and every call that stores something looks at comes first, so that it lies together.
  up = true;
  readonly udp: Ports<SimSocket>;
  readonly clock: MachineClock = new MachineClock();
  readonly disk: Disk = new Disk();
  /** Extra time every sync takes, and a note that it did. */
  syncDelay: { readonly extra: number; readonly fired: () => void } | undefined;
  readonly core: Core;
  readonly name: string;
  readonly network: Network;
  readonly programs: Programs;
  readonly prng: Prng;
  readonly interfaces: readonly NetworkInterface[];
  readonly loopback: NetworkInterface;
  /** Those that lead to others. */
  readonly outward: readonly NetworkInterface[];
  readonly networks: readonly AttachedNetwork[];
  /** What leads on from here, if something does. */
  readonly defaultRoute: NetworkInterface | undefined;
  /** In the world, from 0. */
  readonly number: number;
  readonly status: MachineStatus;
  readonly tcp: Ports<SimListener>;
  /** Listening Unix-domain sockets by their file. */
  readonly unix: Map<Inode, SimListener> = new Map();
  /** Shared by all machines. */
  readonly datagrams: DatagramConditions;
  readonly #processes = new Map<Pid, SimProcess>();
  readonly #boots: Boot[] = [];
  readonly #listings = new Map<string, Prng>();
  #nextPid = FIRST_PID;
  #nextPort = FIRST_EPHEMERAL;

  constructor(core: Core, network: Network, programs: Programs, name: string, options: MachineOptions) {
    this.core = core;
    this.network = network;
    this.programs = programs;
    this.name = name;
    this.datagrams = network.datagrams;
    this.status = statusOf(name);
    this.prng = core.chance.stream(`machine/${name}`);
    this.loopback = {
      name: 'lo',
      address: '127.0.0.1',
      netmask: '255.0.0.0',
      broadcast: undefined,
      peer: undefined,
      loopback: true,
    };
    const others = (options.addresses ?? []).map(({ address, netmask, peer, broadcasts = peer === undefined }, index) => ({
      name: `${peer === undefined ? 'eth' : 'ppp'}${index}`,
      address,
      netmask,
      broadcast: broadcasts ? broadcastOf(address, netmask) : undefined,
      peer,
      loopback: false,
    }));
    this.interfaces = [this.loopback, ...others];
    this.outward = others;
    this.networks = networksOf(others);
    this.defaultRoute = options.defaultRoute === true ? others[0] : undefined;
    const next = (taken: (port: number) => boolean): number | undefined => this.#nextFree(taken);
    this.tcp = new Ports(core, next);
    this.udp = new Ports(core, next);
    this.number = network.join(this);
    for (const directory of options.directories ?? []) this.disk.makeDirectory(directory, this.clock.wall(core.now));
    this.disk.powerCut('kept', this.prng);
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
    if (daemon !== undefined) process.start(daemon, program => program(new SimHost(process)), cause);
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

  /** A process has ended: its children go to init, its parent hears of it. */
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

  /** One after the other, whichever protocol asks. */
  #nextFree(taken: (port: number) => boolean): number | undefined {
    for (let count = FIRST_EPHEMERAL; count <= LAST_EPHEMERAL; count++) {
      const port = this.#nextPort;
      this.#nextPort = port === LAST_EPHEMERAL ? FIRST_EPHEMERAL : port + 1;
      if (!taken(port)) return port;
    }
    return undefined;
  }

  /** From now on both clocks run `partsPerMillion` fast. */
  drift(partsPerMillion: number): void {
    this.clock.drift(this.core.now, partsPerMillion);
    for (const process of this.processes) process.retime();
  }

  /** Returns how many unsynced writes were at stake. */
  powerOff(unsynced: 'kept' | 'lost' | 'torn'): number {
    if (!this.up) return 0;
    this.up = false;
    this.core.record('power', { machine: this.name, state: 'off' });
    for (const process of this.processes) process.vanish();
    this.#processes.clear();
    this.tcp.clear();
    this.udp.clear();
    this.network.forsake(this);
    return this.disk.powerCut(unsynced, this.core.chance.stream(`disk/${this.name}`));
  }

  powerOn(): void {
    if (this.up) return;
    this.up = true;
    this.clock.reboot(this.core.now);
    this.core.record('power', { machine: this.name, state: 'on' });
    this.network.release();
    for (const { program, args } of this.#boots) this.#launch(program, args);
  }

  #launch(program: string, args: readonly string[]): Pid {
    const process = this.create(program, args, undefined);
    if (process === undefined) throw new Error(`no program '${program}' in the table of this world`);
    this.begin(process, -1);
    return process.pid;
  }
}
