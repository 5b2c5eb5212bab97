/**
 * The command lines of the programs of IKC.
 */
import { ipv4, UNIX_PATH_MAX } from '../../host/address.ts';
import { printable, utf8 } from '../../host/bytes.ts';
import type { Endpoint } from '../../host/host.ts';
import { type Duration, millis, seconds } from '../../host/time.ts';
import { Options as CommandLine } from '../command-line/options.ts';
import { quirkOptions } from '../command-line/traps.ts';
import type { PerlValue } from '../storable/values.ts';
import { valueOfJson } from './json.ts';
import { type KernelOptions, LINKS_MAX } from './kernel.ts';
import { NEGOTIATION_TIMEOUT } from './limits.ts';
import { isAddressable } from './names.ts';
import { TRAPS } from './quirks.ts';
import { DEFAULT_SERIALIZER, SERIALIZERS } from './serializers.ts';
import { parseSpecifier } from './specifier.ts';

const TIMEOUT_MAX = 86_400;
const ALIASES_MAX = 64;
const MILLISECONDS_MAX = 86_400_000;
export const PROCESSES_MAX = 64;
const CONNECTIONS_MAX = 1_000_000_000;
const STEPS_MAX = 10_000;

export interface Address {
  readonly text: string;
  readonly endpoint: Endpoint;
}

/** `127.0.0.1:603`, `localhost:603`, `unix:/run/ikc`, or a path with a slash in it. Undefined where it is none of them. */
export function addressOf(text: string): Address | undefined {
  const path = text.startsWith('unix:') ? text.slice('unix:'.length) : text.includes('/') ? text : undefined;
  if (path !== undefined) {
    const fits = path !== '' && !path.includes('\0') && utf8(path).length <= UNIX_PATH_MAX;
    return fits ? { text, endpoint: { transport: 'unix', path } } : undefined;
  }
  const [, host = '', digits = ''] = /^([^:]*):([0-9]{1,5})$/.exec(text) ?? [];
  const address = host === 'localhost' ? '127.0.0.1' : host;
  const port = Number(digits);
  if (digits === '' || port > 65_535 || ipv4(address) === undefined) return undefined;
  return { text, endpoint: { transport: 'tcp', address, port } };
}

class Options extends CommandLine {
  required(name: string): Address {
    const text = this.text(name);
    const address = text === undefined ? undefined : addressOf(text);
    if (text === undefined) this.refuse(`--${name}= is missing: give host:port, or the path of a Unix-domain socket`);
    else if (address === undefined)
      this.refuse(`--${name}=${printable(text)}: give an IPv4 address and a port, or the path of a Unix-domain socket`);
    return address ?? { text: '', endpoint: { transport: 'unix', path: '' } };
  }

  /** As written any name may be given, which is what B-T04 and B-T12 are about. */
  kernel(defaults: readonly string[]): KernelOptions {
    const quirks = quirkOptions(this, TRAPS);
    const name = this.text('name');
    const aliases = this.all('alias');
    if (aliases.length > ALIASES_MAX) this.refuse(`--alias= can be given ${ALIASES_MAX} times, not ${aliases.length}`);
    const bad = [...(name === undefined ? [] : [name]), ...aliases].find(each => !isAddressable(each));
    if (bad !== undefined && quirks.size === 0)
      this.refuse(`'${printable(bad)}' is no name of a kernel: use letters, digits, '-', '.' and '_'`);
    const given = this.all('serializer');
    const unknown = given.find(each => !SERIALIZERS.has(each));
    if (unknown !== undefined && quirks.size === 0)
      this.refuse(`--serializer=${printable(unknown)}: choose of ${[...SERIALIZERS.keys()].join(', ')}`);
    const timeout = this.number('negotiation-timeout', TIMEOUT_MAX, 1);
    return {
      name,
      aliases,
      serializers: given.length === 0 ? defaults : given,
      timeout: timeout === undefined ? NEGOTIATION_TIMEOUT : seconds(timeout),
      quirks,
    };
  }
}

export interface ServerOptions {
  readonly listen: Address;
  readonly kernel: KernelOptions;
  /** Links at a time; others wait, connected and unanswered. */
  readonly concurrency: number;
  /** Processes, of which one accepts and the others serve; 1 does both. */
  readonly processes: number;
  /** Connections that are served before a process ends; undefined: no end, or 1 where there are several processes. */
  readonly connections: number | undefined;
  readonly lifeline: number | undefined;
  /** Where the processes have their sockets and the pid file. */
  readonly run: string;
  /** What of the command line is for the processes that serve. */
  readonly passed: readonly string[];
}

/** Where the process of this number listens. */
export const socketPath = (run: string, pid: number, number: number): string => `${run}/ikc-${pid}-${number}`;
/** proc(5), pid_max. */
const PID_MAX = 4_194_304;

/** Not for them: they have their own. */
const OWN = /^--(?:listen|processes|connections|lifeline|run)=/;

export function serverOptions(args: readonly string[]): ServerOptions | { readonly problem: string } {
  const given = new Options(args);
  const options: ServerOptions = {
    listen: given.required('listen'),
    kernel: given.kernel([...SERIALIZERS.keys()]),
    concurrency: given.number('concurrency', LINKS_MAX, 1) ?? LINKS_MAX,
    processes: given.number('processes', PROCESSES_MAX, 1) ?? 1,
    connections: given.number('connections', CONNECTIONS_MAX, 1),
    lifeline: given.number('lifeline', 1_048_575),
    run: given.text('run') ?? '',
    passed: args.filter(each => !OWN.test(each)),
  };
  if (options.processes > 1 && options.run === '') given.refuse('--run= is missing: a folder for the sockets of the processes');
  if (utf8(socketPath(options.run, PID_MAX, PROCESSES_MAX)).length > UNIX_PATH_MAX)
    given.refuse(`--run=${printable(options.run)}: the paths in it would be longer than ${UNIX_PATH_MAX} bytes`);
  const { problem } = given;
  return problem === undefined ? options : { problem };
}

/** One thing that a client does. */
export interface Step {
  readonly verb: 'post' | 'call' | 'list' | 'subscribe';
  readonly to: string;
  readonly params: PerlValue;
}
const VERBS: readonly Step['verb'][] = ['post', 'call', 'list', 'subscribe'];

export interface ClientOptions {
  readonly connect: Address;
  readonly kernel: KernelOptions;
  readonly steps: readonly Step[];
  /** Before each step. */
  readonly pause: Duration;
  /** How often all of them are done. */
  readonly repeat: number;
  readonly timeout: Duration | undefined;
  readonly reconnect: boolean;
  /** When all is done the client is still there. */
  readonly stay: boolean;
  /** Its own session `demo`, as a server has it. */
  readonly publish: boolean;
}

export function clientOptions(args: readonly string[]): ClientOptions | { readonly problem: string } {
  const given = new Options(args);
  const timeout = given.number('timeout', MILLISECONDS_MAX, 1);
  const options: ClientOptions = {
    connect: given.required('connect'),
    kernel: given.kernel([DEFAULT_SERIALIZER]),
    steps: stepsOf(given, args),
    pause: millis(given.number('pause', MILLISECONDS_MAX) ?? 0),
    repeat: given.number('repeat', 1_000_000_000, 1) ?? 1,
    timeout: timeout === undefined ? undefined : millis(timeout),
    reconnect: given.flag('reconnect'),
    stay: given.flag('stay'),
    publish: given.flag('publish'),
  };
  const { problem } = given;
  return problem === undefined ? options : { problem };
}

/** Of the small client: it cannot be asked, and does not subscribe. */
export function liteOptions(args: readonly string[]): Omit<ClientOptions, 'reconnect' | 'stay' | 'publish'> | { readonly problem: string } {
  const options = clientOptions(args);
  if ('problem' in options) return options;
  const { steps, reconnect, stay, publish } = options;
  if (steps.some(({ verb }) => verb === 'subscribe')) return { problem: '--subscribe= is not for the small client' };
  return reconnect || stay || publish ? { problem: '--reconnect, --stay and --publish are not for the small client' } : options;
}

/** In the order of the command line, whatever their verbs. */
function stepsOf(given: Options, args: readonly string[]): readonly Step[] {
  for (const verb of VERBS) given.all(verb);
  const steps: Step[] = [];
  for (const arg of args) {
    const [, name, text = ''] = /^--([a-z]+)=(.*)$/s.exec(arg) ?? [];
    const verb = VERBS.find(each => each === name);
    if (verb !== undefined) steps.push(stepOf(given, verb, text));
  }
  if (steps.length > STEPS_MAX) given.refuse(`a client does ${STEPS_MAX} things, not ${steps.length}`);
  return steps;
}

/** `poe://kernel/session/state`, and after a blank the parameters as JSON. */
function stepOf(given: Options, verb: Step['verb'], text: string): Step {
  const blank = text.indexOf(' ');
  const to = blank < 0 ? text : text.slice(0, blank);
  const json = blank < 0 ? '' : text.slice(blank).trim();
  if (parseSpecifier(to) === undefined)
    given.refuse(`--${verb}=${printable(text)}: '${printable(to)}' is no specifier: poe://kernel/session/state`);
  const params = json === '' ? { ok: true as const, value: null } : valueOfJson(utf8(json));
  if (!params.ok) given.refuse(`--${verb}=${printable(text)}: the parameters are ${params.why}`);
  return { verb, to, params: params.ok ? params.value : null };
}
