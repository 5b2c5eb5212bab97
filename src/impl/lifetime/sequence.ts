/**
 * The legal order of messages on the event pipe, sans IO. Everything that can change state is in LEGAL: what a state
 * does not list is refused there. Spec: README.md, C5.
 * Lacks: bytes, time. A sequence may end anywhere (DC-17: a child can be killed), so `end` is legal in every state.
 */
import { printable } from '../../host/bytes.ts';
import { type FrameViolation, violation } from '../framing/violation.ts';
import { type EventTable, type Subsystem, subsystemOf } from './event-ids.ts';
import { COMPLETE, type LifetimeMessage, type Message, STARTING } from './wire.ts';

export type SequenceState =
  | 'initial'
  | 'database'
  | 'ticket-database'
  | 'server'
  | 'running'
  | 'server-stopped'
  | 'ticket-database-stopped'
  | 'stopped'
  | 'ended'
  | 'error';

export type SequenceInput =
  | 'start-database'
  | 'start-ticket-database'
  | 'start-server'
  | 'address'
  | 'complete'
  | 'stop-server'
  | 'stop-ticket-database'
  | 'stop-database'
  | 'unknown'
  | 'end';

export type SequenceTable = Readonly<Record<SequenceState, Readonly<Partial<Record<SequenceInput, SequenceState>>>>>;

/** Only a child of 2016 has a ticket database; under the constants no id leads to those states. */
export const LEGAL: SequenceTable = {
  initial: { 'start-database': 'database', unknown: 'initial', end: 'ended' },
  database: {
    'start-ticket-database': 'ticket-database',
    'start-server': 'server',
    'stop-database': 'stopped',
    unknown: 'database',
    end: 'ended',
  },
  'ticket-database': {
    'start-server': 'server',
    'stop-ticket-database': 'ticket-database-stopped',
    unknown: 'ticket-database',
    end: 'ended',
  },
  server: {
    address: 'server',
    complete: 'running',
    'stop-ticket-database': 'ticket-database-stopped',
    'stop-database': 'stopped',
    unknown: 'server',
    end: 'ended',
  },
  running: { 'stop-server': 'server-stopped', unknown: 'running', end: 'ended' },
  'server-stopped': {
    'stop-ticket-database': 'ticket-database-stopped',
    'stop-database': 'stopped',
    unknown: 'server-stopped',
    end: 'ended',
  },
  'ticket-database-stopped': { 'stop-database': 'stopped', unknown: 'ticket-database-stopped', end: 'ended' },
  stopped: { unknown: 'stopped', end: 'ended' },
  ended: {},
  error: {},
};

/** Until 2020-07 a child interrupted between the start of its server and 1,0 sent 2,1 all the same. */
export const LEGAL_2017: SequenceTable = { ...LEGAL, server: { ...LEGAL.server, 'stop-server': 'server-stopped' } };

export const SEQUENCE_CLAUSES: Readonly<Record<SequenceInput, string>> = {
  'start-database': 'C5 0,0 comes first, once',
  'start-ticket-database': 'C5 the ticket database starts after the database, once',
  'start-server': 'C5 the P2P server starts after the database, once',
  address: 'C5 addresses come after the start of the P2P server and before 1,0',
  complete: 'C5 1,0 comes at most once, after the start of the P2P server',
  'stop-server': 'C5 the P2P server stops only after 1,0, once',
  'stop-ticket-database': 'C5 the ticket database stops after the P2P server, once',
  'stop-database': 'C5 2,0 comes only after 0,0 and after every other stop, once',
  unknown: 'C5 nothing follows the end',
  end: 'C5 nothing follows the end',
};

export const CLAUSE_LAST = 'C5 2,0 is last';
export const CLAUSE_UNASKED = 'C1 only what was asked for is sent';
export const CLAUSE_UNDEFINED_ID = 'C2 event ids are defined';

export interface SequenceOptions {
  /** Which meaning the ids have. Default: constants. */
  readonly ids?: EventTable;
  /** Which order is legal. Default: LEGAL. */
  readonly legal?: SequenceTable;
  /** refuse: an id the table does not define is a violation. tolerate: it changes nothing, as an unknown type. Default: refuse. */
  readonly undefinedIds?: 'refuse' | 'tolerate';
  /** What the child was asked to send. Default: both. Without lifetime events, addresses may come at any time. */
  readonly lifetimeEvents?: boolean;
  readonly addressEvents?: boolean;
}

export class Sequence {
  readonly #ids: EventTable;
  readonly #legal: SequenceTable;
  readonly #tolerant: boolean;
  readonly #lifetimeEvents: boolean;
  readonly #addressEvents: boolean;
  #state: SequenceState = 'initial';

  constructor(options: SequenceOptions = {}) {
    this.#ids = options.ids ?? 'constants';
    this.#legal = options.legal ?? LEGAL;
    this.#tolerant = options.undefinedIds === 'tolerate';
    this.#lifetimeEvents = options.lifetimeEvents ?? true;
    this.#addressEvents = options.addressEvents ?? true;
  }

  get state(): SequenceState {
    return this.#state;
  }

  /** The next message, found at `offset`. After a violation the state is `error` and everything later is ignored. */
  message(message: Message, offset: number): FrameViolation | undefined {
    if (this.#state === 'error') return undefined;
    switch (message.kind) {
      case 'unknown':
        return this.#input('unknown', `type '${printable(message.type)}'`, offset);
      case 'address':
        if (!this.#addressEvents) return this.#refuse(CLAUSE_UNASKED, `${message.type} without bound address events`, offset);
        if (!this.#lifetimeEvents) return undefined;
        return this.#input('address', message.type, offset);
      case 'lifetime':
        if (!this.#lifetimeEvents) return this.#refuse(CLAUSE_UNASKED, `${pair(message)} without lifetime events`, offset);
        return this.#lifetime(message, offset);
      default:
        return message satisfies never;
    }
  }

  /** The pipe has ended. */
  end(offset: number): FrameViolation | undefined {
    return this.#state === 'error' ? undefined : this.#input('end', 'end', offset);
  }

  #lifetime(message: LifetimeMessage, offset: number): FrameViolation | undefined {
    // C2: the id of a completion is ignored.
    if (message.event === COMPLETE) return this.#input('complete', pair(message), offset);
    const subsystem = subsystemOf(this.#ids, message.id);
    if (subsystem === undefined) {
      return this.#tolerant ? undefined : this.#refuse(CLAUSE_UNDEFINED_ID, `${pair(message)} under the ${this.#ids}`, offset);
    }
    const input = message.event === STARTING ? START[subsystem] : STOP[subsystem];
    return this.#input(input, pair(message), offset);
  }

  #input(input: SequenceInput, seen: string, offset: number): FrameViolation | undefined {
    const next = this.#legal[this.#state][input];
    if (next === undefined) {
      const clause = this.#state === 'stopped' ? CLAUSE_LAST : SEQUENCE_CLAUSES[input];
      return this.#refuse(clause, `${seen} in state ${this.#state}`, offset);
    }
    this.#state = next;
    return undefined;
  }

  #refuse(clause: string, detail: string, offset: number): FrameViolation {
    this.#state = 'error';
    return violation(clause, detail, offset);
  }
}

const pair = (message: LifetimeMessage): string => `${message.event},${message.id}`;

const START: Readonly<Record<Subsystem, SequenceInput>> = {
  database: 'start-database',
  'ticket-database': 'start-ticket-database',
  'p2p-server': 'start-server',
};
const STOP: Readonly<Record<Subsystem, SequenceInput>> = {
  database: 'stop-database',
  'ticket-database': 'stop-ticket-database',
  'p2p-server': 'stop-server',
};
