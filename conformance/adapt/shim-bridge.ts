/**
 * The bridge: a daemon that is started as the implementation of one case and speaks JSON lines with the user's shim, its child, on
 * the shim's standard input and output.
 *
 *   to the shim                                                         its answers, in the order of the commands
 *   {"cmd":"hello","seq":1,"version":1}                                 {"seq":1,"version":1,"name":"…"}
 *   {"cmd":"case","seq":2,"id":"…","role":"…","options":[…],            {"seq":2,"ok":true}
 *    "dir":"…","host":"…","port":0,"scale":1,"signals":["SIGTERM"],     {"seq":2,"unsupported":"why"}
 *    "channels":{"events":"in","control":"out"}}
 *   {"cmd":"data","seq":3,"channel":"control","hex":"0a0b"}             {"seq":3,"ok":true}
 *   {"cmd":"eof","seq":4,"channel":"control"}                           {"seq":4,"ok":true}
 *   {"cmd":"stop","seq":5,"signal":"SIGTERM"}                           {"seq":5,"ok":true}
 *   {"cmd":"bye","seq":6}                                               none is waited for: it ends
 *
 * What the implementation does comes at any time, without a number:
 *   {"event":"data","channel":"events","hex":"01…"}   {"event":"eof","channel":"events"}   {"event":"exit","code":0}
 *
 * `signals` are those that the case will send: a shim that cannot pass them on says `unsupported` at once. `in` is towards the tester.
 * Every case has a shim of its own. A killed case closes its standard input: then it ends.
 * The bridge ends as the implementation does; with 89 when the case is unsupported; with 88 when the shim breaks these rules, and
 * says on standard error how.
 */
import { fromUtf8, hex, printable, unhex, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Stream, StreamHandler, Timer } from '../../src/host/host.ts';
import { SIGNALS, type Signal } from '../../src/host/signal.ts';
import { type Duration, formatTime, micros, seconds } from '../../src/host/time.ts';
import type { ChannelName, Wiring } from '../case.ts';
import { parseObject } from '../judge/lines.ts';
import { UNSUPPORTED_STATUS } from '../peer.ts';
import { LineSplitter } from './line-splitter.ts';

/** The program of the table. */
export const SHIM_BRIDGE = 'shim-bridge';
export const SHIM_VERSION = 1;
/** The shim breaks the protocol: a setup error. */
export const BROKEN_STATUS = 88;
/** Of the id of a case that does not exist. */
export const PROBE = 'probe.';
/** What the tester does not take yet stays here; the shim waits. */
const PENDING_LIMIT = 1_048_576;
/** For the tester to take what was said before the end; one that does not read keeps nobody alive. */
const FLUSH: Duration = seconds(1);
/** Of what is said at once on a channel. */
const DATA_LIMIT = 16_384;
/** Signals that a case can send and a process can handle. */
const PASSED_ON: readonly Signal[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

interface BridgeChannel {
  readonly name: ChannelName;
  readonly descriptor: number;
  readonly direction: 'in' | 'out';
}

/** What follows them are the options of the case. */
export function bridgeArguments(shim: readonly string[], { channels }: Wiring, within: Duration): readonly string[] {
  const pipes = Object.entries(channels).flatMap(([name, { descriptor, direction, start = 1 }]) =>
    // Descriptor 2 is the shim's own, as it is.
    descriptor === undefined || descriptor === 2 || direction === 'both' || start > 1 ? [] : [`${name}:${descriptor}:${direction}`],
  );
  return [
    String(within),
    pipes.join(','),
    '{case}',
    '{role}',
    '{dir}',
    '{host}',
    '{port}',
    '{scale}',
    '{signals}',
    String(shim.length),
    ...shim,
  ];
}

export const shimBridge: Daemon = host => new Bridge(host).begin();

class Bridge {
  readonly #host: Host;
  readonly #streams: Map<ChannelName, Stream> = new Map();
  readonly #channels: readonly BridgeChannel[];
  readonly #within: Duration;
  readonly #lines = new LineSplitter();
  #input: Stream | undefined;
  #output: Stream | undefined;
  readonly #probe: boolean;
  #seq = 0;
  /** Commands that have not been answered, oldest first. */
  readonly #unanswered: { readonly seq: number; readonly cmd: string }[] = [];
  #limit: Timer | undefined;
  /** How the implementation ended, as soon as the shim has said so. */
  #exit: (() => void) | undefined;

  constructor(host: Host) {
    const [within, pipes = '', id = ''] = host.process.args;
    this.#probe = id.startsWith(PROBE);
    this.#host = host;
    this.#within = micros(Number(within));
    this.#channels = pipes.split(',').flatMap(text => {
      const [name = '', descriptor, direction] = text.split(':');
      return name === '' ? [] : [{ name, descriptor: Number(descriptor), direction: direction === 'out' ? 'out' : 'in' }];
    });
  }

  begin(): void {
    const { process, signals } = this.#host;
    signals.handle('SIGPIPE', () => {});
    for (const signal of PASSED_ON) signals.handle(signal, () => this.#say('stop', { signal }));
    const [id, role, dir, address, port, scale, named = '', count] = process.args.slice(2);
    const words = process.args.slice(10, 10 + Number(count));
    const options = process.args.slice(10 + Number(count));
    this.#startShim(words);
    for (const channel of this.#channels) this.#attach(channel);
    this.#say('hello', { version: SHIM_VERSION });
    const channels = Object.fromEntries(this.#channels.map(({ name, direction }) => [name, direction]));
    const signalNames = named.split(',').filter(each => each !== '');
    this.#say('case', { id, role, options, dir, host: address, port: Number(port), scale: Number(scale), signals: signalNames, channels });
  }

  #startShim([program = '', ...args]: readonly string[]): void {
    const { descriptors, process } = this.#host;
    const input = descriptors.pipe();
    const output = descriptors.pipe();
    if (!input.ok || !output.ok) this.#broken('there is no pipe for it');
    const spawned = process.spawn(program, args, { descriptors: { 0: input.value.read, 1: output.value.write } });
    descriptors.close(input.value.read);
    descriptors.close(output.value.write);
    if (!spawned.ok) this.#broken(`${printable(program)} cannot be started: ${spawned.error.code}`);
    const writer = descriptors.attach(input.value.write, 'write', { data: () => {} });
    const reader = descriptors.attach(output.value.read, 'read', { data: bytes => this.#heard(bytes), end: () => this.#ended() });
    if (!writer.ok || !reader.ok) this.#broken('there is no pipe for it');
    this.#input = writer.value;
    this.#output = reader.value;
  }

  #attach({ name, descriptor, direction }: BridgeChannel): void {
    const handler: StreamHandler =
      direction === 'out'
        ? { data: bytes => this.#pass(name, bytes), end: () => this.#say('eof', { channel: name }) }
        : { data: () => {}, drain: () => this.#drained(), close: () => this.#gone(name) };
    // The tester, our parent, may have left one out or closed it: then nothing is on it.
    const attached = this.#host.descriptors.attach(descriptor, direction === 'out' ? 'read' : 'write', handler);
    if (attached.ok) this.#streams.set(name, attached.value);
  }

  /** The tester does not read the channel any more: what is said on it is lost, as it would be without us. */
  #gone(channel: ChannelName): void {
    this.#streams.delete(channel);
    this.#drained();
  }

  // ── to the shim ───────────────────────────────────────────────────────────────────────────────────────────────────

  #pass(channel: ChannelName, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += DATA_LIMIT) this.#say('data', { channel, hex: hex(bytes.subarray(at, at + DATA_LIMIT)) });
  }

  #say(cmd: string, fields: Readonly<Record<string, unknown>>): void {
    if (this.#exit !== undefined) return;
    this.#seq += 1;
    this.#unanswered.push({ seq: this.#seq, cmd });
    this.#input?.write(utf8(`${JSON.stringify({ cmd, seq: this.#seq, ...fields })}\n`));
    if (this.#unanswered.length === 1) this.#arm();
  }

  #arm(): void {
    this.#limit?.cancel();
    const [oldest] = this.#unanswered;
    if (oldest === undefined) return;
    this.#limit = this.#host.clock.setTimer(this.#within, () => {
      this.#broken(`no answer to ${oldest.cmd} (seq ${oldest.seq}) within ${formatTime(this.#within)}`);
    });
  }

  // ── from the shim ─────────────────────────────────────────────────────────────────────────────────────────────────

  #heard(bytes: Uint8Array): void {
    for (const line of this.#lines.feed(bytes)) {
      if (this.#exit !== undefined) return;
      if (line === 'too long') this.#broken('a line is too long');
      this.#take(line);
    }
  }

  #take(line: Uint8Array): void {
    const text = fromUtf8(line);
    const value = text === undefined ? undefined : parseObject(text);
    if (value === undefined) this.#broken(`a line is no JSON object: ${printable(text ?? 'no UTF-8', 120)}`);
    if (value['event'] === undefined) this.#answer(value);
    else this.#event(value);
  }

  #answer(value: Readonly<Record<string, unknown>>): void {
    const asked = this.#unanswered.shift();
    if (asked === undefined) this.#broken(`an answer to nothing: ${shown(value)}`);
    const to = `${asked.cmd} (seq ${asked.seq})`;
    if (value['seq'] !== asked.seq) this.#broken(`an answer with seq ${shown(value['seq'])} where one to ${to} was awaited`);
    this.#arm();
    const { unsupported } = value;
    if (asked.cmd === 'hello') {
      if (value['version'] !== SHIM_VERSION) this.#broken(`it speaks version ${shown(value['version'])} and not ${SHIM_VERSION}`);
    } else if (unsupported !== undefined) {
      if (asked.cmd !== 'case') this.#broken(`${to} is unsupported: that is to be said in the answer to case, which names the signals`);
      this.#finish(UNSUPPORTED_STATUS, typeof unsupported === 'string' ? unsupported : 'no reason given');
    } else if (value['ok'] === true) {
      // That was all that was to be found out.
      if (asked.cmd === 'case' && this.#probe) this.#host.process.exit(0);
    } else this.#broken(`the answer to ${to} is neither ok nor unsupported: ${shown(value)}`);
  }

  #event(value: Readonly<Record<string, unknown>>): void {
    switch (value['event']) {
      case 'data':
        this.#data(value);
        return;
      case 'eof':
        this.#streams.get(this.#incoming(value))?.end();
        return;
      case 'exit':
        this.#exited(value);
        return;
      default:
        this.#broken(`there is no event ${shown(value['event'])}`);
    }
  }

  #data(value: Readonly<Record<string, unknown>>): void {
    const bytes = typeof value['hex'] === 'string' ? unhex(value['hex']) : undefined;
    if (bytes === undefined) this.#broken(`data without hexadecimal bytes: ${shown(value)}`);
    const stream = this.#streams.get(this.#incoming(value));
    if (stream !== undefined && bytes.length > 0 && stream.write(bytes) > PENDING_LIMIT) this.#output?.pause();
  }

  /** The channel of an event; it has to be one towards the tester. */
  #incoming(value: Readonly<Record<string, unknown>>): ChannelName {
    const found = this.#channels.find(({ name, direction }) => name === value['channel'] && direction === 'in');
    return found?.name ?? this.#broken(`there is no channel ${shown(value['channel'])} towards the tester`);
  }

  #exited({ code, signal }: Readonly<Record<string, unknown>>): void {
    const { process } = this.#host;
    const named = SIGNALS.find(each => each === signal);
    this.#say('bye', {});
    if (named !== undefined) this.#exit = () => void process.kill(process.pid, named);
    else if (typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= 255) this.#exit = () => process.exit(code);
    else this.#broken(`exit without a code of 0 to 255, or the name of a signal: ${shown({ code, signal })}`);
    this.#limit?.cancel();
    this.#host.clock.setTimer(FLUSH, () => this.#exit?.());
    if (named !== undefined) this.#host.signals.handle(named, 'default');
    this.#drained();
  }

  /** Ends when the tester has everything that was said. */
  #drained(): void {
    const pending = [...this.#streams.values()].some(each => each.pending > 0);
    if (pending) return;
    this.#output?.resume();
    this.#exit?.();
  }

  #ended(): void {
    if (this.#exit === undefined) this.#broken('it ended, or closed its standard output, before it said exit');
  }

  #broken(why: string): never {
    return this.#finish(BROKEN_STATUS, why);
  }

  #finish(status: number, why: string): never {
    const output = this.#host.descriptors.attach(2, 'write', { data: () => {} });
    // A line fits into a pipe that nobody else has filled.
    if (output.ok) output.value.write(utf8(`${why}\n`));
    return this.#host.process.exit(status);
  }
}

const shown = (value: unknown): string => printable(JSON.stringify(value) ?? 'none', 120);
