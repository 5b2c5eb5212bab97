/**
 * Runs a case on the Node Host: real processes, in a directory and a process group of their own, all of which are gone
 * afterwards. The case is over when nobody holds its log any more.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ContractCase } from './case.ts';
import { ALL_ENDED, type Observation, Observer } from './observation.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const MAIN = join(DIST, 'src/node/main.js');
/** Of the limit of a case, which is in virtual time elsewhere: a busy machine takes seconds to start a process. */
const PATIENCE = 5;
/** How long the last lines may take after all processes were killed. */
const AFTERMATH_MS = 2_000;

/** `module` exports the programs of the case. `within` is a command that runs the one behind it, in surroundings of its own. */
export async function runOnNode(
  contract: ContractCase,
  module: string = 'programs.js',
  within: readonly string[] = [],
): Promise<Observation> {
  const programs = join(DIST, 'test/contract', module);
  for (const file of [MAIN, programs]) if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return runProcesses(contract, [...within, process.execPath, MAIN, programs, contract.main, ...contract.args]);
}

/** What is observed of a command that plays a case and logs as the Node Host does. */
export async function runProcesses(contract: ContractCase, words: readonly string[]): Promise<Observation> {
  const directory = mkdtempSync(join(tmpdir(), 'contract-'));
  const [command = '', ...args] = words;
  const root = spawn(command, args, {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    return await observe(contract, root);
  } finally {
    killGroup(root);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function observe(contract: ContractCase, root: ChildProcess): Promise<Observation> {
  const observer = new Observer(contract);
  const log = root.stderr;
  if (log === null) throw new Error('the root has no log');
  const lines = createInterface({ input: log });
  const over = new Promise<boolean>(resolve => {
    lines.on('close', () => resolve(true));
    setTimeout(resolve, (PATIENCE * contract.limit) / 1_000, false).unref();
  });
  lines.on('line', line => take(observer, line));
  if (await over) return observer.result(ALL_ENDED);
  killGroup(root);
  await new Promise<void>(resolve => {
    lines.on('close', resolve);
    setTimeout(resolve, AFTERMATH_MS).unref();
  });
  return observer.result('time-limit');
}

/** One JSON object per log call; anything else is somebody's complaint. */
function take(observer: Observer, line: string): void {
  const record = parse(line);
  if (record === undefined) observer.note(line);
  else if (record['log'] !== 'saw') observer.note(line);
  else observer.saw(String(record['program']), String(record['what']));
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    // An object, because it begins with a brace.
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** All processes of the case; none is left when the group is unknown. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
