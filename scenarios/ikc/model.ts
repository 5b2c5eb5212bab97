/**
 * AN END OF A CONNECTION AS IT SHOULD BE, run beside every server and client on every trace: each line that it hears has the answer that B4
 * gives, and each frame that a server hears the one of B9, once, in order, on the same connection, before anything else comes to it.
 * Nothing of src/impl/ikc decides here; it reads what crossed the Host alone.
 * Lacks: limits; names (properties/registry.ts); what clients ask (properties/steps.ts); other states than those of `demo`.
 */
import { type AlwaysProperty, always } from '../../src/check/property.ts';
import { machineOf, pidOf, programOf } from '../../src/check/world/housekeeping.ts';
import { after, type Instant, millis, seconds } from '../../src/host/time.ts';
import type { Role } from '../../src/impl/ikc/link-rules.ts';
import type { EventKind, TraceEvent } from '../../src/trace/event.ts';
import { ANY_NAME, Dialogue, type Self } from './model/dialogue.ts';
import { LiteDialogue } from './model/lite.ts';
import { hashOf, placeOf, plainOf } from './model/plain.ts';
import { type Forwarded, forwardedIn, type Reply, replyTo } from './model/requests.ts';
import { Incoming } from './parts/incoming.ts';
import { CLIENT, LITE, SERVER } from './parts/network.ts';

const KINDS: readonly EventKind[] = [
  'start',
  'accept',
  'connect',
  'open',
  'recv',
  'send',
  'eof',
  'end',
  'close',
  'reset',
  'signal',
  'fire',
  'exit',
  'power',
  'fault',
];
/** What comes to a process: by then it has done what was to be done. */
const INBOUND: ReadonlySet<EventKind> = new Set<EventKind>(['accept', 'open', 'recv', 'eof', 'signal', 'fire']);
const OURS: readonly string[] = [SERVER, CLIENT, LITE];
const OVER: ReadonlySet<EventKind> = new Set<EventKind>(['eof', 'end', 'close', 'reset']);
/** How much later than due `slow` may be: a process may be stopped for as long. */
const LATE = seconds(20);

export function selfOf({ process, data }: TraceEvent): Self {
  const args = String(data?.['args']).split(/ (?=--)/);
  const all = (name: string): readonly string[] =>
    args.filter(each => each.startsWith(`--${name}=`)).map(each => each.slice(name.length + 3));
  const given = all('serializer');
  const usual = programOf(process) === SERVER ? ['Storable', 'JSON'] : ['Storable'];
  return { name: all('name')[0], aliases: all('alias'), serializers: given.length === 0 ? usual : given };
}

interface OfProcess extends Self {
  readonly machine: string;
  readonly pid: number;
}

/** One connection, as one end has it. */
class End {
  readonly #role: Role | 'lite';
  readonly #dialogue: Dialogue | LiteDialogue;
  /** The address at which it sees the peer: a name as well. */
  readonly #peer: string;
  readonly #in: Incoming;
  readonly #out: Incoming;
  #wrong: string | undefined;
  /** What it says that it is called first (B2): its machine, seconds, its pid, and which of its kernels this is. */
  #id = '';
  readonly #ids: RegExp;
  #lines: string[];
  #replies: Reply[] = [];
  #slow: { readonly at: Instant; readonly reply: Reply }[] = [];
  /** What this process has been asked to post, by whomever. */
  readonly #forwarded: Forwarded[];

  constructor(role: Role | 'lite', self: OfProcess, peer: string, forwarded: Forwarded[]) {
    this.#ids = new RegExp(`^${self.machine}-[0-9a-f]{8}-${self.pid.toString(16).padStart(8, '0')}-00000001$`);
    this.#forwarded = forwarded;
    this.#role = role;
    this.#dialogue = role === 'lite' ? new LiteDialogue(self, self.pid) : new Dialogue(role, self);
    this.#peer = peer;
    this.#lines = [...this.#dialogue.begins()];
    const isUp = (): boolean => this.#dialogue.phase === 'up';
    this.#in = new Incoming(line => this.#lines.push(...this.#dialogue.hears(line)), isUp, role === 'lite');
    this.#out = new Incoming(
      line => this.#said(line),
      () => isUp() && this.#lines.length === 0,
    );
  }

  hears({ bytes, time }: TraceEvent): void {
    if (bytes === undefined) return;
    const { frames } = this.#in.take(bytes);
    if (this.#role === 'server') for (const frame of frames) this.#asked(frame, time);
  }

  #asked(frame: Uint8Array, now: Instant): void {
    const { serializer, heard } = this.#dialogue;
    const reply = replyTo(frame, serializer, [...heard, this.#peer], this.#id);
    const forwarded = forwardedIn(frame, serializer);
    if (forwarded !== undefined) this.#forwarded.push(forwarded);
    if (reply === undefined) return;
    if (reply.reply === 'answer' && reply.after !== undefined) this.#slow.push({ at: after(now, millis(reply.after)), reply });
    else this.#replies.push(reply);
  }

  says({ bytes, time }: TraceEvent): string | undefined {
    if (bytes === undefined) return undefined;
    const { frames } = this.#out.take(bytes);
    return this.#wrong ?? (this.#role === 'server' ? this.#sends(frames, time) : undefined);
  }

  #said(line: string): undefined {
    const due = this.#lines.shift();
    if (line.startsWith('IAM ') && this.#id === '') {
      this.#id = line.slice('IAM '.length);
      if (this.#role !== 'lite' && !this.#ids.test(this.#id)) this.#wrong ??= `says that it is ${this.#id}`;
    }
    if (line === due || (due === ANY_NAME && line.startsWith('IAM '))) return;
    this.#wrong ??= `says '${line}', and ${due === undefined ? 'nothing' : `'${due}'`} was to be said`;
  }

  #sends(frames: readonly Uint8Array[], now: Instant): string | undefined {
    for (const frame of frames) {
      const [due] = this.#replies;
      const isDue = due !== undefined && isThis(frame, due, this.#dialogue.serializer);
      if (!isDue && this.#forwarded.some(each => isPost(frame, each, this.#dialogue.serializer))) continue;
      if (due !== undefined) {
        this.#replies.shift();
        if (!isDue) return `sends ${shown(frame, this.#dialogue.serializer)}, and was to send ${told(due)}`;
        continue;
      }
      // Those that are answered later, or refused at a shutdown.
      const late = this.#slow.findIndex(
        ({ reply }) => isThis(frame, reply, this.#dialogue.serializer) || isThis(frame, ANY_ERROR, this.#dialogue.serializer),
      );
      if (late < 0) return `sends ${shown(frame, this.#dialogue.serializer)}, and nobody has asked`;
      const [was] = this.#slow.splice(late, 1);
      const isAnswer = was !== undefined && isThis(frame, was.reply, this.#dialogue.serializer);
      if (isAnswer && now < was.at) return `answers before its time`;
    }
    return undefined;
  }

  /** What is still to be done when something else comes. */
  left(now: Instant): string | undefined {
    if (this.#lines.length > 0) return `does not say '${this.#lines[0]}'`;
    if (this.#replies.length > 0) return `does not send ${told(this.#replies[0])}`;
    const late = this.#slow.find(({ at }) => now > after(at, LATE));
    return late === undefined ? undefined : `has not sent ${JSON.stringify(late.reply)} in time`;
  }
}

const ANY_ERROR: Reply = { reply: 'error', is: /./ };

function isThis(frame: Uint8Array, reply: Reply, serializer: string): boolean {
  const request = hashOf(plainOf(frame, serializer));
  const event = placeOf(request?.['event']);
  if (request === undefined || event === undefined) return false;
  const isError = event.session === 'IKC' && event.state === 'remote_error';
  if (reply.reply === 'error' || (reply.reply === 'either' && isError))
    return isError && request['is_error'] === '1' && reply.is.test(String(request['params']));
  const { to, value } = reply;
  if (event.kernel !== to.kernel || event.session !== to.session || event.state !== to.state) return false;
  return value === undefined || JSON.stringify(request['params'] ?? null) === JSON.stringify(value);
}

/** It goes as it was given, and says who sends it. */
function isPost(frame: Uint8Array, { to, params }: Forwarded, serializer: string): boolean {
  const request = hashOf(plainOf(frame, serializer));
  const event = placeOf(request?.['event']);
  if (request === undefined || event?.kernel !== to.kernel || event.session !== to.session || event.state !== to.state) return false;
  const from = placeOf(request['from']);
  return JSON.stringify(request['params'] ?? null) === JSON.stringify(params) && from?.session === 'demo' && request['rsvp'] === undefined;
}

const told = (reply: Reply | undefined): string => (reply?.reply === 'error' ? `an error like ${reply.is.source}` : JSON.stringify(reply));

const shown = (frame: Uint8Array, serializer: string): string => JSON.stringify(plainOf(frame, serializer) ?? 'what cannot be read');

/** Of several processes the first one serves nobody. */
const carries = ({ data }: TraceEvent): boolean => /--processes=(?!1(?: |$))/.test(String(data?.['args']));

/** One process. */
class Kernel {
  readonly #self: OfProcess;
  readonly #isLite: boolean;
  readonly #ends: Map<string, End> = new Map();
  readonly #forwarded: Forwarded[] = [];
  #signalled = false;

  constructor(start: TraceEvent) {
    this.#self = { ...selfOf(start), machine: machineOf(start.process), pid: pidOf(start.process) };
    this.#isLite = programOf(start.process) === LITE;
  }

  see(event: TraceEvent): string | undefined {
    const { kind, channel, data, time } = event;
    const left = INBOUND.has(kind) ? this.#left(time) : undefined;
    if (left !== undefined) return left;
    const stream = channel.slice(0, -1);
    if (kind === 'signal') this.#signalled = true;
    if (kind === 'accept') this.#ends.set(stream, new End('server', this.#self, String(data?.['peer']), this.#forwarded));
    if (kind === 'open' && data?.['error'] === undefined)
      this.#ends.set(stream, new End(this.#isLite ? 'lite' : 'client', this.#self, '', this.#forwarded));
    if (OVER.has(kind)) this.#ends.delete(stream);
    // At its end nothing is heard any more.
    if (kind === 'recv' && !this.#signalled) this.#ends.get(stream)?.hears(event);
    return kind === 'send' && !this.#signalled ? this.#ends.get(stream)?.says(event) : undefined;
  }

  #left(now: Instant): string | undefined {
    for (const end of this.#signalled ? [] : this.#ends.values()) {
      const why = end.left(now);
      if (why !== undefined) return why;
    }
    return undefined;
  }
}

export const asModelled: AlwaysProperty = always(
  'as-modelled',
  'What a kernel says to each line and each request is what a second reading of B4 and B9 says.',
  () => {
    const kernels = new Map<string, Kernel>();
    return {
      see: event => {
        const { kind, process, data } = event;
        const program = programOf(process);
        if (kind === 'start' && OURS.includes(program) && !carries(event)) kernels.set(process, new Kernel(event));
        if (kind === 'exit') kernels.delete(process);
        if (kind === 'power')
          for (const each of [...kernels.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) kernels.delete(each);
        const why = kernels.get(process)?.see(event);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  KINDS,
);
