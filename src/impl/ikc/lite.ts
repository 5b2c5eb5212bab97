/**
 * The small client as a program: it does what it was told, one thing after the other, and tells what came of it as client.ts does.
 */
import type { Host } from '../../host/host.ts';
import { EXIT_CLEAN, EXIT_FAILURE } from '../command-line/exit.ts';
import type { Output } from '../command-line/output.ts';
import { liteRules } from './as-written-lite.ts';
import type { Answer } from './awaited.ts';
import { ClientLite, LITE_TIMEOUT } from './client-lite.ts';
import type { ClientOptions, Step } from './options.ts';
import { Telling } from './telling.ts';

type LiteProgramOptions = Pick<ClientOptions, 'connect' | 'kernel' | 'steps' | 'pause' | 'repeat' | 'timeout'>;

export class Lite {
  readonly #host: Host;
  readonly #options: LiteProgramOptions;
  readonly #client: ClientLite;
  readonly #telling: Telling;
  #done = 0;

  constructor(host: Host, options: LiteProgramOptions, output: Output) {
    const { connect, kernel, timeout = LITE_TIMEOUT } = options;
    const { name = `Client${host.process.pid}`, serializers, quirks } = kernel;
    this.#host = host;
    this.#options = options;
    this.#telling = new Telling(host, output);
    this.#client = new ClientLite(host, { connect, name, serializers, timeout, rules: liteRules(quirks) });
  }

  start(): void {
    this.#host.signals.handle('SIGPIPE', 'ignore');
    this.#goOn();
  }

  #goOn(): void {
    const { steps, repeat, pause } = this.#options;
    const step = this.#done < steps.length * repeat ? steps[this.#done % steps.length] : undefined;
    if (step === undefined) this.#exit();
    else this.#host.clock.setTimer(pause, () => this.#do(step));
  }

  #do(step: Step): void {
    this.#done += 1;
    const { verb, to, params } = step;
    this.#telling.asked(this.#done, verb, to);
    const over = (answer: Answer | undefined): void => {
      if (answer !== undefined) this.#telling.answered(this.#done, to, answer);
      this.#goOn();
    };
    if (verb === 'post') this.#client.post(to, params, over);
    else this.#client.call(to, params, verb === 'list', over);
  }

  #exit(): void {
    this.#client.disconnect();
    this.#telling.finished(this.#done, failed => this.#host.process.exit(failed === 0 ? EXIT_CLEAN : EXIT_FAILURE));
  }
}
