/**
 * A DETERMINISTIC WORLD: machines with clocks, disks and processes, a network between them, and what goes wrong.
 * The same options give the same events, byte for byte, on every machine and every version of Node.
 *
 * It models what a daemon can see through a Host. Lacks, on purpose: real time, threads, packets below datagrams and
 * byte streams, and every protocol: no file here knows one.
 */
import type { Duration, Instant } from '../host/time.ts';
import type { Entry } from './core/agenda.ts';
import { type CallObserver, Core } from './core/core.ts';
import { LateScheduler, type RaceView } from './core/lateness.ts';
import { LINK_DEFAULTS, LOCAL_DEFAULTS, type Schedule, WINDOW_MAX, type WorldOptions } from './core/options.ts';
import { chooserOf, takeNext } from './core/schedule.ts';
import type { Fault } from './fault.ts';
import { SimHost } from './host.ts';
import { type Installation, Machine, type MachineOptions } from './machine.ts';
import { type Firing, Nemesis } from './nemesis.ts';
import { Network } from './network/network.ts';
import type { NetworkStack } from './network/stack.ts';

/** quiet: nothing is left to happen. */
export type RunEnd = 'quiet' | 'time-limit' | 'event-limit';

export class World {
  readonly #core: Core;
  readonly #installation: Installation;
  readonly #nemesis: Nemesis;
  /** The next entry, not after a time. */
  readonly #take: (until: number) => Entry | undefined;
  /** How late an arrival may be. */
  #latest: Duration;
  readonly #machines = new Map<string, Machine>();

  constructor(options: WorldOptions) {
    const core = new Core(
      options.seed,
      { ...LINK_DEFAULTS, ...options.link },
      { ...LOCAL_DEFAULTS, ...options.local },
      options.sink,
      options.chance ?? {},
    );
    this.#core = core;
    const network = new Network<NetworkStack>(core);
    const { programs } = options;
    this.#installation = { core, network, programs, begin: (daemon, machine, process) => daemon(new SimHost(machine, process)) };
    this.#nemesis = new Nemesis({ core, network, machines: () => [...this.#machines.values()] });
    this.#latest = Math.max(WINDOW_MAX, options.latest ?? 0) as Duration;
    this.#take = this.#taking(options.schedule ?? { strategy: 'fifo' });
  }

  get now(): Instant {
    return this.#core.now;
  }

  /** Events recorded so far. */
  get events(): number {
    return this.#core.events;
  }

  get machineCount(): number {
    return this.#machines.size;
  }

  /** Makes a machine. Throws when the name is taken. */
  machine(name: string, options: MachineOptions = {}): Machine {
    if (this.#machines.has(name)) throw new Error(`there is a machine '${name}' already`);
    const addresses = options.addresses ?? [{ address: `10.0.0.${this.#machines.size + 1}`, netmask: '255.255.255.0' }];
    const machine = new Machine(this.#installation, name, { ...options, addresses });
    this.#machines.set(name, machine);
    return machine;
  }

  /** Arms faults; their times count from now. */
  inject(faults: readonly Fault[]): void {
    this.#nemesis.inject(faults);
  }

  /** Ends every fault, for good. */
  heal(): void {
    this.phase('heal');
    this.#latest = WINDOW_MAX;
    this.#core.observer?.over();
    this.#core.observer = undefined;
    this.#nemesis.heal();
  }

  /** Marks the beginning of a phase in the trace. */
  phase(name: 'chaos' | 'heal' | 'liveness'): void {
    this.#core.record('phase', { name });
  }

  /** Lets `observer` see every Host call from now until the world is healed. */
  observe(observer: CallObserver): void {
    this.#core.observer = observer;
  }

  /** Whose number it is, while it lives; `newest`: of the processes of its program it is the one that a fault hits. */
  processOf(serial: number): { readonly machine: string; readonly program: string; readonly newest: boolean } | undefined {
    for (const { name, processes } of this.#machines.values()) {
      const found = processes.find(each => each.serial === serial);
      if (found !== undefined) return { machine: name, program: found.program, newest: this.#nemesis.newest(found.program) === found };
    }
    return undefined;
  }

  firings(): readonly Firing[] {
    return this.#nemesis.firings();
  }

  /** What daemons threw. */
  get bugs(): readonly unknown[] {
    return this.#core.bugs;
  }

  fingerprint(): string {
    return this.#core.fingerprint();
  }

  /** Runs `act` at a time of the world, after what was planned for that instant before. */
  at(time: Instant, act: () => void): void {
    this.#core.at(time, act, 0, 'fixed');
  }

  /** Lets things happen until `until`, or until `maxEvents` events are recorded in all. The time is `until` afterwards unless a limit of events came first. */
  run(until: Instant, maxEvents: number = Number.MAX_SAFE_INTEGER): RunEnd {
    const core = this.#core;
    const agenda = core.agenda;
    for (;;) {
      if (core.events >= maxEvents && (agenda.nextTime() ?? Number.POSITIVE_INFINITY) <= until) return 'event-limit';
      const entry = this.#take(until);
      const fire = entry?.fire;
      if (entry === undefined || fire === undefined) {
        if (core.now < until) core.now = until;
        return agenda.size === 0 ? 'quiet' : 'time-limit';
      }
      core.now = entry.time;
      entry.fire = undefined;
      fire();
    }
  }

  #taking(schedule: Schedule): (until: number) => Entry | undefined {
    const core = this.#core;
    const { agenda } = core;
    const prng = core.chance.stream('schedule');
    switch (schedule.strategy) {
      case 'fifo':
        return until => agenda.take(until);
      case 'random':
      case 'pct': {
        const chooser = chooserOf(schedule, prng);
        const chosen = (time: Instant, of: number, value: number): void => {
          core.now = time;
          core.record('choice', { source: 'ready', of, value });
        };
        return until => takeNext(agenda, until, chooser, chosen);
      }
      default: {
        const scheduler = new LateScheduler(schedule, prng, this.#raceView());
        return until => scheduler.take(agenda, until);
      }
    }
  }

  #raceView(): RaceView {
    return {
      timersOf: owner =>
        [...this.#machines.values()]
          .flatMap(({ processes }) => processes)
          .filter(({ serial }) => owner === 0 || serial === owner)
          .flatMap(({ timers }) => [...timers].map(({ due }) => due)),
      latest: () => this.#latest,
      chosen: (entry, by) => {
        this.#core.now = entry.time;
        this.#core.record('choice', { source: 'late', owner: entry.owner, by });
      },
    };
  }
}
