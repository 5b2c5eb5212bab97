/**
 * A peer that is not ours: `--connect=ADDRESS` or `--listen=ADDRESS`, then what it does on each connection, one thing after the other:
 *
 *     say=TEXT     a line, with CR LF
 *     raw=HEX      these bytes
 *     frame=JSON   this request, in a frame
 *     hear=TEXT    waits until a line that begins so has come (before the switch), or so many frames: `hear=#1`
 *     has=TEXT     waits until a frame has come that says this
 *     next=TEXT    the same of the next frame
 *     ends         waits until the other end has ended
 *     lives        goes on as long as it has not
 *     stuck        goes on where something that it said is not taken
 *     pause=MS     waits
 *     kill=S:PID   a signal to a process of its machine
 *     deaf         from here on it reads nothing; and
 *     reads        again
 *     keeps        from here on its own end stays open when the other one has ended
 *     end reset    of the connection
 *
 * It knows lines, frames and requests from B3 and B6 to B8 alone, and nothing of what they mean. What came of it is in its log.
 * Lacks: two connections at once; another try where nobody listens.
 */
import { EMPTY, printable, unhex, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Stream, StreamHandler, Timer } from '../../../src/host/host.ts';
import { type Logs, logs } from '../../../src/host/logs.ts';
import { SIGNALS } from '../../../src/host/signal.ts';
import { millis } from '../../../src/host/time.ts';
import { endpointOf } from '../parts/endpoint.ts';
import { Incoming } from '../parts/incoming.ts';
import { frameOf, type Plain, textIn } from '../parts/requests.ts';

const FORMS = {
  'peer-heard': { line: 'string' },
  /** A frame; `bytes` of its payload, and as JSON text what it says. */
  'peer-framed': { bytes: 'number', text: 'string' },
  /** All was said and heard that was to be. */
  'peer-done': {},
  /** The connection is over; so much of the list was left. */
  'peer-ended': { left: 'number', error: 'string' },
} as const;
export const peerLog: Logs<typeof FORMS> = logs(FORMS);

export const peer: Daemon = host => {
  const [how = '', ...steps] = host.process.args;
  const [, verb, address = ''] = /^--(connect|listen)=(.*)$/.exec(how) ?? [];
  host.signals.handle('SIGPIPE', 'ignore');
  const endpoint = endpointOf(address);
  if (verb === 'listen') {
    host.network.listen(endpoint, { backlog: 8 }, { opened: () => {}, accept: stream => new Conversation(host, stream, steps) });
    return;
  }
  host.network.connect(endpoint, {}, result => (result.ok ? new Conversation(host, result.value, steps) : { data: () => {} }));
};

class Conversation implements StreamHandler {
  readonly #host: Host;
  readonly #stream: Stream;
  readonly #left: string[];
  readonly #incoming: Incoming = new Incoming();
  /** What has come and was not waited for yet. */
  #lines: string[] = [];
  #frames = 0;
  #texts: string[] = [];
  #sawEnd = false;
  #over = false;
  #keeps = false;
  #pause: Timer | undefined;

  constructor(host: Host, stream: Stream, steps: readonly string[]) {
    this.#host = host;
    this.#stream = stream;
    this.#left = [...steps];
    this.#goOn();
  }

  data(bytes: Uint8Array): void {
    const { lines, frames } = this.#incoming.take(bytes);
    for (const line of lines) peerLog(this.#host)['peer-heard']({ line: printable(line) });
    for (const frame of frames) {
      const text = textIn(frame);
      this.#texts.push(text);
      peerLog(this.#host)['peer-framed']({ bytes: frame.length, text: printable(text) });
    }
    this.#lines.push(...lines);
    this.#frames += frames.length;
    this.#goOn();
  }

  end(): void {
    this.#sawEnd = true;
    this.#goOn();
    if (!this.#over && !this.#keeps) this.#stream.end();
  }

  close(error: { readonly code: string } | undefined): void {
    this.#sawEnd = true;
    this.#goOn();
    this.#finish(error?.code ?? '');
  }

  #goOn(): void {
    while (!this.#over && this.#pause === undefined) {
      const [step] = this.#left;
      if (step === undefined || !this.#do(step)) return;
      this.#left.shift();
      if (this.#left.length === 0) peerLog(this.#host)['peer-done']();
    }
  }

  /** False where it has to be waited for. */
  #do(step: string): boolean {
    const at = step.indexOf('=');
    const [verb, what] = at < 0 ? [step, ''] : [step.slice(0, at), step.slice(at + 1)];
    switch (verb) {
      case 'say':
        this.#put(utf8(`${what}\r\n`));
        return true;
      case 'raw':
        this.#put(unhex(what) ?? EMPTY);
        return true;
      case 'frame':
        this.#put(frameOf(JSON.parse(what) as Plain));
        return true;
      case 'kill':
        this.#kill(what);
        return true;
      case 'deaf':
        this.#stream.pause();
        return true;
      case 'reads':
        this.#stream.resume();
        return true;
      case 'has':
        return this.#has(what);
      case 'next':
        return this.#texts[0]?.includes(what) === true && this.#has(what);
      case 'lives':
        return !this.#sawEnd;
      case 'stuck':
        return this.#stream.pending > 0;
      case 'keeps':
        this.#keeps = true;
        return true;
      case 'hear':
        return this.#heard(what);
      case 'ends':
        return this.#sawEnd;
      case 'pause':
        this.#pause = this.#host.clock.setTimer(millis(Number(what)), () => {
          this.#pause = undefined;
          this.#goOn();
        });
        return true;
      case 'end':
        this.#stream.end();
        return true;
      case 'reset':
        this.#stream.reset();
        this.#finish('');
        return true;
      default:
        throw new Error(`${verb} is nothing that a peer does`);
    }
  }

  #put(bytes: Uint8Array): void {
    if (!this.#sawEnd) this.#stream.write(bytes);
  }

  #kill(what: string): void {
    const [name = '', pid] = what.split(':');
    const signal = SIGNALS.find(each => each === name);
    if (signal === undefined) throw new Error(`there is no signal ${name}`);
    this.#host.process.kill(Number(pid), signal);
  }

  #heard(what: string): boolean {
    if (what.startsWith('#')) {
      if (this.#frames < Number(what.slice(1))) return false;
      this.#frames -= Number(what.slice(1));
      return true;
    }
    const found = this.#lines.findIndex(line => line.startsWith(what));
    if (found < 0) return false;
    this.#lines = this.#lines.slice(found + 1);
    return true;
  }

  #has(what: string): boolean {
    const found = this.#texts.findIndex(text => text.includes(what));
    if (found >= 0) this.#texts = this.#texts.slice(found + 1);
    return found >= 0;
  }

  #finish(error: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#pause?.cancel();
    peerLog(this.#host)['peer-ended']({ left: this.#left.length, error });
  }
}
