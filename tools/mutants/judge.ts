/**
 * The body of a process that judges one mutant: it puts the changed module in place before anything is loaded, and hunts. It takes a task
 * on standard input, tells each thing that it begins, and at the end what came of it, a line each.
 */
import { readFileSync, writeSync } from 'node:fs';
import { register } from 'node:module';
import type { Hunted } from './hunt.ts';
import type { Overlay } from './overlay.ts';
import { Probe } from './probe.ts';
import type { Line, Task } from './task.ts';

// Given by start.ts.
const { overlay, protocols, budget } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const probe = new Probe();
Object.assign(globalThis, { slipwayMutant: probe });

const tell = (line: Line): number => writeSync(1, `${JSON.stringify(line)}\n`);
const begins = (where: string): number => tell({ begins: where });
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function hunted(): Promise<Hunted> {
  try {
    const { hunt } = await import('./hunt.ts');
    return await hunt({ protocols, isOver: () => spent() >= budget, isReached: () => probe.came, begins });
  } catch (thrown) {
    return { killer: { by: 'load', where: 'load', why: String(thrown) }, reached: 'never', runs: 0 };
  }
}

if (overlay !== undefined) register<Overlay>('./overlay.js', { parentURL: import.meta.url, data: overlay });
begins('load');
const { killer, reached, runs } = await hunted();
if (killer === undefined) tell({ verdict: 'survived', reached, differed: probe.differed, runs, cpu: spent() });
else tell({ verdict: 'killed', killer, runs, cpu: spent() });
