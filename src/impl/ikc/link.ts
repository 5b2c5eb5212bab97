/**
 * One connection to another kernel: the negotiation (negotiation.ts), then requests as frames.
 * Its life: negotiating, open, ending (nothing more is read, and what is queued is sent), closed.
 * Lacks: what a request means, who is connected (the responder), and how a connection comes about.
 */
import { printable, utf8 } from '../../host/bytes.ts';
import type { Host, Stream, StreamHandler, Timer } from '../../host/host.ts';
import type { HostError } from '../../host/result.ts';
import { type Duration, type Instant, ZERO } from '../../host/time.ts';
import { frameOf, LinesThenFrames } from '../framing/lines-then-frames.ts';
import type { PerlValue } from '../storable/values.ts';
import { DIGITS_MAX, FRAME_MAX, LINE_MAX, LINES_MAX, LOGGED_MAX } from './limits.ts';
import { ownNames, peerAddress } from './link-names.ts';
import type { LinkRules, Role } from './link-rules.ts';
import { linkNoted, linkStep, linkWarned } from './log.ts';
import { Negotiation, type News } from './negotiation.ts';
import { Outlet } from './outlet.ts';
import type { Serializer } from './serializer.ts';
import { SERIALIZERS } from './serializers.ts';

/** Who is at the other end: its kernel id, and its further names in the order in which it said them. */
export interface Peer {
  readonly id: string;
  readonly aliases: readonly string[];
}

export interface Link {
  /** Undefined until the link is open. It stays known afterwards. */
  readonly peer: Peer | undefined;
  readonly open: boolean;
  /** Queues one request; false where it was not: the link is not open, or `unsendable` has been told why. */
  send(request: PerlValue): boolean;
  /** Nothing more is read; what was accepted is flushed, then the stream ends. `closed` is told when it has. */
  shutdown(): void;
}

export interface LinkListener {
  opened(link: Link): void;
  request(link: Link, request: PerlValue): void;
  /** A frame that could not be thawed, with the reason. The link goes on. */
  unreadable(link: Link, why: string): void;
  /** A request that the serializer of this link has no form for, or that is too large; told from within `send`. The link goes on. */
  unsendable(link: Link, request: PerlValue, why: string): void;
  /** Exactly once, whether it was ever open or not; never from within a call of its owner. */
  closed(link: Link, why: string): void;
}

export interface LinkOptions {
  readonly role: Role;
  /** Counted by whoever makes links: what the log calls this one, and a part of the address of a client on a Unix-domain socket. */
  readonly number: number;
  /** Kernel id of this process: the first name that the peer is told (names.ts has `kernelId`). */
  readonly id: string;
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  /** Of a client: the address as it was configured, `host:port`; undefined for a Unix-domain socket. */
  readonly configured?: string | undefined;
  /**
   * Of a server: the serializers that it accepts. Of a client: those that it offers, in order; with none the default is taken. As
   * written the list is consumed (B-T06c), so a client that connects again gives the same array.
   */
  readonly serializers: string[];
  /** Of the negotiation as a whole. */
  readonly timeout: Duration;
  readonly rules: LinkRules;
}

/** The link, and what the Host is to call for its stream. */
export function makeLink(
  host: Host,
  stream: Stream,
  options: LinkOptions,
  listener: LinkListener,
): { readonly link: Link; readonly handler: StreamHandler } {
  const link = new StreamLink(host, stream, options, listener);
  link.begin();
  return { link, handler: link };
}

type Life = 'negotiating' | 'open' | 'ending' | 'closed';

class StreamLink implements Link, StreamHandler {
  readonly #host: Host;
  readonly #stream: Stream;
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  readonly #number: number;
  readonly #reader: LinesThenFrames;
  readonly #outlet: Outlet;
  readonly #negotiation: Negotiation;
  #life: Life = 'negotiating';
  #peer: Peer | undefined;
  #serializer: Serializer | undefined;
  /** Of the negotiation. */
  #timer: Timer | undefined;
  #lines = 0;
  #nonsense = 0;
  /** When something was said last (B-T10). */
  #saidAt: Instant | undefined;
  /** Why it ends. */
  #why = '';

  constructor(host: Host, stream: Stream, options: LinkOptions, listener: LinkListener) {
    const { role, id, number, serializers, rules } = options;
    this.#host = host;
    this.#stream = stream;
    this.#options = options;
    this.#listener = listener;
    this.#number = number;
    this.#outlet = new Outlet(host, stream);
    this.#reader = new LinesThenFrames({
      lineMax: LINE_MAX,
      frameMax: FRAME_MAX,
      digitsMax: DIGITS_MAX,
      clauses: { line: 'B3', frame: 'B6' },
      joins: { lines: rules.joinsLines, atSwitch: rules.joinsAtSwitch },
    });
    this.#negotiation = new Negotiation({
      role,
      id,
      names: ownNames(options, this.#ends, rules),
      offers: role === 'server' ? [] : rules.usesUpList ? serializers : [...serializers],
      accepts: each => SERIALIZERS.has(each) && (role === 'client' || serializers.includes(each)),
      rules,
    });
  }

  get peer(): Peer | undefined {
    return this.#peer;
  }

  get open(): boolean {
    return this.#life === 'open';
  }

  begin(): void {
    const { timeout, rules } = this.#options;
    if (rules.bounded) this.#timer = this.#host.clock.setTimer(timeout, () => this.#timedOut());
    this.#tell(this.#negotiation.begin());
  }

  send(request: PerlValue): boolean {
    if (this.#life !== 'open' || this.#serializer === undefined) return this.#options.rules.countsUnsent;
    const frozen = this.#serializer.freeze(request);
    const why = frozen.ok ? excess(frozen.bytes) : frozen.why;
    if (frozen.ok && why === undefined) {
      this.#write(frameOf(frozen.bytes));
      return true;
    }
    linkWarned(this.#host).unsendable({ link: this.#number, why: why ?? '' });
    this.#listener.unsendable(this, request, why ?? '');
    return false;
  }

  shutdown(): void {
    if (this.#life === 'negotiating' && !this.#options.rules.endsNegotiation && this.#hasUnsent()) return;
    this.#end('shutdown');
  }

  // ── what the Host calls ───────────────────────────────────────────────────────────────────────────────────────────

  data(bytes: Uint8Array): void {
    if (!this.#reads) return;
    this.#reader.feed(bytes);
    this.#read();
  }

  end(): void {
    const { unfinished } = this.#reader;
    const where = this.#life === 'negotiating' ? `in phase ${this.#negotiation.phase}` : 'between frames';
    this.#end(`the peer ended ${unfinished === undefined ? where : `after ${unfinished}`}`);
  }

  drain(): void {
    this.#outlet.drained(() => {
      if (this.#reads) this.#read();
    });
  }

  close(error: HostError | undefined): void {
    const why = error === undefined ? 'the stream closed' : `the stream broke: ${error.code}`;
    this.#closed(this.#life === 'ending' ? this.#why : why);
  }

  // ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────

  get #reads(): boolean {
    return this.#life === 'negotiating' || this.#life === 'open';
  }

  /** Takes what is whole, one item after the other, until there is none, or nothing more is to be read. */
  #read(): void {
    while (this.#reads && !this.#outlet.paused) {
      const item = this.#reader.next();
      if (item === undefined) break;
      if (item.kind === 'line') this.#line(item.text);
      else if (item.kind === 'frame') this.#frame(item.payload);
      else this.#violation(item.detail, item.offset);
    }
    if (this.#life === 'negotiating') this.#tell(this.#negotiation.readOver());
  }

  #line(text: string): void {
    this.#lines += 1;
    if (this.#lines > LINES_MAX) this.#end(`more than ${LINES_MAX} lines, and no end of the negotiation`);
    else this.#tell(this.#negotiation.line(text));
  }

  #frame(payload: Uint8Array): void {
    const thawed = this.#serializer?.thaw(payload);
    if (thawed === undefined) return;
    if (thawed.ok) this.#listener.request(this, thawed.value);
    else {
      linkWarned(this.#host).unreadable({ link: this.#number, why: thawed.why });
      this.#listener.unreadable(this, thawed.why);
    }
  }

  #violation(detail: string, offset: number): void {
    // Deaf, and the reader gives nothing more.
    if (this.#life === 'open' && this.#options.rules.noFrame === 'is deaf') return;
    linkWarned(this.#host).violation({ link: this.#number, why: detail, offset });
    this.#end(detail);
  }

  // ── the negotiation ───────────────────────────────────────────────────────────────────────────────────────────────

  #tell(news: readonly News[]): void {
    for (const each of news) {
      if (this.#life !== 'negotiating') return;
      switch (each.news) {
        case 'say':
          this.#saidAt = this.#host.clock.monotonic();
          this.#write(utf8(`${each.text}\r\n`));
          break;
        case 'phase':
          linkStep(this.#host).phase({ link: this.#number, from: each.from, to: each.to });
          if (each.to === 'up') this.#up();
          break;
        case 'nonsense':
          this.#nonsense += 1;
          if (this.#nonsense <= LOGGED_MAX)
            linkWarned(this.#host).nonsense({ link: this.#number, phase: each.phase, line: printable(each.text) });
          break;
        case 'fail':
          this.#end(each.why);
      }
    }
  }

  #up(): void {
    const { role, configured, rules } = this.#options;
    const { heard, serializer } = this.#negotiation;
    const address = peerAddress(role, this.#ends, configured, rules);
    const [id, ...aliases] = address === undefined || heard.includes(address) ? heard : [...heard, address];
    if (id === undefined) {
      this.#end('the peer has not said who it is');
      return;
    }
    this.#timer?.cancel();
    this.#reader.toFrames();
    this.#serializer = SERIALIZERS.get(serializer);
    // Published, what has come with the last line is read while the filter is changed: nobody knows yet who sent it.
    if (rules.earlyRequests === 'before it is open') this.#read();
    if (this.#life !== 'negotiating') return;
    this.#life = 'open';
    this.#peer = { id, aliases };
    linkNoted(this.#host)['link-open']({ link: this.#number, peer: id, aliases: aliases.length, serializer });
    this.#listener.opened(this);
  }

  #timedOut(): void {
    linkWarned(this.#host)['negotiation-timeout']({ link: this.#number, phase: this.#negotiation.phase });
    this.#end(`the negotiation was not over in time, but in phase ${this.#negotiation.phase}`);
  }

  get #ends(): Parameters<typeof ownNames>[1] {
    const { local, remote } = this.#stream;
    return { local, remote, pid: this.#host.process.pid, connection: this.#options.number };
  }

  // ── writing, and the end ──────────────────────────────────────────────────────────────────────────────────────────

  #write(bytes: Uint8Array): void {
    const why = this.#outlet.write(bytes);
    if (why === undefined) return;
    this.#life = 'ending';
    this.#timer?.cancel();
    // Whoever has just sent something is told of it later: it may be sending to others as well.
    this.#timer = this.#host.clock.setTimer(ZERO, () => this.#closed(why));
  }

  #hasUnsent(): boolean {
    return this.#outlet.unsent > 0 || this.#saidAt === this.#host.clock.monotonic();
  }

  #end(why: string): void {
    if (!this.#reads) return;
    this.#life = 'ending';
    this.#why = why;
    this.#timer?.cancel();
    this.#outlet.end(() => this.#closed(why));
  }

  #closed(why: string): void {
    if (this.#life === 'closed') return;
    this.#life = 'closed';
    this.#timer?.cancel();
    this.#outlet.forget();
    linkNoted(this.#host)['link-closed']({ link: this.#number, why });
    this.#listener.closed(this, why);
  }
}

const excess = ({ length }: Uint8Array): string | undefined =>
  length > FRAME_MAX ? `a frame of ${length} bytes: the limit is ${FRAME_MAX}` : undefined;
