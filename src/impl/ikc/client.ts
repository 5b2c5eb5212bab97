/**
 * The client: connects, and does what it was told, one thing after the other. What comes of each is logged, and printed as a line of
 * JSON where there is somebody to read it. Spec: README.md.
 * Lacks: several servers.
 */
import { printable, textOf } from '../../host/bytes.ts';
import type { Host } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import { type Duration, micros, seconds } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import type { PerlValue } from '../storable/values.ts';
import type { Answer } from './awaited.ts';
import { DEMO, demo } from './demo.ts';
import { jsonOf } from './json.ts';
import { Kernel } from './kernel.ts';
import type { Link } from './link.ts';
import type { ClientOptions, Step } from './options.ts';
import type { Output } from './output.ts';

/** Before the first try to connect again; twice that before the next, up to the most. */
export const BACK_OFF: Duration = seconds(1);
export const BACK_OFF_MAX: Duration = seconds(60);
/** How much of a value is logged. */
const SHOWN_MAX = 1_000;
/** A post has no answer; behind the last of them it is seen by this one that they have been heard. */
const PING: Step = { verb: 'call', to: 'poe:/IKC/ping', params: 'PING' };

const FORMS = {
  /** Steps are numbered from 1, over all lives of the connection. */
  asked: { step: 'number', verb: 'string', to: 'string' },
  answer: { step: 'number', to: 'string', value: 'string' },
  subscribed: { step: 'number', to: 'string' },
  reconnecting: { seconds: 'number' },
  finished: { steps: 'number', failed: 'number' },
} as const;
const WARNINGS = {
  error: { step: 'number', to: 'string', failure: 'string', text: 'string' },
  'not-connected': { error: 'string' },
} as const;
export const clientLog: Logs<typeof FORMS> = logs(FORMS);
export const clientWarning: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');

export class Client {
  readonly #host: Host;
  readonly #options: ClientOptions;
  readonly #kernel: Kernel;
  readonly #output: Output;
  readonly #steps: number;
  /** Steps that are over, and those of them that failed. */
  #done = 0;
  #failed = 0;
  #posted = false;
  /** A step is on its way, or its pause. */
  #busy = false;
  #stopping = false;
  #backOff: Duration = BACK_OFF;

  constructor(host: Host, options: ClientOptions, output: Output) {
    this.#host = host;
    this.#output = output;
    this.#options = options;
    this.#steps = options.steps.length * options.repeat;
    this.#kernel = new Kernel(host, options.kernel, {
      opened: link => this.#opened(link),
      closed: (_, why) => this.#lost(why),
      remoteError: (_, text) => this.#print({ error: text }),
    });
    if (options.publish) this.#kernel.responder.sessions.define(DEMO, demo(host, this.#kernel.outgoing));
  }

  start(): void {
    const { signals } = this.#host;
    signals.handle('SIGPIPE', 'ignore');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.handle(signal, () => this.#stop());
    this.#connect();
  }

  // ── the connection ────────────────────────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    const { endpoint, text } = this.#options.connect;
    this.#host.network.connect(endpoint, {}, result => {
      if (!result.ok) {
        clientWarning(this.#host)['not-connected']({ error: result.error.code });
        this.#lost(`cannot connect to ${text}: ${result.error.code}`);
        return { data: () => {} };
      }
      return this.#kernel.join(result.value, 'client', endpoint.transport === 'tcp' ? text : undefined);
    });
  }

  #opened(link: Link): void {
    this.#backOff = BACK_OFF;
    // A server that says it is somebody whom there can be no way to.
    if (this.#kernel.responder.registry.registered.includes(link)) this.#goOn();
    else link.shutdown();
  }

  #lost(why: string): void {
    if (this.#stopping) {
      this.#exit();
      return;
    }
    if (!this.#options.reconnect) {
      this.#failed += 1;
      this.#print({ error: why });
      this.#exit();
      return;
    }
    clientLog(this.#host).reconnecting({ seconds: this.#backOff / seconds(1) });
    this.#host.clock.setTimer(this.#backOff, () => {
      if (!this.#stopping) this.#connect();
    });
    this.#backOff = micros(Math.min(this.#backOff * 2, BACK_OFF_MAX));
  }

  #stop(): void {
    const again = this.#stopping;
    this.#stopping = true;
    if (again || this.#kernel.links === 0) this.#exit();
    else this.#kernel.shutdown();
  }

  /** When what was printed has been taken. */
  #exit(): void {
    this.#stopping = true;
    this.#output.whenTaken(() => {
      clientLog(this.#host).finished({ steps: this.#done, failed: this.#failed });
      this.#host.process.exit(this.#failed === 0 ? EXIT_CLEAN : EXIT_FAILURE);
    });
  }

  // ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The next one, if the link is open. */
  #goOn(): void {
    if (this.#busy || this.#stopping || this.#kernel.responder.registry.registered.length === 0) return;
    const step = this.#next();
    if (step === undefined) {
      if (!this.#options.stay) this.#stop();
      return;
    }
    this.#busy = true;
    if (this.#options.pause === 0) this.#do(step);
    else this.#host.clock.setTimer(this.#options.pause, () => this.#do(step));
  }

  #next(): Step | undefined {
    const { steps } = this.#options;
    if (this.#done < this.#steps) return steps[this.#done % steps.length];
    return this.#posted ? PING : undefined;
  }

  #do(step: Step): void {
    const { outgoing } = this.#kernel;
    const { verb, to, params } = step;
    this.#posted = verb === 'post';
    clientLog(this.#host).asked({ step: this.#done + 1, verb, to: printable(to) });
    if (verb === 'post') this.#posting(to, params);
    else if (verb === 'subscribe') outgoing.subscribe([to], ([subscription]) => this.#subscribed(to, subscription?.missing));
    else {
      const { timeout } = this.#options;
      outgoing.call(to, params, answer => this.#answered(step, answer), {
        wantsList: verb === 'list',
        ...(timeout === undefined ? {} : { timeout }),
      });
    }
  }

  #posting(to: string, params: PerlValue): void {
    const problem = this.#kernel.outgoing.post(to, params);
    if (problem !== undefined) this.#fail(to, 'unsent', problem);
    this.#over();
  }

  #subscribed(to: string, missing: string | undefined): void {
    if (missing === undefined) {
      clientLog(this.#host).subscribed({ step: this.#done + 1, to: printable(to) });
      this.#print({ subscribed: to });
    } else this.#fail(to, 'missing', missing);
    this.#over();
  }

  #answered(step: Step, answer: Answer): void {
    const { to } = step;
    if (!answer.ok) this.#fail(to, answer.failure, answer.text);
    else if (step !== PING) {
      const value = jsonText(answer.value) ?? 'a value that JSON has no form for';
      clientLog(this.#host).answer({ step: this.#done + 1, to: printable(to), value: printable(value, SHOWN_MAX) });
      this.#print({ to, answer: answer.value });
    }
    this.#over();
  }

  #fail(to: string, failure: string, text: string): void {
    this.#failed += 1;
    clientWarning(this.#host).error({ step: this.#done + 1, to: printable(to), failure, text: printable(text, SHOWN_MAX) });
    this.#print({ to, error: text });
  }

  /** What comes next begins when whoever told of this has ended: it may be in the middle of a list. */
  #over(): void {
    this.#done += 1;
    this.#busy = false;
    this.#host.clock.setTimer(micros(0), () => this.#goOn());
  }

  #print(line: Readonly<Record<string, PerlValue>>): void {
    const text = jsonText(new Map(Object.entries(line))) ?? jsonText(new Map([['error', 'a value that JSON has no form for']]));
    this.#output.line(text ?? '');
  }
}

/** Undefined where JSON has no form for it. */
function jsonText(value: PerlValue): string | undefined {
  const json = jsonOf(value);
  return json.ok ? textOf(json.bytes) : undefined;
}
