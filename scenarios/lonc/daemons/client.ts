/**
 * A local program that asks the gateway child for --peer=ID, through one connection which it keeps; a new one when that has ended.
 *  --open=MS        connects then, and asks nothing
 *  --say=MS:LINES   sends that then; lines are separated by `|`, and each is a write of its own; `{N}` stands for N full stops
 *  --leave=MS       closes the connection
 *  --lines=N        closes it when it has read that many lines
 *  --lazy=MS        reads nothing of a connection for so long
 *  --probe=MS:LINE  asks from then on, every PROBE_PAUSE, until it is answered with anything but con_lost, and ends
 */
import type { Daemon, Host, Stream } from '../../../src/host/host.ts';
import { type Duration, millis, seconds, ZERO } from '../../../src/host/time.ts';
import { bytesOf, latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { Lines } from '../model/lines.ts';
import { filled } from '../parts/asks.ts';
import { SOCKETS } from '../parts/places.ts';

const PROBE_PAUSE = seconds(15);
const CON_LOST = 'con_lost';
const LINES_MAX = 1_000_000;
const LAZY_MAX = 1_000_000;

export const client: Daemon = host => {
  const options = new Options(host.process.args);
  const path = `${SOCKETS}/${options.required('peer')}`;
  const local = new Client(host, path, options.number('lines', LINES_MAX) ?? LINES_MAX, millis(options.number('lazy', LAZY_MAX) ?? 0));
  const at = (text: string, act: (rest: string) => void): void => {
    const [, when = '', rest = ''] = /^([0-9]+):?(.*)$/s.exec(text) ?? [];
    host.clock.setTimer(millis(Number(when)), () => act(rest));
  };
  host.signals.handle('SIGPIPE', 'ignore');
  for (const text of options.all('open')) at(text, () => local.send([]));
  for (const text of options.all('say')) at(text, lines => local.send(lines.split('|').map(filled)));
  for (const text of options.all('leave')) at(text, () => local.leave());
  for (const text of options.all('probe')) at(text, line => local.probe(line));
  if (options.problem !== undefined) throw new Error(options.problem);
};

class Client {
  readonly #host: Host;
  readonly #path: string;
  #stream: Stream | undefined;
  #opening = false;
  #waiting: string[] = [];
  #probe: string | undefined;
  #text = new Lines();
  /** How many lines it still wants to read. */
  #lines: number;
  readonly #lazy: Duration;

  constructor(host: Host, path: string, lines: number, lazy: Duration) {
    this.#host = host;
    this.#path = path;
    this.#lines = lines;
    this.#lazy = lazy;
  }

  send(lines: readonly string[]): void {
    this.#waiting.push(...lines);
    if (this.#stream !== undefined) this.#flush(this.#stream);
    else if (!this.#opening) this.#open();
  }

  leave(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }

  probe(line: string): void {
    this.#probe = line;
    this.send([line]);
  }

  #open(): void {
    this.#opening = true;
    this.#text = new Lines();
    this.#host.network.connect({ transport: 'unix', path: this.#path }, {}, result => {
      this.#opening = false;
      if (!result.ok) {
        this.#waiting = [];
        this.#again();
        return { data: () => {} };
      }
      const stream = result.value;
      this.#stream = stream;
      this.#flush(stream);
      if (this.#lazy > ZERO) this.#sleep(stream);
      const gone = (): void => {
        if (this.#stream !== stream) return;
        this.#stream = undefined;
        stream.close();
        this.#again();
      };
      return { data: bytes => this.#read(latin1Of(bytes)), end: gone, close: gone };
    });
  }

  #sleep(stream: Stream): void {
    stream.pause();
    this.#host.clock.setTimer(this.#lazy, () => {
      if (this.#stream === stream) stream.resume();
    });
  }

  #flush(stream: Stream): void {
    for (const line of this.#waiting.splice(0)) stream.write(bytesOf(`${line}\n`));
  }

  #read(text: string): void {
    const lines = this.#text.all(text);
    this.#lines -= lines.length;
    if (this.#lines <= 0) this.leave();
    if (this.#probe === undefined) return;
    for (const line of lines) {
      if (line !== CON_LOST) this.#host.process.exit(0);
      this.#again();
    }
  }

  #again(): void {
    const line = this.#probe;
    if (line !== undefined) this.#host.clock.setTimer(PROBE_PAUSE, () => this.send([line]));
  }
}
