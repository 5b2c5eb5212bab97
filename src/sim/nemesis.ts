/**
 * The nemesis: turns faults, which are data, into what happens to the world, ends them in time, and counts their firings.
 * A fault fires when it changed something: a read cut short, a packet held, a process killed. Switching it on is not enough.
 * Lacks: judgement. What may go wrong in a scenario is its fault budget's business.
 */

import type { Duration } from '../host/time.ts';
import { NO_CAUSE } from '../trace/event.ts';
import type { Core } from './core/core.ts';
import type { Shortage } from './core/refusals.ts';
import type { DiskFault, Fault } from './fault.ts';
import type { Machine } from './machine.ts';
import type { Network } from './network/network.ts';
import type { NetworkStack } from './network/stack.ts';
import type { HeldStream } from './process/held.ts';
import type { SimProcess } from './process/process.ts';
import { type Struck, strike } from './strike.ts';

/** What a fault can strike. */
export interface Targets {
  readonly core: Core;
  readonly network: Network<NetworkStack>;
  machines(): readonly Machine[];
}

export interface Firing {
  readonly fault: Fault;
  readonly fired: number;
}

interface Armed {
  readonly fault: Fault;
  readonly index: number;
  fired: number;
  state: 'armed' | 'active' | 'over';
  end: () => void;
}

export class Nemesis {
  readonly #world: Targets;
  readonly #armed: Armed[] = [];
  readonly #layers = new Map<string, unknown[]>();
  /** By the number of the Host call that they wait for. */
  readonly #strikes = new Map<number, Armed[]>();
  #healed = false;

  constructor(world: Targets) {
    this.#world = world;
    world.core.strike = serial => this.#strike(serial);
  }

  /** Times of faults count from now. */
  inject(faults: readonly Fault[]): void {
    for (const fault of faults) {
      const armed: Armed = { fault, index: this.#armed.length, fired: 0, state: 'armed', end: () => {} };
      this.#armed.push(armed);
      if (fault.kind === 'strike') this.#strikes.set(fault.call, [...(this.#strikes.get(fault.call) ?? []), armed]);
      else this.#world.core.in(fault.at, () => this.#begin(armed), 0, 'fixed');
    }
    this.#awaitCall();
  }

  /** Ends every fault now and cancels those that have not begun. */
  heal(): void {
    this.#healed = true;
    for (const armed of this.#armed) this.#end(armed);
  }

  firings(): readonly Firing[] {
    return this.#armed.map(({ fault, fired }) => ({ fault, fired }));
  }

  #begin(armed: Armed): void {
    if (this.#healed || armed.state !== 'armed') return;
    armed.state = 'active';
    const { fault } = armed;
    this.#note(armed, 'begin');
    armed.end = this.#apply(fault, () => this.#fire(armed));
    if ('duration' in fault) this.#world.core.in(fault.duration, () => this.#end(armed), 0, 'fixed');
    else if (fault.kind !== 'kill' || fault.call === undefined) this.#end(armed);
  }

  #awaitCall(): void {
    const { core } = this.#world;
    const later = [...this.#strikes.keys()].filter(call => call > core.calls);
    core.struckCall = later.length === 0 ? 0 : Math.min(...later);
  }

  /** The call that is waited for is being made. */
  #strike(serial: number): void {
    const { core } = this.#world;
    const armed = this.#strikes.get(core.calls) ?? [];
    this.#awaitCall();
    for (const each of armed) {
      const { fault } = each;
      const struck = this.#process(serial);
      if (this.#healed || fault.kind !== 'strike' || struck?.process.program !== fault.program) continue;
      each.state = 'active';
      this.#note(each, 'begin');
      each.end = strike(fault, struck, () => this.#fire(each));
      core.in(fault.duration, () => this.#end(each), 0, 'fixed');
    }
  }

  #process(serial: number): Struck | undefined {
    for (const machine of this.#world.machines()) {
      const process = machine.processes.find(each => each.serial === serial);
      if (process !== undefined) return { machine, process };
    }
    return undefined;
  }

  #end(armed: Armed): void {
    if (armed.state === 'active') {
      armed.end();
      this.#note(armed, 'end');
    }
    armed.state = 'over';
  }

  #fire(armed: Armed): void {
    armed.fired++;
    if (armed.fired === 1) this.#note(armed, 'fire');
  }

  #note(armed: Armed, step: 'begin' | 'fire' | 'end'): void {
    this.#world.core.record('fault', { fault: armed.index, kind: armed.fault.kind, step });
  }

  /** Switches a fault on and returns how to switch it off. */
  #apply(fault: Fault, fired: () => void): () => void {
    const { core } = this.#world;
    switch (fault.kind) {
      case 'latency': {
        const pick = { pick: (prng: { between(low: number, high: number): number }): Duration => draw(prng, fault.extra, fired) };
        return this.#lay('latency', pick, top => {
          core.conditions.latency = top;
        });
      }
      case 'segmentation': {
        const limit = { most: Math.max(1, fault.most), fired };
        return this.#lay('segmentation', limit, top => {
          core.conditions.segmentation = top;
        });
      }
      case 'loss':
      case 'duplicate':
      case 'reorder': {
        const kind = fault.kind;
        const condition = { chance: fault.chance, fired };
        return this.#lay(kind, condition, top => {
          core.conditions[kind] = top;
        });
      }
      case 'reset':
        return this.#connections(fault.program, fired, stream => {
          // Nobody between the two ends of a Unix-domain stream could send one.
          if (stream.kind !== 'tcp') return false;
          stream.breakDown();
          return true;
        });
      case 'half-open':
        return this.#connections(fault.program, fired, stream => stream.silence());
      case 'partition':
        return this.#partition(fault, fired);
      case 'kill':
        return this.#kill(fault.program, fault.call, fired);
      case 'pause':
        return this.#pause(fault.program, fired);
      case 'power-cut': {
        const machine = this.#machine(fault.machine);
        if (machine?.up !== true) return () => {};
        machine.powerOff(fault.unsynced);
        fired();
        return () => machine.powerOn();
      }
      case 'disk-full':
      case 'disk-error':
        return atMost(fault.calls, fired, each => this.#disk(fault, each));
      case 'slow-sync': {
        const machine = this.#machine(fault.machine);
        if (machine === undefined) return () => {};
        return this.#lay(`slow-sync/${machine.name}`, { extra: fault.extra, fired }, top => {
          machine.syncDelay = top;
        });
      }
      case 'clock-step': {
        const machine = this.#machine(fault.machine);
        if (machine === undefined || fault.by === 0) return () => {};
        machine.clock.step(fault.by);
        fired();
        return () => {};
      }
      case 'clock-drift': {
        const machine = this.#machine(fault.machine);
        if (machine === undefined || fault.partsPerMillion === 0) return () => {};
        fired();
        return this.#lay(`clock-drift/${machine.name}`, { rate: fault.partsPerMillion }, top => machine.drift(top?.rate ?? 0));
      }
      case 'no-descriptors':
      case 'no-processes':
      case 'no-memory':
        return atMost(fault.calls, fired, each => this.#shortage({ program: fault.program, code: CODES[fault.kind], fired: each }));
      case 'strike':
        throw new Error('a strike waits for its call');
      default:
        return fault satisfies never;
    }
  }

  /** Of faults of one kind on one target that overlap, the latest that has not ended holds. */
  #lay<T>(target: string, mine: T, apply: (top: T | undefined) => void): () => void {
    // Everything under one target comes from one place of #apply, so it is of one type.
    const layers = (this.#layers.get(target) ?? []) as T[];
    this.#layers.set(target, layers);
    layers.push(mine);
    apply(mine);
    return () => {
      layers.splice(layers.indexOf(mine), 1);
      apply(layers.at(-1));
    };
  }

  #machine(name: string): Machine | undefined {
    return this.#world.machines().find(machine => machine.name === name);
  }

  /** Whom a fault hits that is for one process of a program. */
  newest(program: string): SimProcess | undefined {
    return this.#world
      .machines()
      .map(machine => machine.newest(program))
      .findLast(process => process !== undefined);
  }

  /** `act` tells whether it changed anything. */
  #connections(program: string, fired: () => void, act: (stream: HeldStream) => boolean): () => void {
    for (const machine of this.#world.machines()) {
      for (const process of machine.processes) {
        if (process.program !== program) continue;
        for (const stream of [...process.streams]) {
          if (stream.kind === 'pipe') continue;
          if (act(stream)) fired();
        }
      }
    }
    return () => {};
  }

  #kill(program: string, call: number | undefined, fired: () => void): () => void {
    const process = this.newest(program);
    if (process === undefined) return () => {};
    if (call !== undefined) return process.killAtCall(call, fired);
    process.end({ signal: 'SIGKILL' }, NO_CAUSE);
    fired();
    return () => {};
  }

  #pause(program: string, fired: () => void): () => void {
    const process = this.newest(program);
    if (process === undefined || process.stopped) return () => {};
    process.signals.post('SIGSTOP', NO_CAUSE);
    fired();
    return () => {
      process.signals.post('SIGCONT', NO_CAUSE);
    };
  }

  #shortage(shortage: Shortage): () => void {
    const { conditions } = this.#world.core;
    conditions.shortages = [...conditions.shortages, shortage];
    return () => {
      conditions.shortages = conditions.shortages.filter(each => each !== shortage);
    };
  }

  #disk({ kind, machine, spares = 0 }: DiskFault, fired: () => void): () => void {
    const disk = this.#machine(machine)?.disk;
    if (disk === undefined) return () => {};
    const condition = kind === 'disk-full' ? 'full' : 'error';
    return this.#lay(`disk/${machine}`, { condition, spares, fired } as const, top => {
      disk.condition = top?.condition ?? 'sound';
      disk.spares = top?.spares ?? 0;
      disk.onFailure = top?.fired ?? (() => {});
    });
  }

  #partition(fault: Fault & { readonly kind: 'partition' }, fired: () => void): () => void {
    const { core, network } = this.#world;
    const paths = cutPaths(
      fault.shape,
      fault.machines,
      this.#world.machines().map(machine => machine.name),
    );
    if (fault.shape !== 'swizzle') {
      for (const [from, to] of paths) network.cut(from, to, fired);
      return () => {
        for (const [from, to] of paths) network.mend(from, to, fired);
      };
    }
    return swizzle(core, network, paths, fault.duration, fired);
  }
}

const CODES = { 'no-descriptors': 'EMFILE', 'no-processes': 'EAGAIN', 'no-memory': 'ENOMEM' } as const;

/** What `begin` switches on is off again when it has fired so often, or when it is ended. */
function atMost(calls: number | undefined, fired: () => void, begin: (fired: () => void) => () => void): () => void {
  let left = calls ?? Number.POSITIVE_INFINITY;
  let over = false;
  const end = (): void => {
    if (!over) off();
    over = true;
  };
  const off = begin(() => {
    fired();
    if (--left <= 0) end();
  });
  return end;
}

type Path = readonly [from: string, to: string];

function cutPaths(shape: string, machines: readonly string[], all: readonly string[]): readonly Path[] {
  const [first, second] = machines;
  if (first === undefined) return [];
  const inside = shape === 'isolate' ? [first] : machines;
  const both = (left: string, right: string): Path[] => [
    [left, right],
    [right, left],
  ];
  if (shape === 'one-way') return second === undefined ? [] : [[first, second]];
  if (shape === 'symmetric') return second === undefined ? [] : both(first, second);
  if (shape === 'swizzle') {
    const touched = (left: string, right: string): boolean => left !== right && (machines.includes(left) || machines.includes(right));
    return all.flatMap(left => all.filter(right => touched(left, right)).map((right): Path => [left, right]));
  }
  return inside.flatMap(left => all.filter(right => !inside.includes(right)).flatMap(right => both(left, right)));
}

/** FoundationDB's swizzle-clog: paths are cut one by one over the first half and mended in another order over the second. */
function swizzle(core: Core, network: Network<NetworkStack>, paths: readonly Path[], duration: Duration, fired: () => void): () => void {
  const prng = core.chance.stream('swizzle');
  const cut = new Set<Path>();
  const half = Math.max(1, Math.floor(duration / 2));
  let over = false;
  const mend = (path: Path): void => {
    if (cut.delete(path)) network.mend(path[0], path[1], fired);
  };
  for (const path of paths) {
    core.in(prng.between(0, half - 1) as Duration, () => {
      if (over) return;
      cut.add(path);
      network.cut(path[0], path[1], fired);
    });
    core.in((half + prng.between(0, half - 1)) as Duration, () => mend(path));
  }
  return () => {
    over = true;
    for (const path of [...cut]) mend(path);
  };
}

function draw(prng: { between(low: number, high: number): number }, extra: Duration, fired: () => void): Duration {
  const drawn = prng.between(0, extra);
  if (drawn > 0) fired();
  return drawn as Duration;
}
