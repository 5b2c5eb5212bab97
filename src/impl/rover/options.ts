/**
 * The command lines of the server (R12).
 * Lacks: those of the client.
 */
import { ipv4 } from '../../host/address.ts';
import { printable } from '../../host/bytes.ts';
import type { TcpEndpoint } from '../../host/host.ts';
import { type Duration, millis, seconds } from '../../host/time.ts';
import { Options as CommandLine } from '../command-line/options.ts';
import { quirkOptions } from '../command-line/traps.ts';
import { type Quirks, TRAPS } from './quirks.ts';

export const PORT = 9_090;
const TIMEOUT_DEFAULT = 1_000;
const TIMEOUT_MAX = 3_600_000;
/** Seconds. */
const REQUEST_TIMEOUT = 30;
const REQUEST_TIMEOUT_MAX = 3_600;
export const SEGMENT_DEFAULT = 1_048_576;
const SEGMENT_MIN = 4_096;
const SEGMENT_MAX = 67_108_864;

const IDENTITIES = ['abstract', 'system'] as const;

/** What whoever runs requests has to know. */
export interface RunOptions {
  readonly state: string;
  readonly tests: boolean;
  readonly quirks: Quirks;
}

export interface ServerOptions extends RunOptions {
  readonly listen: TcpEndpoint;
  /** The file of users. */
  readonly users: string | undefined;
  readonly timeout: Duration;
  /** From a connection to the end of its request. */
  readonly requestTimeout: Duration;
  /** Bytes of a segment of the log. */
  readonly segment: number;
  readonly identity: (typeof IDENTITIES)[number];
  readonly lifeline: number | undefined;
  /** The same again, for a child. */
  readonly passed: readonly string[];
}

export interface WorkerOptions extends RunOptions {
  /** The user of the machine that it becomes. */
  readonly become: string | undefined;
  /** Whether it may is all that is asked. */
  readonly probe: boolean;
}

export interface CgiOptions extends Omit<RunOptions, 'state'> {
  readonly state: string | undefined;
  readonly daemon: TcpEndpoint | undefined;
  readonly users: string | undefined;
}

export type Read<Options> = Options | { readonly problem: string };

class Options extends CommandLine {
  endpoint(name: string): TcpEndpoint | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const [, address = '', digits = ''] = /^([0-9.]+|localhost):([0-9]{1,5})$/.exec(text) ?? [];
    const endpoint: TcpEndpoint = { transport: 'tcp', address: address === 'localhost' ? '127.0.0.1' : address, port: Number(digits) };
    if (digits !== '' && endpoint.port <= 65_535 && ipv4(endpoint.address) !== undefined) return endpoint;
    this.refuse(`--${name}=${printable(text)}: give an IPv4 address and a port, such as 127.0.0.1:${PORT}`);
    return undefined;
  }

  folder(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || (text !== '' && !text.includes('\0'))) return text?.replace(/(?<=.)\/+$/, '');
    this.refuse(`--${name}=${printable(text)}: give a folder`);
    return undefined;
  }

  state(): string {
    const folder = this.folder('state');
    if (folder === undefined) this.refuse('--state= is missing: a folder for the log');
    return folder ?? '';
  }

  run(): Omit<RunOptions, 'state'> {
    return { tests: this.flag('tests'), quirks: quirkOptions(this, TRAPS) };
  }

  read<Value extends object>(options: Value): Read<Value> {
    const { problem } = this;
    return problem === undefined ? options : { problem };
  }
}

export function serverOptions(args: readonly string[]): Read<ServerOptions> {
  const given = new Options(args);
  return given.read({
    listen: given.endpoint('listen') ?? { transport: 'tcp', address: '127.0.0.1', port: PORT },
    state: given.state(),
    users: given.text('users'),
    timeout: millis(given.number('timeout', TIMEOUT_MAX, 1) ?? TIMEOUT_DEFAULT),
    requestTimeout: seconds(given.number('request-timeout', REQUEST_TIMEOUT_MAX, 1) ?? REQUEST_TIMEOUT),
    segment: given.number('segment', SEGMENT_MAX, SEGMENT_MIN) ?? SEGMENT_DEFAULT,
    identity: given.choice('identity', IDENTITIES, 'abstract'),
    ...given.run(),
    lifeline: given.number('lifeline', 1_048_575),
    passed: args.filter(each => !each.startsWith('--lifeline')),
  });
}

export function workerOptions(args: readonly string[]): Read<WorkerOptions> {
  const given = new Options(args);
  return given.read({ state: given.state(), become: given.text('become'), probe: given.flag('probe'), ...given.run() });
}

export function cgiOptions(args: readonly string[]): Read<CgiOptions> {
  const given = new Options(args);
  const [state, daemon] = [given.folder('state'), given.endpoint('daemon')];
  if (state === undefined && daemon === undefined) given.refuse('--state= and --daemon= are missing: give one of them');
  return given.read({ state, daemon, users: given.text('users'), ...given.run() });
}
