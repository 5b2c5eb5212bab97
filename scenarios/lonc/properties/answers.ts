/**
 * What local clients are owed: one answer for each request, their own or con_lost, in order and in time.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { type Duration, formatTime } from '../../../src/host/time.ts';
import { ASKER } from '../daemons/names.ts';
import { CON_LOST, EXCHANGE_KINDS, Exchanges, wrongAnswer } from '../parts/exchanges.ts';
import { programOf } from '../parts/processes.ts';

export const answersAreOwn: AlwaysProperty = always(
  'answers-are-own',
  'Every line that a client gets answers the request that is next in turn: its own reply, or con_lost (A6, A-B03 to A-B06).',
  () => {
    const exchanges = new Exchanges();
    return {
      see: event => {
        for (const answer of exchanges.see(event)) {
          const wrong = wrongAnswer(answer);
          if (wrong !== undefined) return `${event.process}: ${wrong}`;
        }
        return undefined;
      },
    };
  },
  EXCHANGE_KINDS,
);

/** A connection that has ended owes nothing any more. */
export const allAnswered = (within: Duration): EventuallyProperty =>
  eventually(
    'all-answered',
    `No request waits for its answer, and its client on an open connection, ${formatTime(within)} after the last fault.`,
    { within, goal: 'stays' },
    () => {
      const exchanges = new Exchanges();
      return {
        see: event => {
          exchanges.see(event);
          return exchanges.outstanding === 0;
        },
        missing: () => `${exchanges.waiting} waits for an answer`,
      };
    },
    EXCHANGE_KINDS,
  );

/** Who has a series of questions exits after its last answer. */
export const asksComeToAnEnd = (within: Duration): EventuallyProperty =>
  eventually(
    'asks-come-to-an-end',
    `Every client has had an answer to its last question, or lost its connection, within ${formatTime(within)} of healing.`,
    { within },
    () => {
      const asking = new Set<string>();
      return {
        see: ({ kind, process }) => {
          if (kind === 'start' && programOf(process) === ASKER) asking.add(process);
          if (kind === 'exit') asking.delete(process);
          return asking.size === 0;
        },
        missing: () => `${asking.size} clients still ask`,
      };
    },
    ['start', 'exit', 'phase'],
  );

const answered = (name: string, text: string, is: (reply: string) => boolean): SometimesProperty =>
  sometimes(
    name,
    text,
    () => {
      const exchanges = new Exchanges();
      return { see: event => exchanges.see(event).some(answer => answer.request !== undefined && is(answer.text)) };
    },
    EXCHANGE_KINDS,
  );

export const replyMet: SometimesProperty = answered('own-reply', 'A client gets a reply of its own.', text => text !== CON_LOST);
export const conLostMet: SometimesProperty = answered('told-con-lost', 'A client is told con_lost.', text => text === CON_LOST);
export const secretMet: SometimesProperty = answered('secret-reply', 'An encrypted request is answered.', text => text.endsWith('&'));
