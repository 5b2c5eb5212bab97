/**
 * Asks the kernel itself: a case that has a twin among kernel/*.py is played by python processes in plain system calls, with no
 * Node in between, and the same is expected of it. kernel/stage.py says how a twin is written.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContractCase, roleOf } from './case.ts';
import { runProcesses } from './node-arm.ts';
import type { Observation } from './observation.ts';

const TWINS = fileURLToPath(new URL('kernel/', import.meta.url));
const SHARED = 'stage.py';
/** Nothing of the user's, and no cache beside the source. */
const PLAIN_PYTHON: readonly string[] = ['-E', '-s', '-S', '-B'];

/** The interpreter itself: what is called python3 may be a script that starts it. Undefined where there is none. */
const python: string | undefined = answer('python3', '-c', 'import sys; print(sys.executable)');

/** Case -> the file of its twin. Undefined without python3. */
export const twins: ReadonlyMap<string, string> | undefined = python === undefined ? undefined : mapped(readdirSync(TWINS).flatMap(listed));

export async function runOnKernel(contract: ContractCase): Promise<Observation> {
  const file = twins?.get(contract.name);
  if (python === undefined || file === undefined) throw new Error(`${contract.name} has no twin, or this machine no python3`);
  const words = [python, ...PLAIN_PYTHON, file, contract.name, roleOf(contract, contract.main), ...contract.args];
  return runProcesses(contract, words);
}

function listed(file: string): readonly [name: string, path: string][] {
  if (!file.endsWith('.py') || file === SHARED) return [];
  const path = join(TWINS, file);
  const names = answer(python ?? '', ...PLAIN_PYTHON, path);
  if (names === undefined) throw new Error(`${path} does not list its twins: run it`);
  return names.split('\n').map(name => [name, path]);
}

function mapped(all: readonly (readonly [name: string, path: string])[]): ReadonlyMap<string, string> {
  const map = new Map(all);
  const twice = all.find(([name, path]) => map.get(name) !== path);
  if (twice !== undefined) throw new Error(`${twice[0]} has two twins: in ${twice[1]} and ${map.get(twice[0])}`);
  return map;
}

function answer(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return status === 0 ? stdout.trim() : undefined;
}
