/**
 * The body of a thread that sweeps: runs seed after seed of what it is asked, and tells how far it is. Ctrl-C is not its matter:
 * it looks at a flag between two runs, and ends with the thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { planOf, runPlan } from '../src/check/run.ts';
import type { Profile } from '../src/check/scenario.ts';
import { countRun, noCounts, type SweepCounts } from '../src/check/sweep.ts';
import { catalogues } from './load.ts';
import type { Message, Start } from './threads.ts';

/** Seeds of one scenario, both ends included. */
export interface Task {
  readonly protocol: string;
  readonly scenario: string;
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
}

/** How far a task is. */
export interface Told extends Message {
  readonly counts: SweepCounts;
  /** Every seed was run. */
  readonly done: boolean;
  readonly milliseconds: number;
}

/** Milliseconds between two messages: what a thread that has to be ended may have done for nothing. */
const TELL_MS = 100;

// Given by threads.ts.
const { stop, modules } = workerData as Start;
const stopped = new Int32Array(stop);
const catalogueOf = catalogues(modules);

parentPort?.on('message', async ({ protocol, scenario: name, profile, from, to }: Task) => {
  const scenario = (await catalogueOf(protocol)).scenarioNamed(name);
  if (scenario === undefined) throw new Error(`a thread was asked for the scenario ${name}, which it does not know`);
  const begun = performance.now();
  let counts = noCounts(scenario, profile);
  let seed = from;
  let told = begun;
  const done = (): boolean => seed > to;
  const tell = (over: boolean): void => {
    told = performance.now();
    const message: Told = { counts, done: done(), over, milliseconds: told - begun };
    parentPort?.postMessage(message);
  };
  while (!done() && Atomics.load(stopped, 0) === 0) {
    counts = countRun(counts, runPlan(scenario, planOf(scenario, seed, profile), seed));
    seed += 1;
    if (performance.now() - told >= TELL_MS) tell(false);
  }
  tell(true);
});
