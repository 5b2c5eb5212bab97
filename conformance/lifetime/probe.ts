/**
 * The probe: a child that does what a script says and writes down what its parent does to it. A parent under test runs it
 * as it would run any child. The report is a file, so nothing but the two pipes has to pass through the parent, which may
 * be written in any language.
 * Lacks: a database, listeners, and manners: it sends what the script says, legal or not.
 */
import { unhex, utf8 } from '../../src/host/bytes.ts';
import type { Daemon, Host, Stream } from '../../src/host/host.ts';
import type { Duration } from '../../src/host/time.ts';
import { micros, millis, seconds } from '../../src/host/time.ts';
import { parseObject } from '../judge/lines.ts';
import type { ProbeArgument, ProbeEvent, ProbeScript, ProbeStep } from './script.ts';

const EXIT_NO_SCRIPT = 64;
const EXIT_GUARD = 65;
/** Nothing keeps a probe longer than any case lasts, whatever became of its parent. */
const GUARD: Duration = seconds(60);
/** Between two pieces of a message that is sent cut up: time for the reader to see each alone. */
const PIECE_PAUSE: Duration = micros(400);

/** A parent that floods the control pipe fills no disk. */
const CHUNKS_NOTED = 8;

export const lifetimeProbe: Daemon = host => {
  const argument = parseArgument(host.process.args[0] ?? '');
  if (argument === undefined) {
    host.log('error', 'usage', { text: 'the first argument is a JSON object with report and script' });
    return host.process.exit(EXIT_NO_SCRIPT);
  }
  new Probe(host, argument).begin();
};

class Probe {
  readonly #host: Host;
  readonly #report: string;
  readonly #script: ProbeScript;
  #events: Stream | undefined;
  #broken = false;
  #chunks = 0;
  #next = 0;
  #stopRequested = false;
  #lingering = false;
  /** Set while the script waits for a request to stop, or for the kernel to take what was written. */
  #awaitingStop = false;
  #onDrain: (() => void) | undefined;

  constructor(host: Host, argument: ProbeArgument) {
    this.#host = host;
    this.#report = argument.report;
    this.#script = argument.script;
  }

  begin(): void {
    const { args, pid } = this.#host.process;
    this.#lingering = this.#script.some(step => step.do === 'linger');
    this.#host.signals.handle('SIGPIPE', 'ignore');
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      this.#host.signals.handle(signal, () => {
        this.#note('signal', { signal });
        this.#requestStop();
      });
    }
    const pipetx = descriptorOption(args, 'pipetx');
    const piperx = descriptorOption(args, 'piperx');
    const events = this.#attachEvents(pipetx);
    const control = this.#attachControl(piperx);
    this.#note('started', {
      pid,
      events,
      control,
      lifetimeevents: args.includes('--lifetimeevents'),
      boundaddrevents: args.includes('--boundaddrevents'),
    });
    this.#host.clock.setTimer(GUARD, () => this.#exit(EXIT_GUARD));
    this.#go();
  }

  /** `open`, or what is wrong with the descriptor. */
  #attachEvents(descriptor: number | undefined): string {
    if (descriptor === undefined) return 'none';
    const attached = this.#host.descriptors.attach(descriptor, 'write', {
      data: () => {},
      drain: () => this.#drained(),
      close: error => {
        this.#broken = true;
        if (error !== undefined) this.#note('events-broken', { code: error.code });
        this.#drained();
      },
    });
    if (!attached.ok) return attached.error.code;
    this.#events = attached.value;
    return 'open';
  }

  #attachControl(descriptor: number | undefined): string {
    if (descriptor === undefined) return 'none';
    const attached = this.#host.descriptors.attach(descriptor, 'read', {
      data: bytes => {
        this.#chunks += 1;
        if (this.#chunks <= CHUNKS_NOTED) this.#note('control-data', { bytes: bytes.length });
      },
      end: () => {
        this.#note('control-eof', {});
        this.#requestStop();
      },
    });
    return attached.ok ? 'open' : attached.error.code;
  }

  #requestStop(): void {
    this.#stopRequested = true;
    if (!this.#awaitingStop || this.#lingering) return;
    this.#awaitingStop = false;
    this.#go();
  }

  // ── the script ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The next step; each calls this when it is done. A script that has no more steps exits with 0. */
  #go(): void {
    const step = this.#script[this.#next];
    this.#next += 1;
    if (step === undefined) this.#exit(0);
    else this.#do(step);
  }

  #do(step: ProbeStep): void {
    switch (step.do) {
      case 'send':
        this.#send(payload(step), step.cut);
        return;
      case 'await-stop':
        if (this.#stopRequested) this.#go();
        else this.#awaitingStop = true;
        return;
      case 'wait':
        this.#host.clock.setTimer(millis(step.millis), () => this.#go());
        return;
      case 'close-events':
        this.#events?.end();
        this.#events = undefined;
        this.#go();
        return;
      case 'exit':
        this.#exit(step.code);
        return;
      case 'die':
        this.#note('exit', { code: -1 });
        this.#host.process.kill(this.#host.process.pid, 'SIGKILL');
        return;
      case 'linger':
        return;
      default:
        step satisfies never;
    }
  }

  #send(bytes: Uint8Array, cut: number | undefined): void {
    if (cut === undefined) {
      this.#write(bytes, () => this.#sent(bytes.length));
      return;
    }
    const piece = (from: number): void => {
      if (from >= bytes.length) this.#sent(bytes.length);
      else this.#write(bytes.subarray(from, from + cut), () => void this.#host.clock.setTimer(PIECE_PAUSE, () => piece(from + cut)));
    };
    piece(0);
  }

  #write(bytes: Uint8Array, taken: () => void): void {
    if (this.#events === undefined || this.#broken || this.#events.write(bytes) === 0) taken();
    else this.#onDrain = taken;
  }

  #drained(): void {
    const taken = this.#onDrain;
    this.#onDrain = undefined;
    taken?.();
  }

  #sent(bytes: number): void {
    this.#note('sent', { step: this.#next - 1, bytes });
    this.#go();
  }

  // ── the report ────────────────────────────────────────────────────────────────────────────────────────────────────

  #exit(code: number): void {
    this.#note('exit', { code });
    this.#host.process.exit(code);
  }

  #note(event: ProbeEvent, fields: Readonly<Record<string, string | number | boolean>>): void {
    this.#host.storage.append(this.#report, utf8(`${JSON.stringify({ event, ...fields })}\n`));
  }
}

function payload(step: Extract<ProbeStep, { do: 'send' }>): Uint8Array {
  const once = unhex(step.hex) ?? new Uint8Array(0);
  const repeat = step.repeat ?? 1;
  const whole = new Uint8Array(once.length * repeat);
  for (let index = 0; index < repeat; index++) whole.set(once, index * once.length);
  return whole;
}

function descriptorOption(args: readonly string[], name: string): number | undefined {
  const found = args.find(argument => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  return found !== undefined && /^[0-9]{1,7}$/.test(found) ? Number(found) : undefined;
}

function parseArgument(text: string): ProbeArgument | undefined {
  const value = parseObject(text);
  const report = value?.['report'];
  const script = value?.['script'];
  // The tester made the script out of a ProbeScript; a step it does not know ends the probe at the guard.
  return typeof report === 'string' && Array.isArray(script) ? { report, script: script as ProbeScript } : undefined;
}
