/**
 * THE CONTRACT. What one process may ask of the computer it runs on. The simulator and Node are two Hosts; a daemon
 * is a function of a Host and cannot tell which one it has. `test/contract` holds both to these sentences.
 *
 * The rules of the model:
 *  - Every callback runs to completion before the next one starts. Nothing returns a promise.
 *  - A call never invokes a callback of the caller before it has returned.
 *  - Errors of the world are a `Result` or the argument of `close`; misuse of this interface throws.
 *  - What no kernel could be asked (a NUL in a path, port 70000) is refused by every Host alike: arguments.ts.
 *  - Bytes are copied at this boundary: a daemon may reuse its array after a call, keep what a callback gave it and write to it; its `buffer` may be larger.
 *
 * Lacks: threads, ptys, files larger than memory, name resolution, permissions.
 */
import type { HostError, Result } from './result.ts';
import type { Disposition, ExitStatus, Signal } from './signal.ts';
import type { Duration, Instant } from './time.ts';

/** A program: called once when its process starts, with the Host as all its surroundings. `host.process.args` are its arguments. */
export type Daemon = (host: Host) => void;

/** Programs by name: what `spawn` and `exec` start. */
export type Programs = Readonly<Record<string, Daemon>>;

export interface Host {
  readonly clock: Clock;
  readonly network: Network;
  readonly descriptors: Descriptors;
  readonly process: ProcessControl;
  readonly signals: Signals;
  readonly storage: Storage;
  readonly system: System;
  readonly random: Random;
  readonly log: Log;
}

// ── clock ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Clock {
  /** Never goes back, not even when the wall clock is set. */
  monotonic(): Instant;
  /** Microseconds since 1970-01-01 00:00 UTC as this machine believes it; may jump either way. */
  wall(): Instant;
  /** Fires once, not earlier than `delay` of monotonic time from now. A delay below zero counts as zero. Timers of one process that are due at the same instant fire in the order they were set. */
  setTimer(delay: Duration, fire: () => void): Timer;
}

export interface Timer {
  /** No effect when the timer has fired or was cancelled. */
  cancel(): void;
}

// ── streams ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Endpoint = TcpEndpoint | UnixEndpoint;
export interface TcpEndpoint {
  readonly transport: 'tcp';
  /**
   * Dotted IPv4, or IPv6 without brackets; told by a Host it is in the one text that the kernel has for it. A socket of IPv6 tells of
   * IPv4 as `::ffff:127.0.0.1`, and so does whoever gives it one.
   */
  readonly address: string;
  /** 0 when binding: the Host chooses a free port. */
  readonly port: number;
}
export interface UnixEndpoint {
  readonly transport: 'unix';
  readonly path: string;
}

/** One end of a TCP connection, a Unix-domain connection or a pipe. */
export interface Stream {
  readonly kind: 'tcp' | 'unix' | 'pipe';
  /** Absent for pipes; the path is '' for the unnamed end of a Unix-domain connection. */
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
  /** Bytes written that the kernel has not taken yet. They are lost if the process ends or calls `close` or `reset` now. */
  readonly pending: number;
  /**
   * Never blocks and takes everything; what the kernel has no room for stays `pending` in this process.
   * Returns `pending` after the call, so 0 means the kernel has it all. When that falls back to zero, `drain` is called.
   * A write to a peer that is gone ends the stream with EPIPE or ECONNRESET, and raises SIGPIPE on EPIPE.
   * Throws after `end`, `close` or `reset`, after the `close` of the handler, and on the read end of a pipe.
   */
  write(bytes: Uint8Array): number;
  /** Half-close: the peer reads end of file after everything written. Closes the write end of a pipe. Again: no effect. */
  end(): void;
  /** Closes both directions now, without waiting for `pending`. Unread input turns this into a reset, as in the kernel. No callback follows. */
  close(): void;
  /** TCP: RST instead of FIN. Other streams: as `close`. No callback follows. */
  reset(): void;
  /** Stops reading, so that the peer feels back-pressure. The callbacks `data` and `end` wait for `resume`. */
  pause(): void;
  resume(): void;
}

export interface StreamHandler {
  /** Any number of bytes, at least one: a stream has no message boundaries. */
  data(bytes: Uint8Array): void;
  /** The peer will send no more. This end may still write. */
  end?(): void;
  /** `pending` is zero again after it was not. */
  drain?(): void;
  /** The stream is finished in both directions, or broke with `error`. Nothing follows. Not called after our own `close` or `reset`. */
  close?(error: HostError | undefined): void;
}

export interface Listener {
  readonly local: Endpoint;
  /** Stops listening. The file of a Unix-domain socket stays until somebody unlinks it. */
  close(): void;
}

export interface ListenHandler {
  /** The first call. EADDRINUSE also for a Unix-domain path that exists, whoever left it there. */
  opened(result: Result<Listener>): void;
  accept(stream: Stream): StreamHandler;
}

export interface Network {
  /**
   * `0.0.0.0` is all of IPv4, `::` all of both families. EADDRINUSE: somebody listens at one of these addresses, or a connection that
   * the kernel gave this port is there, or was until a minute ago (TIME_WAIT) if its own end closed first. Connections that were
   * accepted, or called `from` an address, are in nobody's way: SO_REUSEADDR is set.
   * As in Linux, a backlog of n lets n + 1 connections wait.
   */
  listen(at: Endpoint, options: { readonly backlog: number }, handler: ListenHandler): void;
  /**
   * `opened` comes once. ECONNREFUSED: the machine answers, nobody listens (or a stale socket file); ENOENT: no such path;
   * ETIMEDOUT: nothing answers; EAGAIN: the backlog of a Unix-domain listener is full; ENETUNREACH: there is no route, or many are
   * meant; EHOSTUNREACH: nobody on that network has the address; EADDRNOTAVAIL: all ports are in use towards there.
   * `from` binds the local address, as a multi-homed machine needs it. One of the other family is EAFNOSUPPORT or EINVAL.
   * `0.0.0.0` and `::` lead to the loopback, or back to `from`.
   */
  connect(to: Endpoint, options: { readonly from?: string }, opened: (result: Result<Stream>) => StreamHandler): void;
  /** Datagrams (UDP). No two sockets have a port and an address in common. */
  bind(at: DatagramAddress, options: DatagramOptions, handler: DatagramHandler): void;
  interfaces(): readonly NetworkInterface[];
}

// ── datagrams ───────────────────────────────────────────────────────────────────────────────────────────────────────

export interface DatagramOptions {
  /** Allows sending to broadcast addresses; without it that is EACCES. */
  readonly broadcast?: boolean;
  /** Groups to join on every interface that is not the loopback. A datagram to a group leaves by every such interface and comes back to this machine. */
  readonly groups?: readonly string[];
  /** Routers a multicast datagram may pass, and one; 1 keeps it on the attached networks. Default 1. */
  readonly multicastTtl?: number;
}

export interface DatagramAddress {
  readonly address: string;
  readonly port: number;
}

export interface DatagramSocket {
  readonly local: DatagramAddress;
  /**
   * `sent` tells what this machine's kernel thought of it: EMSGSIZE, EACCES (broadcast not asked for), ENETUNREACH, EINVAL (port 0;
   * from the loopback to others), EAFNOSUPPORT. Success says nothing about arrival.
   */
  send(bytes: Uint8Array, to: DatagramAddress, sent?: (result: Result<void>) => void): void;
  close(): void;
}

export interface DatagramHandler {
  opened(result: Result<DatagramSocket>): void;
  message(bytes: Uint8Array, from: DatagramAddress): void;
}

export interface NetworkInterface {
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  /** Absent where the interface cannot broadcast. */
  readonly broadcast: string | undefined;
  /** The other end of a point-to-point link; absent where the interface is none. */
  readonly peer: string | undefined;
  readonly loopback: boolean;
}

// ── pipes and inherited descriptors ─────────────────────────────────────────────────────────────────────────────────

/** A small integer naming an open description of this process. */
export type Descriptor = number;

/**
 * What a pipe can hold before a writer has to wait, if it is written in whole pages: sixteen of 4096 bytes (Linux pipe(7)).
 * A write of up to 4096 bytes (PIPE_BUF) enters whole or not at all, and never shares a page it does not fit into.
 */
export const PIPE_CAPACITY = 65_536;

export interface Descriptors {
  /** Both ends belong to this process until they are closed or it ends; a child has only those that `spawn` names. */
  pipe(): Result<{ readonly read: Descriptor; readonly write: Descriptor }>;
  /**
   * Starts reading from, or writing to, a descriptor this process made or inherited. From then on the stream owns it.
   * EBADF when it is not open, is not open for that direction, or is attached already.
   */
  attach(descriptor: Descriptor, direction: 'read' | 'write', handler: StreamHandler): Result<Stream>;
  close(descriptor: Descriptor): Result<void>;
}

// ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type Pid = number;

export interface SpawnOptions {
  /** Variables of the child's environment, beside those of this process and instead of those that are called the same. EINVAL: a name that is empty or has a `=` in it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Child's number -> this process's descriptor. The child gets a copy; this process keeps its own until it closes it. Numbers 1 and 2 left out go where the Host keeps output nobody asked for. */
  readonly descriptors?: Readonly<Record<number, Descriptor>>;
}

export interface Reaped {
  readonly pid: Pid;
  readonly status: ExitStatus;
}

export interface ProcessControl {
  readonly pid: Pid;
  readonly args: readonly string[];
  /** A variable of the environment that this process was started with; `undefined` where there is none. `exec` keeps it. */
  environment(name: string): string | undefined;
  /**
   * From now on, and for all that it starts, this process has the rights of another user of this machine: his id, his group, and the groups
   * that he is in besides; there is no way back. ENOENT: no such user. EPERM: only root may, and only in an OS process of its own.
   */
  become(user: string): Result<void>;
  /** The parent's pid; 1 once the parent has ended. */
  parent(): Pid;
  /**
   * ENOENT: no such program; EBADF: a descriptor that is not open, or is attached; E2BIG: one argument, or variable given, of
   * 128 KiB, or nearly 2 MiB of them. The child is there when this returns, and
   * its daemon starts after the milliseconds that a program takes to be loaded; a signal meanwhile finds no handler. It inherits
   * the signal mask and the ignored signals, not the handlers. On Node both hold from the moment its daemon starts.
   */
  spawn(program: string, args: readonly string[], options?: SpawnOptions): Result<Pid>;
  /**
   * Waits for any child, ended already or not; one call, one child, and of several that have ended the one started first. ECHILD
   * when there is none left to wait for: nothing is left of a child that ends while SIGCHLD is ignored, not even its pid.
   */
  wait(reaped: (result: Result<Reaped>) => void): void;
  /** Replaces the program, keeping pid, parent, children, mask, pending signals and descriptors that are not attached. Returns only when it fails. */
  exec(program: string, args: readonly string[]): Result<never>;
  /** Ends the process at once: bytes still `pending` are lost, what the kernel has is delivered. Status is 0..255. */
  exit(status: number): never;
  /** ESRCH: no such process. Signal 0 asks only that. A child that ended and was not waited for still exists. */
  kill(pid: Pid, signal: Signal | 0): Result<void>;
}

export interface Signals {
  /** SIGCHLD comes when a child ends, stops or goes on. Installs what happens on `signal` and returns what did before. EINVAL for SIGKILL and SIGSTOP. */
  handle(signal: Signal, disposition: Disposition): Result<Disposition>;
  /**
   * Changes the mask and returns the old one. A blocked signal stays pending, once, until it is unblocked. One that ends the
   * process, then let through, does so before this returns; handlers run after the callback, in the order of their numbers.
   */
  mask(how: 'block' | 'unblock' | 'set', signals: readonly Signal[]): readonly Signal[];
  pending(): readonly Signal[];
  /** SIGALRM after `delay`; zero only cancels. Returns what was left of the one before, zero if none. */
  alarm(delay: Duration): Duration;
}

// ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'socket';
  /** Bytes; 0 for what is not a file. */
  readonly size: number;
  /** Wall time of the last change of content; of a directory, of the names in it. */
  readonly modified: Instant;
}

/** Files as POSIX has them: calls complete before they return, and nothing is durable before `sync`. */
export interface Storage {
  read(path: string): Result<Uint8Array>;
  /** Creates or truncates, then writes, in place: a reader may see a part, a power cut may leave one. */
  write(path: string, bytes: Uint8Array): Result<void>;
  /** Creates a file that is missing. To append nothing to one that is there changes nothing. */
  append(path: string, bytes: Uint8Array): Result<void>;
  /** Replaces `to` if it exists; a reader sees the old or the new, never a mixture. */
  rename(from: string, to: string): Result<void>;
  unlink(path: string): Result<void>;
  makeDirectory(path: string): Result<void>;
  /** Names in a directory, in no order that may be relied on. */
  list(path: string): Result<readonly string[]>;
  stat(path: string): Result<FileStatus>;
  /** Of a file: its content is durable. Of a directory: its names are. */
  sync(path: string): Result<void>;
}

// ── the machine ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a machine knows of itself and of the people on it. */
export interface System {
  /** What the machine is called, domain included where that was given: gethostname(2), so at most 64 bytes. */
  hostName(): string;
  /** When the machine was started, by its own wall clock: setting that clock moves it. Exact to a second. */
  bootTime(): Instant;
  /** Processes that want to run, averaged over 1, 5 and 15 minutes, in hundredths. */
  loadAverages(): readonly [one: number, five: number, fifteen: number];
  /** Who is logged in on a terminal. ENOENT where nobody keeps account, EACCES and EIO where it cannot be read. */
  logins(): Result<readonly Login[]>;
}

export interface Login {
  /** The terminal, `pts/0`: up to 32 bytes, one character each. */
  readonly line: string;
  /** Up to 32 bytes, one character each. */
  readonly user: string;
  /** By the wall clock. */
  readonly since: Instant;
  /** Since the last input; negative where the clock was set back, absent where the terminal has no node. */
  readonly idle: Duration | undefined;
}

// ── chance and log ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface Random {
  /** A uniform integer from 0 to `bound` - 1. Throws unless 1 <= bound <= 2^32. */
  below(bound: number): number;
  fill(target: Uint8Array): void;
}

export type Severity = 'debug' | 'info' | 'warning' | 'error' | 'critical';
export type LogFields = Readonly<Record<string, string | number | boolean>>;
/** `event` is a slug that never changes (`control-eof`); text for people goes into a field. */
export type Log = (severity: Severity, event: string, fields?: LogFields) => void;
