/**
 * Runs a case in the simulator: one machine, of which most cases use the loopback only.
 */
import { instantOf } from '../../src/host/time.ts';
import type { Schedule } from '../../src/sim/core/options.ts';
import type { MachineOptions } from '../../src/sim/machine.ts';
import { World } from '../../src/sim/world.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { ContractCase } from './case.ts';
import { ALL_ENDED, type Observation, Observer } from './observation.ts';

/** A case that makes more events than this goes round in circles. */
const MAX_EVENTS = 400_000;
const MACHINE = 'm';

/** What a case must not depend on. */
export interface Conditions {
  /** Decides latencies and segments. */
  readonly seed: string;
  /** Which of several ready callbacks comes first. */
  readonly schedule: Schedule;
  /** The most one read returns. */
  readonly readMax: number;
}

export const PLAIN: Conditions = { seed: 'plain', schedule: { strategy: 'fifo' }, readMax: 65_536 };

export function runInSimulator(contract: ContractCase, { seed, schedule, readMax }: Conditions, options: MachineOptions = {}): Observation {
  const observer = new Observer(contract);
  const sink = ({ kind, process, data }: TraceEvent): void => {
    const program = process.slice(MACHINE.length + 1, process.lastIndexOf('.'));
    if (kind === 'log' && data?.['event'] === 'saw') observer.saw(program, String(data['what']));
    else if (kind === 'bug') observer.note(`${process} threw: ${data?.['message']}`);
  };
  const world = new World({ seed, programs: contract.programs, schedule, sink, link: { readMax }, local: { readMax } });
  const machine = world.machine(MACHINE, options);
  machine.start(contract.main, contract.args);
  const end = world.run(instantOf(contract.limit), MAX_EVENTS);
  const alive = machine.processes.map(({ program }) => program);
  return observer.result(alive.length === 0 ? ALL_ENDED : `${end}, alive: ${alive.join(' ')}`);
}
