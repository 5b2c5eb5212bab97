/**
 * What is promised of the end of a server: nothing that a peer sends is one; and what was accepted before it is settled and delivered.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import type { Span } from '../../../src/host/time.ts';
import { clientWarning } from '../../../src/impl/ikc/telling.ts';
import { Dialogue } from '../model/dialogue.ts';
import { hashOf, placeOf, plainOf } from '../model/plain.ts';
import { replyTo } from '../model/requests.ts';
import { selfOf } from '../model.ts';
import { Incoming } from '../parts/incoming.ts';
import { CLIENT, LITE, SERVER } from '../parts/network.ts';

export const serverSurvives: AlwaysProperty = always(
  'server-survives',
  'Whatever is sent to it, a server does not end.',
  () => ({
    see: ({ kind, process }) => (kind === 'exit' && programOf(process) === SERVER ? `${process} has ended` : undefined),
  }),
  ['exit'],
);

export const noBrokenPipe: AlwaysProperty = always(
  'no-broken-pipe',
  'No program ends since nobody is there any more who would read what it says.',
  () => ({
    see: ({ kind, process, data }) =>
      kind === 'exit' && data?.['signal'] === 'SIGPIPE' && OURS.includes(programOf(process)) ? `${process} is ended by SIGPIPE` : undefined,
  }),
  ['exit'],
);
const OURS: readonly string[] = [SERVER, CLIENT, LITE];

interface Conversation {
  readonly dialogue: Dialogue;
  readonly in: Incoming;
  readonly out: Incoming;
  asked: number;
  answered: number;
}

/** Order and values are those of the model (`as-modelled`); here they are counted, over the whole connection. */
export const acceptedIsSettled: AlwaysProperty = always(
  'accepted-is-settled',
  'Each request that a server has heard before it was told to end, and that has an answer, has one answer or error before its connection ends.',
  () => {
    const selves = new Map<string, ReturnType<typeof selfOf>>();
    const open = new Map<string, Conversation>();
    const told = new Set<string>();
    return {
      see: event => {
        const { kind, process, channel, bytes, data } = event;
        if (programOf(process) !== SERVER) return undefined;
        const stream = channel.slice(0, -1);
        const self = selves.get(process);
        if (kind === 'start') selves.set(process, selfOf(event));
        if (kind === 'signal') told.add(process);
        if (kind === 'accept' && self !== undefined) open.set(stream, conversation(self));
        const conversed = open.get(stream);
        if (conversed === undefined) return undefined;
        if (kind === 'recv' && bytes !== undefined && !told.has(process)) {
          const { dialogue } = conversed;
          for (const frame of conversed.in.take(bytes).frames)
            if (replyTo(frame, dialogue.serializer, [...dialogue.heard, '']) !== undefined) conversed.asked += 1;
        }
        if (kind === 'send' && bytes !== undefined)
          conversed.answered += conversed.out.take(bytes).frames.filter(each => isReply(each, conversed.dialogue.serializer)).length;
        // A peer that has ended is not answered any more.
        if (kind === 'eof' || (kind === 'close' && data?.['error'] !== undefined)) open.delete(stream);
        if (kind !== 'end') return undefined;
        open.delete(stream);
        const { asked, answered } = conversed;
        return asked === answered
          ? undefined
          : `${process} has heard ${asked} requests on ${channel}, and ends it with ${answered} answers`;
      },
    };
  },
  ['start', 'signal', 'accept', 'recv', 'send', 'end', 'eof', 'close'],
);

/** Of a client of ours; what was forwarded to it is for a session of its own. */
const isReply = (frame: Uint8Array, serializer: string): boolean =>
  placeOf(hashOf(plainOf(frame, serializer))?.['event'])?.session === 'IKC';

function conversation(self: ReturnType<typeof selfOf>): Conversation {
  const dialogue = new Dialogue('server', self);
  return {
    dialogue,
    in: new Incoming(
      line => dialogue.hears(line),
      () => dialogue.phase === 'up',
    ),
    out: new Incoming(),
    asked: 0,
    answered: 0,
  };
}

export const serverEnds: EventuallyProperty = eventually(
  'server-ends',
  'A server that was told to end has ended, and says that all is well.',
  { within: '15 s' },
  () => {
    let isOver = false;
    return {
      see: ({ kind, process, data }) => {
        // One that is not loaded yet handles no signal.
        if (kind === 'exit' && programOf(process) === SERVER) isOver = data?.['code'] === 0 || data?.['signal'] === 'SIGTERM';
        return isOver;
      },
      missing: () => 'the server has not ended',
    };
  },
  ['exit'],
);

/** Those that serve for another one are its children. */
export const noOrphans = (within: Span): EventuallyProperty =>
  eventually(
    'no-orphans',
    'A server that serves for another one ends with it.',
    { within },
    () => {
      /** Who runs, with who has started it. */
      const servers = new Map<string, string>();
      const orphans = new Set<string>();
      return {
        see: ({ kind, process, data }) => {
          if (programOf(process) !== SERVER) return orphans.size === 0;
          const parent = `${machineOf(process)}/${SERVER}.${String(data?.['parent'])}`;
          if (kind === 'start') servers.set(process, servers.has(parent) ? parent : '');
          else {
            servers.delete(process);
            orphans.delete(process);
            for (const [child, its] of servers) if (its === process) orphans.add(child);
          }
          return orphans.size === 0;
        },
        missing: () => `${[...orphans].join(', ')} still serves`,
      };
    },
    ['start', 'exit'],
  );

export const goneAtShutdownMet: SometimesProperty = sometimes(
  'refused-at-the-end',
  'A call is refused, or lost, since the server ends.',
  () => ({ see: event => /shutting down|not connected any more/.test(clientWarning.error.of(event)?.text ?? '') }),
  ['log'],
);
