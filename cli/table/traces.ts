/**
 * The commands that begin with a failure in a trace.
 */
import { type CommandRow, JSON_OPTION } from './row.ts';

const group = 'Look into a failure:';

/** What of a capture is played. */
const CAPTURED = {
  '--protocol <name>': 'of a capture: what all of it speaks (default: each stream what it is guessed to)',
  '--as <role>': 'of a capture: the role of the suite whose part is played',
  '--lane <process>':
    'of a capture: who of it has that role, as `slipway show` names it (default: who has most of its connections, or its pipes)',
} as const;

/** What is tried until it is found, or no longer. */
const SEARCH = {
  '--seconds <s>': 'stop after so many seconds, with what was found by then',
  '--minutes <m>': 'the same in minutes',
  '--jobs <n>': 'so many processes (default: one for each processor); what comes out is the same',
  ...JSON_OPTION,
} as const;

const replay: CommandRow = {
  name: 'replay',
  group,
  description:
    'run recorded runs, or what was captured, again: it ends with 0 if reproduced, 10 if reproduced differently, 11 if not reproduced, 12 if diverged, 13 if unreplayable',
  args: { '<file...>': 'traces; .gz is unpacked; or one capture' },
  options: {
    ...CAPTURED,
    '--profile <name>': 'of a capture: the profile of ours that plays the role, corrected or as-written',
    '--quirk <slug...>': 'of a capture: single traps of it',
    '--option <word...>':
      'of a capture: the options that it was started with, in place of those of the suite; {port}, {dir} … are replaced',
    '--place <path=file...>': 'of a capture: a file that is there when it starts, such as users=site-users',
    '--case-file <file...>': 'of a case: where it stands, if it is not of the suite: what `conform --case-file` was given',
    ...JSON_OPTION,
  },
  examples: [
    'replay traces/lifetime/*.jsonl',
    'replay failure.jsonl.gz --json',
    'replay site.pcapng --protocol lonc --as lond --profile as-written',
  ],
  run: async (call, files, flags) => (await import('../commands/replay.ts')).replay(files, flags, call),
};

const shrink: CommandRow = {
  name: 'shrink',
  group,
  description: 'find a smaller plan that fails in the same way, write its trace, and tell what happens in it',
  args: { '<file>': 'the trace of a failure' },
  options: {
    '-o, --out <file>': 'where to write it (default: FILE with .shrunk.jsonl)',
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

const view: CommandRow = {
  name: 'view',
  group,
  description: 'write a trace, or two side by side, as one HTML file: a sequence diagram, a table, every event with its bytes',
  args: { '<file>': 'a trace', '[other]': 'another, to compare it with' },
  options: {
    '-o, --out <file>': 'where to write it (default: the name of the trace with .html, in this folder)',
    ...JSON_OPTION,
  },
  examples: ['view failure.jsonl', 'view before.jsonl after.jsonl -o difference.html'],
  run: async ({ modules, screen }, file, other, flags) => (await import('../commands/view.ts')).view(file, other, flags, modules, screen),
};

const caseFrom: CommandRow = {
  name: 'case-from',
  group,
  description: 'make a case of what somebody did in a capture or a trace, for `conform --case-file`',
  args: { '<file>': 'a capture or a trace' },
  options: { ...CAPTURED, '-o, --out <file>': { text: 'write it there, as JSON', required: true }, ...JSON_OPTION },
  examples: [
    'case-from site.pcapng --protocol ikc --as server --out site.case.json',
    'case-from site.strace --as lond --out site.case.json',
  ],
  run: async (call, file, flags) => (await import('../commands/captured.ts')).caseFrom(file, flags, call),
};

const scenarioFrom: CommandRow = {
  name: 'scenario-from',
  group,
  description: 'make a regression test for vitest of what somebody did in a capture or a trace',
  args: { '<file>': 'a capture or a trace' },
  options: { ...CAPTURED, '-o, --out <file>': { text: 'write it there: NAME.test.ts', required: true }, ...JSON_OPTION },
  examples: [
    'scenario-from site.pcapng --protocol ikc --as server --out site.test.ts',
    'scenario-from site.jsonl.gz --as lond --out site.test.ts',
  ],
  run: async (call, file, flags) => (await import('../commands/captured.ts')).scenarioFrom(file, flags, call),
};

export const TRACES: readonly CommandRow[] = [replay, shrink, cause, diff, view, caseFrom, scenarioFrom];
