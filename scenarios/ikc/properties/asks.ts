/**
 * What clients ask (B8), a second time: each request of a step is the one that the step was told, says where its answer goes if it wants one,
 * and is sent once at the most; what has come out well was sent.
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { pidOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { clientLog } from '../../../src/impl/ikc/telling.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { argsIn } from '../../usage-property.ts';
import { type Hash, hashOf, type Plain, placeOf, plainOf } from '../model/plain.ts';
import { Incoming } from '../parts/incoming.ts';
import { CLIENT, LITE } from '../parts/network.ts';
import { type Step, stepsIn } from '../parts/steps.ts';
import { textsOf } from '../parts/texts.ts';

const KINDS: readonly EventKind[] = ['start', 'open', 'recv', 'send', 'log', 'exit', 'power'];
const BRACE = 0x7b;

const same = (left: Plain | undefined, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

const otherWay = (channel: string): string => channel.replace('>', '<');

class Asker {
  readonly #isLite: boolean;
  readonly #steps: readonly Step[];
  readonly #address: string;
  readonly #name: string | undefined;
  /** What is sent, by the stream. */
  readonly #out: Map<string, Incoming> = new Map();
  /** What is heard, by the stream; and who is at the other end of the link that was opened last, as it says first. */
  readonly #in: Map<string, Incoming> = new Map();
  #peer = '';
  /** What the client says that it is called first: its id. */
  #id = '';
  #step: Step | undefined;
  #sent = 0;
  /** Calls of the small client that are over. */
  #calls = 0;

  constructor(start: TraceEvent) {
    this.#isLite = programOf(start.process) === LITE;
    this.#steps = stepsIn(start, this.#isLite).steps;
    const all = (name: string) =>
      argsIn(start)
        .filter(each => each.startsWith(`--${name}=`))
        .map(each => each.slice(name.length + 3));
    const [connect = ''] = all('connect');
    this.#address = connect.startsWith('/') ? `unix:${connect.replaceAll('/', '_')}` : connect;
    this.#name = all('name')[0] ?? (this.#isLite ? `Client${pidOf(start.process)}` : undefined);
  }

  see(event: TraceEvent): string | undefined {
    const { kind, bytes } = event;
    if (kind === 'open') {
      this.#id = '';
      const line = (text: string): void => {
        if (text.startsWith('IAM ') && this.#id === '') this.#id = text.slice('IAM '.length);
      };
      this.#out.set(event.channel, new Incoming(line));
      this.#peer = '';
      const heard = (text: string): void => {
        if (text.startsWith('IAM ') && this.#peer === '') this.#peer = text.slice('IAM '.length);
      };
      this.#in.set(otherWay(event.channel), new Incoming(heard));
    }
    // Who it is, is said before the first frame.
    if (kind === 'recv' && bytes !== undefined && this.#peer === '') this.#in.get(event.channel)?.take(bytes);
    if (kind === 'log') return this.#tells(event);
    if (kind !== 'send' || bytes === undefined || !/^(?:tcp|unix)/.test(event.channel)) return undefined;
    for (const frame of this.#out.get(event.channel)?.take(bytes).frames ?? []) {
      const why = this.#asks(hashOf(plainOf(frame, frame[0] === BRACE ? 'JSON' : 'Storable')));
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #tells(event: TraceEvent): string | undefined {
    const asked = clientLog.asked.of(event);
    if (asked !== undefined) {
      if (this.#step !== undefined && this.#step.verb !== 'post') this.#calls += 1;
      this.#step = this.#steps[(asked.step - 1) % this.#steps.length];
      this.#sent = 0;
    }
    const isOver = clientLog.answer.of(event) !== undefined || clientLog.subscribed.of(event) !== undefined;
    // What is for this kernel itself does not cross the Host.
    const isOwn = this.#name !== undefined && this.#step?.to.startsWith(`poe://${this.#name}/`) === true && !this.#isLite;
    return isOver && !isOwn && this.#sent === 0 ? `has an answer of ${this.#step?.to}, which it has not sent` : undefined;
  }

  #asks(request: Hash | undefined): string | undefined {
    if (request === undefined) return 'sends what is no request';
    const { event, params = null, rsvp } = request;
    const to = placeOf(event);
    // Of a subscription the event is a hash, as that of an answer, of an error, and of the ping behind posts.
    if (typeof event !== 'string' && to?.state !== 'do_you_have')
      return to?.state === 'ping' && to.session === 'IKC' ? this.#pings(request, to.kernel) : undefined;
    const step = this.#step;
    if (step === undefined) return `asks ${String(event)}, and was told nothing`;
    this.#sent += 1;
    if (this.#sent > 1) return `sends ${step.to} twice`;
    if (step.verb === 'subscribe') return this.#subscribes(request, step);
    if (event !== this.#event(step)) return `asks ${String(event)}, and was told ${step.to}`;
    if (!same(params, textsOf(JSON.parse(step.params)))) return `sends ${JSON.stringify(params)}, and was told ${step.params}`;
    if ((step.verb === 'list') !== (request['wantarray'] === '1')) return `does not say whether ${step.to} is wanted as a list`;
    if (step.verb === 'post') return rsvp === undefined ? undefined : `wants an answer to the post ${step.to}`;
    return this.#wantsAnswer(request);
  }

  /** The small client names its kernel by the address that it was given. */
  #event({ to }: Step): string {
    if (!this.#isLite) return to;
    const named = to.startsWith('poe:/') && !to.startsWith('poe://') ? to.replace('poe:/', `poe://${this.#address}/`) : to;
    return named.split('?')[0] ?? '';
  }

  #wantsAnswer({ rsvp, from }: Hash): string | undefined {
    const place = placeOf(rsvp);
    const kernel = this.#isLite ? this.#name : this.#id;
    const session = this.#isLite ? 'IKCLite' : 'IKC';
    const state = this.#isLite ? new RegExp(`^response${this.#calls}$`) : /^response\d+$/;
    if (place?.kernel !== kernel || place?.session !== session || !state.test(place.state))
      return `wants its answer at ${JSON.stringify(rsvp)}`;
    return same(from, rsvp) ? undefined : `says that ${JSON.stringify(from)} asks`;
  }

  #subscribes({ params, rsvp, from }: Hash, { to }: Step): string | undefined {
    const [, session = '', state = ''] = /^poe:\/([^/]*)\/?(.*)$/.exec(to) ?? [];
    if (!same(params, [{ kernel: '', session, state }, this.#id])) return `subscribes to ${JSON.stringify(params)}, and was told ${to}`;
    const place = placeOf(rsvp);
    if (place?.kernel !== this.#id || place?.session !== 'IKC' || !/^IKC:receipt \d+ poe:/.test(place.state))
      return `wants its receipt at ${JSON.stringify(rsvp)}`;
    return same(from, { kernel: this.#id, session: 'IKC' }) ? undefined : `subscribes as ${JSON.stringify(from)}`;
  }

  #pings(request: Hash, kernel: string): string | undefined {
    if (this.#step?.verb !== 'post') return `pings ${kernel}, and what it has asked last was no post`;
    if (kernel !== this.#peer) return `pings ${kernel}, and ${this.#peer} is at the other end`;
    if (request['params'] !== 'PING') return `pings ${JSON.stringify(request)}`;
    return this.#wantsAnswer(request);
  }
}

export const asksAsTold: AlwaysProperty = always(
  'asks-as-told',
  'A client asks what it was told, once, and says where the answer goes; it has no answer to what it has not asked.',
  () => {
    const askers = new Map<string, Asker>();
    return {
      see: event => {
        const { kind, process, data } = event;
        const program = programOf(process);
        if (kind === 'power')
          for (const each of [...askers.keys()]) if (each.startsWith(`${String(data?.['machine'])}/`)) askers.delete(each);
        if (program !== CLIENT && program !== LITE) return undefined;
        if (kind === 'start') askers.set(process, new Asker(event));
        if (kind === 'exit') askers.delete(process);
        const why = askers.get(process)?.see(event);
        return why === undefined ? undefined : `${process} ${why}`;
      },
    };
  },
  KINDS,
);
