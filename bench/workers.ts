/**
 * `node dist/bench/workers.js`: how much faster a sweep is with two workers, in turns with what the machine itself gives for a second
 * process: a second sweep beside the first that has nothing to do with it, and a second loop that only counts.
 * By the clock on the wall, since two processors are what is measured: on a machine that does other work it says little.
 *
 *     --scenario=NAME  lonc/mesh if absent, corrected
 *     --runs=N         of each sweep, 400 if absent
 *     --rounds=N       5 if absent; medians and quartiles of the ratios are told
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'lonc/mesh' },
    runs: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
  },
});
const runs = whole('runs', 2);
const rounds = whole('rounds', 1);
const SLIPWAY = fileURLToPath(new URL('../../slipway', import.meta.url));
const COUNT = 'let sum = 0; for (let i = 0; i < 2e9; i++) sum = (sum * 31 + i) | 0; process.exitCode = sum === 1 ? 1 : 0;';
const out = mkdtempSync(path.join(tmpdir(), 'slipway-workers-'));

function whole(name: 'runs' | 'rounds', least: number): number {
  const value = Number(values[name]);
  if (!Number.isSafeInteger(value) || value < least) throw new Error(`--${name}=${values[name]}: give a whole number from ${least}`);
  return value;
}

/** All of them side by side; each is a command line of Node. Seconds. */
async function seconds(commands: readonly (readonly string[])[]): Promise<number> {
  const begun = process.hrtime.bigint();
  await Promise.all(
    commands.map(
      command =>
        new Promise<void>((resolve, reject) => {
          const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
          child.on('error', reject);
          child.on('close', status => (status === 0 ? resolve() : reject(new Error(`${command.join(' ')} ended with ${status}`))));
        }),
    ),
  );
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

let sweeps = 0;
/** Runs `from` to `to`, in a folder that no other sweep has, as it would go on there. */
const sweep = (from: number, to: number, jobs: number): readonly string[] => {
  sweeps += 1;
  const range = ['--seeds', `${from}..${to - 1}`, '--jobs', `${jobs}`];
  return [SLIPWAY, 'sweep', values.scenario, '--profile', 'corrected', ...range, '--out', path.join(out, `${sweeps}`)];
};

const ways: readonly { readonly name: string; readonly alone: () => Promise<number>; readonly both: () => Promise<number> }[] = [
  { name: 'a second worker', alone: () => seconds([sweep(0, runs, 1)]), both: () => seconds([sweep(0, runs, 2)]) },
  {
    name: 'a second sweep, of half the seeds each',
    alone: () => seconds([sweep(0, runs, 1)]),
    both: () => seconds([sweep(0, runs >> 1, 1), sweep(runs >> 1, runs, 1)]),
  },
  // As much work in all: one after the other, or both at once.
  {
    name: 'a second loop that only counts',
    alone: async () => (await seconds([['-e', COUNT]])) + (await seconds([['-e', COUNT]])),
    both: () =>
      seconds([
        ['-e', COUNT],
        ['-e', COUNT],
      ]),
  },
];

function quantile(of: readonly number[], part: number): number {
  const sorted = [...of].sort((left, right) => left - right);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
}

console.log(
  `Node ${process.version}; ${runs} runs of ${values.scenario}, corrected; ${rounds} rounds; what there is to do takes, in seconds:\n`,
);
const ratios: number[][] = ways.map(() => []);
try {
  for (let round = 0; round < rounds; round++)
    for (const [index, { name, alone, both }] of ways.entries()) {
      const one = await alone();
      const two = await both();
      ratios[index]?.push(one / two);
      console.log(
        `${name.padEnd(40)} ${one.toFixed(1).padStart(7)} alone ${two.toFixed(1).padStart(7)} with it ${(one / two).toFixed(2)} times as fast`,
      );
    }
  console.log('\nMedians, and quartiles:\n');
  for (const [index, { name }] of ways.entries()) {
    const [lower, median, upper] = [0.25, 0.5, 0.75].map(part => quantile(ratios[index] ?? [], part).toFixed(2));
    console.log(`${name.padEnd(40)} ${median} times as fast (${lower} to ${upper})`);
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
