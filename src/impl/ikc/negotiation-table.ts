/**
 * THE TABLES that the two ends of a negotiation are led by (B4): in each phase, what each line does and which phase is next. `enter` is
 * what a phase begins with.
 *
 *     server   000 --HELLO--> 001 --names told--> 002 --DONE--> 003 --WORLD--> up
 *     client   000 --DONE---> 001 --names told--> 002 --OK----> 003 --UP-----> up       and `failed`, from 002 and 003
 *
 * A line that a row has not is nonsense in that phase, and is done what `other` says.
 * Lacks: who holds the phase, and what is known (negotiation.ts).
 */
import type * as tables from '../tables/table.ts';
import type { LinkRules, Role } from './link-rules.ts';
import { DONE, freezer, HELLO, type Input, iam, NOT, OK, UP, WORLD } from './negotiation-lines.ts';
import { DEFAULT_SERIALIZER } from './serializers.ts';

export type Phase = '000' | '001' | '002' | '003' | 'up' | 'failed';

/** A serializer that a client asks for; `known` is false where there is no such thing here. */
export interface Offer {
  readonly serializer: string;
  readonly known: boolean;
  /** How many of the list are used up with it. */
  readonly uses: number;
}

/** What a row may look at beside its line. */
export interface Facts {
  readonly rules: LinkRules;
  /** The kernel id of this end. */
  readonly id: string;
  /** The name that is told next. */
  readonly nextName: string | undefined;
  /** Of a client: whether it has a list of serializers, and what it offers next. */
  readonly hasList: boolean;
  readonly nextOffer: Offer | undefined;
  /** What this end uses, of a client as soon as it has offered it; and whether that was a question at all. */
  readonly agreed: string | undefined;
  readonly asked: boolean;
  /** There was an answer too many: it is not known what was agreed. */
  readonly doubtful: boolean;
  readonly accepts: (serializer: string) => boolean;
}

export type Action =
  | { readonly action: 'say'; readonly text: string }
  /** The next name, which then is told. */
  | { readonly action: 'tell' }
  /** A name of the peer. */
  | { readonly action: 'heard'; readonly name: string }
  | { readonly action: 'offer'; readonly offer: Offer }
  | { readonly action: 'agree'; readonly serializer: string | undefined }
  | { readonly action: 'doubt' }
  | { readonly action: 'nonsense'; readonly text: string }
  | { readonly action: 'fail'; readonly why: string };

type Name = Input['input'];
type InputOf<N extends Name> = Extract<Input, { readonly input: N }>;
type Way<N extends Name> = tables.Way<Phase, InputOf<N>, Facts, Action>;
export type Row = tables.Row<Phase, Input, Facts, Action>;
export type NegotiationTable = tables.Table<Phase, Input, Facts, Action>;

// ── what is done ────────────────────────────────────────────────────────────────────────────────────────────────────

const say = (text: string): Action => ({ action: 'say', text });
const agree = (serializer: string | undefined): Action => ({ action: 'agree', serializer });
const nonsense = ({ text }: { readonly text: string }): Action => ({ action: 'nonsense', text });
const refuse = (given: { readonly text: string }): readonly Action[] => [nonsense(given), say(NOT)];
const heard = ({ name }: { readonly name: string }): readonly Action[] => [{ action: 'heard', name }, say(OK)];
const fail = (why: string): readonly Action[] => [{ action: 'fail', why }];

const way = <N extends Name>(next: Phase, does: Way<N>['does'] = () => []): readonly Way<N>[] => [{ next, does }];

/** Nonsense is answered, but for a NOT, which would be answered for ever. */
const otherwise = (phase: Phase): Row => ({ not: way(phase, given => [nonsense(given)]), other: way(phase, refuse) });

// ── rows of both ends ───────────────────────────────────────────────────────────────────────────────────────────────

/** We tell who we are, the peer has said OK to each. */
const TELLING: Row = {
  ...otherwise('001'),
  ok: [
    { when: (_, { nextName, rules }) => rules.isName(nextName), next: '001', does: () => [{ action: 'tell' }] },
    { next: '002', does: () => [say(DONE)] },
  ],
};

/** A client asks for the next serializer of its list. With none left it does not guess which one the server means. */
const offering = <N extends Name>(): readonly Way<N>[] => [
  { when: (_, { nextOffer }) => nextOffer !== undefined, next: '002', does: (_, { nextOffer }) => offer(nextOffer) },
  { when: (_, { rules }) => rules.guesses, next: '003', does: () => [agree(undefined)] },
  { next: 'failed', does: (_, { asked }) => fail(asked ? 'the peer refused every serializer' : 'no serializer of the list is known here') },
];
const offer = (next: Offer | undefined): readonly Action[] =>
  next === undefined ? [] : [{ action: 'offer', offer: next }, say(freezer(next.serializer))];

const surplus = (given: { readonly text: string }, { rules }: Facts): readonly Action[] => [
  nonsense(given),
  ...(rules.doubts ? [{ action: 'doubt' } as const] : []),
];

// ── the tables ──────────────────────────────────────────────────────────────────────────────────────────────────────

const SERVER: NegotiationTable = {
  '000': {
    hello: way('001', (_, { id }) => [say(iam(id))]),
    'hello-version': way('000', () => [say(NOT)]),
    setup: [
      { when: (_, { rules }) => rules.refusesSetup, next: '000', does: refuse },
      { next: '000', does: given => [nonsense(given)] },
    ],
    other: way('000', given => [nonsense(given)]),
  },
  '001': TELLING,
  '002': { ...otherwise('002'), name: way('002', heard), done: way('003') },
  '003': {
    ...otherwise('003'),
    freezer: [
      { when: ({ serializer }, { accepts }) => accepts(serializer), next: '003', does: ({ serializer }) => [agree(serializer), say(OK)] },
      { next: '003', does: () => [agree(undefined), say(NOT)] },
    ],
    // What was agreed before stays.
    'bad-freezer': way('003', (given, { agreed }) => [agree(agreed), ...refuse(given)]),
    world: [
      { when: (_, { agreed }) => agreed !== undefined, next: 'up', does: () => [say(UP)] },
      {
        when: (_, { asked, accepts, rules }) => rules.guesses || (!asked && accepts(DEFAULT_SERIALIZER)),
        next: 'up',
        does: () => [say(UP)],
      },
      { next: '003', does: refuse },
    ],
  },
  up: {},
  failed: {},
};

const CLIENT: NegotiationTable = {
  '000': {
    ...otherwise('000'),
    enter: way('000', () => [say(HELLO)]),
    name: way('000', heard),
    done: way('001', (_, { id }) => [say(iam(id))]),
  },
  '001': TELLING,
  '002': {
    other: way('002', refuse),
    enter: [{ when: (_, { hasList }) => !hasList, next: '003', does: () => [] }, ...offering<'enter'>()],
    ok: way('003'),
    not: offering<'not'>(),
  },
  '003': {
    ...otherwise('003'),
    enter: way('003', () => [say(WORLD)]),
    up: [
      { when: (_, { doubtful }) => !doubtful, next: 'up', does: () => [] },
      { next: 'failed', does: () => fail('the peer gave more answers than there were questions: the serializer is in doubt') },
    ],
    // The questions have had their answers, so one of them was none.
    ok: way('003', (given, facts) => [...surplus(given, facts), say(NOT)]),
    not: way('003', surplus),
  },
  up: {},
  failed: {},
};

export const TABLES: Readonly<Record<Role, NegotiationTable>> = { server: SERVER, client: CLIENT };
