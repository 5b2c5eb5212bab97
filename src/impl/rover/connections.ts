/**
 * The connections of the daemon: so many at a time, and one more is told to come again.
 * Lacks: what is said on them (connection.ts).
 */
import type { Host, Stream, StreamHandler } from '../../host/host.ts';
import { Queue } from '../../host/queue.ts';
import { type Duration, seconds } from '../../host/time.ts';
import { busy, encodeAnswer } from './answer.ts';
import { Connection, type ConnectionOwner, type ConnectionRules } from './connection.ts';

/** Each may have a body that is not whole in memory. */
export const CONNECTIONS_MAX = 256;

/** Until one that was turned away has to have closed. */
const TURNED_TIME: Duration = seconds(2);

export interface ConnectionsRules extends ConnectionRules {
  /** RV-23: a connection is served beside others. */
  readonly servesMany: boolean;
}

export class Connections {
  readonly #host: Host;
  readonly #rules: ConnectionsRules;
  readonly #requestTime: Duration | undefined;
  readonly #asked: ConnectionOwner['asked'];
  readonly #open: Set<Connection> = new Set();
  /** Those that were turned away, and are not closed yet. */
  #turned = 0;
  /** Where one is served after the other: those that are not read yet. */
  readonly #waiting: Queue<Waiting> = new Queue();

  /** `requestTime`: how long a request may take to come, as the daemon was told. */
  constructor(host: Host, rules: ConnectionsRules, requestTime: Duration, asked: ConnectionOwner['asked']) {
    this.#host = host;
    this.#rules = rules;
    this.#requestTime = rules.requestTimeOf(requestTime);
    this.#asked = asked;
  }

  accept(stream: Stream): StreamHandler {
    if (this.#open.size >= CONNECTIONS_MAX) return this.#turnAway(stream);
    if (this.#rules.servesMany || this.#open.size === 0) return this.#serve(stream);
    stream.pause();
    const waiting = new Waiting(stream);
    this.#waiting.push(waiting);
    return waiting;
  }

  /** Those that have not asked are closed; the others get their answers. */
  stop(): void {
    for (const each of [...this.#open]) if (each.idle) each.abort();
  }

  /** Told to come again, if there is somebody left to tell it to; and not waited for long. */
  #turnAway(stream: Stream): StreamHandler {
    if (this.#turned >= CONNECTIONS_MAX) {
      stream.close();
      return { data: () => {} };
    }
    this.#turned += 1;
    stream.write(encodeAnswer(busy('too many connections')));
    stream.end();
    const timer = this.#host.clock.setTimer(TURNED_TIME, () => {
      this.#turned -= 1;
      stream.close();
    });
    const close = (): void => {
      this.#turned -= 1;
      timer.cancel();
    };
    return { data: () => {}, close };
  }

  #serve(stream: Stream): Connection {
    const connection = new Connection(this.#host, stream, this.#rules, this.#requestTime, {
      asked: this.#asked,
      closed: () => {
        this.#open.delete(connection);
        this.#next();
      },
    });
    this.#open.add(connection);
    return connection;
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    if (next.gone) this.#next();
    else next.serve(stream => this.#serve(stream));
  }
}

/** Not read until it is its turn. */
class Waiting implements StreamHandler {
  readonly #stream: Stream;
  #handler: StreamHandler | undefined;
  gone = false;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  serve(by: (stream: Stream) => StreamHandler): void {
    this.#handler = by(this.#stream);
    this.#stream.resume();
  }

  data(bytes: Uint8Array): void {
    this.#handler?.data(bytes);
  }

  end(): void {
    this.#handler?.end?.();
  }

  close(error: Parameters<NonNullable<StreamHandler['close']>>[0]): void {
    this.gone = true;
    this.#handler?.close?.(error);
  }
}
