/**
 * A local program with a series of questions for --peer=ID, of which no two in the network have the same answer.
 *  --client=N     its number
 *  --requests=N   how many it asks, one after the other
 *  --pause=MS     between an answer and the next question
 * What is answered con_lost, or not before its connection ends, was asked. It exits with its last answer.
 */
import type { Daemon, Host, Stream } from '../../../src/host/host.ts';
import { type Duration, millis, seconds } from '../../../src/host/time.ts';
import { bytesOf, latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { numberedAsk } from '../parts/asks.ts';
import { SOCKETS } from '../parts/places.ts';

const NUMBER_MAX = 1_000_000;
/** How long it waits until it tries to connect again: its gateway child may be backing off. */
const RETRY = seconds(5);

export const asker: Daemon = host => {
  const options = new Options(host.process.args);
  const own = new Asker(host, {
    path: `${SOCKETS}/${options.required('peer')}`,
    client: options.number('client', NUMBER_MAX) ?? 0,
    requests: options.number('requests', NUMBER_MAX) ?? 1,
    pause: millis(options.number('pause', NUMBER_MAX) ?? 0),
  });
  if (options.problem !== undefined) throw new Error(options.problem);
  host.signals.handle('SIGPIPE', 'ignore');
  own.open();
};

interface Series {
  readonly path: string;
  readonly client: number;
  readonly requests: number;
  readonly pause: Duration;
}

class Asker {
  readonly #host: Host;
  readonly #series: Series;
  #stream: Stream | undefined;
  #asked = 0;
  #waiting = false;
  #text = '';

  constructor(host: Host, series: Series) {
    this.#host = host;
    this.#series = series;
  }

  open(): void {
    this.#text = '';
    this.#host.network.connect({ transport: 'unix', path: this.#series.path }, {}, result => {
      if (result.ok) {
        this.#stream = result.value;
        this.#ask();
      } else this.#host.clock.setTimer(RETRY, () => this.open());
      return { data: bytes => this.#read(latin1Of(bytes)), end: () => this.#cut(), close: () => this.#cut() };
    });
  }

  #ask(): void {
    if (this.#stream === undefined || this.#waiting) return;
    this.#waiting = true;
    this.#stream.write(bytesOf(`${numberedAsk(this.#series.client, this.#asked)}\n`));
    this.#asked += 1;
  }

  #read(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    if (lines.length > 0) this.#over(() => this.#ask());
  }

  #cut(): void {
    if (this.#stream === undefined) return;
    this.#stream.close();
    this.#stream = undefined;
    this.#over(() => this.open());
  }

  /** The question in hand, if there is one, is over. */
  #over(then: () => void): void {
    this.#waiting = false;
    if (this.#asked >= this.#series.requests) this.#host.process.exit(0);
    this.#host.clock.setTimer(this.#series.pause, then);
  }
}
