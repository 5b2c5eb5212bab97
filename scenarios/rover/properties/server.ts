/**
 * When a server answers, begins again and ends: R2 (time), R7, R9, a second time.
 */
import {
  type AlwaysProperty,
  always,
  type EventuallyProperty,
  eventually,
  type ResponseProperty,
  responds,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { machineOf, programOf } from '../../../src/check/world/housekeeping.ts';
import { after, type Duration, formatTime, type Instant, millis, type Span, seconds, since } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { PEER } from '../daemons/names.ts';
import { peerLog } from '../daemons/peer.ts';
import { answerIn, Incoming, type Tokens, tokensIn } from '../parts/messages.ts';
import { CLIENT, DAEMON, PARENT, WORKER } from '../parts/network.ts';

const isDaemon = ({ process }: TraceEvent): boolean => programOf(process) === DAEMON;
const connectionOf = ({ process, channel }: TraceEvent): string => `${process} ${channel.slice(0, -1)}`;

/** Peers that are not ours come to the end of what they do. */
export const peersFinish = (within: Span): EventuallyProperty =>
  eventually(
    'peers-finish',
    'Every peer comes to its end, with the answers that it waits for.',
    { within },
    () => {
      const there = new Set<string>();
      const done = new Set<string>();
      return {
        see: event => {
          if (event.kind === 'start' && programOf(event.process) === PEER) there.add(event.process);
          if (peerLog['peer-done'].of(event) !== undefined) done.add(event.process);
          return there.size > 0 && done.size >= there.size;
        },
        missing: () => `${done.size} of ${there.size} are done`,
      };
    },
    ['start', 'log'],
  );

/** Whoever connects is answered, or his connection ended, in time; `within` has 30 s for a request that does not come. */
export const answeredInTime = (within: Span): ResponseProperty =>
  responds(
    'answered-in-time',
    'Each connection is answered, or ended, within its bound.',
    within,
    () => ({
      trigger: event => (event.kind === 'accept' && isDaemon(event) ? connectionOf(event) : undefined),
      response: event => (isDaemon(event) ? connectionOf(event) : undefined),
      excuses: ({ kind, process, data }, key) =>
        (kind === 'exit' && key.startsWith(`${process} `)) || (kind === 'power' && key.startsWith(`${data?.['machine']}/`)),
    }),
    ['accept', 'send', 'close', 'reset', 'exit', 'power'],
  );

/** A short request that is the next of its stream is answered soon, however long those of others take; as those see it who ask. */
export const othersAreServed = (within: Duration): AlwaysProperty =>
  always(
    'others-are-served',
    'A short request that is the next of its stream is answered soon, whatever else runs.',
    () => {
      const waiting = new Map<string, { readonly since: Instant; readonly tokens: Tokens }>();
      const reading = new Map<string, Incoming>();
      const said = new Map<string, Incoming>();
      const next = new Map<string, number>();
      const streamOf = ({ USER, HOST, EPOCH = '0' }: Tokens): string => JSON.stringify([USER, HOST, EPOCH]);
      const hears = (key: string, { bytes, time }: TraceEvent): void => {
        const incoming = reading.get(key) ?? new Incoming();
        reading.set(key, incoming);
        if (bytes === undefined) return;
        const wasWhole = incoming.message !== undefined;
        incoming.take(bytes);
        const { message } = incoming;
        if (wasWhole || message === undefined) return;
        const tokens = tokensIn(message.body);
        const isNext = Number(tokens['MSGID']) === (next.get(streamOf(tokens)) ?? 1);
        if (isNext && tokens['COMMAND'] !== 'TESTSLEEP') waiting.set(key, { since: time, tokens });
      };
      const says = (key: string, { bytes }: TraceEvent): void => {
        const incoming = said.get(key) ?? new Incoming();
        said.set(key, incoming);
        if (bytes !== undefined) incoming.take(bytes);
        const tokens = tokensIn(reading.get(key)?.message?.body ?? '');
        const answer = incoming.message === undefined ? undefined : answerIn(incoming.message);
        if (answer !== undefined) waiting.delete(key);
        if (answer?.result === 'done' || answer?.result === 'failed')
          next.set(streamOf(tokens), Math.max(next.get(streamOf(tokens)) ?? 1, Number(tokens['MSGID']) + 1));
      };
      return {
        see: event => {
          const { kind, time } = event;
          const late = [...waiting].find(([, each]) => since(each.since, time) > within);
          if (late !== undefined) {
            const [key, { tokens }] = late;
            return `${key}: ${tokens['COMMAND']} of ${tokens['USER']} at ${tokens['HOST']} has no answer after ${formatTime(within)}`;
          }
          if (programOf(event.process) !== PEER) return undefined;
          const key = connectionOf(event);
          if (kind === 'send') hears(key, event);
          if (kind === 'recv') says(key, event);
          if (kind === 'close' || kind === 'reset') waiting.delete(key);
          return undefined;
        },
      };
    },
    ['send', 'recv', 'close', 'reset', 'fire'],
  );

/** How long the parent waits after so many short lives, one behind the other. */
const pauseAfter = (short: number): Duration => seconds(short === 0 ? 0 : Math.min(30, 2 ** (short - 1)));
const SHORT = seconds(10);
/** That a process is noticed to have ended, and another one started. */
const SLACK = millis(200);

export const restartsInTime: AlwaysProperty = always(
  'restarts-in-time',
  'After a daemon that lived for 10 s there is another at once, after others in 1 s, 2 s, 4 s, up to 30 s; never sooner, nor two at once.',
  () => {
    let born: Instant | undefined;
    let short = 0;
    let due: Instant | undefined;
    let ending = false;
    return {
      see: event => {
        const { kind, process, data, time } = event;
        const isParent = programOf(process) === PARENT;
        if (due !== undefined && !ending && time > after(due, SLACK)) return `no daemon since ${formatTime(due)}, when one was due`;
        if (isParent && (kind === 'exit' || kind === 'signal')) ending = true;
        if (isParent && kind === 'start') [ending, due, short] = [false, undefined, 0];
        if (isParent && kind === 'spawn' && data?.['program'] === DAEMON && data['error'] === undefined) {
          if (born !== undefined) return 'starts a daemon beside another';
          if (due !== undefined && time < due) return `starts a daemon at ${formatTime(time)}, and ${formatTime(due)} is soon enough`;
          born = time;
          due = undefined;
        }
        if (isDaemon(event) && kind === 'exit' && born !== undefined) {
          const lived = since(born, time);
          const isShort = lived < SHORT;
          due = after(time, isShort ? pauseAfter(short) : pauseAfter(0));
          short = isShort ? short + 1 : 1;
          born = undefined;
        }
        if (kind === 'power') [born, due] = [undefined, undefined];
        return undefined;
      },
    };
  },
  ['start', 'spawn', 'exit', 'signal', 'power', 'fire'],
);

/** Of what is still done when a server is told to end. */
const END_TIME = seconds(5);

export const serverEnds: AlwaysProperty = always(
  'server-ends',
  'A server that is told to end ends within 5 s, with all well.',
  () => {
    const told = new Map<string, Instant>();
    return {
      see: event => {
        const { kind, process, data, time } = event;
        const late = [...told].find(([, at]) => since(at, time) > END_TIME + SLACK);
        if (late !== undefined) return `${late[0]} was told to end at ${formatTime(late[1])}, and has not`;
        if (!isDaemon(event) && programOf(process) !== PARENT) return undefined;
        if (kind === 'kill' && data?.['signal'] === 'SIGTERM' && data['error'] === undefined)
          told.set(`${machineOf(process)}/${DAEMON}.${data['target']}`, time);
        if (kind === 'exit') {
          const wasTold = told.delete(process);
          if (wasTold && data?.['code'] !== 0) return `${process} ends with ${data?.['code'] ?? data?.['signal']}, and was told to end`;
        }
        return undefined;
      },
      end: () => {
        const [left] = told.keys();
        return left === undefined ? undefined : `${left} was told to end, and has not`;
      },
    };
  },
  ['kill', 'exit', 'fire'],
);

/** Of a server that is told to end, who has not asked by then is not waited for. */
export const unaskedAreClosed: AlwaysProperty = always(
  'unasked-are-closed',
  'A server that is told to end closes each connection on which no whole request has come, at once.',
  () => {
    /** By daemon: what has come on each connection that is open. */
    const asking = new Map<string, Map<string, Incoming>>();
    const told = new Map<string, Instant>();
    return {
      see: event => {
        const { kind, process, channel, data, bytes, time } = event;
        for (const [daemon, at] of told) {
          if (since(at, time) <= SLACK) continue;
          told.delete(daemon);
          const [left] = [...(asking.get(daemon) ?? [])].filter(([, incoming]) => incoming.message === undefined);
          if (left !== undefined) return `${daemon} was told to end at ${formatTime(at)}, and still waits for a request on ${left[0]}`;
        }
        if (kind === 'power') for (const each of told.keys()) if (machineOf(each) === data?.['machine']) told.delete(each);
        if (!isDaemon(event)) return undefined;
        const own = asking.get(process) ?? new Map<string, Incoming>();
        asking.set(process, own);
        const connection = channel.slice(0, -1);
        if (kind === 'accept') own.set(connection, new Incoming());
        else if (kind === 'recv' && bytes !== undefined) own.get(connection)?.take(bytes);
        else if (kind === 'close' || kind === 'reset') own.delete(connection);
        else if (kind === 'signal' && data?.['signal'] === 'SIGTERM') told.set(process, time);
        else if (kind === 'exit') {
          asking.delete(process);
          told.delete(process);
        }
        return undefined;
      },
    };
  },
  ['accept', 'recv', 'close', 'reset', 'signal', 'exit', 'power', 'fire'],
);

/** By whom each is heeded otherwise, or not at all. */
const HANDLED: Readonly<Record<string, readonly unknown[]>> = {
  [PARENT]: ['SIGPIPE', 'SIGHUP', 'SIGUSR1', 'SIGTERM', 'SIGINT', 'SIGQUIT'],
  [DAEMON]: ['SIGPIPE', 'SIGHUP', 'SIGUSR1', 'SIGTERM', 'SIGINT'],
  [WORKER]: ['SIGPIPE'],
  [CLIENT]: ['SIGPIPE', 'SIGTERM', 'SIGINT'],
};
export const diesOfNoSignal: AlwaysProperty = always(
  'dies-of-no-signal',
  'Nobody dies of a signal that means something else to him, or nothing.',
  () => {
    // Who has another image, which has not begun, has said of no signal what it means.
    const unborn = new Set<string>();
    return {
      see: ({ kind, process, data }) => {
        if (kind === 'exec') unborn.add(process);
        if (kind === 'start') unborn.delete(process);
        if (kind !== 'exit' || unborn.has(process)) return undefined;
        return HANDLED[programOf(process)]?.includes(data?.['signal']) === true ? `${process} is killed by ${data?.['signal']}` : undefined;
      },
    };
  },
  ['exec', 'start', 'exit'],
);

export const serverSurvives: AlwaysProperty = always(
  'server-survives',
  'Whatever is sent to it, the daemon lives.',
  () => ({
    see: event =>
      event.kind === 'exit' && isDaemon(event) ? `${event.process} ends with ${event.data?.['code'] ?? event.data?.['signal']}` : undefined,
  }),
  ['exit'],
);

const met = (name: string, text: string, is: (answer: { status: number; result: string; body: string }) => boolean): SometimesProperty =>
  sometimes(
    name,
    text,
    () => ({
      see: event => {
        const answer = programOf(event.process) === PEER ? peerLog['peer-answer'].of(event) : undefined;
        return answer !== undefined && is(answer);
      },
    }),
    ['log'],
  );
export const doneMet: SometimesProperty = met('peer-answered', 'A peer is answered for good.', ({ result }) => result === 'done');
export const heldMet: SometimesProperty = met('peer-held', 'A request of a peer is held.', ({ result }) => result === 'held');
export const conflictMet: SometimesProperty = met('conflict', 'A number comes again with other content.', ({ status }) => status === 409);
export const goneMet: SometimesProperty = met('answer-gone', 'An answer is not kept any more.', ({ status }) => status === 410);
export const endedMet: SometimesProperty = met(
  'ended-too-often',
  'A request has ended the server too often.',
  ({ status }) => status === 500,
);
export const busyMet: SometimesProperty = met('no-room', 'There is no room for a request.', ({ status }) => status === 503);
export const refusedMet: SometimesProperty = met('peer-refused', 'A peer is refused.', ({ result }) => result === 'refused');

/** On its machine. */
export const inWorker: SometimesProperty = sometimes(
  'handed-over',
  'A request is begun again in a worker.',
  () => ({
    see: event => event.kind === 'spawn' && isDaemon(event) && machineOf(event.process) !== '' && event.data?.['error'] === undefined,
  }),
  ['spawn'],
);
