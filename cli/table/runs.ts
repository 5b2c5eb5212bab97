/**
 * The commands that run scenarios in the simulator.
 */
import { type CommandRow, JSON_OPTION } from './row.ts';

const group = 'Run scenarios in the simulator:';

/** What `run` and `sweep` have in common. */
const SWEEP = {
  '--seeds <a..b>': 'a range of seeds, both ends included (default 0..199)',
  '--minutes <m>': 'go on with further seeds until so many minutes are over',
  '--jobs <n>': 'so many processes (default: one for each processor, at most 8)',
  '--profile <p>': { text: 'corrected, as-written, a variant by its name, or both: all there are', default: 'both' },
} as const;

const run: CommandRow = {
  name: 'run',
  group,
  description: 'run scenarios in the simulator',
  args: {
    '[scenario...]': 'names or prefixes, as `slipway list scenarios` shows them; when none is named all, or those of slipway.config.ts',
  },
  options: {
    '--seed <n>': 'one run of one scenario, in detail',
    ...SWEEP,
    '--trace <file>': 'with --seed: write the run as a trace (gzip when the name ends in .gz)',
    '--shrink': 'make each different failure smaller, keep it in slipway-failures, and tell it, as `slipway sweep` does',
    '--check-determinism': 'repeat every run in a second process and compare the fingerprints',
    '--node <path>': 'with --check-determinism: the Node binary of the second process',
    ...JSON_OPTION,
  },
  examples: [
    'run',
    'run lifetime/chaos --seeds 0..1999',
    'run lifetime/lost-shutdown --profile as-written --seed 2 --trace lost.jsonl',
    'run --minutes 10',
    'run --seeds 0..99 --check-determinism --node /opt/node-24/bin/node',
  ],
  run: async (call, names, flags) => (await import('../commands/run.ts')).run(names, flags, await call.contextOf(names)),
};

const sweep: CommandRow = {
  name: 'sweep',
  group,
  description: 'run scenarios over many seeds, keep each different failure, made smaller, and try it first the next time',
  args: { '[scenario...]': 'as for `slipway run`; with --merge folders' },
  options: {
    ...SWEEP,
    '--seeds-from <text>': 'as many seeds, others for each text; commit: for each commit of git',
    '--shard <i/n>': 'only a part of the seeds, of several machines',
    '--patience <s>': 'a run in which nothing happens for so many seconds hangs: it is ended, and a finding (default 30)',
    '--fail-fast': 'stop at the first failure',
    '--distinct <n>': 'stop after so many different failures',
    '--guided': 'make plans of those that reached something new',
    '--corpus <dir>': 'with --guided: where those are kept (default slipway-corpus)',
    '--failures <dir>': { text: 'where failures are kept', default: 'slipway-failures' },
    '-o, --out <dir>': 'write down what is done, so that it can be gone on with or added up',
    '--resume <dir>': 'go on with what was begun with --out, however it was ended',
    '--merge <dir...>': 'add up what shards of one sweep have written',
    ...JSON_OPTION,
  },
  examples: [
    'sweep lonc --seeds 0..9999 --out out/sweep',
    'sweep --resume out/sweep',
    'sweep lonc --shard 1/2 --out out/first',
    'sweep --merge out/first out/second',
    'sweep --minutes 10 --fail-fast --seeds-from commit',
  ],
  run: async (call, names, flags) => (await import('../commands/sweep.ts')).sweep(names, flags, await call.contextOf(names)),
};

const exhaust: CommandRow = {
  name: 'exhaust',
  group,
  description: 'make a run in which nothing goes wrong, and again with each fault at each Host call at which it may strike',
  args: { '<scenario>': 'as `slipway list scenarios` shows them' },
  options: {
    '--seed <n>': { text: 'the run', default: '0' },
    '--profile <p>': { text: 'corrected, as-written, or a variant by its name', default: 'corrected' },
    '--faults <names>': 'only these, with commas: kill, pause, reset, half-open, power-lost, EIO …; default: all that its budget allows',
    '--pairs <n>': { text: 'also so many pairs of moments that are near each other', default: '0' },
    '--jobs <n>': 'so many processes (default: one for each processor)',
    '--at <call:fault>': 'only this moment, in detail; two with a comma',
    '--trace <file>': 'with --at: write the run as a trace',
    ...JSON_OPTION,
  },
  examples: [
    'exhaust lifetime/chaos',
    'exhaust lonc/mesh --faults kill,reset --pairs 1000',
    'exhaust lifetime/chaos --at 13:kill --trace killed.jsonl',
  ],
  run: async (call, name, flags) => (await import('../commands/exhaust.ts')).exhaust([name], flags, await call.context([name])),
};

export const RUNS: readonly CommandRow[] = [run, sweep, exhaust];
