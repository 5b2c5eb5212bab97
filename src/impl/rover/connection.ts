/**
 * One connection: one request, and one answer behind which it is closed (R2, R5). A peer that says nothing, or does not take its answer,
 * has a time limit.
 * Lacks: what is answered (intake.ts).
 */
import { concat } from '../../host/bytes.ts';
import type { Host, Stream, StreamHandler, Timer } from '../../host/host.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { CONTINUE, encodeAnswer, refused } from './answer.ts';
import type { Header, Refusal } from './header.ts';
import { type ReaderRules, type RequestItem, RequestReader } from './request.ts';
import type { Answer } from './wire.ts';

/** From the answer until the peer has taken it and closed its end; what it sends meanwhile is not looked at. */
export const ANSWER_TIME: Duration = seconds(30);

export interface ConnectionRules extends ReaderRules {
  /** RV-23: from the connection to the end of the request, of what was told; undefined: for ever. */
  readonly requestTimeOf: (told: Duration) => Duration | undefined;
}

/** How a request is answered, once. `undefined`: the connection is closed without. `raw` goes before the answer. */
export type Answered = (answer: Answer | undefined, raw?: Uint8Array) => void;

export interface ConnectionOwner {
  asked(header: Header, body: Uint8Array, from: string, answered: Answered): void;
  /** Nothing is left of it. */
  closed(connection: Connection): void;
}

export class Connection implements StreamHandler {
  readonly #host: Host;
  readonly #stream: Stream;
  readonly #owner: ConnectionOwner;
  readonly #reader: RequestReader;
  /** reading a request; waiting for its answer; answered; over. */
  #state: 'reading' | 'waiting' | 'answered' | 'over' = 'reading';
  #timer: Timer | undefined;

  constructor(host: Host, stream: Stream, rules: ReaderRules, requestTime: Duration | undefined, owner: ConnectionOwner) {
    this.#host = host;
    this.#stream = stream;
    this.#owner = owner;
    this.#reader = new RequestReader(rules);
    if (requestTime !== undefined)
      this.#timer = host.clock.setTimer(requestTime, () => this.#refuse({ status: 408, why: 'no whole request in time' }));
  }

  /** Nothing was asked yet. */
  get idle(): boolean {
    return this.#state === 'reading';
  }

  data(bytes: Uint8Array): void {
    if (this.#state !== 'reading') return;
    for (const item of this.#reader.feed(bytes)) this.#take(item);
  }

  end(): void {
    if (this.#state !== 'reading') return;
    const cut = this.#reader.untouched ? undefined : this.#reader.end();
    if (cut === undefined) this.abort();
    else this.#refuse(cut);
  }

  /** The peer has taken all and closed, or is gone. */
  close(): void {
    this.#over();
  }

  /** Whatever comes of it, nobody is told. */
  abort(): void {
    if (this.#state === 'over') return;
    this.#stream.close();
    this.#over();
  }

  #take(item: RequestItem): void {
    switch (item.kind) {
      case 'continue':
        this.#stream.write(CONTINUE);
        return;
      case 'refusal':
        this.#refuse(item.refusal);
        return;
      case 'request':
        this.#timer?.cancel();
        this.#state = 'waiting';
        this.#owner.asked(item.header, item.body, this.#from, (answer, raw) => this.#answer(answer, raw));
    }
  }

  get #from(): string {
    return this.#stream.remote?.transport === 'tcp' ? this.#stream.remote.address : '';
  }

  #refuse(refusal: Refusal): void {
    this.#answer(refused(refusal));
  }

  #answer(answer: Answer | undefined, raw?: Uint8Array): void {
    if (this.#state === 'answered' || this.#state === 'over') return;
    if (answer === undefined) {
      this.abort();
      return;
    }
    this.#timer?.cancel();
    this.#state = 'answered';
    const bytes = encodeAnswer(answer);
    this.#stream.write(raw === undefined || raw.length === 0 ? bytes : concat([raw, bytes]));
    this.#stream.end();
    this.#timer = this.#host.clock.setTimer(ANSWER_TIME, () => this.abort());
  }

  #over(): void {
    this.#timer?.cancel();
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#owner.closed(this);
  }
}
