/**
 * One end of a negotiation, sans IO: lines in; lines to say, and news of it, out. It is where its table (negotiation-table.ts) says.
 * Lacks: the stream, the timer, frames (link.ts).
 */
import { wayOf } from '../tables/table.ts';
import type { LinkRules, Role } from './link-rules.ts';
import { type Input, iam, inputOf } from './negotiation-lines.ts';
import { type Action, type Facts, type NegotiationTable, type Offer, type Phase, TABLES } from './negotiation-table.ts';
import { DEFAULT_SERIALIZER } from './serializers.ts';

export interface NegotiationOptions {
  readonly role: Role;
  /** What the peer is told: the kernel id, and the names behind it in their order. */
  readonly id: string;
  readonly names: readonly string[];
  /** Of a client: what it offers, in order. It is used up (`rules.usesUpList` says whose array it is). */
  readonly offers: string[];
  /** Whether a serializer can be used at this end. */
  readonly accepts: (serializer: string) => boolean;
  readonly rules: LinkRules;
}

/** What comes out. */
export type News =
  | { readonly news: 'say'; readonly text: string }
  | { readonly news: 'phase'; readonly from: Phase; readonly to: Phase }
  /** A line that has no meaning in its phase. */
  | { readonly news: 'nonsense'; readonly phase: Phase; readonly text: string }
  | { readonly news: 'fail'; readonly why: string };

type Changing = { -readonly [Member in keyof Facts]: Facts[Member] };

export class Negotiation {
  readonly #table: NegotiationTable;
  readonly #facts: Changing;
  readonly #offers: string[];
  /** The names to be told; the next one last. */
  readonly #names: string[];
  readonly #heard: string[] = [];
  #phase: Phase = '000';
  /** Phases whose beginning is put off until the read is over (B-T29). */
  #due: Phase[] = [];
  #news: News[] = [];

  constructor({ role, id, names, offers, accepts, rules }: NegotiationOptions) {
    this.#table = TABLES[rules.follows(role)];
    this.#names = names.toReversed();
    this.#offers = offers;
    this.#facts = {
      rules,
      id,
      nextName: this.#names.at(-1),
      hasList: offers.length > 0,
      nextOffer: undefined,
      agreed: undefined,
      asked: false,
      doubtful: false,
      accepts,
    };
    this.#facts.nextOffer = this.#nextOffer();
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The names of the peer in the order in which it told them: its id is the first one. */
  get heard(): readonly string[] {
    return this.#heard;
  }

  /** What both ends use once the phase is `up`. */
  get serializer(): string {
    return this.#facts.agreed ?? DEFAULT_SERIALIZER;
  }

  /** What this end begins with. */
  begin(): readonly News[] {
    this.#enter(this.#phase);
    return this.#told();
  }

  /** Takes one line of the peer. */
  line(text: string): readonly News[] {
    const given = inputOf(text);
    const input: Input = this.#table[this.#phase][given.input] === undefined ? { input: 'other', text } : given;
    const { next, does } = wayOf(this.#table, this.#phase, input, this.#facts);
    for (const action of does(input, this.#facts)) this.#do(action);
    if (next !== this.#phase) this.#moveTo(next);
    return this.#told();
  }

  /** All lines that came at once were taken. */
  readOver(): readonly News[] {
    if (this.#phase === 'up' || this.#phase === 'failed') return [];
    for (let phase = this.#due.shift(); phase !== undefined; phase = this.#due.shift()) this.#enter(phase);
    return this.#told();
  }

  #moveTo(phase: Phase): void {
    this.#news.push({ news: 'phase', from: this.#phase, to: phase });
    this.#phase = phase;
    if (this.#facts.rules.entersAtOnce) this.#enter(phase);
    else this.#due.push(phase);
  }

  #enter(phase: Phase): void {
    if (this.#table[phase].enter === undefined) return;
    const input: Input = { input: 'enter', text: '' };
    const { next, does } = wayOf(this.#table, phase, input, this.#facts);
    for (const action of does(input, this.#facts)) this.#do(action);
    // As written the phase may be over when its beginning is due: to stay in it is then no way back.
    if (next !== phase) this.#moveTo(next);
  }

  #do(action: Action): void {
    const facts = this.#facts;
    switch (action.action) {
      case 'say':
        this.#news.push({ news: 'say', text: action.text });
        return;
      case 'tell':
        this.#news.push({ news: 'say', text: iam(this.#names.pop() ?? '') });
        facts.nextName = this.#names.at(-1);
        return;
      case 'heard':
        this.#heard.push(action.name);
        return;
      case 'offer':
        facts.agreed = action.offer.known ? action.offer.serializer : undefined;
        facts.asked = true;
        this.#offers.splice(0, action.offer.uses);
        facts.nextOffer = this.#nextOffer();
        return;
      case 'agree':
        facts.agreed = action.serializer;
        facts.asked = true;
        return;
      case 'doubt':
        facts.doubtful = true;
        return;
      case 'nonsense':
        this.#news.push({ news: 'nonsense', phase: this.#phase, text: action.text });
        return;
      case 'fail':
        this.#news.push({ news: 'fail', why: action.why });
    }
  }

  /** The next of the list that is known here; as written the last one of the list, whatever it is (B-T06). */
  #nextOffer(): Offer | undefined {
    const found = this.#offers.findIndex(each => this.#facts.accepts(each));
    const last = this.#facts.rules.offersUnknown ? this.#offers.length - 1 : found;
    const index = found < 0 ? last : found;
    const serializer = this.#offers[index];
    return serializer === undefined ? undefined : { serializer, known: found >= 0, uses: index + 1 };
  }

  #told(): readonly News[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }
}
