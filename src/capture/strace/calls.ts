/**
 * System calls as the events of a trace: a table by the name of the call.
 * Lacks: calls that no daemon of a wire protocol lives by; what is not in the table happened, and is not told.
 */
import { fromUtf8, textOf } from '../../host/bytes.ts';
import type { EventData } from '../../host/event.ts';
import type { EventKind } from '../../trace/event.ts';
import type { Description } from './descriptors.ts';
import type { SystemCall } from './line.ts';
import { bytesOf, fieldOf, isCut, itemsOf, type Value, wordOf } from './value.ts';

/** A traced process, to whoever handles its calls. */
export interface Traced {
  readonly pid: number;
  descriptor(number: number): Description | undefined;
  /** `passing`: an exec(2) closes it. */
  open(number: number, description: Omit<Description, 'holders'>, passing: boolean): void;
  close(number: number): Description | undefined;
  closeBetween(first: number, last: number): readonly Description[];
  duplicate(from: number, to: number, passing: boolean): void;
  pass(number: number, passing: boolean): void;
  /** It is written to or read: where it was there when the program began, that is told once. */
  used(held: Description, direction: 'read' | 'write'): void;
  /** A number that no stream, pipe or socket of the log has. */
  serial(): number;
  exec(program: string, args: readonly string[]): void;
  spawn(child: number, thread: boolean): void;
  event(kind: EventKind, occurrence?: Occurrence): void;
  /** What cannot be told as it was. */
  warn(message: string): void;
}

export interface Occurrence {
  readonly channel?: string;
  readonly bytes?: Uint8Array;
  readonly data?: EventData;
}

export type Handler = (traced: Traced, args: readonly Value[], call: SystemCall) => void;

const number = (value: Value | undefined): number => Number.parseInt(wordOf(value), 10);
const path = (value: Value | undefined): string => {
  const bytes = bytesOf(value);
  return bytes === undefined ? wordOf(value) : (fromUtf8(bytes) ?? textOf(bytes));
};
/** Strings in it are hexadecimal, so that no name of a file says this. */
const passes = ({ args }: SystemCall): boolean => args.includes('CLOEXEC');
const errorOf = ({ error }: SystemCall): { readonly error?: string } => (error === undefined ? {} : { error });

/** `127.0.0.1:603`, `[::1]:603`, or the path of a Unix-domain socket. */
export function addressOf(value: Value | undefined): string {
  const port = wordOf(itemsOf(fieldOf(value, 'sin_port'))[0]);
  if (port !== '') return `${path(itemsOf(fieldOf(value, 'sin_addr'))[0])}:${port}`;
  const port6 = wordOf(itemsOf(fieldOf(value, 'sin6_port'))[0]);
  // inet_pton(AF_INET6, "…", &sin6_addr) is a value without a name.
  const named =
    value?.is === 'struct' ? [...value.fields.values()].find(each => each.is === 'call' && each.name === 'inet_pton') : undefined;
  if (port6 !== '') return `[${path(itemsOf(named)[1])}]:${port6}`;
  return path(fieldOf(value, 'sun_path'));
}

function gathered(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(Math.max(0, length));
  let at = 0;
  for (const part of parts) {
    if (at >= whole.length) break;
    whole.set(part.subarray(0, whole.length - at), at);
    at += part.length;
  }
  return whole.subarray(0, Math.min(at, whole.length));
}

/** Bytes of one string or of a vector of them, as many as the call moved. */
function moved(traced: Traced, value: Value | undefined, { result = 0, name }: SystemCall): Uint8Array {
  const parts = value?.is === 'list' ? value.items.map(each => fieldOf(each, 'iov_base')) : value === undefined ? [] : [value];
  const bytes = gathered(
    parts.flatMap(each => bytesOf(each) ?? []),
    result,
  );
  if (bytes.length < result && parts.some(isCut))
    traced.warn(`${name} moved ${result} bytes, and ${bytes.length} of them are in the log: strace -s says how many are`);
  return bytes;
}

// ── reading and writing ─────────────────────────────────────────────────────────────────────────────────────────────

function wrote(traced: Traced, args: readonly Value[], call: SystemCall, data: Value | undefined, to?: Value): void {
  const held = traced.descriptor(number(args[0]));
  if (held === undefined || (call.error !== undefined && call.error !== 'EPIPE' && call.error !== 'ECONNRESET')) return;
  if (call.error !== undefined) {
    if (held.out !== '') traced.event('close', { channel: held.out, data: { error: call.error } });
    return;
  }
  const bytes = moved(traced, data, call);
  traced.used(held, 'write');
  if (held.kind === 'datagram')
    traced.event('datagram', { channel: held.out, bytes, data: { to: to === undefined ? held.at : addressOf(to) || held.at } });
  else if (held.kind === 'file') traced.event('append', { bytes, data: { path: held.at } });
  else if (held.out !== '') traced.event('send', { channel: held.out, bytes });
}

function readIn(traced: Traced, args: readonly Value[], call: SystemCall, data: Value | undefined, from?: Value): void {
  const held = traced.descriptor(number(args[0]));
  if (held === undefined) return;
  if (call.error === 'ECONNRESET' && held.into !== '') traced.event('close', { channel: held.out, data: { error: call.error } });
  if (call.result === undefined || call.error !== undefined) return;
  traced.used(held, 'read');
  if (held.kind === 'datagram')
    traced.event('receive', { channel: held.into, bytes: moved(traced, data, call), data: { from: addressOf(from) } });
  else if (held.kind === 'file') traced.event('read', { bytes: moved(traced, data, call), data: { path: held.at } });
  else if (held.into === '') return;
  else if (call.result === 0) traced.event('eof', { channel: held.into });
  else traced.event('recv', { channel: held.into, bytes: moved(traced, data, call) });
}

const message = (value: Value | undefined): { readonly data: Value; readonly name: Value | undefined } => {
  const name = fieldOf(value, 'msg_name');
  return { data: fieldOf(value, 'msg_iov'), name: name.is === 'struct' ? name : undefined };
};

// ── sockets ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function socket(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const { result } = call;
  if (result === undefined || result < 0) return;
  const isUnix = /^AF_(?:UNIX|LOCAL)/.test(wordOf(args[0]));
  const isDatagram = wordOf(args[1]).startsWith('SOCK_DGRAM');
  if (!isUnix && !wordOf(args[0]).startsWith('AF_INET')) return;
  const family = isUnix ? 'unix' : isDatagram ? 'udp' : 'tcp';
  const channel = isDatagram ? `${family}${traced.serial()}` : '';
  traced.open(result, { kind: isDatagram ? 'datagram' : 'new', family, out: channel, into: channel, at: '' }, passes(call));
}

function connect(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const held = traced.descriptor(number(args[0]));
  const at = addressOf(args[1]);
  if (held === undefined) return;
  if (held.kind === 'datagram') {
    held.at = at;
    return;
  }
  traced.event('connect', { data: { to: at } });
  if (call.error !== undefined && call.error !== 'EINPROGRESS') {
    traced.event('open', { data: { error: call.error } });
    return;
  }
  const stream = `${held.family}${traced.serial()}`;
  Object.assign(held, { kind: 'stream', out: `${stream}>`, into: `${stream}<`, at } satisfies Partial<Description>);
  traced.event('open', { channel: `${stream}>` });
}

function accept(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const { result } = call;
  const held = traced.descriptor(number(args[0]));
  if (held === undefined || result === undefined || result < 0) return;
  const stream = `${held.family}${traced.serial()}`;
  const at = addressOf(args[1]);
  traced.open(result, { kind: 'stream', family: held.family, out: `${stream}<`, into: `${stream}>`, at }, passes(call));
  traced.event('accept', { channel: `${stream}<`, data: { peer: at } });
}

function bind(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const held = traced.descriptor(number(args[0]));
  if (held === undefined) return;
  const at = addressOf(args[1]);
  if (held.kind === 'datagram') traced.event('bind', { channel: held.out, data: { at, ...errorOf(call) } });
  if (call.error === undefined) held.at = at;
}

function listen(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const held = traced.descriptor(number(args[0]));
  if (held === undefined) return;
  traced.event('listen', { data: { at: held.at, ...errorOf(call) } });
  if (call.error === undefined) held.kind = 'listener';
}

/** Where the kernel chose the port, it says so here. */
function socketName(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const held = traced.descriptor(number(args[0]));
  const at = addressOf(args[1]);
  if (held === undefined || call.error !== undefined || at === '' || !held.at.endsWith(':0')) return;
  held.at = at;
  if (held.kind === 'datagram') traced.event('bind', { channel: held.out, data: { at } });
  if (held.kind === 'listener') traced.event('listen', { data: { at } });
}

function shutdown(traced: Traced, args: readonly Value[], { error }: SystemCall): void {
  const held = traced.descriptor(number(args[0]));
  if (held === undefined || error !== undefined || held.out === '') return;
  if (/SHUT_(?:WR|RDWR)/.test(wordOf(args[1]))) traced.event('end', { channel: held.out });
}

// ── descriptors ─────────────────────────────────────────────────────────────────────────────────────────────────────

function pipe(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const [read, write] = itemsOf(args[0]).map(number);
  if (call.error !== undefined || read === undefined || write === undefined) return;
  const channel = `pipe${traced.serial()}`;
  traced.open(read, { kind: 'pipe', family: 'pipe', out: '', into: channel, at: '' }, passes(call));
  traced.open(write, { kind: 'pipe', family: 'pipe', out: channel, into: '', at: '' }, passes(call));
  traced.event('pipe', { data: { read, write } });
}

function socketPair(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const [one, other] = itemsOf(args[3]).map(number);
  if (call.error !== undefined || one === undefined || other === undefined) return;
  const stream = `unix${traced.serial()}`;
  traced.open(one, { kind: 'stream', family: 'unix', out: `${stream}>`, into: `${stream}<`, at: '' }, passes(call));
  traced.open(other, { kind: 'stream', family: 'unix', out: `${stream}<`, into: `${stream}>`, at: '' }, passes(call));
}

export function closed(traced: Traced, held: Description | undefined): void {
  if (held !== undefined && held.kind !== 'file' && held.out !== '') traced.event('close', { channel: held.out });
}

const duplicate: Handler = (traced, args, call) => {
  if (call.result !== undefined && call.result >= 0) traced.duplicate(number(args[0]), call.result, passes(call));
};

function control(traced: Traced, args: readonly Value[], call: SystemCall): void {
  const what = wordOf(args[1]);
  if (what.startsWith('F_DUPFD')) duplicate(traced, args, call);
  else if (call.error === undefined && (what === 'F_SETFD' || what === 'FIOCLEX' || what === 'FIONCLEX'))
    traced.pass(number(args[0]), what === 'FIOCLEX' || wordOf(args[2]).includes('FD_CLOEXEC'));
}

function closeRange(traced: Traced, args: readonly Value[], call: SystemCall): void {
  if (call.error !== undefined || passes(call)) return;
  for (const held of traced.closeBetween(number(args[0]), number(args[1]))) closed(traced, held);
}

// ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A descriptor, opened once more. */
const OWN = /^\/(?:proc\/self|dev)\/fd\/(\d+)$/;

/** Files that are opened to be read are the libraries of the program, mostly. */
function openFile(traced: Traced, name: string, flags: string, call: SystemCall): void {
  const { result } = call;
  if (result === undefined || result < 0) return;
  const own = OWN.exec(name)?.[1];
  if (own !== undefined && traced.descriptor(Number(own)) !== undefined) {
    traced.duplicate(Number(own), result, passes(call));
    return;
  }
  if (/O_(?:WRONLY|RDWR|CREAT|APPEND)/.test(flags))
    traced.open(result, { kind: 'file', family: '', out: '', into: '', at: name }, passes(call));
  if (flags.includes('O_TRUNC')) traced.event('write', { bytes: new Uint8Array(0), data: { path: name } });
}

const onPath =
  (kind: EventKind, at: number): Handler =>
  (traced, args, call) =>
    traced.event(kind, { data: { path: path(args[at]), ...errorOf(call) } });

const renamed =
  (from: number, to: number): Handler =>
  (traced, args, call) =>
    traced.event('rename', { data: { path: path(args[from]), to: path(args[to]), ...errorOf(call) } });

const sync: Handler = (traced, args, call) => {
  const held = traced.descriptor(number(args[0]));
  if (held !== undefined) traced.event('sync', { data: { path: held.at, ...errorOf(call) } });
};

// ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const isThread = ({ args }: SystemCall): boolean => args.includes('CLONE_THREAD');
const fork: Handler = (traced, _args, call) => {
  if (call.result !== undefined && call.result > 0) traced.spawn(call.result, isThread(call));
};

const exec: Handler = (traced, args, { error }) => {
  if (error === undefined) traced.exec(path(args[0]), itemsOf(args[1]).map(path));
};

const kill =
  (pid: number, signal: number): Handler =>
  (traced, args, call) => {
    if (wordOf(args[signal]) !== '0')
      traced.event('kill', { data: { target: number(args[pid]), signal: wordOf(args[signal]), ...errorOf(call) } });
  };

const wait: Handler = (traced, _args, { result, args: text }) => {
  if (result === undefined || result <= 0) return;
  const [, code] = /WEXITSTATUS\(s\) == (\d+)/.exec(text) ?? [];
  const [, signal] = /WTERMSIG\(s\) == (SIG\w+)/.exec(text) ?? [];
  const status = code === undefined ? (signal === undefined ? {} : { signal }) : { code: Number(code) };
  traced.event('wait', { data: { child: result, ...status } });
};

/** Calls that begin a process: while one is under way a new process may already speak. */
export const FORKS: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork']);

export const CALLS: Readonly<Record<string, Handler>> = {
  read: (traced, args, call) => readIn(traced, args, call, args[1]),
  readv: (traced, args, call) => readIn(traced, args, call, args[1]),
  recvfrom: (traced, args, call) => readIn(traced, args, call, args[1], args[4]),
  recvmsg: (traced, args, call) => readIn(traced, args, call, message(args[1]).data, message(args[1]).name),
  write: (traced, args, call) => wrote(traced, args, call, args[1]),
  writev: (traced, args, call) => wrote(traced, args, call, args[1]),
  pwrite64: (traced, args, call) => wrote(traced, args, call, args[1]),
  sendto: (traced, args, call) => wrote(traced, args, call, args[1], args[4]?.is === 'struct' ? args[4] : undefined),
  sendmsg: (traced, args, call) => wrote(traced, args, call, message(args[1]).data, message(args[1]).name),
  socket,
  connect,
  accept,
  accept4: accept,
  bind,
  listen,
  getsockname: socketName,
  shutdown,
  pipe,
  pipe2: pipe,
  socketpair: socketPair,
  close: (traced, args) => closed(traced, traced.close(number(args[0]))),
  dup: duplicate,
  dup2: duplicate,
  dup3: duplicate,
  fcntl: control,
  ioctl: control,
  close_range: closeRange,
  open: (traced, args, call) => openFile(traced, path(args[0]), wordOf(args[1]), call),
  openat: (traced, args, call) => openFile(traced, path(args[1]), wordOf(args[2]), call),
  creat: (traced, args, call) => openFile(traced, path(args[0]), 'O_WRONLY|O_CREAT|O_TRUNC', call),
  rename: renamed(0, 1),
  renameat: renamed(1, 3),
  renameat2: renamed(1, 3),
  unlink: onPath('unlink', 0),
  unlinkat: onPath('unlink', 1),
  mkdir: onPath('mkdir', 0),
  mkdirat: onPath('mkdir', 1),
  fsync: sync,
  fdatasync: sync,
  clone: fork,
  clone3: fork,
  fork,
  vfork: fork,
  execve: exec,
  wait4: wait,
  kill: kill(0, 1),
  tgkill: kill(1, 2),
};
