/**
 * The commands that test implementations, and those that begin with a report.
 */
import { type CommandRow, JSON_OPTION } from './row.ts';

const group = 'Test an implementation:';

const conform: CommandRow = {
  name: 'conform',
  group,
  description: "test an implementation, anyone's, against a suite; without one, test ours",
  args: {
    '<suite>': 'as `slipway list suites` shows them',
    '[command...]': 'after --: the implementation and its arguments, instead of --exec',
  },
  options: {
    '--exec <command>':
      'the implementation: a program and its arguments, quoted as for a shell; {port}, {dir}, {fd:CHANNEL} … are replaced',
    '--attach <address...>': 'an implementation that runs already: tcp://IP:PORT, udp://IP:PORT, unix:/PATH',
    '--shim <command>': 'a program that stands before the implementation and speaks JSON lines with us',
    '--claims-file <file>': 'what the implementation claims, and how it is met',
    '--init [file]': 'write a claims file, by probing the implementation or by asking',
    '--env <variable...>': 'NAME=VALUE for the implementation',
    '--cwd <dir>': 'where the implementation is started',
    '--ready <sign>': 'the start is over when there is: port, line:TEXT, file:PATH',
    '--ready-within <s>': 'how long that may take (default 10)',
    '--forks': 'its program ends with 0 once it has started what goes on, as a daemon that leaves its terminal does',
    '--pid-file <path>': 'with --forks: where the pid of what goes on is written down; {dir} … are replaced',
    '--at <address>': 'where it is once it has been started: udp://10.77.0.2:513, or unix:PATH in place of the port of the case',
    '--set <name=value...>': 'what the tester has to know of it, where that is not what the suite expects',
    '--reader <name=command...>': 'a program of it that shows what it knows: ruptime=COMMAND, rwho=COMMAND',
    '--role <role...>': 'what the implementation is; all for every role (default: the first role of the suite)',
    '--case <pattern...>': 'only these cases; * is any text',
    '--case-file <file...>': 'these cases instead of those of the suite, for real or with --sim: what `slipway case-from` wrote',
    '--claim <name...>': 'optional features the implementation has; --no-claims for none',
    '--no-claims': 'the implementation claims nothing optional',
    '--probe-unclaimed': 'also try one case of each feature that is not claimed, and tell which work',
    '--sim': 'ours in the simulator instead of real processes',
    '--slow': 'also the cases that take minutes of real time',
    '--strict': 'a SHOULD that is not met is a finding: exit 1',
    '--patience <factor>': 'multiply every deadline (default 1)',
    '--time-scale <n>': "the implementation's own timers run n times as fast: what waits for them waits less",
    '--faketime <n>': 'start it with a clock n times as fast, by libfaketime: sleep, poll and select, not alarm(2)',
    '--repeat <n>': 'play every case n times under varied pressure; one failure is one: sometimes, k of n',
    '--jobs <n>': 'play so many cases side by side, where each has an implementation of its own (default 1)',
    '--report <dir>': 'write report.html, report.json and a trace for each case',
    '--format <names>': 'with --report: also these forms of it, as `slipway list forms` shows them',
    '--pcap': 'with --report: also a capture of each case, for Wireshark',
    '--baseline <file>': 'what is known to fail: it is no finding, and an entry that does not hold any more is one',
    '--write-baseline <file>': 'write what fails now as a baseline; one that is there may only shrink',
    '--force': 'with --write-baseline: it may grow',
    '--json': 'the report on standard output',
  },
  examples: [
    "conform lifetime --exec 'python3 examples/lifetime-child.py'",
    'conform lifetime --role parent --report report',
    "conform lifetime --case 'lifetime.child.*' -- ./my-daemon --simnet",
  ],
  run: async (call, suite, command, flags) =>
    (await import('../commands/conform.ts')).conform(suite, command, flags, await call.context([suite])),
};

const report: CommandRow = {
  name: 'report',
  group,
  description: 'show a stored report again, in any of its forms',
  args: { '<report>': 'a report.json, or the folder that `slipway conform --report` wrote' },
  options: {
    '--format <names>': { text: 'forms, as `slipway list forms` shows them, with commas; or all', default: 'text' },
    '-o, --out <dir>': 'write a file for each form there, instead of one form on standard output',
  },
  examples: [
    'report out/report.json',
    'report out --format markdown >> "$GITHUB_STEP_SUMMARY"',
    'report out --format junit,sarif,badge --out public',
  ],
  run: async ({ screen }, file, flags) => (await import('../commands/report.ts')).report(file, flags, screen),
};

const compare: CommandRow = {
  name: 'compare',
  group,
  description: 'say which cases became better, worse or different from one report to the next; exit 1 when one became worse',
  args: { '<old>': 'a report.json, or the folder it is in', '<new>': 'another of the same suite' },
  options: { '--format <name>': { text: 'text or markdown', default: 'text' }, ...JSON_OPTION },
  examples: ['compare last-week/report.json report.json', 'compare main branch --format markdown >> "$GITHUB_STEP_SUMMARY"'],
  run: async (call, old, now, flags) => (await import('../commands/compare.ts')).compare(old, now, flags, call),
};

const matrix: CommandRow = {
  name: 'matrix',
  group,
  description: 'put reports of several implementations side by side: a row for each case, a column for each report',
  args: { '<report...>': 'reports of one suite: report.json files, or the folders they are in' },
  options: {
    '--disagreements': 'only cases on which they disagree',
    '--format <name>': { text: 'text, markdown or html', default: 'text' },
    ...JSON_OPTION,
  },
  examples: ['matrix ours theirs --disagreements', 'matrix a/report.json b/report.json c/report.json --format html > matrix.html'],
  run: async ({ screen }, files, flags) => (await import('../commands/matrix.ts')).matrix(files, flags, screen),
};

export const SUITES: readonly CommandRow[] = [conform, report, compare, matrix];
