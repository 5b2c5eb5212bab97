/**
 * Daemons broken on purpose, each with the properties that must catch it. A quirk is such a mutant already; the others wrap
 * what a daemon asks of its Host, so that one line of a mutant is one thing that is wrong.
 */

import { HOSTILE_CHILD, OTHER_PARENT } from '../../scenarios/lifetime/daemons/names.ts';
import { CHILD, PARENT } from '../../scenarios/lifetime/pair.ts';
import { concat, textOf, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Programs, Stream, StreamHandler } from '../../src/host/host.ts';
import { millis, ZERO } from '../../src/host/time.ts';
import { QUIRK, type Quirk } from '../../src/impl/lifetime/quirks.ts';
import { loncMutants } from './lonc/mutants.ts';
import { rwhoMutants } from './rwho/mutants.ts';

export interface Mutant {
  readonly name: string;
  readonly kills: readonly string[];
  /** Where it must be caught; anywhere if absent. */
  readonly scenario?: string;
  readonly programs: (programs: Programs) => Programs;
}

export type Wrap = (daemon: Daemon) => Daemon;

const PARENTS = [PARENT, OTHER_PARENT];
const CHILDREN = [CHILD, HOSTILE_CHILD];

export const wrapped =
  (names: readonly string[], wrap: Wrap) =>
  (programs: Programs): Programs =>
    Object.fromEntries(Object.entries(programs).map(([name, daemon]) => [name, names.includes(name) ? wrap(daemon) : daemon]));

// ── Hosts that do something else ────────────────────────────────────────────────────────────────────────────────────

/** Methods of a Host have private state behind them, so each is called on the original. */
function processWith(host: Host, changed: Partial<Host['process']>): Host {
  const { process } = host;
  const same: Host['process'] = {
    pid: process.pid,
    args: process.args,
    parent: () => process.parent(),
    spawn: (program, args, options) => process.spawn(program, args, options),
    wait: reaped => process.wait(reaped),
    exec: (program, args) => process.exec(program, args),
    exit: status => process.exit(status),
    kill: (pid, signal) => process.kill(pid, signal),
  };
  return { ...host, process: { ...same, ...changed } };
}

/** Every stream that writes does it through `write`; every one that reads has its handler changed by `handler`. */
function streamsWith(
  host: Host,
  write: (stream: Stream, bytes: Uint8Array, descriptor: number) => number,
  handler: (original: StreamHandler) => StreamHandler = original => original,
): Host {
  const { descriptors } = host;
  return {
    ...host,
    descriptors: {
      pipe: () => descriptors.pipe(),
      close: descriptor => descriptors.close(descriptor),
      attach: (descriptor, direction, original) => {
        const attached = descriptors.attach(descriptor, direction, handler(original));
        if (!attached.ok || direction === 'read') return attached;
        return { ok: true, value: streamWith(attached.value, bytes => write(attached.value, bytes, descriptor)) };
      },
    },
  };
}

function streamWith(stream: Stream, write: (bytes: Uint8Array) => number): Stream {
  return {
    kind: stream.kind,
    local: stream.local,
    remote: stream.remote,
    get pending() {
      return stream.pending;
    },
    write,
    end: () => stream.end(),
    close: () => stream.close(),
    reset: () => stream.reset(),
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  };
}

const withArgs =
  (...more: readonly string[]): Wrap =>
  daemon =>
  host =>
    daemon(processWith(host, { args: [...more, ...host.process.args] }));

const withStatus =
  (status: number): Wrap =>
  daemon =>
  host =>
    daemon(processWith(host, { exit: () => host.process.exit(status) }));

/** Changes what a child writes to its event pipe; `count` is the number of the write, from 0. */
const writing =
  (change: (bytes: Uint8Array, count: number) => Uint8Array): Wrap =>
  daemon =>
  host => {
    let count = 0;
    daemon(streamsWith(host, (stream, bytes) => stream.write(change(bytes, count++))));
  };

/** Changes the observations of a parent; an empty one is not written. */
const observing =
  (change: (line: string, count: number) => string): Wrap =>
  daemon =>
  host => {
    let count = 0;
    daemon(streamsWith(host, (stream, bytes) => stream.write(utf8(change(textOf(bytes), count++)))));
  };

// ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────

const quirk = (side: 'child' | 'parent', slug: Quirk, ...kills: readonly string[]): Mutant => ({
  name: `${side} --quirk=${slug}`,
  kills,
  programs: wrapped([side === 'child' ? CHILD : PARENT], withArgs(`--quirk=${slug}`)),
});

const child = (name: string, wrap: Wrap, ...kills: readonly string[]): Mutant => ({
  name: `a child that ${name}`,
  kills,
  programs: wrapped(CHILDREN, wrap),
});
const parent = (name: string, wrap: Wrap, ...kills: readonly string[]): Mutant => ({
  name: `a parent that ${name}`,
  kills,
  programs: wrapped(PARENTS, wrap),
});

export const idle: Daemon = () => {};

const spins: Wrap = daemon => host => {
  const again = (): void => {
    host.clock.setTimer(ZERO, again);
  };
  again();
  daemon(host);
};
const throws: Wrap = daemon => host => {
  host.clock.setTimer(ZERO, () => {
    throw new Error('broken on purpose');
  });
  daemon(host);
};
const VIOLATION = `${JSON.stringify({ event: 'violation', clause: 'none', detail: 'none' })}\n`;
const DATABASE_STOPS = '2,0';

function isLastFrame(bytes: Uint8Array): boolean {
  return bytes.length === 21 && `${bytes[19]},${bytes[20]}` === DATABASE_STOPS;
}

const lifetimeMutants: readonly Mutant[] = [
  parent('throws', throws, 'no-bug'),
  parent('spins', spins, 'no-busy-loop'),
  quirk('parent', QUIRK.COMMENT_IDS, 'observed-as-sent'),
  quirk('parent', QUIRK.STOP_READING, 'nothing-unread'),
  quirk('parent', QUIRK.READER_PER_MESSAGE, 'observed-as-sent'),
  quirk('parent', QUIRK.FRAME_PER_CHUNK, 'observed-as-sent'),
  quirk('parent', QUIRK.LEAK_CONTROL, 'stops-on-eof'),
  quirk('parent', QUIRK.NO_PAYLOAD_LIMIT, 'memory-is-bounded'),
  parent('never waits', daemon => host => daemon(processWith(host, { wait: () => {} })), 'parent-reaps', 'parent-ends'),
  parent('always exits with status 0', withStatus(0), 'status-is-true'),
  parent('never exits with status 0', withStatus(1), 'status-is-true'),
  parent(
    'keeps violations to itself',
    observing(line => (line.includes('"violation"') ? '' : line)),
    'violation-is-reported',
  ),
  parent(
    'finds fault where there is none',
    observing((line, count) => (count === 1 ? VIOLATION : line)),
    'no-violation',
  ),
  parent(
    'passes over a message',
    observing((line, count) => (count === 0 ? '' : line)),
    'observed-as-sent',
    'nothing-unread',
  ),
  quirk('child', QUIRK.STOP_SERVER_LATE, 'stop-is-announced'),
  quirk('child', QUIRK.LOSE_REQUEST, 'stops-on-eof'),
  quirk('child', QUIRK.NOTIFY_WITHOUT_WRITER, 'start-up-completes', 'stops-on-signal'),
  quirk('child', QUIRK.BLOCKING_NOTIFY, 'start-up-completes'),
  quirk('child', QUIRK.SILENT_LOSS, 'footer-is-last'),
  quirk('child', QUIRK.PARTIAL_FRAME, 'whole-frames', 'no-violation'),
  quirk('child', QUIRK.WRAP_TYPE, 'frames-well-formed'),
  quirk('child', QUIRK.TRUST_SIZE, 'frames-well-formed'),
  quirk('child', QUIRK.STANDARD_DESCRIPTORS, 'frames-well-formed', 'survives-its-reader'),
  quirk('child', QUIRK.ZERO_IS_OFF, 'stops-on-eof'),
  quirk('child', QUIRK.BAD_DESCRIPTORS, 'bad-descriptor-is-usage'),
  quirk('child', QUIRK.EXIT_UNFLUSHED, 'footer-is-last'),
  quirk('child', QUIRK.START_UP_STATUS, 'asked-is-success'),
  quirk('child', QUIRK.UNDEFINED_IDS, 'legal-order'),
  quirk('child', QUIRK.LISTENER_MAY_FAIL, 'listeners-all-bound'),
  child('never does anything', () => idle, 'start-up-completes', 'stops-on-eof', 'no-orphan'),
  child('does not mind the end of its control pipe', deafToEnd, 'stops-on-eof', 'no-orphan'),
  {
    name: 'a parent that leaves, and a child that does not mind',
    kills: ['no-orphan'],
    programs: programs => wrapped([CHILD], deafToEnd)(wrapped([PARENT], leaves)(programs)),
  },
  child('dies of a closed pipe', withDefault('SIGPIPE'), 'survives-its-reader'),
  child('fails whenever it ends', withStatus(1), 'asked-is-success'),
  child(
    'writes something before its frames',
    writing((bytes, count) => (count === 0 ? concat([utf8('hi'), bytes]) : bytes)),
    'frames-well-formed',
  ),
  child(
    'says everything twice',
    writing(bytes => concat([bytes, bytes])),
    'legal-order',
    'no-violation',
  ),
  child(
    'leaves out its last words',
    writing(bytes => (isLastFrame(bytes) ? new Uint8Array(0) : bytes)),
    'footer-is-last',
  ),
  child(
    'cuts its last words',
    writing(bytes => (isLastFrame(bytes) ? bytes.subarray(0, 10) : bytes)),
    'whole-frames',
  ),
];

/** By protocol: nobody looks for a mutant where its daemons do not appear. */
export const mutants: Readonly<Record<string, readonly Mutant[]>> = {
  lifetime: lifetimeMutants,
  lonc: loncMutants,
  rwho: rwhoMutants,
};

function leaves(daemon: Daemon): Daemon {
  return host => {
    host.clock.setTimer(millis(5), () => host.process.exit(0));
    daemon(host);
  };
}

function deafToEnd(daemon: Daemon): Daemon {
  return host =>
    daemon(
      streamsWith(
        host,
        (stream, bytes) => stream.write(bytes),
        ({ end: _end, ...handler }) => handler,
      ),
    );
}

function withDefault(signal: 'SIGPIPE'): Wrap {
  return daemon => host => {
    const { signals } = host;
    daemon({
      ...host,
      signals: {
        handle: (which, disposition) => signals.handle(which, which === signal ? 'default' : disposition),
        mask: (how, which) => signals.mask(how, which),
        pending: () => signals.pending(),
        alarm: delay => signals.alarm(delay),
      },
    });
  };
}
