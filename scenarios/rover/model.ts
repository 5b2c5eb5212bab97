/**
 * THE SERVER AS IT SHOULD BE, run beside it on every trace, over all lives of its process: each answer on each connection is one that R2 to R6
 * allow, for some execution in order of what came. So what was acknowledged outlives it, nothing is run twice, and nothing too early.
 * Nothing of src/impl/rover decides here.
 * Lacks: when it answers (properties/server.ts); what is answered of objects that several streams share.
 */
import { type AlwaysProperty, always } from '../../src/check/property.ts';
import { programOf } from '../../src/check/world/housekeeping.ts';
import { after, type Instant, instantOf, ORIGIN, seconds, since } from '../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import { headWrong, textWrong } from './model/answer.ts';
import { NOTHING, type Objects } from './model/commands.ts';
import { readingOf } from './model/request.ts';
import { type Before, Stream } from './model/stream.ts';
import { type Answer, answerIn, Incoming, latin1, type Tokens } from './parts/messages.ts';
import { DAEMON, KNOWN, secretOf, WORKER } from './parts/network.ts';
import { OF_EACH } from './parts/requests.ts';

const KINDS: readonly EventKind[] = ['start', 'accept', 'recv', 'send', 'eof', 'signal', 'exit', 'power', 'fault'];
/** After so long a request that is not whole may be refused for that. */
const REQUEST_TIME = seconds(30);
/** What may keep the server from writing, and so from taking anything. */
const TROUBLE: readonly unknown[] = ['disk-full', 'disk-error', 'no-descriptors', 'no-memory', 'strike'];
/** A log that has failed is tried again every second, by a process that may be stopped for a while. */
const RECOVERY = seconds(20);
const FOR_EVER = instantOf(Number.MAX_SAFE_INTEGER);
/** What runs requests. */
const OURS: readonly string[] = [DAEMON, WORKER];

/** Objects of this name are of one stream alone: `Irolo__<host>`, with anything behind it; or of one stream of each user, who is told of his own. */
const isOwn = ({ HOST, OBJECT = '' }: Tokens): boolean =>
  OBJECT === '' || OBJECT === OF_EACH || OBJECT.split('__')[1]?.split('-')[0] === HOST;

/** One connection. */
class Connection {
  readonly #since: Instant;
  #text = '';
  /** With fewer bytes it is not whole. */
  #least = 0;
  #ended = false;
  readonly #out: Incoming = new Incoming();
  #tokens: Tokens | undefined;
  #answered = false;
  /** What was known of its number when it came. */
  before: Before = 'anything';

  constructor(now: Instant) {
    this.#since = now;
  }

  ends(): void {
    this.#ended = true;
  }

  /** The request, when these bytes make it whole. */
  hears(bytes: Uint8Array): Tokens | undefined {
    this.#text += latin1(bytes);
    if (this.#tokens !== undefined || this.#text.length < this.#least) return undefined;
    const { tokens, least } = readingOf(this.#text, false, false);
    this.#tokens = tokens;
    this.#least = least;
    return tokens;
  }

  /** An answer that is whole, and what it is to. */
  says(bytes: Uint8Array, now: Instant): { readonly answer: Answer; readonly tokens: Tokens | undefined } | string | undefined {
    if (this.#answered) return 'says more than an answer';
    this.#out.take(bytes);
    const { message } = this.#out;
    if (message === undefined) return undefined;
    this.#answered = true;
    const answer = answerIn(message);
    const { wrong, certain } = readingOf(this.#text, this.#ended, since(this.#since, now) >= REQUEST_TIME);
    const isAbout = answer.result === 'refused' && answer.number === undefined && answer.status !== 401;
    const reasons = isAbout ? wrong.get(answer.status) : undefined;
    if (isAbout && reasons === undefined) return `refuses with ${answer.status} what may be ${among(wrong)}`;
    const said = headWrong(message, answer, this.#tokens) ?? textWrong(answer, reasons?.map(each => each()) ?? this.#tokens);
    if (said !== undefined) return said;
    if (reasons !== undefined) return { answer, tokens: undefined };
    if (certain) return `answers ${answer.status} ${answer.result}, where it has to be ${among(wrong)}`;
    return this.#tokens === undefined ? `answers ${answer.status} before the request is whole` : { answer, tokens: this.#tokens };
  }
}

const among = (statuses: ReadonlyMap<number, unknown>): string =>
  statuses.size === 0 ? 'taken' : `refused with ${[...statuses.keys()].join(' or ')}`;

/** All epochs of a stream. */
class Epochs {
  readonly #all: Map<number, Stream> = new Map();
  /** The highest of which something was answered; and for good, by when those before have ended. */
  #current = 0;
  #begun = 0;

  came(tokens: Tokens, ends: number): Before {
    return this.#of(epochOf(tokens)).came(Number(tokens['MSGID']), tokens, ends);
  }

  answered(tokens: Tokens, answer: Answer, ends: number, before: Before): string | undefined {
    const epoch = epochOf(tokens);
    const isOver = epoch < Math.max(...this.#all.keys());
    if (answer.result === 'refused' && isOver) return undefined;
    if (answer.result === 'busy' && answer.number === undefined) return undefined;
    const isFinal = answer.result === 'done' || answer.result === 'failed';
    // What runs is finished first.
    if (epoch < this.#begun || (epoch < this.#current && !isFinal))
      return `answers ${answer.result} in epoch ${epoch}, and ${this.#current} has begun`;
    const why = this.#of(epoch).answered(tokens, answer, ends, isOver, before);
    if (answer.result !== 'busy') this.#current = Math.max(this.#current, epoch);
    if (isFinal) this.#begun = epoch;
    return why;
  }

  #of(epoch: number): Stream {
    const found = this.#all.get(epoch) ?? new Stream(() => this.#left(epoch), isOwn);
    this.#all.set(epoch, found);
    return found;
  }

  #left(epoch: number): readonly Objects[] {
    const before = [...this.#all].filter(([each]) => each < epoch).flatMap(([, stream]) => stream.left);
    return before.length === 0 ? [NOTHING] : before;
  }
}
const epochOf = ({ EPOCH = '0' }: Tokens): number => Number(EPOCH);

class Server {
  readonly #connections: Map<string, Connection> = new Map();
  readonly #epochs: Map<string, Epochs> = new Map();
  /** How often its process has ended otherwise than well. */
  #ends = 0;
  /** Until when its disk may keep it from taking anything. */
  #troubled: Instant = ORIGIN;
  readonly #ending: Set<string> = new Set();
  /** Who has the log: one before it, whose parent was killed, can take nothing. */
  #newest = '';

  see(event: TraceEvent): string | undefined {
    const { kind, process, channel, bytes, data, time } = event;
    if (kind === 'fault' && TROUBLE.includes(data?.['kind'])) this.#troubled = data?.['step'] === 'end' ? after(time, RECOVERY) : FOR_EVER;
    if ((kind === 'power' && data?.['state'] === 'off') || (kind === 'exit' && data?.['code'] !== 0 && OURS.includes(programOf(process))))
      this.#ends += 1;
    if (programOf(process) !== DAEMON) return undefined;
    if (kind === 'start') this.#newest = process;
    const stream = `${process} ${channel.slice(0, -1)}`;
    const connection = this.#connections.get(stream);
    if (kind === 'signal' && data?.['signal'] === 'SIGTERM') this.#ending.add(process);
    if (kind === 'accept') this.#connections.set(stream, new Connection(time));
    if (kind === 'eof') connection?.ends();
    if (kind === 'recv' && bytes !== undefined) this.#hears(connection, bytes);
    if (kind !== 'send' || bytes === undefined || connection === undefined) return undefined;
    const said = connection.says(bytes, time);
    if (typeof said === 'string' || said?.tokens === undefined) return typeof said === 'string' ? said : undefined;
    return this.#judge(event, said.tokens, said.answer, connection.before);
  }

  #hears(connection: Connection | undefined, bytes: Uint8Array): void {
    const tokens = connection?.hears(bytes);
    if (connection !== undefined && tokens !== undefined && isKnown(tokens)) connection.before = this.#of(tokens).came(tokens, this.#ends);
  }

  #of(tokens: Tokens): Epochs {
    const key = JSON.stringify([tokens['USER'], tokens['HOST']]);
    const found = this.#epochs.get(key) ?? new Epochs();
    this.#epochs.set(key, found);
    return found;
  }

  #judge({ process, time }: TraceEvent, tokens: Tokens, answer: Answer, before: Before): string | undefined {
    if (!isKnown(tokens))
      return answer.status === 401 && answer.result === 'refused' ? undefined : 'answers somebody whom it does not know';
    if (answer.status === 401) return `does not know ${tokens['USER']}`;
    const isTroubled = time < this.#troubled || this.#ending.has(process) || process !== this.#newest;
    if (answer.status === 503 && isTroubled) return undefined;
    // Of what is on a disk that fails nothing can be told.
    if (answer.status === 422 && isTroubled && tokens['OBJECT']?.startsWith('Agent__') === true) return undefined;
    const why = this.#of(tokens).answered(tokens, answer, this.#ends, before);
    return why === undefined ? undefined : `${why} (${tokens['USER']} at ${tokens['HOST']})`;
  }
}

function isKnown({ USER = '', AUTH }: Tokens): boolean {
  return USER === 'nobody' || (KNOWN.includes(USER) && AUTH === secretOf(USER));
}

export const serverAsModelled: AlwaysProperty = always(
  'server-as-modelled',
  'Each answer of the server is one that some execution, of what came, in order and once, has.',
  () => {
    const server = new Server();
    return {
      see: event => {
        const why = server.see(event);
        return why === undefined ? undefined : `${event.process} ${why}`;
      },
    };
  },
  KINDS,
);
