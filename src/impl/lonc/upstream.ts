/**
 * The TCP stream from a gateway child to a lond: what comes of it as inputs of a Connection.
 * Lacks: timers, and any idea of what the lines mean.
 * May import: host, its own folder.
 */
import type { Host, Stream, StreamHandler, TcpEndpoint } from '../../host/host.ts';
import type { Input } from './connection-actions.ts';
import { LineReader } from './lines.ts';
import type { Quirks } from './quirks.ts';
import { QUIRK } from './quirks.ts';
import { DIALOGUE_MAX, lineOf, REPLY_MAX } from './wire.ts';

export interface UpstreamHooks {
  input(input: Input): void;
  /** Everything that came at once was handed over: what is sent now is sent after it was read. */
  handedOver(): void;
}

export interface UpstreamOptions {
  readonly to: TcpEndpoint;
  readonly from: string | undefined;
  readonly quirks: Quirks;
}

export class Upstream {
  readonly #host: Host;
  readonly #options: UpstreamOptions;
  readonly #hooks: UpstreamHooks;
  #stream: Stream | undefined;
  #lines = new LineReader(DIALOGUE_MAX);
  /** lond has ended the stream; and how many requests were written since. */
  #endSeen = false;
  #deadWrites = 0;
  #replies = false;

  constructor(host: Host, options: UpstreamOptions, hooks: UpstreamHooks) {
    this.#host = host;
    this.#options = options;
    this.#hooks = hooks;
  }

  connect(): void {
    this.#lines = new LineReader(DIALOGUE_MAX);
    this.#endSeen = false;
    this.#deadWrites = 0;
    this.#replies = false;
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
    this.#replies = true;
    this.#lines.limit = REPLY_MAX;
  }

  send(text: string): void {
    // The words of the dialogue do not count: there lond may have ended its direction only, and reads on (A-B18).
    if (this.#endSeen && this.#replies) this.#deadWrites += 1;
    // A-B15: the first write to a peer that is gone brings its reset, the next one the signal; a Host raises that later, or, when
    // it has taken the stream away, not at all.
    const dies = this.#deadWrites > 1 || this.#stream === undefined;
    if (dies && this.#options.quirks.has(QUIRK.DIE_OF_SIGPIPE)) this.#host.process.kill(this.#host.process.pid, 'SIGPIPE');
    else this.#stream?.write(lineOf(text));
  }

  /** A-B06b: what came of an unended line. */
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
        this.#endSeen = true;
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
