/**
 * The tester: a daemon that plays one case against one implementation. It is hands and eyes only; what to do next and what
 * it means is decided by the machine. On either Host, what it sees is in the trace, under the labels of `NOTE`, so that
 * judge.ts can come to the same verdict without it.
 * Lacks: opinions, and any protocol.
 * May import: host, trace, case.ts, inbox.ts, machine.ts, lines.ts.
 */
import { EMPTY, textOf, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Descriptor, Endpoint, Host, Listener, Pid, Stream, StreamHandler, Timer } from '../../src/host/host.ts';
import type { Result } from '../../src/host/result.ts';
import type { Duration } from '../../src/host/time.ts';
import { micros, millis, seconds, ZERO } from '../../src/host/time.ts';
import type { JsonValue } from '../../src/trace/event.ts';
import type { Case, Channel, Surroundings, Target, Wiring } from '../case.ts';
import { CHANNEL_LIMIT, ITEM_LIMIT } from './inbox.ts';
import type { Action, End, Observation } from './machine.ts';
import { CaseMachine } from './machine.ts';

/** The implementation under test: what to run. */
export interface Implementation {
  readonly program: string;
  readonly args: readonly string[];
}

export interface TesterParameters {
  readonly wiring: Wiring;
  readonly implementation: Implementation;
  /** How the implementation can run the probe: the program and what comes before the script. */
  readonly probe: Implementation | undefined;
  /** Where the probe writes what it sees; nothing is there yet. */
  readonly report: string;
  /** For what the surroundings of a role have in it. */
  readonly directory: string;
  /** All deadlines are multiplied by this, in thousandths; lengths of silence are not. */
  readonly patience: number;
}

export interface Played {
  readonly machine: CaseMachine;
  readonly end: End;
  readonly output: readonly Output[];
}
export interface Output {
  readonly channel: Channel;
  readonly bytes: number;
  readonly tail: string;
}

/** Events of the log that the judge reads. `attach`, `timer` and `open` are of the crossing that follows the note. */
export const NOTE = {
  attach: 'case-attach', // channel
  step: 'case-step', // step, verb
  filled: 'case-filled',
  started: 'case-started', // pid
  notStarted: 'case-not-started', // code
  armed: 'case-armed', // step
  deadline: 'case-deadline',
  connect: 'case-connect',
  dial: 'case-dial', // channel
  file: 'case-file', // path, there, text
  report: 'case-report', // channel, text
  verdict: 'case-verdict', // verdict
} as const;

/** Output that comes faster than this is read in pauses, so that a flood costs its sender and not us; in long ones when nobody looks at it any more. */
const BURST = 262_144;
/** What a read counts for beside its bytes: a flood of single bytes is one as well. */
const READ_COST = 2_048;
const BURST_PAUSE: Duration = millis(20);
const UNSEEN_PAUSE: Duration = millis(500);
const REPORT_POLL: Duration = millis(20);
/** Between two attempts to connect, or looks at a file. */
const AGAIN: Duration = millis(50);
const BACKLOG = 16;
/** Of a file, what is looked at is its end. A file that is larger than any of a case is not read at all. */
const FILE_LIMIT = 65_536;
const FILE_SIZE_LIMIT = 4_194_304;
/** Connections beyond those of the case, before the tester stops listening: each costs it a few events of the trace. */
const SURPLUS_LIMIT = 500;
/** For an end that has begun. */
const EXIT_GRACE: Duration = millis(250);
/** SIGKILL takes effect at once, unless the implementation is stuck in the kernel. */
const KILL_GRACE: Duration = seconds(5);
/** Of what the probe wrote down. */
const REPORT_LIMIT = 262_144;

export function testerDaemon(kase: Case, parameters: TesterParameters, done: (played: Played) => void): Daemon {
  return host => new Tester(host, kase, parameters, done).begin();
}

class Tester {
  readonly #host: Host;
  readonly #case: Case;
  readonly #parameters: TesterParameters;
  readonly #done: (played: Played) => void;
  readonly #machine: CaseMachine;
  readonly #streams: Map<Channel, Stream> = new Map();
  /** The implementation's ends of the pipes, until it has been started. */
  readonly #theirs: Map<number, Descriptor> = new Map();
  readonly #closed: Set<Channel> = new Set();
  readonly #actions: Action[] = [];
  #performing = false;
  #child: Pid | undefined;
  #timer: Timer | undefined;
  #caseTimer: Timer | undefined;
  #pollTimer: Timer | undefined;
  #listener: Listener | undefined;
  #port = 0;
  #accepted = 0;
  /** The step that is being played: what is tried again and again is given up with it. */
  #current = 0;
  #over = false;

  constructor(host: Host, kase: Case, parameters: TesterParameters, done: (played: Played) => void) {
    this.#host = host;
    this.#case = kase;
    this.#parameters = parameters;
    this.#done = done;
    this.#machine = new CaseMachine(kase, parameters.wiring);
  }

  begin(): void {
    // A handler and not `ignore`: what is ignored here would be ignored in the implementation as well.
    this.#host.signals.handle('SIGPIPE', () => {});
    for (const channel of Object.keys(this.#parameters.wiring.channels)) this.#open(channel);
    this.#note(NOTE.deadline, {});
    this.#caseTimer = this.#host.clock.setTimer(this.#patient(this.#case.deadline), () => this.#observe({ kind: 'case-deadline' }));
    const { surroundings } = this.#parameters.wiring;
    if (surroundings === undefined) this.#perform(this.#machine.start());
    else this.#surround(surroundings);
  }

  // ── surroundings ──────────────────────────────────────────────────────────────────────────────────────────────────

  #surround({ accepts, directories, files }: Surroundings): void {
    this.#listen(() => {
      if (accepts.length === 0) this.#listener?.close();
      // The directory itself may be there.
      this.#host.storage.makeDirectory(this.#parameters.directory);
      for (const directory of directories) demand(this.#host.storage.makeDirectory(this.#path(directory)), directory);
      for (const [path, text] of Object.entries(files)) this.#place(path, text);
      this.#perform(this.#machine.start());
    });
  }

  #listen(opened: () => void): void {
    const at: Endpoint = { transport: 'tcp', address: LOOPBACK, port: this.#port };
    this.#host.network.listen(
      at,
      { backlog: BACKLOG },
      {
        opened: result => {
          this.#listener = demand(result, 'a listener');
          const { local } = this.#listener;
          if (local.transport === 'tcp') this.#port = local.port;
          opened();
        },
        accept: stream => this.#accept(stream),
      },
    );
  }

  #accept(stream: Stream): StreamHandler {
    const channel = this.#parameters.wiring.surroundings?.accepts[this.#accepted++];
    if (channel === undefined || this.#over) {
      stream.close();
      if (this.#accepted >= SURPLUS_LIMIT) this.#listener?.close();
      return WRITER;
    }
    return this.#opened(channel, stream);
  }

  #opened(channel: Channel, stream: Stream): StreamHandler {
    this.#streams.set(channel, stream);
    this.#observe({ kind: 'opened', channel });
    return this.#reader(channel);
  }

  #place(path: string, text: string): void {
    demand(this.#host.storage.write(this.#path(path), utf8(this.#filled(text))), path);
  }

  #path(path: string): string {
    return `${this.#parameters.directory}/${path}`;
  }

  #filled(text: string): string {
    return text.replaceAll('{dir}', this.#parameters.directory).replaceAll('{port}', String(this.#port));
  }

  #endpoint(to: Target): Endpoint {
    return 'tcp' in to ? { transport: 'tcp', address: LOOPBACK, port: this.#port } : { transport: 'unix', path: this.#path(to.unix) };
  }

  #dial(channel: Channel, to: Target): void {
    this.#note(NOTE.dial, { channel });
    this.#host.network.connect(this.#endpoint(to), {}, result => {
      if (result.ok && !this.#over) return this.#opened(channel, result.value);
      this.#again(() => this.#dial(channel, to));
      return WRITER;
    });
  }

  /** Whether somebody accepts. */
  #try(to: Target): void {
    this.#note(NOTE.connect, {});
    this.#host.network.connect(this.#endpoint(to), {}, result => {
      this.#observe({ kind: 'connected', error: result.ok ? undefined : result.error.code });
      if (result.ok) {
        result.value.close();
        this.#again(() => this.#try(to));
      }
      return WRITER;
    });
  }

  #look(path: string, before?: string): void {
    const there = this.#host.storage.stat(this.#path(path)).ok;
    // What is no file, such as a socket, has no text.
    const text = textOf(this.#content(this.#path(path)).subarray(-FILE_LIMIT));
    const seen = `${there} ${text}`;
    if (seen !== before) {
      this.#note(NOTE.file, { path, there, text });
      this.#observe({ kind: 'file', text: there ? text : undefined });
    }
    this.#again(() => this.#look(path, seen));
  }

  #content(path: string): Uint8Array {
    const { storage } = this.#host;
    const found = storage.stat(path);
    const read = found.ok && found.value.kind === 'file' && found.value.size <= FILE_SIZE_LIMIT ? storage.read(path) : undefined;
    return read?.ok === true ? read.value : EMPTY;
  }

  #again(act: () => void): void {
    const step = this.#current;
    this.#host.clock.setTimer(AGAIN, () => {
      if (!this.#over && this.#machine.verdict === undefined && this.#current === step) act();
    });
  }

  // ── pipes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #open(channel: Channel): void {
    const wiring = this.#parameters.wiring.channels[channel];
    if (wiring?.descriptor === undefined) return;
    const { read, write } = demand(this.#host.descriptors.pipe(), 'pipe');
    const incoming = wiring.direction === 'in';
    this.#theirs.set(wiring.descriptor, incoming ? write : read);
    this.#note(NOTE.attach, { channel });
    const handler = incoming ? this.#reader(channel) : WRITER;
    this.#streams.set(
      channel,
      demand(this.#host.descriptors.attach(incoming ? read : write, incoming ? 'read' : 'write', handler), channel),
    );
  }

  #reader(channel: Channel): StreamHandler {
    let burst = 0;
    let reads = 0;
    const end = (): void => this.#observe({ kind: 'eof', channel });
    return {
      data: bytes => {
        burst += bytes.length + READ_COST;
        reads += 1;
        if (burst >= BURST) {
          burst = 0;
          this.#breathe(channel, reads);
        }
        this.#observe({ kind: 'bytes', channel, bytes });
      },
      end,
      close: end,
    };
  }

  #breathe(channel: Channel, reads: number): void {
    this.#streams.get(channel)?.pause();
    const unseen = this.#machine.inbox(channel).bytes > CHANNEL_LIMIT || reads > ITEM_LIMIT;
    this.#host.clock.setTimer(unseen ? UNSEEN_PAUSE : BURST_PAUSE, () => {
      if (!this.#over && !this.#closed.has(channel)) this.#streams.get(channel)?.resume();
    });
  }

  // ── observations and actions ──────────────────────────────────────────────────────────────────────────────────────

  #observe(observation: Observation): void {
    if (this.#over) return;
    this.#perform(this.#machine.observe(observation));
    if (this.#machine.verdict !== undefined && observation.kind === 'exit') this.#finish();
  }

  /** What an action brings about is done after the actions decided before it. */
  #perform(actions: readonly Action[]): void {
    this.#actions.push(...actions);
    if (this.#performing) return;
    this.#performing = true;
    for (let action = this.#actions.shift(); action !== undefined && !this.#over; action = this.#actions.shift()) this.#act(action);
    this.#performing = false;
  }

  #act(action: Action): void {
    switch (action.kind) {
      case 'step':
        this.#current = action.step;
        this.#note(NOTE.step, { step: action.step, verb: action.verb });
        return;
      case 'start':
        this.#start(action.options, action.script);
        return;
      case 'write':
        this.#write(action.channel, action.bytes);
        return;
      case 'close':
      case 'half-close':
      case 'reset':
        this.#close(action.channel, action.kind);
        return;
      case 'pause':
        this.#streams.get(action.channel)?.pause();
        return;
      case 'resume':
        this.#streams.get(action.channel)?.resume();
        return;
      case 'fill':
        this.#fill(action.channel, action.hex);
        return;
      case 'collect':
        this.#collect(action.channel);
        return;
      case 'signal':
        if (this.#child !== undefined && !this.#machine.exited) this.#host.process.kill(this.#child, action.signal);
        return;
      case 'connect':
        this.#connect(action.address, action.port);
        return;
      case 'arm':
        this.#arm(action.step, action.delay);
        return;
      case 'verdict':
        this.#conclude();
        return;
      default:
        this.#actOnSurroundings(action);
    }
  }

  #actOnSurroundings(action: Extract<Action, { kind: 'dial' | 'try' | 'deafen' | 'listen' | 'place' | 'look' }>): void {
    switch (action.kind) {
      case 'dial':
        this.#dial(action.channel, action.to);
        return;
      case 'try':
        this.#try(action.to);
        return;
      case 'deafen':
        this.#listener?.close();
        return;
      case 'listen':
        this.#listen(() => {});
        return;
      case 'place':
        this.#place(action.path, action.text);
        return;
      case 'look':
        this.#look(action.path);
        return;
      default:
        action satisfies never;
    }
  }

  #start(options: readonly string[], script: JsonValue | undefined): void {
    const { implementation } = this.#parameters;
    const args = [...implementation.args, ...options.map(each => this.#filled(each)), ...this.#probeArguments(script)];
    const spawned = this.#host.process.spawn(implementation.program, args, { descriptors: Object.fromEntries(this.#theirs) });
    // Our copies would keep the pipes open after the implementation has ended.
    for (const descriptor of this.#theirs.values()) this.#host.descriptors.close(descriptor);
    this.#theirs.clear();
    if (!spawned.ok) {
      this.#note(NOTE.notStarted, { code: spawned.error.code });
      this.#observe({ kind: 'not-started', code: spawned.error.code });
      return;
    }
    this.#child = spawned.value;
    this.#note(NOTE.started, { pid: spawned.value });
    this.#observe({ kind: 'started' });
    this.#host.process.wait(result => {
      if (result.ok) this.#observe({ kind: 'exit', status: result.value.status });
    });
  }

  /** A process of its own does it: what this one has attached it could not hand on to the implementation. */
  #fill(channel: Channel, hex: string): void {
    const descriptor = this.#theirs.get(this.#parameters.wiring.channels[channel]?.descriptor ?? -1);
    if (descriptor === undefined) throw new Error(`case ${this.#case.id}: fill comes before start, and of a channel that is read`);
    demand(this.#host.process.spawn(FILLER, [hex], { descriptors: { [FILLER_DESCRIPTOR]: descriptor } }), FILLER);
    this.#host.process.wait(() => {
      this.#note(NOTE.filled, {});
      this.#observe({ kind: 'filled' });
    });
  }

  #probeArguments(script: JsonValue | undefined): readonly string[] {
    const { probe, report } = this.#parameters;
    if (probe === undefined || script === undefined) return [];
    return ['--', probe.program, ...probe.args, JSON.stringify({ report, script })];
  }

  #write(channel: Channel, bytes: Uint8Array): void {
    if (!this.#closed.has(channel)) this.#streams.get(channel)?.write(bytes);
  }

  #close(channel: Channel, how: 'close' | 'half-close' | 'reset'): void {
    if (this.#closed.has(channel)) return;
    this.#closed.add(channel);
    const stream = this.#streams.get(channel);
    if (how === 'reset') stream?.reset();
    else if (how === 'half-close' || this.#parameters.wiring.channels[channel]?.direction === 'out') stream?.end();
    else stream?.close();
  }

  #connect(address: string, port: number): void {
    this.#note(NOTE.connect, {});
    this.#host.network.connect({ transport: 'tcp', address, port }, {}, result => {
      this.#observe({ kind: 'connected', error: result.ok ? undefined : result.error.code });
      if (result.ok) result.value.close();
      return { data: () => {} };
    });
  }

  #arm(step: number, delay: Duration): void {
    this.#timer?.cancel();
    this.#note(NOTE.armed, { step });
    const silence = this.#case.steps[step]?.verb === 'expect-silence';
    this.#timer = this.#host.clock.setTimer(silence ? delay : this.#patient(delay), () => this.#observe({ kind: 'deadline', step }));
  }

  // ── what the probe wrote down ─────────────────────────────────────────────────────────────────────────────────────

  #collect(channel: Channel): void {
    const text = this.#report();
    if (!ended(text)) {
      this.#pollTimer = this.#host.clock.setTimer(REPORT_POLL, () => {
        if (!this.#over && this.#machine.verdict === undefined) this.#collect(channel);
      });
      return;
    }
    this.#note(NOTE.report, { channel, text });
    this.#observe({ kind: 'bytes', channel, bytes: utf8(text) });
    this.#observe({ kind: 'eof', channel });
  }

  #report(): string {
    return textOf(this.#content(this.#parameters.report).subarray(0, REPORT_LIMIT));
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #conclude(): void {
    this.#timer?.cancel();
    this.#caseTimer?.cancel();
    this.#pollTimer?.cancel();
    this.#note(NOTE.verdict, { verdict: this.#machine.verdict?.verdict ?? '' });
    if (this.#child === undefined || this.#machine.exited) {
      this.#timer = this.#host.clock.setTimer(ZERO, () => this.#finish());
      return;
    }
    // Its pipes ended before it did: it is about to end by itself, and how is worth knowing.
    if (this.#ending()) this.#timer = this.#host.clock.setTimer(EXIT_GRACE, () => this.#kill());
    else this.#kill();
  }

  #ending(): boolean {
    const { channels } = this.#parameters.wiring;
    return Object.entries(channels).some(([channel, { direction, descriptor }]) => {
      return direction === 'in' && descriptor !== undefined && this.#machine.inbox(channel).ended;
    });
  }

  #kill(): void {
    if (this.#child === undefined || this.#machine.exited) return;
    this.#host.process.kill(this.#child, 'SIGKILL');
    this.#observe({ kind: 'killed' });
    this.#timer = this.#host.clock.setTimer(KILL_GRACE, () => this.#finish());
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    this.#listener?.close();
    const output: Output[] = [];
    for (const [channel, { direction, descriptor }] of Object.entries(this.#parameters.wiring.channels)) {
      if (direction === 'both') this.#streams.get(channel)?.close();
      if (direction !== 'in' || descriptor === undefined) continue;
      const { bytes, tail } = this.#machine.inbox(channel);
      output.push({ channel, bytes, tail: textOf(tail) });
      if (!this.#closed.has(channel)) this.#streams.get(channel)?.close();
    }
    this.#done({ machine: this.#machine, end: this.#machine.end, output });
  }

  #patient(delay: Duration): Duration {
    return micros((delay * this.#parameters.patience) / 1_000);
  }

  #note(event: string, fields: Readonly<Record<string, string | number | boolean>>): void {
    this.#host.log('info', event, fields);
  }
}

/** The last line of a probe's report says that it ends. */
function ended(text: string): boolean {
  return /"event":"exit"[^\n]*\n$/.test(text);
}

/** The program of the table that fills a pipe: filler.ts. */
export const FILLER = 'pipe-filler';
export const FILLER_DESCRIPTOR = 3;

const WRITER: StreamHandler = { data: () => {} };
const LOOPBACK = '127.0.0.1';

/** The tester cannot work without this: not a finding about the implementation. */
function demand<T>(result: Result<T>, what: string): T {
  if (!result.ok) throw new Error(`the tester cannot open ${what}: ${result.error.code}`);
  return result.value;
}
