/** The server in a small world: what is asked of it when, what it answered, and what is left on its disk. */
import { concat, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Programs } from '../../../src/host/host.ts';
import { instantOf, millis } from '../../../src/host/time.ts';
import { encodeRequest } from '../../../src/impl/rover/daemon-call.ts';
import { programs } from '../../../src/impl/rover/programs.ts';
import type { Quirk } from '../../../src/impl/rover/quirks.ts';
import { bytesOf, textOf } from '../../../src/impl/rover/text.ts';
import type { Fault } from '../../../src/sim/fault.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

export const STATE = '/var/rover';
const USERS = '/var/users';

/** What is sent on one connection. */
export interface Ask {
  /** Milliseconds since the beginning; the daemon listens from about the 100th on. */
  readonly at: number;
  readonly bytes: string | Uint8Array;
  /** In pieces of so many bytes, one a millisecond. */
  readonly pieces?: number;
  /** Closes its direction behind them. */
  readonly ends?: boolean;
  /** Does not close its direction when the server has. */
  readonly stays?: true;
  /** The machine that asks; each has an address of its own. Default: the first. */
  readonly from?: 0 | 1;
}

/** A request of a user, whose secret is his name. */
export function ask(at: number, user: string, number: number, command: string, more: Readonly<Record<string, string>> = {}): Ask {
  const pairs = { USER: user, HOST: 'laptop', MSGID: String(number), AUTH: user, COMMAND: command, ...more };
  return { at, bytes: encodeRequest(new Map(Object.entries(pairs).map(([token, value]) => [token, bytesOf(value)]))) };
}

export interface Answered {
  /** All that came. */
  readonly text: string;
  /** `STATUS RESULT body`, with the numbers of message and next: `200 done 1>2 "2 cards\n"`; '' where nothing came. */
  readonly short: string;
  /** When the first byte came, and when the connection was closed, in milliseconds; undefined: it was not. */
  readonly first: number | undefined;
  readonly closed: number | undefined;
}

/** A Host call of the daemon: its number in the world, when, in milliseconds, and what it is if it may be refused. */
export interface Called {
  readonly call: number;
  readonly at: number;
  readonly name: string | undefined;
}

export interface Served {
  readonly trace: readonly TraceEvent[];
  /** Of each that was asked, in their order. */
  readonly answers: readonly Answered[];
  /** The short ones. */
  readonly shorts: readonly string[];
  /** `slug` of all logs of the server's programs, debug left out, and what else `logged` says. */
  readonly slugs: readonly string[];
  fields(slug: string, field: string): readonly unknown[];
  /** `USER NUMBER` of what began to run, in order. */
  readonly ran: readonly string[];
  /** The content of a file of the server. */
  file(path: string): string | undefined;
  readonly files: readonly string[];
  /** `program status` of what ended. */
  readonly ends: readonly string[];
  /** Programs that live at the end. */
  readonly living: readonly string[];
  readonly fired: readonly number[];
  /** Of the daemon, where they are asked for. */
  readonly calls: readonly Called[];
}

export interface Setup {
  readonly args?: readonly string[];
  readonly quirks?: readonly Quirk[];
  /** Milliseconds. */
  readonly until?: number;
  readonly faults?: readonly Fault[];
  /** What else happens on the server, by milliseconds. */
  readonly also?: readonly (readonly [at: number, what: Daemon])[];
  readonly seed?: string;
  readonly program?: string;
  readonly users?: string;
  readonly replaced?: Programs;
  readonly observed?: true;
}

export const SERVER = ['--listen=0.0.0.0:9090', `--state=${STATE}`, `--users=${USERS}`, '--tests'] as const;

export function serve(asks: readonly Ask[], setup: Setup = {}): Served {
  const { args = [], quirks = [], until = 120_000, faults = [], also = [], seed = 's', program = 'rover' } = setup;
  const trace: TraceEvent[] = [];
  const got: { parts: Uint8Array[]; first: number | undefined; closed: number | undefined }[] = [];
  let world: World;
  const now = (): number => Math.floor(world.now / 1_000);
  const server: Daemon = host => {
    const boot = host.storage.list(STATE);
    if (!boot.ok) {
      host.storage.write(USERS, utf8(setup.users ?? 'ann ann\nbob bob\ncarl carl\n'));
      host.storage.sync(USERS);
      host.storage.sync('/var');
    }
    host.process.spawn(program, [...SERVER, ...quirks.map(each => `--quirk=${each}`), ...args]);
    for (const [at, what] of also) if (at >= now()) host.clock.setTimer(millis(at - now()), () => what(host));
  };
  const client =
    (machine: 0 | 1): Daemon =>
    host => {
      for (const [index, each] of asks.entries()) {
        const one: (typeof got)[number] = { parts: [], first: undefined, closed: undefined };
        got[index] ??= one;
        if ((each.from ?? 0) === machine) host.clock.setTimer(millis(each.at), () => send(host, each, got[index] ?? one, now));
      }
    };
  world = new World({
    seed,
    programs: { ...programs, ...setup.replaced, server, 'client-0': client(0), 'client-1': client(1) },
    sink: event => trace.push(event),
  });
  const machine = world.machine('server', { directories: ['/var'], users: ['root', 'nobody', 'ann', 'bob'] });
  machine.start('server');
  for (const each of [0, 1]) world.machine(`client-${each}`).start(`client-${each}`);
  world.inject(faults);
  const calls: { call: number; at: number; name: string | undefined }[] = [];
  if (setup.observed === true)
    world.observe({
      called: (call, serial) => {
        if (world.processOf(serial)?.program === 'rover-daemon') calls.push({ call, at: now(), name: undefined });
      },
      refusable: (call, name) => {
        const last = calls.at(-1);
        if (last?.call === call) last.name = name;
      },
      over: () => {},
    });
  world.run(instantOf(until * 1_000), 3_000_000);
  const bug = trace.find(({ kind }) => kind === 'bug');
  if (bug !== undefined) throw new Error(`${bug.process}: ${bug.data?.['message']}`);
  const answers = got.map(({ parts, first, closed }) => ({
    text: textOf(concat(parts)),
    short: short(textOf(concat(parts))),
    first,
    closed,
  }));
  const logs = trace.filter(({ kind, data }) => kind === 'log' && data?.['severity'] !== 'debug');
  const fields: Served['fields'] = (slug, field) => logs.filter(({ data }) => data?.['event'] === slug).map(({ data }) => data?.[field]);
  const content = (path: string): string | undefined => {
    const found = machine.disk.read(path);
    return found.ok ? textOf(found.value) : undefined;
  };
  const running = fields('running', 'user').map((user, index) => `${user} ${fields('running', 'number')[index]}`);
  return {
    trace,
    answers,
    shorts: answers.map(each => each.short),
    slugs: logs.map(({ data }) => String(data?.['event'])),
    fields,
    ran: running,
    file: content,
    files: listing(machine.disk, STATE),
    ends: trace
      .filter(({ kind, process }) => kind === 'exit' && process.startsWith('server/'))
      .map(({ process, data }) => `${process.slice('server/'.length, process.lastIndexOf('.'))} ${data?.['signal'] ?? data?.['code']}`),
    living: machine.processes.map(each => each.program),
    calls,
    fired: world.firings().map(({ fired }) => fired),
  };
}

function send(
  host: Parameters<Daemon>[0],
  { bytes, pieces, ends = false, stays }: Ask,
  one: { parts: Uint8Array[]; first: number | undefined; closed: number | undefined },
  now: () => number,
): void {
  const all = typeof bytes === 'string' ? bytesOf(bytes) : bytes;
  host.network.connect({ transport: 'tcp', address: '10.0.0.1', port: 9090 }, {}, opened => {
    if (!opened.ok) {
      one.parts.push(utf8(opened.error.code));
      return { data: () => {} };
    }
    const stream = opened.value;
    let over = false;
    const step = (at: number): void => {
      if (over) return;
      stream.write(all.subarray(at, at + (pieces ?? all.length)));
      const next = at + (pieces ?? all.length);
      if (next < all.length) host.clock.setTimer(millis(1), () => step(next));
      else if (ends) stream.end();
    };
    if (all.length > 0) step(0);
    else if (ends) stream.end();
    const closed = (): void => {
      one.closed ??= now();
      if (!over && !ends && stays !== true) stream.end();
      over = true;
    };
    return {
      data: part => {
        one.first ??= now();
        one.parts.push(part);
      },
      end: closed,
      close: () => {
        one.closed ??= now();
        over = true;
      },
    };
  });
}

/** The last answer in a text. */
export function short(text: string): string {
  const [head = '', ...bodies] = text.split('\r\n\r\n');
  const [, status] = /^(?:HTTP\/1\.0|Status:) (\d+)/m.exec(head) ?? [];
  if (status === undefined) return text;
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*?)\\r?$`, 'm').exec(head)?.[1];
  const numbers = field('Rover-Message') === undefined ? '' : ` ${field('Rover-Message')}>${field('Rover-Next') ?? ''}`;
  const replayed = field('Rover-Replayed') === 'yes' ? ' again' : '';
  const body = bodies.join('\r\n\r\n');
  return `${status} ${field('Rover-Result')}${numbers}${replayed}${body === '' ? '' : ` ${JSON.stringify(body)}`}`;
}

function listing(disk: { list(path: string): { ok: boolean; value?: readonly string[] } }, path: string): readonly string[] {
  const found = disk.list(path);
  return found.ok ? [...(found.value ?? [])].sort() : [];
}
