/**
 * One try: a connection, the request, and what comes of it. R11.
 * Lacks: what it means (client-table.ts), and another try.
 */
import type { Host, Stream, StreamHandler, TcpEndpoint, Timer } from '../../host/host.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Answer } from './wire.ts';

/** From the beginning of a connection to the end of an answer: as long as a request may take of a server. Who asks again loses nothing. */
export const PATIENCE: Duration = seconds(60);

/** An answer, or why there is none: a code of the Host, `closed`, `timeout`, or what is wrong with the answer. */
export type Heard = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'lost'; readonly why: string };

export class Exchange {
  readonly #ended: (heard: Heard) => void;
  readonly #reader: AnswerReader = new AnswerReader();
  readonly #timer: Timer;
  #stream: Stream | undefined;
  #over = false;

  /** `ended` is called once, later; not after `cancel`. */
  constructor({ clock, network }: Host, server: TcpEndpoint, request: Uint8Array, ended: (heard: Heard) => void) {
    this.#ended = ended;
    this.#timer = clock.setTimer(PATIENCE, () => this.#end({ kind: 'lost', why: 'timeout' }));
    network.connect(server, {}, result => {
      if (!result.ok) this.#end({ kind: 'lost', why: result.error.code });
      else if (this.#over) result.value.close();
      else return this.#open(result.value, request);
      return { data: () => {} };
    });
  }

  cancel(): void {
    this.#over = true;
    this.#timer.cancel();
    this.#stream?.close();
    this.#stream = undefined;
  }

  #open(stream: Stream, request: Uint8Array): StreamHandler {
    this.#stream = stream;
    stream.write(request);
    return {
      data: bytes => this.#heard(bytes),
      end: () => this.#end({ kind: 'lost', why: this.#reader.end() ?? 'no answer' }),
      close: error => {
        this.#stream = undefined;
        this.#end({ kind: 'lost', why: error?.code ?? 'closed' });
      },
    };
  }

  #heard(bytes: Uint8Array): void {
    const item = this.#reader.feed(bytes);
    if (item?.kind === 'answer') this.#end(item);
    else if (item !== undefined) this.#end({ kind: 'lost', why: `${item.problem}, at byte ${item.offset}` });
  }

  #end(heard: Heard): void {
    if (this.#over) return;
    this.cancel();
    this.#ended(heard);
  }
}
