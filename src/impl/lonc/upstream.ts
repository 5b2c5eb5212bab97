/**
 * The TCP stream from a gateway child to a lond: what comes of it as inputs of a Connection.
 * Lacks: timers, and any idea of what the lines mean.
 */
import type { Host, Stream, StreamHandler, TcpEndpoint } from '../../host/host.ts';
import type { Input } from './connection-actions.ts';
import { LineReader } from './lines.ts';
import { DIALOGUE_MAX, lineOf, REPLY_MAX } from './wire.ts';

export interface UpstreamHooks {
  input(input: Input): void;
  /** Everything that came at once was handed over: what is sent now is sent after it was read. */
  handedOver(): void;
}

export interface UpstreamOptions {
  readonly to: TcpEndpoint;
  readonly from: string | undefined;
}

/** A stream to write a request to: `ended` by lond, `gone` altogether. */
export type StreamCondition = 'open' | 'ended' | 'gone';

export interface UpstreamRules {
  /** L9: a write to a lond that is gone fails, and no more. Asked before each; true: it is done. */
  readonly writable: (host: Host) => (stream: StreamCondition) => boolean;
}

export const CORRECTED: UpstreamRules = { writable: () => stream => stream !== 'gone' };

export class Upstream {
  readonly #host: Host;
  readonly #options: UpstreamOptions;
  readonly #hooks: UpstreamHooks;
  readonly #writable: (stream: StreamCondition) => boolean;
  #stream: Stream | undefined;
  #lines = new LineReader(DIALOGUE_MAX);
  #ended = false;

  constructor(host: Host, options: UpstreamOptions, hooks: UpstreamHooks, { writable }: UpstreamRules = CORRECTED) {
    this.#host = host;
    this.#options = options;
    this.#hooks = hooks;
    this.#writable = writable(host);
  }

  connect(): void {
    this.#lines = new LineReader(DIALOGUE_MAX);
    this.#ended = false;
    const { to, from } = this.#options;
    this.#host.network.connect(to, from === undefined ? {} : { from }, result => {
      if (!result.ok) {
        this.#tell({ input: 'refused', reason: result.error.code });
        return NOBODY;
      }
      this.#stream = result.value;
      this.#tell({ input: 'opened' });
      return this.#handlerOf(result.value);
    });
  }

  /** The dialogue is over: what comes now are replies. */
  openForReplies(): void {
    this.#lines.limit = REPLY_MAX;
  }

  send(text: string): void {
    if (this.#writable(this.#condition)) this.#stream?.write(lineOf(text));
  }

  get #condition(): StreamCondition {
    if (this.#stream === undefined) return 'gone';
    // In the dialogue lond may have ended its direction only, and reads on.
    return this.#ended && this.#lines.limit === REPLY_MAX ? 'ended' : 'open';
  }

  /** Forgets what came of an unended line. */
  forgetPartial(): void {
    this.#lines.rest();
  }

  /** Nothing of this stream is heard any more. */
  disconnect(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }

  #handlerOf(stream: Stream): StreamHandler {
    return {
      data: bytes => {
        if (this.#stream !== stream) return;
        const lines = this.#lines;
        lines.feed(bytes);
        for (let event = lines.next(); event !== undefined && this.#stream === stream; event = lines.next()) {
          if (event.kind === 'violation') this.#hooks.input({ input: 'violation', detail: event.detail });
          else this.#hooks.input({ input: 'line', text: event.text });
        }
        this.#hooks.handedOver();
      },
      end: () => {
        if (this.#stream !== stream) return;
        this.#ended = true;
        this.#tell({ input: 'end', rest: this.#lines.rest() });
      },
      close: () => {
        if (this.#stream !== stream) return;
        this.#stream = undefined;
        this.#tell({ input: 'end', rest: '' });
      },
    };
  }

  #tell(input: Input): void {
    this.#hooks.input(input);
    this.#hooks.handedOver();
  }
}

const NOBODY: StreamHandler = { data: () => {} };
