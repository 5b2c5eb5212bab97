/**
 * The client: connects, and does what it was told, one thing after the other. What comes of each is logged, and printed as a line of
 * JSON where there is somebody to read it. Spec: README.md.
 * Lacks: several servers.
 */
import type { Host } from '../../host/host.ts';
import { type Logs, logs } from '../../host/logs.ts';
import { type Duration, micros, seconds, ZERO } from '../../host/time.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import type { Output } from '../command-line/output.ts';
import type { PerlValue } from '../storable/values.ts';
import type { Answer } from './awaited.ts';
import { DEMO, demo } from './demo.ts';
import { Kernel } from './kernel.ts';
import type { Link } from './link.ts';
import type { ClientOptions, Step } from './options.ts';
import { Telling } from './telling.ts';

/** Before the first try to connect again; twice that before the next, up to the most. */
export const BACK_OFF: Duration = seconds(1);
export const BACK_OFF_MAX: Duration = seconds(60);

const FORMS = { reconnecting: { seconds: 'number' } } as const;
const WARNINGS = { 'not-connected': { error: 'string' } } as const;
export const connectionLog: Logs<typeof FORMS> = logs(FORMS);
export const connectionWarning: Logs<typeof WARNINGS> = logs(WARNINGS, 'warning');

export class Client {
  readonly #host: Host;
  readonly #options: ClientOptions;
  readonly #kernel: Kernel;
  readonly #telling: Telling;
  readonly #steps: number;
  /** Steps that are over. */
  #done = 0;
  /** The last of them was a post, which has no answer. */
  #posted = false;
  /** Id of the server, while the link is open. */
  #server = '';
  /** A step is on its way, or its pause. */
  #busy = false;
  #stopping = false;
  #backOff: Duration = BACK_OFF;

  constructor(host: Host, options: ClientOptions, output: Output) {
    this.#host = host;
    this.#telling = new Telling(host, output);
    this.#options = options;
    this.#steps = options.steps.length * options.repeat;
    this.#kernel = new Kernel(host, options.kernel, {
      opened: link => this.#opened(link),
      closed: (_, why) => this.#lost(why),
      remoteError: (_, text) => this.#telling.error(text),
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
        connectionWarning(this.#host)['not-connected']({ error: result.error.code });
        this.#lost(`cannot connect to ${text}: ${result.error.code}`);
        return { data: () => {} };
      }
      return this.#kernel.join(result.value, 'client', endpoint.transport === 'tcp' ? text : undefined);
    });
  }

  #opened(link: Link): void {
    this.#backOff = BACK_OFF;
    this.#server = link.peer?.id ?? '';
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
      this.#telling.error(why);
      this.#exit();
      return;
    }
    connectionLog(this.#host).reconnecting({ seconds: this.#backOff / seconds(1) });
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

  #exit(): void {
    this.#stopping = true;
    this.#telling.finished(this.#done, failed => this.#host.process.exit(failed === 0 ? EXIT_CLEAN : EXIT_FAILURE));
  }

  // ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The next one, if the link is open. */
  #goOn(): void {
    if (this.#busy || this.#stopping || this.#kernel.responder.registry.registered.length === 0) return;
    const step = this.#next();
    if (step === undefined) {
      if (this.#posted) this.#ping();
      else if (!this.#options.stay) this.#stop();
      return;
    }
    this.#busy = true;
    if (this.#options.pause === 0) this.#do(step);
    else this.#host.clock.setTimer(this.#options.pause, () => this.#afterPause(step));
  }

  /** The link may be gone by then: the step is for the next one. */
  #afterPause(step: Step): void {
    if (this.#kernel.responder.registry.registered.length > 0) this.#do(step);
    else this.#busy = false;
  }

  #next(): Step | undefined {
    const { steps } = this.#options;
    return this.#done < this.#steps ? steps[this.#done % steps.length] : undefined;
  }

  #do(step: Step): void {
    const { outgoing } = this.#kernel;
    const { verb, to, params } = step;
    const number = this.#done + 1;
    this.#posted = verb === 'post';
    this.#telling.asked(number, verb, to);
    if (verb === 'post') this.#posting(number, to, params);
    else if (verb === 'subscribe') outgoing.subscribe([to], ([subscription]) => this.#subscribed(number, to, subscription?.missing));
    else {
      const answered = (answer: Answer): void => {
        this.#telling.answered(number, to, answer);
        this.#over();
      };
      const { timeout } = this.#options;
      outgoing.call(to, params, answered, { wantsList: verb === 'list', ...(timeout === undefined ? {} : { timeout }) });
    }
  }

  #posting(number: number, to: string, params: PerlValue): void {
    const problem = this.#kernel.outgoing.post(to, params);
    if (problem !== undefined) this.#telling.failed(number, to, 'unsent', problem);
    this.#over();
  }

  #subscribed(number: number, to: string, missing: string | undefined): void {
    if (missing === undefined) this.#telling.subscribed(number, to);
    else this.#telling.failed(number, to, 'missing', missing);
    this.#over();
  }

  /** What comes next begins when whoever told of this has ended: it may be in the middle of a list. */
  #over(): void {
    this.#done += 1;
    this.#busy = false;
    this.#host.clock.setTimer(ZERO, () => this.#goOn());
  }

  /** Behind the last post: its answer shows that all of them were heard, and what was wrong with them has been told by then. */
  #ping(): void {
    this.#posted = false;
    this.#busy = true;
    this.#kernel.outgoing.call({ kernel: this.#server, session: 'IKC', state: 'ping' }, 'PING', answer => {
      if (!answer.ok) this.#telling.error(answer.text);
      this.#busy = false;
      this.#host.clock.setTimer(ZERO, () => this.#goOn());
    });
  }
}
