/**
 * System calls as the events of a trace: a table by the name of the call.
 * Lacks: calls that no daemon of a wire protocol lives by; what is not in the table happened, and is not told.
 */
import type { EventKind } from '../../trace/event.ts';
import { FIFO_LIMIT } from '../limits.ts';
import { addressOf, errorOf, number, passes, path } from './arguments.ts';
import type { Description } from './descriptors.ts';
import type { SystemCall } from './line.ts';
import type { Handler, Traced } from './traced.ts';
import { bytesOf, fieldOf, isCut, itemsOf, type Value, wordOf } from './value.ts';

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

/** Of the arguments of a call: that of a name, and that of the descriptor of the folder that it is relative to. */
interface Named {
  readonly path: number;
  readonly folder?: number;
}
const named = (path: number): Named => ({ path });
/** `openat(FOLDER, NAME, …)`. */
const namedIn = (folder: number): Named => ({ folder, path: folder + 1 });
const nameOf = (args: readonly Value[], { path: at }: Named): string => path(args[at]);

/** Where it is; `undefined`: the log does not tell. */
function placeOf(traced: Traced, args: readonly Value[], { path: at, folder }: Named): string | undefined {
  const fd = folder === undefined || wordOf(args[folder]).startsWith('AT_FDCWD') ? undefined : number(args[folder]);
  return traced.place(path(args[at]), fd);
}

/** A descriptor, opened once more. */
const OWN = /^\/(?:proc\/self|dev)\/fd\/(\d+)$/;

/** Of files that are opened to be read, the libraries of the program mostly, nothing is told; they may be folders in which names are. */
function openFile(traced: Traced, args: readonly Value[], at: Named, flags: string, call: SystemCall): void {
  const { result } = call;
  const name = nameOf(args, at);
  if (result === undefined || result < 0) return;
  const own = OWN.exec(name)?.[1];
  if (own !== undefined && traced.descriptor(Number(own)) !== undefined) {
    traced.duplicate(Number(own), result, passes(call));
    return;
  }
  const place = placeOf(traced, args, at);
  const fifo = place === undefined ? undefined : traced.fifos.at(place);
  if (fifo !== undefined) {
    openFifo(traced, fifo, name, flags, call);
    return;
  }
  if (/O_(?:WRONLY|RDWR|CREAT|APPEND)/.test(flags))
    traced.open(result, { kind: 'file', family: '', out: '', into: '', at: name }, passes(call));
  else if (place !== undefined) traced.open(result, { kind: 'place', family: '', out: '', into: '', at: place }, passes(call));
  if (flags.includes('O_TRUNC')) traced.event('write', { bytes: new Uint8Array(0), data: { path: name } });
}

/** Every end of one is of the same channel, whoever opens it by its name. */
function openFifo(traced: Traced, channel: string, name: string, flags: string, call: SystemCall): void {
  const { result: fd = -1 } = call;
  const [reads, writes] = [!flags.startsWith('O_WRONLY'), /O_(?:WRONLY|RDWR)/.test(flags)];
  traced.open(fd, { kind: 'pipe', family: 'pipe', out: writes ? channel : '', into: reads ? channel : '', at: name }, passes(call));
  traced.event('pipe', { channel, data: { ...(reads ? { read: fd } : {}), ...(writes ? { write: fd } : {}), path: name } });
}

/** mkfifo(3) is mknod(2). */
const makeNode =
  (at: Named): Handler =>
  (traced, args, call) => {
    if (call.error === undefined && wordOf(args[at.path + 1]).includes('S_IFIFO')) foundFifo(traced, args, at);
  };

/** One that was there before the log began is told by the answer of a stat(2). */
const stat =
  (at: Named, answer: number): Handler =>
  (traced, args, call) => {
    const mode = ['st_mode', 'stx_mode'].map(name => wordOf(fieldOf(args[answer], name))).join('');
    if (call.error === undefined && nameOf(args, at) !== '' && mode.includes('S_IFIFO')) foundFifo(traced, args, at);
  };

function foundFifo(traced: Traced, args: readonly Value[], at: Named): void {
  const [name, place] = [nameOf(args, at), placeOf(traced, args, at)];
  if (place === undefined)
    traced.warn(`${name} is in a folder of which the log does not tell where it is: it is not followed as a named pipe`);
  else if (traced.fifos.at(place) === undefined && !traced.fifos.add(place, `pipe${traced.serial()}`))
    traced.warn(`more than ${FIFO_LIMIT} named pipes: ${name} is not followed`);
}

const onPath =
  (kind: EventKind, at: Named): Handler =>
  (traced, args, call) =>
    traced.event(kind, { data: { path: nameOf(args, at), ...errorOf(call) } });

const unlinked =
  (at: Named): Handler =>
  (traced, args, call) => {
    onPath('unlink', at)(traced, args, call);
    const place = placeOf(traced, args, at);
    if (call.error === undefined && place !== undefined) traced.fifos.remove(place);
  };

const renamed =
  (from: Named, to: Named): Handler =>
  (traced, args, call) => {
    traced.event('rename', { data: { path: nameOf(args, from), to: nameOf(args, to), ...errorOf(call) } });
    if (call.error === undefined) traced.fifos.rename(placeOf(traced, args, from), placeOf(traced, args, to));
  };

/** It goes elsewhere. */
const enter =
  (at: Named): Handler =>
  (traced, args, { error }) => {
    if (error === undefined) traced.enter(placeOf(traced, args, at));
  };

/** To a folder that is open. */
const enterOpen: Handler = (traced, args, { error }) => {
  if (error === undefined) traced.enter(traced.place('', number(args[0])));
};

const isIn: Handler = (traced, args, { error }) => {
  const place = path(args[0]);
  if (error === undefined && place.startsWith('/')) traced.isIn(place);
};

const sync: Handler = (traced, args, call) => {
  const held = traced.descriptor(number(args[0]));
  if (held !== undefined && held.kind !== 'place') traced.event('sync', { data: { path: held.at, ...errorOf(call) } });
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
  open: (traced, args, call) => openFile(traced, args, named(0), wordOf(args[1]), call),
  openat: (traced, args, call) => openFile(traced, args, namedIn(0), wordOf(args[2]), call),
  creat: (traced, args, call) => openFile(traced, args, named(0), 'O_WRONLY|O_CREAT|O_TRUNC', call),
  chdir: enter(named(0)),
  fchdir: enterOpen,
  getcwd: isIn,
  rename: renamed(named(0), named(1)),
  renameat: renamed(namedIn(0), namedIn(2)),
  renameat2: renamed(namedIn(0), namedIn(2)),
  unlink: unlinked(named(0)),
  unlinkat: unlinked(namedIn(0)),
  mknod: makeNode(named(0)),
  mknodat: makeNode(namedIn(0)),
  stat: stat(named(0), 1),
  lstat: stat(named(0), 1),
  newfstatat: stat(namedIn(0), 2),
  statx: stat(namedIn(0), 4),
  mkdir: onPath('mkdir', named(0)),
  mkdirat: onPath('mkdir', namedIn(0)),
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
