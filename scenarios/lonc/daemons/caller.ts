/**
 * A host that calls a lond, and has nothing of our gateway: it speaks the protocol by itself, the cipher included.
 *  --to=ADDRESS --server=ID --client=ID   whom it calls, and the two ids that make a key
 *  --call=MS:STEPS   greets then, and takes the steps, separated by `|`, each when the one before was answered; the lines of a step, separated
 *                    by `;`, are sent together. `encrypt:` is sent encrypted. Then it leaves.
 *  --crowd=MS:N      greets over N connections at once, and stays
 *  --mute=MS:LINES   connects then, sends these lines, separated by `;`, and nothing more
 *  --lazy=MS:MORE:LINES  greets then, sends all the lines, and a ping after half of MORE milliseconds, and reads nothing for all of them;
 *                    when it has the last reply it asks once more, and leaves
 *  --throng=MS:N,MORE:ADDRESS,…  connects N times from each of these addresses, MORE times from the last one, and says nothing
 * `{N}` in a line stands for N full stops. What is lost is not asked again.
 */
import type { Daemon, Host, Stream } from '../../../src/host/host.ts';
import { type Duration, micros, millis, ZERO } from '../../../src/host/time.ts';
import { bytesOf, latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { filled } from '../parts/asks.ts';
import { seal } from '../parts/sealed.ts';

const PORT = 5_663;
/** Milliseconds from one address to the next. */
const THRONG_PAUSE = 300;

interface Ends {
  readonly to: string;
  readonly server: string;
  readonly client: string;
}

export const caller: Daemon = host => {
  const options = new Options(host.process.args);
  const ends: Ends = { to: options.required('to'), server: options.required('server'), client: options.required('client') };
  host.signals.handle('SIGPIPE', 'ignore');
  const at = (name: string, act: (rest: string) => void): void => {
    for (const text of options.all(name)) {
      const colon = text.indexOf(':');
      host.clock.setTimer(millis(Number(text.slice(0, colon))), () => act(text.slice(colon + 1)));
    }
  };
  at('call', text => new Call(host, ends, ['init', ...text.split('|')], 'leave').open());
  at('crowd', text => {
    for (let count = Number(text); count > 0; count--) new Call(host, ends, ['init'], 'stay').open();
  });
  at('mute', text => new Call(host, ends, [text], 'stay').open());
  at('lazy', text => {
    const [more = '', lines = ''] = cut(text);
    new Call(host, ends, ['init', lines, 'load'], 'leave', millis(Number(more))).open();
  });
  at('throng', text => {
    const [counts = '', list = ''] = cut(text);
    const [count = 0, last = 0] = counts.split(',').map(Number);
    const addresses = list.split(',');
    for (const [index, from] of addresses.entries())
      host.clock.setTimer(millis(THRONG_PAUSE * index), () => {
        for (let left = index === addresses.length - 1 ? last : count; left > 0; left--)
          new Call(host, ends, [], 'stay', ZERO, from).open();
      });
  });
  if (options.problem !== undefined) throw new Error(options.problem);
};

const cut = (text: string): readonly string[] => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];

class Call {
  readonly #host: Host;
  readonly #ends: Ends;
  readonly #steps: string[];
  readonly #then: 'leave' | 'stay';
  /** How long it reads nothing, once it has been admitted. */
  readonly #lazy: Duration;
  readonly #from: string | undefined;
  #stream: Stream | undefined;
  /** Lines that were sent, until they are answered. */
  #asked: string[] = [];
  #text = '';
  #buildKey = '';

  constructor(host: Host, ends: Ends, steps: readonly string[], then: 'leave' | 'stay', lazy: Duration = ZERO, from?: string) {
    this.#host = host;
    this.#ends = ends;
    this.#steps = [...steps];
    this.#then = then;
    this.#lazy = lazy;
    this.#from = from;
  }

  open(): void {
    this.#host.network.connect(
      { transport: 'tcp', address: this.#ends.to, port: PORT },
      this.#from === undefined ? {} : { from: this.#from },
      result => {
        if (result.ok) this.#stream = result.value;
        this.#next();
        const gone = (): void => this.#leave();
        // Who stays does so when the other end has said its last.
        return { data: bytes => this.#hear(latin1Of(bytes)), end: () => (this.#then === 'leave' ? gone() : undefined), close: gone };
      },
    );
  }

  #next(): void {
    const step = this.#steps.shift();
    if (step !== undefined) for (const line of step.split(';')) this.#say(filled(line));
    else if (this.#then === 'leave') this.#leave();
  }

  #say(line: string): void {
    if (this.#stream === undefined) return;
    this.#asked.push(line);
    const { server, client } = this.#ends;
    const sealed = line.startsWith('encrypt:') ? seal({ server, client, buildKey: this.#buildKey }, line.slice('encrypt:'.length)) : line;
    this.#stream.write(bytesOf(`${sealed}\n`));
  }

  #hear(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#answer(line);
  }

  #answer(line: string): void {
    const asked = this.#asked.shift();
    if (asked === 'ekey') this.#buildKey = line;
    // The answer to init is sent back; what is said to that opens the way.
    if (asked === 'init') this.#say(line);
    else if (line === 'ok' && this.#asked.length === 0 && this.#lazy > ZERO) this.#sleep();
    else if (this.#asked.length === 0) this.#next();
  }

  #sleep(): void {
    this.#stream?.pause();
    this.#next();
    this.#host.clock.setTimer(micros(this.#lazy / 2), () => this.#say('ping'));
    this.#host.clock.setTimer(this.#lazy, () => this.#stream?.resume());
  }

  #leave(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}
