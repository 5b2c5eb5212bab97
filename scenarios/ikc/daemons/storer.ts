/**
 * Sends images, one after the other, and compares what comes back with what Perl stores of them: `ADDRESS HOW PIECE*SIZE…`. HOW is
 * `whole`, to a mirror, or `native`, the same as a machine has them; `exact`, to one that has keys in order and all digits; `asked`, to a kernel of IKC whose state `echo` it calls; `json`, the same with texts.
 */
import { equalBytes, hex, printable, textOf, utf8 } from '../../../src/host/bytes.ts';
import type { Daemon, Host, Stream, StreamHandler } from '../../../src/host/host.ts';
import { type Logs, logs } from '../../../src/host/logs.ts';
import { endpointOf } from '../parts/endpoint.ts';
import type { Asked } from '../parts/image.ts';
import { aloneOf, asksOf } from '../parts/images.ts';
import { Incoming } from '../parts/incoming.ts';
import { framed } from '../parts/requests.ts';
import { honestClient } from '../parts/strangers.ts';
import { storedAsDue } from '../parts/unstorable.ts';

const FORMS = {
  /** Whether what came back is what had to; and of what did not the bytes, or the text. */
  'image-back': { image: 'string', right: 'boolean', came: 'string' },
  'images-done': { images: 'number' },
} as const;
export const storerLog: Logs<typeof FORMS> = logs(FORMS);

const ID = 'storer-00000001-00000001-00000001';
const SHOWN = 200;

export const storer: Daemon = host => {
  const [to = '', how = '', ...words] = host.process.args;
  host.signals.handle('SIGPIPE', 'ignore');
  host.network.connect(endpointOf(to), {}, result => (result.ok ? new Storer(host, result.value, how, words) : { data: () => {} }));
};

class Storer implements StreamHandler {
  readonly #host: Host;
  readonly #stream: Stream;
  readonly #how: string;
  readonly #words: readonly string[];
  readonly #incoming: Incoming;
  #asks: readonly Asked[] = [];
  #done = 0;

  constructor(host: Host, stream: Stream, how: string, words: readonly string[]) {
    this.#host = host;
    this.#stream = stream;
    this.#how = how;
    this.#words = words;
    const negotiates = how === 'asked' || how === 'json';
    let isOver = !negotiates;
    this.#incoming = new Incoming(
      line => {
        if (line.startsWith('IAM ') && this.#asks.length === 0) this.#begins(line.slice('IAM '.length));
        isOver = line === 'UP';
      },
      () => isOver,
    );
    if (negotiates)
      for (const line of honestClient(ID)) stream.write(utf8(`${how === 'json' ? line.replace('Storable', 'JSON') : line}\r\n`));
    else {
      if (how === 'exact') {
        for (const { name, right, is } of storedAsDue()) storerLog(host)['image-back']({ image: name, right, came: is });
        for (const { name, wrong } of aloneOf(words))
          storerLog(host)['image-back']({ image: name, right: wrong === undefined, came: wrong ?? '' });
      }
      this.#begins('');
      this.#ask();
    }
  }

  #begins(kernel: string): void {
    this.#asks = asksOf(this.#words, this.#how, { own: ID, other: kernel });
  }

  #ask(): void {
    const next = this.#asks[this.#done];
    if (next !== undefined) {
      this.#stream.write(framed(next.sent));
      return;
    }
    storerLog(this.#host)['images-done']({ images: this.#done });
    this.#stream.end();
  }

  data(bytes: Uint8Array): void {
    const { lines, frames } = this.#incoming.take(bytes);
    for (const frame of frames) this.#back(frame);
    if (lines.includes('UP')) this.#ask();
  }

  #back(frame: Uint8Array): void {
    const asked = this.#asks[this.#done++];
    if (asked === undefined) return;
    const { name, due } = asked;
    const right = typeof due === 'string' ? textOf(frame).includes(due) && !textOf(frame).includes('undefined') : equalBytes(frame, due);
    const came = typeof due === 'string' ? printable(textOf(frame), SHOWN) : hex(frame.subarray(0, SHOWN));
    storerLog(this.#host)['image-back']({ image: name, right, came: right ? '' : came });
    this.#ask();
  }
}
