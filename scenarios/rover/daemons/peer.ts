/**
 * A client that is not ours, and keeps to nothing: `--server=ADDRESS:PORT USER HOST AUTH`, then what it does, one thing after the other:
 *
 *     ask=REQUEST      asks once, and goes on with whatever comes of it
 *     until=REQUEST    asks again, a second later, until there is a final answer
 *     lose=REQUEST     asks, and closes without listening
 *     cut=N REQUEST    sends the first N bytes of it, and closes
 *     raw=HEX          sends these bytes, and waits for what comes
 *     mute=HEX         the same, and says that there is no more
 *     pause=MS         waits
 *
 * REQUEST is a JSON object of tokens; USER, HOST and AUTH are added unless it has them, and FILL is how many letters come behind its DATA. It knows R2 and R5 from reading them. What came is in
 * its log.
 * Lacks: two connections at once: there can be several of it.
 */
import { unhex } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Stream, TcpEndpoint } from '../../../src/host/host.ts';
import { type Logs, logs } from '../../../src/host/logs.ts';
import { type Duration, millis, seconds } from '../../../src/host/time.ts';
import { answerIn, Incoming, latin1, octets, requestOf, type Tokens } from '../parts/messages.ts';

const FORMS = {
  /** Of a step, counted from 1. A step that was asked again has several. */
  'peer-answer': { step: 'number', status: 'number', result: 'string', body: 'string' },
  'peer-lost': { step: 'number', error: 'string' },
  'peer-done': {},
} as const;
export const peerLog: Logs<typeof FORMS> = logs(FORMS);

const PATIENCE: Duration = seconds(70);
const AGAIN: Duration = seconds(1);

export const peer: Daemon = host => {
  host.signals.handle('SIGPIPE', 'ignore');
  new Peer(host).next();
};

class Peer {
  readonly #host: Host;
  readonly #server: TcpEndpoint;
  readonly #who: Tokens;
  readonly #steps: readonly string[];
  #at = 0;

  constructor(host: Host) {
    const [server = '', USER = '', HOST = '', AUTH = '', ...steps] = host.process.args;
    const [, address = '', port] = /^--server=(.*):(\d+)$/.exec(server) ?? [];
    this.#host = host;
    this.#server = { transport: 'tcp', address, port: Number(port) };
    this.#who = { USER, HOST, ...(AUTH === '' ? {} : { AUTH }) };
    this.#steps = steps;
  }

  next(): void {
    const step = this.#steps[this.#at++];
    if (step === undefined) {
      peerLog(this.#host)['peer-done']();
      this.#host.process.exit(0);
    } else this.#do(step);
  }

  #do(step: string): void {
    const [, verb = '', text = ''] = /^([a-z]+)=(.*)$/s.exec(step) ?? [];
    if (verb === 'pause') this.#host.clock.setTimer(millis(Number(text)), () => this.next());
    else if (verb === 'raw' || verb === 'mute') this.#try(latin1(unhex(text) ?? new Uint8Array()), verb, () => this.next());
    else {
      const [, count = '', json = ''] = /^(\d+ )?(.*)$/s.exec(text) ?? [];
      const { FILL = '0', ...tokens } = JSON.parse(json) as Tokens;
      const data = FILL === '0' ? {} : { DATA: `${tokens['DATA'] ?? ''}${'x'.repeat(Number(FILL))}` };
      const request = requestOf({ ...this.#who, ...tokens, ...data });
      const bytes = verb === 'cut' ? request.slice(0, Number(count)) : request;
      this.#try(bytes, verb, result => {
        if (verb !== 'until' || result === 'done' || result === 'failed') this.next();
        else this.#host.clock.setTimer(AGAIN, () => this.#do(step));
      });
    }
  }

  /** `then`: with the result of the answer, or nothing. */
  #try(text: string, verb: string, then: (result: string) => void): void {
    const { clock, network } = this.#host;
    const incoming = new Incoming();
    let stream: Stream | undefined;
    let isOver = false;
    const over = (result: string, error = ''): void => {
      if (isOver) return;
      isOver = true;
      patience.cancel();
      stream?.close();
      if (result === '') peerLog(this.#host)['peer-lost']({ step: this.#at, error });
      then(result);
    };
    const patience = clock.setTimer(PATIENCE, () => over('', 'timeout'));
    network.connect(this.#server, {}, result => {
      if (!result.ok) {
        over('', result.error.code);
        return { data: () => {} };
      }
      stream = result.value;
      if (isOver) stream.close();
      else {
        stream.write(octets(text));
        if (verb === 'mute') stream.end();
        // What is lost has left the machine.
        if (verb === 'lose' || verb === 'cut') clock.setTimer(millis(20), () => over('', verb));
      }
      return {
        data: bytes => {
          incoming.take(bytes);
          const { message } = incoming;
          if (isOver || message === undefined) return;
          const { status, result: said, body } = answerIn(message);
          peerLog(this.#host)['peer-answer']({ step: this.#at, status, result: said, body: body.slice(0, 200) });
          over(said === '' ? 'none' : said);
        },
        end: () => over('', 'closed'),
        close: error => {
          stream = undefined;
          over('', error?.code ?? 'closed');
        },
      };
    });
  }
}
