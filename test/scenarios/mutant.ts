/**
 * Daemons broken on purpose: what the mutants of every protocol (test/scenarios/<protocol>/mutants.ts) are made of. A quirk is such a
 * mutant already; the others wrap what a daemon asks of its Host, so that one line of a mutant is one thing that is wrong.
 */
import { replaced } from '../../conformance/replaced.ts';
import { LIVELOCK_ROUNDS } from '../../src/check/world/no-livelock.ts';
import { LOG_LINES_PER_INPUT } from '../../src/check/world/no-log-flood.ts';
import type { Daemon, Host, ListenHandler, Programs, Stream, StreamHandler, UnixEndpoint } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import { millis, seconds, ZERO } from '../../src/host/time.ts';

export interface Mutant {
  readonly name: string;
  /** The properties that must catch it. */
  readonly kills: readonly string[];
  /** Where it must be caught; anywhere if absent. */
  readonly scenario?: string;
  /** Events that it makes beside those of the scenario; default 0. */
  readonly events?: number;
  readonly programs: (programs: Programs) => Programs;
}

export type Wrap = (daemon: Daemon) => Daemon;
/** A change of what a daemon writes; nothing is written of what becomes empty. */
export type Change = (bytes: Uint8Array) => Uint8Array;

/** The programs of these names are wrapped, and called `called` together. */
export const breaking =
  (called: string, ...programs: readonly string[]) =>
  (name: string, wrap: Wrap, ...kills: readonly string[]): Mutant => ({
    name: `a ${called} that ${name}`,
    kills,
    programs: wrapped(programs, wrap),
  });

export const wrapped =
  (names: readonly string[], wrap: Wrap) =>
  (programs: Programs): Programs =>
    Object.fromEntries(Object.entries(programs).map(([name, daemon]) => [name, names.includes(name) ? wrap(daemon) : daemon]));

/** Its Host is another one. */
export const hosted =
  (change: (host: Host) => Partial<Host>): Wrap =>
  daemon =>
  host =>
    daemon(replaced(host, change(host)));

export const processWith = (host: Host, changed: Partial<Host['process']>): Partial<Host> => ({ process: replaced(host.process, changed) });
export const storageWith = (host: Host, changed: Partial<Host['storage']>): Partial<Host> => ({ storage: replaced(host.storage, changed) });
export const networkWith = (host: Host, changed: Partial<Host['network']>): Partial<Host> => ({ network: replaced(host.network, changed) });
/** Its `listen`, where this is done with each stream that is accepted; `accept`: as the daemon does. */
export const accepting =
  ({ network }: Host, each: (stream: Stream, accept: ListenHandler['accept']) => StreamHandler): Host['network']['listen'] =>
  (at, options, handler) =>
    network.listen(at, options, {
      opened: result => handler.opened(result),
      accept: stream => each(stream, own => handler.accept(own)),
    });
/** A signal is dealt with in this way, whatever the daemon wants. */
export const signalled = (signal: string, disposition: 'default' | 'ignore'): Wrap =>
  hosted(({ signals }) => ({
    signals: replaced(signals, { handle: (which, wanted) => signals.handle(which, which === signal ? disposition : wanted) }),
  }));

export const streamWith = (stream: Stream, change: Change): Stream =>
  replaced(stream, {
    write: bytes => {
      const changed = change(bytes);
      return changed.length === 0 ? stream.pending : stream.write(changed);
    },
  });

/** It does not tell its log of that. */
export const mutes = (event: string): Wrap =>
  hosted(host => ({
    log: (severity, each, fields) => {
      if (each !== event) host.log(severity, each, fields);
    },
  }));

/** At the end of its own: what follows `--` is for another program. */
export const withArgs = (...more: readonly string[]): Wrap =>
  hosted(host => {
    const { args } = host.process;
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    return processWith(host, { args: [...args.slice(0, end), ...more, ...args.slice(end)] });
  });
export const withQuirks = (...slugs: readonly string[]): Wrap => withArgs(...slugs.map(slug => `--quirk=${slug}`));

export const neverWaits: Wrap = hosted(host => processWith(host, { wait: () => {} }));
export const idle: Daemon = () => {};
export const spins: Wrap = daemon => host => {
  const again = (): void => {
    host.clock.setTimer(ZERO, again);
  };
  again();
  daemon(host);
};
export const dies: Wrap = daemon => host => {
  host.clock.setTimer(seconds(1), () => host.process.exit(1));
  daemon(host);
};
export const throws: Wrap = daemon => host => {
  host.clock.setTimer(ZERO, () => {
    throw new Error('broken on purpose');
  });
  daemon(host);
};

const FIRST_PID = 100;
const ENDS = '--ends-at-once';
const STAYS = '--stays';
const DAY = seconds(86_400);
/** Of a run of those who are untidy, on as many machines as there may be. */
const UNTIDY_EVENTS = 200_000;

interface Mess {
  /** Default: every program. */
  readonly of?: string;
  /** It renames in each of them. */
  readonly in?: readonly string[];
  /** It works as before, or does nothing but hoard. */
  readonly after: 'works' | 'hoards';
}

/** Of what comes with the world, what is judged of every scenario. */
export const ALWAYS_JUDGED: readonly string[] = [
  'no-leak',
  'no-temporary-left',
  'no-unanswered-wait',
  'no-livelock',
  'no-log-flood',
  'no-signal-to-reaped',
  'ends-once-told',
];

/** Breaks what comes with the world. */
export const untidy = ({ of, in: directories = [], after }: Mess, ...kills: readonly string[]): Mutant => ({
  name: `${of ?? 'a program'} that is untidy and ${after}`,
  kills,
  events: UNTIDY_EVENTS,
  programs: programs =>
    Object.fromEntries(
      Object.entries(programs).map(([name, daemon]): [string, Daemon] => [
        name,
        host => {
          if (host.process.args.includes(ENDS)) host.process.exit(0);
          if (host.process.args.includes(STAYS)) return stay(host);
          if (of === undefined || of === name) mess(host, name, directories);
          if (after === 'works' || (of !== undefined && of !== name)) daemon(host);
          else hoard(host);
        },
      ]),
    ),
});

/** Is told to end. */
function stay({ process, signals }: Host): void {
  signals.handle('SIGINT', () => {});
  process.kill(process.pid, 'SIGINT');
}

function hoard(host: Host): void {
  const { clock } = host;
  clock.setTimer(millis(250), () => {
    clock.setTimer(DAY, () => {});
    hoard(host);
  });
}

function mess(host: Host, program: string, directories: readonly string[]): void {
  const { clock, process, storage } = host;
  for (let each = 0; each < 10; each++) clock.setTimer(DAY, () => {});
  clock.setTimer(millis(3), () => {});
  for (const directory of directories) {
    storage.write(`${directory}/draft`, new Uint8Array(1));
    storage.rename(`${directory}/draft`, `${directory}/done`);
  }
  process.spawn(program, [STAYS]);
  process.spawn(program, [ENDS]);
  process.wait(result => result.ok && process.kill(result.value.pid, 'SIGTERM'));
  storage.write('/mess.tmp', new Uint8Array(1));
  for (let each = 0; each <= LOG_LINES_PER_INPUT; each++) host.log('debug', 'mess');
  waitForItself(host);
  // One of them is enough, and leaves the others the events that a run may have.
  if (process.pid === FIRST_PID) insist(host, LIVELOCK_ROUNDS * 2);
}

/** Has bytes before it that it will never read. */
function waitForItself({ network, process }: Host): void {
  const own: UnixEndpoint = { transport: 'unix', path: `/mess.${process.pid}` };
  const accept = (stream: Stream): StreamHandler => {
    stream.pause();
    return deaf;
  };
  const opened = (result: Result<unknown>): void => {
    if (!result.ok) return;
    network.connect(own, {}, connected => {
      if (connected.ok) connected.value.write(new Uint8Array(1));
      return deaf;
    });
  };
  network.listen(own, { backlog: 1 }, { opened, accept });
}

/** Calls nobody, so often, at once. */
function insist({ network }: Host, rounds: number): void {
  let left = rounds;
  const again = (): StreamHandler => {
    if (left-- > 0) network.connect({ transport: 'unix', path: '/mess/nobody' }, {}, again);
    return deaf;
  };
  again();
}

const deaf: StreamHandler = { data: () => {} };
