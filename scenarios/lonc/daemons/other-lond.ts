/**
 * A lond that is not ours: it keeps to the dialogue by itself, the cipher included, and does with some requests what ours never would.
 *  --id=ID          its host id; --client=ID that of its caller; --key=TEXT the build key
 *  --late=STEP:MS   how long the answer to `init`, `challenge`, `pong` or `ekey` takes
 *  --long=STEP:N    how many characters that answer has; full stops make it as long
 *  --silent=STEP    never answers it; --closes=STEP closes instead
 *  --do=N:DEED      with the N-th request, counted over all connections: `close`; `late:MS`; `half:MS`, the reply in two pieces, up to its first `-` and the rest;
 *                   `cut`, a reply without its end, then close; `say:TEXT`; `more:N`, the reply and so many lines behind it that answer nothing
 *  --until=N        takes N connections and no more
 * Requests of one connection are done one after the other.
 */
import type { Daemon, Host, Listener, Stream } from '../../../src/host/host.ts';
import { type Duration, millis, ZERO } from '../../../src/host/time.ts';
import { bytesOf, latin1Of } from '../../../src/impl/lonc/latin1.ts';
import { Options } from '../../../src/impl/lonc/options.ts';
import { LOND_PORT } from '../../../src/impl/lonc/settings.ts';
import { Lines } from '../model/lines.ts';
import { replyTo } from '../parts/asks.ts';
import { type KeyParts, opened, seal } from '../parts/sealed.ts';

const CONNECTIONS_MAX = 10_000;
const CHALLENGE = '12345';
const BUILD_KEY = '48213AC7B9E0F0B29A7D51200000000';

interface Ways {
  readonly id: string;
  readonly key: string;
  readonly late: ReadonlyMap<string, Duration>;
  readonly long: ReadonlyMap<string, number>;
  /** Host id of the gateway that calls; of its key. */
  readonly client: string;
  readonly silent: readonly string[];
  readonly closes: readonly string[];
  readonly deeds: ReadonlyMap<number, Deed>;
}

/** What is done with a request. */
type Deed =
  | { readonly deed: 'answer' | 'close' | 'cut' }
  | { readonly deed: 'late' | 'half'; readonly delay: Duration }
  | { readonly deed: 'say'; readonly text: string }
  | { readonly deed: 'more'; readonly count: number };

const ANSWER: Deed = { deed: 'answer' };

function deedOf(word: string): Deed {
  const [, deed = word, detail = ''] = /^([a-z]+):(.*)$/s.exec(word) ?? [];
  if (deed === 'close' || deed === 'cut') return { deed };
  if (deed === 'late' || deed === 'half') return { deed, delay: millis(Number(detail)) };
  if (deed === 'say') return { deed, text: detail };
  if (deed === 'more') return { deed, count: Number(detail) };
  throw new Error(`--do=N:${word}: there is no such deed`);
}

export const otherLond: Daemon = host => {
  const options = new Options(host.process.args);
  const pairs = (name: string): readonly (readonly [string, string])[] =>
    options.all(name).map(text => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]);
  const ways: Ways = {
    id: options.required('id'),
    key: options.text('key') ?? BUILD_KEY,
    late: new Map(pairs('late').map(([step, delay]) => [step, millis(Number(delay))])),
    long: new Map(pairs('long').map(([step, length]) => [step, Number(length)])),
    client: options.text('client') ?? '',
    silent: options.all('silent'),
    closes: options.all('closes'),
    deeds: new Map(pairs('do').map(([number, word]) => [Number(number), deedOf(word)])),
  };
  let left = options.number('until', CONNECTIONS_MAX) ?? CONNECTIONS_MAX;
  if (options.problem !== undefined) throw new Error(options.problem);
  const requests = { count: 0 };
  host.signals.handle('SIGPIPE', 'ignore');
  let listener: Listener | undefined;
  host.network.listen(
    { transport: 'tcp', address: '0.0.0.0', port: LOND_PORT },
    { backlog: 10 },
    {
      opened: result => {
        if (result.ok) listener = result.value;
      },
      accept: stream => {
        left -= 1;
        if (left === 0) listener?.close();
        return new Caller(host, ways, stream, requests).handler;
      },
    },
  );
};

class Caller {
  readonly #host: Host;
  readonly #ways: Ways;
  readonly #stream: Stream;
  readonly #requests: { count: number };
  readonly #lines = new Lines();
  #queue: string[] = [];
  #busy = false;
  #open = true;

  constructor(host: Host, ways: Ways, stream: Stream, requests: { count: number }) {
    this.#host = host;
    this.#ways = ways;
    this.#stream = stream;
    this.#requests = requests;
  }

  readonly handler = {
    data: (bytes: Uint8Array): void => {
      this.#queue.push(...this.#lines.all(latin1Of(bytes)));
      this.#next();
    },
    end: (): void => this.#close(),
    close: (): void => {
      this.#open = false;
    },
  };

  #next(): void {
    while (!this.#busy && this.#open) {
      const line = this.#queue.shift();
      if (line === undefined) return;
      this.#take(line);
    }
  }

  #take(line: string): void {
    const step = line.startsWith(CHALLENGE) ? 'challenge' : STEPS[line];
    if (step === undefined) {
      this.#request(line);
      return;
    }
    const { id, late, long, silent, closes } = this.#ways;
    const answer = { init: CHALLENGE, challenge: 'ok', pong: `${id}:?`, ekey: this.#key.buildKey }[step].padEnd(long.get(step) ?? 0, '.');
    if (closes.includes(step)) this.#close();
    else if (silent.includes(step)) this.#busy = true;
    else this.#say(`${answer}\n`, late.get(step) ?? ZERO);
  }

  #request(line: string): void {
    this.#requests.count += 1;
    const done = this.#ways.deeds.get(this.#requests.count) ?? ANSWER;
    const clear = line.startsWith('enc:') ? (opened(this.#key, line) ?? line) : line;
    const text = clear === '' ? 'unknown_cmd' : (replyTo(this.#ways.id, clear) ?? 'ok');
    const reply = clear.startsWith('sealed:') ? seal(this.#key, text) : text;
    switch (done.deed) {
      case 'answer':
        this.#say(`${reply}\n`, ZERO);
        return;
      case 'say':
        this.#say(`${done.text}\n`, ZERO);
        return;
      case 'more':
        this.#say(`${reply}\n${'stray\n'.repeat(done.count)}`, ZERO);
        return;
      case 'late':
        this.#say(`${reply}\n`, done.delay);
        return;
      case 'half': {
        const end = reply.indexOf('-') + 1;
        this.#stream.write(bytesOf(reply.slice(0, end)));
        this.#say(`${reply.slice(end)}\n`, done.delay);
        return;
      }
      case 'cut':
        this.#stream.write(bytesOf(reply));
        this.#stream.end();
        this.#open = false;
        return;
      case 'close':
        this.#close();
        return;
      default:
        done satisfies never;
    }
  }

  get #key(): KeyParts {
    const { id, client, key } = this.#ways;
    return { server: id, client, buildKey: key.padEnd(this.#ways.long.get('ekey') ?? 0, '.') };
  }

  #say(text: string, delay: Duration): void {
    if (delay === ZERO) {
      this.#stream.write(bytesOf(text));
      return;
    }
    this.#busy = true;
    this.#host.clock.setTimer(delay, () => {
      this.#busy = false;
      if (this.#open) this.#stream.write(bytesOf(text));
      this.#next();
    });
  }

  #close(): void {
    if (this.#open) this.#stream.close();
    this.#open = false;
  }
}

const STEPS: Readonly<Record<string, 'init' | 'challenge' | 'pong' | 'ekey' | undefined>> = {
  init: 'init',
  pong: 'pong',
  ekey: 'ekey',
};
