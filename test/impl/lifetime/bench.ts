/** A tester's bench in a simulated world: it starts a child with two pipes, hears it and does things to it; or it starts a parent and reads its observations. */
import { hex, textOf } from '../../../src/host/bytes.ts';
import type { Daemon, Descriptor, Host, Programs, Stream } from '../../../src/host/host.ts';
import type { Signal } from '../../../src/host/signal.ts';
import { formatExit } from '../../../src/host/signal.ts';
import type { Duration } from '../../../src/host/time.ts';
import { instantOf, seconds } from '../../../src/host/time.ts';
import { programs } from '../../../src/impl/lifetime/programs.ts';
import type { FrameEvent } from '../../../src/impl/lifetime/wire.ts';
import { FrameDecoder, messageOf } from '../../../src/impl/lifetime/wire.ts';
import { World } from '../../../src/sim/world.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';

const EVENTS_MAX = 200_000;
const ALL = ['--lifetimeevents', '--boundaddrevents'];

export interface ChildSetup {
  readonly args?: readonly string[];
  readonly seed?: string;
  /** The child's numbers of its two ends; undefined leaves the end and the option out. Default 3 and 4. */
  readonly events?: number | undefined;
  readonly control?: number | undefined;
  /** The option is given, the descriptor is not. */
  readonly noEvents?: boolean;
  readonly noControl?: boolean;
  /** Default: both kinds of event are asked for. */
  readonly flags?: readonly string[];
  /** Before the child is started. */
  readonly before?: (bench: Bench) => void;
  /** Right after. */
  readonly started?: (bench: Bench) => void;
  /** Each message as it is heard: `0,1`, `p2p`, `rpc`, `unknown TYPE LENGTH`, `violation CLAUSE`. */
  readonly heard?: (word: string, bench: Bench) => void;
}

/** What a test may do meanwhile. */
export interface Bench {
  readonly host: Host;
  closeControl(): void;
  writeControl(bytes: Uint8Array): void;
  closeEvents(): void;
  pauseEvents(): void;
  resumeEvents(): void;
  kill(signal: Signal): void;
}

export interface ChildRun {
  /** The messages heard, in order. */
  readonly words: string;
  readonly bytes: string;
  /** `exit 0`, `killed by SIGTERM`, or `running`. */
  readonly status: string;
  /** Slugs of the child's log. */
  readonly logs: readonly string[];
  readonly trace: readonly TraceEvent[];
}

export function runChild(setup: ChildSetup = {}): ChildRun {
  const words: string[] = [];
  let bytes = '';
  let status = 'running';
  const tester: Daemon = host => {
    const bench = new ChildBench(host, setup, {
      frame: event => {
        const word = wordOf(event);
        words.push(word);
        setup.heard?.(word, bench);
      },
      bytes: piece => {
        bytes += hex(piece);
      },
      ended: text => {
        status = text;
      },
    });
    bench.start();
  };
  const trace = runWorld(setup.seed ?? 'a', { ...programs, tester });
  return { words: words.join(' '), bytes, status, logs: logsOf(trace, 'lifetime-child'), trace };
}

interface Heard {
  frame(event: FrameEvent): void;
  bytes(piece: Uint8Array): void;
  ended(status: string): void;
}

class ChildBench implements Bench {
  readonly host: Host;
  readonly #setup: ChildSetup;
  readonly #heard: Heard;
  readonly #decoder = new FrameDecoder();
  #events: Stream | undefined;
  #control: Descriptor;
  #controlStream: Stream | undefined;
  #child = 0;

  constructor(host: Host, setup: ChildSetup, heard: Heard) {
    this.host = host;
    this.#setup = setup;
    this.#heard = heard;
    this.#control = 0;
  }

  start(): void {
    const { descriptors, process, signals } = this.host;
    const { noEvents = false, noControl = false, args = [], flags = ALL } = this.#setup;
    const events = 'events' in this.#setup ? this.#setup.events : 3;
    const control = 'control' in this.#setup ? this.#setup.control : 4;
    signals.handle('SIGPIPE', 'ignore');
    const eventPipe = must(descriptors.pipe());
    const controlPipe = must(descriptors.pipe());
    this.#control = controlPipe.write;
    this.#listen(eventPipe.read);
    this.#setup.before?.(this);
    const given: Record<number, Descriptor> = {};
    if (events !== undefined && !noEvents) given[events] = eventPipe.write;
    if (control !== undefined && !noControl) given[control] = controlPipe.read;
    const options = [...(events === undefined ? [] : [`--pipetx=${events}`]), ...(control === undefined ? [] : [`--piperx=${control}`])];
    this.#child = must(process.spawn('lifetime-child', [...args, ...options, ...flags], { descriptors: given }));
    descriptors.close(eventPipe.write);
    descriptors.close(controlPipe.read);
    process.wait(reaped => this.#heard.ended(formatExit(must(reaped).status)));
    this.#setup.started?.(this);
  }

  #listen(descriptor: Descriptor): void {
    const stream = this.host.descriptors.attach(descriptor, 'read', {
      data: piece => {
        this.#heard.bytes(piece);
        for (const event of this.#decoder.push(piece)) this.#heard.frame(event);
      },
      end: () => {
        const cut = this.#decoder.finish();
        if (cut !== undefined) this.#heard.frame(cut);
      },
    });
    this.#events = must(stream);
  }

  closeControl(): void {
    if (this.#controlStream === undefined) this.host.descriptors.close(this.#control);
    else this.#controlStream.end();
  }

  writeControl(bytes: Uint8Array): void {
    this.#controlStream ??= must(this.host.descriptors.attach(this.#control, 'write', { data: () => {} }));
    this.#controlStream.write(bytes);
  }

  closeEvents(): void {
    this.#events?.close();
  }

  pauseEvents(): void {
    this.#events?.pause();
  }

  resumeEvents(): void {
    this.#events?.resume();
  }

  kill(signal: Signal): void {
    this.host.process.kill(this.#child, signal);
  }
}

function wordOf(event: FrameEvent): string {
  const message = event.kind === 'violation' ? event : messageOf(event);
  switch (message.kind) {
    case 'lifetime':
      return `${message.event},${message.id}`;
    case 'address':
      return message.type.slice(0, 3);
    case 'unknown':
      return `unknown ${message.type} ${message.length}`;
    case 'violation':
      return `violation ${message.clause}`;
    default:
      return message satisfies never;
  }
}

// ── parents ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ParentSetup {
  readonly args?: readonly string[];
  readonly seed?: string;
  /** What the parent starts: a program of ours with its arguments, or one made for the test. */
  readonly child?: readonly string[];
  readonly program?: Daemon;
  /** Nobody will ever read it. */
  readonly gone?: boolean;
  /** How long nothing is read of what it says. */
  readonly deafFor?: Duration;
  /** Each observation, as its line. */
  readonly saw?: (line: string, signal: (name: Signal) => void) => void;
}

export interface ParentRun {
  readonly lines: readonly string[];
  readonly status: string;
  readonly logs: readonly string[];
  readonly trace: readonly TraceEvent[];
}

export function runParent(setup: ParentSetup = {}): ParentRun {
  const lines: string[] = [];
  let status = 'running';
  const tester: Daemon = host => {
    const out = must(host.descriptors.pipe());
    const child = setup.program === undefined ? (setup.child ?? ['lifetime-child']) : ['made'];
    const pid = must(host.process.spawn('lifetime-parent', [...(setup.args ?? []), '--', ...child], { descriptors: { 1: out.write } }));
    host.descriptors.close(out.write);
    let text = '';
    const data = (piece: Uint8Array): void => {
      const parts = (text + textOf(piece)).split('\n');
      text = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        setup.saw?.(line, name => host.process.kill(pid, name));
      }
    };
    const heard = must(host.descriptors.attach(out.read, 'read', { data }));
    if (setup.gone === true) heard.close();
    if (setup.deafFor !== undefined) {
      heard.pause();
      host.clock.setTimer(setup.deafFor, () => heard.resume());
    }
    host.process.wait(reaped => {
      status = formatExit(must(reaped).status);
    });
  };
  const made: Programs = setup.program === undefined ? {} : { made: setup.program };
  const trace = runWorld(setup.seed ?? 'a', { ...programs, ...made, tester });
  return { lines, status, logs: logsOf(trace, 'lifetime-parent'), trace };
}

/** A child that only writes. It ends when its control pipe does, unless it is told not to. */
export function speaker(pieces: readonly Uint8Array[], manner: { readonly deaf?: boolean; readonly ends?: boolean } = {}): Daemon {
  const { deaf = false, ends = false } = manner;
  return host => {
    host.signals.handle('SIGPIPE', 'ignore');
    if (deaf) host.signals.handle('SIGTERM', 'ignore');
    const events = must(host.descriptors.attach(3, 'write', { data: () => {} }));
    must(host.descriptors.attach(4, 'read', { data: () => {}, end: () => (deaf ? undefined : host.process.exit(0)) }));
    // Far enough apart to be read one by one.
    pieces.forEach((piece, index) => {
      host.clock.setTimer(seconds(0.01 * (index + 1)), () => events.write(piece));
    });
    if (ends) host.clock.setTimer(seconds(0.01 * (pieces.length + 2)), () => host.process.exit(0));
  };
}

// ── worlds ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function runWorld(seed: string, all: Programs): readonly TraceEvent[] {
  const trace: TraceEvent[] = [];
  const world = new World({ seed, programs: all, sink: event => trace.push(event) });
  world.machine('m', { directories: ['/var'] }).start('tester');
  world.run(instantOf(60_000_000), EVENTS_MAX);
  const bug = trace.find(event => event.kind === 'bug');
  if (bug !== undefined) throw new Error(`${bug.process}: ${bug.data?.['message']}`);
  return trace;
}

const logsOf = (trace: readonly TraceEvent[], program: string): readonly string[] =>
  trace.filter(event => event.kind === 'log' && event.process.includes(program)).map(event => String(event.data?.['event']));

export function must<Value>(
  result:
    | { readonly ok: true; readonly value: Value }
    | { readonly ok: false; readonly error: { readonly code: string; readonly call: string } },
): Value {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.call}`);
  return result.value;
}
