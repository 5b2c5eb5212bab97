/**
 * The commands that begin with a failure in a trace.
 */
import { type CommandRow, JSON_OPTION } from './row.ts';

const group = 'Look into a failure:';

/** What is tried until it is found, or no longer. */
const SEARCH = {
  '--seconds <s>': 'stop after so many seconds, with what was found by then',
  '--minutes <m>': 'the same in minutes',
  '--jobs <n>': 'so many threads (default: one for each processor); what comes out is the same',
  ...JSON_OPTION,
} as const;

const replay: CommandRow = {
  name: 'replay',
  group,
  description: 'run recorded runs again: reproduced, reproduced differently, not reproduced, diverged, or unreplayable',
  args: { '<file...>': 'traces; .gz is unpacked' },
  options: JSON_OPTION,
  examples: ['replay traces/lifetime/*.jsonl', 'replay failure.jsonl.gz --json'],
  run: async (call, files) => (await import('../commands/replay.ts')).replay(files, call),
};

const shrink: CommandRow = {
  name: 'shrink',
  group,
  description: 'find a smaller plan that fails in the same way, write its trace, and tell what happens in it',
  args: { '<file>': 'the trace of a failure' },
  options: {
    '--out <file>': 'where to write it (default: FILE with .shrunk.jsonl)',
    '--runs <n>': { text: 'runs to spend', default: '1000' },
    ...SEARCH,
  },
  examples: ['shrink failure.jsonl', 'shrink failure.jsonl --out smallest.jsonl --seconds 10'],
  run: async (call, file, flags) => (await import('../commands/shrink.ts')).shrink(file, flags, call),
};

const cause: CommandRow = {
  name: 'cause',
  group,
  description: 'name the event after which a failure could not be avoided, by runs with the same beginning and other chance',
  args: { '<file>': 'the trace of a failure' },
  options: {
    '--runs <n>': { text: 'so many for each event that is looked at; three times as many for the one that is named', default: '20' },
    '--seed <n>': { text: 'of the other chance', default: '0' },
    ...SEARCH,
  },
  examples: ['cause failure.jsonl', 'cause smallest.jsonl --runs 100 --seed 7'],
  run: async (call, file, flags) => (await import('../commands/cause.ts')).cause(file, flags, call),
};

const diff: CommandRow = {
  name: 'diff',
  group,
  description: 'show the first event in which two traces differ in what they mean',
  args: { '<a>': 'a trace', '[b]': 'another' },
  options: {
    '--nearest': 'in the place of the other: the run nearest to this failure that passes',
    '--exact': 'any difference counts: times, numbers of processes and ports, how bytes are cut',
    '--runs <n>': { text: 'of --nearest: runs to spend', default: '300' },
    ...JSON_OPTION,
  },
  examples: ['diff before.jsonl after.jsonl', 'diff failure.jsonl --nearest', 'diff before.jsonl.gz after.jsonl --exact --json'],
  run: async (call, a, b, flags) => (await import('../commands/diff.ts')).diff(a, b, flags, call),
};

export const TRACES: readonly CommandRow[] = [replay, shrink, cause, diff];
