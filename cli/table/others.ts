/**
 * The commands that run one thing for real, those that look things up, and those for somebody who begins.
 */
import { FAULTS } from '../../src/impl/proxy/fault.ts';
import { type CommandRow, JSON_OPTION } from './row.ts';

const FOR_REAL = 'Run for real:';
export const LOOK_UP = 'Look things up:';
const BEGIN = 'Begin:';

const serve: CommandRow = {
  name: 'serve',
  group: FOR_REAL,
  description: 'run a daemon of ours for real, as this process',
  args: { '<daemon>': 'as `slipway list daemons` shows them', '[args...]': "after --: the daemon's own options" },
  examples: [
    'serve lifetime-parent -- --stop-after=500 -- lifetime-child',
    'serve gateway -- --conf=/etc/loncapa.conf',
    'serve rwhod -- --spool=spool --neighbour=127.0.0.2 --port=1513',
  ],
  run: async (call, daemon, args) => {
    await (await import('../commands/serve.ts')).serve(daemon, args, (await call.context()).catalogue);
    return undefined;
  },
};

const proxy: CommandRow = {
  name: 'proxy',
  group: FOR_REAL,
  description: 'stand before a server and break the connections to it: delays, pieces, ends, resets, silence',
  options: {
    '--listen <address>': { text: 'where clients connect: tcp://127.0.0.1:PORT (0: any that is free) or unix:/PATH', required: true },
    '--to <address>': { text: 'the server: tcp://IP:PORT or unix:/PATH', required: true },
    '--fault <fault...>': 'what is done to a connection; all of several are',
    '--script <file>': 'a file with a fault on each line',
    '--seed <n>': 'of what is drawn by LEAST..MOST, jitter and chance (default: any; it is told)',
    '--once': 'end when the first connection is over',
    '--exposed': 'listen on an address that others can reach, not only on the loopback',
    '--json': 'one JSON object a line on standard output',
  },
  help: `Faults:
${Object.entries(FAULTS)
  .map(([kind, text]) => `  ${kind.padEnd(10)} ${text}`)
  .join('\n')}

After each, with commas: after=100 (bytes of its direction), after=3s, after=0..500 (drawn), direction=up (from the client)
or down, connection=2 or 2-4, chance=20 (percent); and of the first four for=2s.
`,
  examples: [
    'proxy --listen tcp://127.0.0.1:7001 --to tcp://127.0.0.1:7000 --fault split=1',
    'proxy --listen unix:/tmp/broken.sock --to unix:/run/daemon.sock --fault delay=200ms,jitter=50ms --fault reset,after=3s',
    'proxy --listen tcp://127.0.0.1:7001 --to tcp://127.0.0.1:7000 --fault cut,after=0..500,direction=down,chance=20 --seed 7 --json',
  ],
  run: async ({ screen }, flags) => (await import('../commands/proxy.ts')).proxy(flags, screen),
};

const list: CommandRow = {
  name: 'list',
  group: LOOK_UP,
  description: 'list everything of one kind, or the kinds',
  args: { '[kind]': 'scenarios, properties, faults, quirks, suites, cases, requirements, mutants, daemons, forms, exit-codes' },
  options: JSON_OPTION,
  examples: ['list scenarios', 'list requirements --json'],
  run: async (call, kind) => (await import('../commands/list.ts')).list(kind, await call.context()),
};

const explain: CommandRow = {
  name: 'explain',
  group: LOOK_UP,
  description: 'say what something is',
  args: { '<id>': 'of a scenario, property, requirement, clause, case, mutant, quirk, fault or exit code' },
  options: JSON_OPTION,
  examples: ['explain DC-04', 'explain lifetime/chaos'],
  run: async (call, id) => (await import('../commands/explain.ts')).explain(id, await call.context()),
};

const create: CommandRow = {
  name: 'new',
  group: BEGIN,
  description: 'make a folder with a small protocol that works, as a beginning of your own',
  args: { '<name>': 'of the protocol, and of the folder: small letters, digits and hyphens' },
  options: JSON_OPTION,
  examples: ['new my-protocol', 'new tally --json'],
  run: async (call, name) => (await import('../commands/new.ts')).create(name, await call.context()),
};

const tour: CommandRow = {
  name: 'tour',
  group: BEGIN,
  description: 'half a minute: a run, a bug that is found and made smaller, a foreign program that is tested (`npm start`)',
  examples: ['tour', 'tour | less'],
  run: async call => (await import('../commands/tour.ts')).tour(await call.context()),
};

const fingerprints: CommandRow = {
  name: 'fingerprints',
  description: 'for the second process of run --check-determinism',
  args: { '<job...>': 'SCENARIO:PROFILE' },
  options: { '--seeds <a..b>': { text: 'as for `slipway run`', required: true } },
  examples: [],
  run: async (call, jobs, { seeds }) => (await import('../commands/fingerprints.ts')).printFingerprints(jobs, seeds, await call.context()),
};

export const BEGINNING: readonly CommandRow[] = [tour, create];
export const REAL: readonly CommandRow[] = [serve, proxy];
export const LOOKING_UP: readonly CommandRow[] = [list, explain];
export const HIDDEN: readonly CommandRow[] = [fingerprints];
