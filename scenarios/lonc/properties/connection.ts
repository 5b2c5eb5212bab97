/**
 * How a gateway child treats its lond, its messages and itself: each of these sentences is one that the published gateway breaks.
 */
import { type AlwaysMonitor, type AlwaysProperty, always, type ResponseProperty, responds } from '../../../src/check/property.ts';
import { seconds, since } from '../../../src/host/time.ts';
import { latin1Of } from '../../../src/impl/lonc/latin1.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { LIFE_KINDS, Lives } from '../parts/lives.ts';
import { GATEWAY_PID, SOCKETS, SPOOL } from '../parts/places.ts';
import { isLog, machineOf, programOf } from '../parts/processes.ts';

const CHILD = 'gateway-child';
const isChild = ({ process }: TraceEvent): boolean => programOf(process) === CHILD;
const isTcp = ({ channel }: TraceEvent): boolean => channel.startsWith('tcp');
const pathOf = ({ data }: TraceEvent): string => String(data?.['path'] ?? '');

/** A property of one event of a gateway child. */
function never(name: string, text: string, kinds: readonly EventKind[], wrong: (event: TraceEvent) => string | undefined): AlwaysProperty {
  return always(name, text, (): AlwaysMonitor => ({ see: event => (isChild(event) ? wrong(event) : undefined) }), kinds);
}

export const keepsHealthyConnection: AlwaysProperty = always(
  'keeps-healthy-connection',
  'A child gives up a connection only when lond has ended it, or did not answer in time (A-B04).',
  () => {
    const ended = new Set<string>();
    return {
      see: event => {
        if (!isChild(event)) return undefined;
        if (event.kind === 'connect') ended.delete(event.process);
        if (isTcp(event) || isLog(event, 'timeout')) ended.add(event.process);
        const lost = isLog(event, 'connection-lost') && !ended.has(event.process);
        return lost ? `${event.process} declares its connection lost, and nothing has happened to it` : undefined;
      },
    };
  },
  ['connect', 'eof', 'close', 'log'],
);

export const reconnects: ResponseProperty = responds(
  'reconnects-after-loss',
  'A child whose lond has ended the connection connects again, or ends, at once (A-B05).',
  seconds(1),
  () => ({
    trigger: event => (isChild(event) && event.kind === 'eof' && isTcp(event) ? event.process : undefined),
    response: event =>
      isChild(event) && (event.kind === 'connect' || event.kind === 'exit' || isLog(event, 'back-off')) ? event.process : undefined,
  }),
  ['eof', 'connect', 'exit', 'log'],
);

export const closesFailed: ResponseProperty = responds(
  'failed-link-is-closed',
  'A child whose lond has ended the connection closes its own end at once, or ends (A-B30).',
  seconds(1),
  () => ({
    trigger: event => (isChild(event) && event.kind === 'eof' && isTcp(event) ? event.process : undefined),
    response: event => (isChild(event) && (event.kind === 'exit' || (event.kind === 'close' && isTcp(event))) ? event.process : undefined),
  }),
  ['eof', 'close', 'exit'],
);

/** What `lond` answers to the questions of parts/asks.ts, and nobody else says. */
const VALUE = /^(h[0-9]+\.[0-9]+)\n$/;
const answerIn = (event: TraceEvent): string | undefined => VALUE.exec(latin1Of(event.bytes ?? NONE))?.[1];

export const answersAtOnce: ResponseProperty = responds(
  'answered-when-it-comes',
  'What lond answers is given to the client within 5 s, whoever else asks (A-B32).',
  seconds(5),
  () => ({
    trigger: event => (isTcp(event) && !isChild(event) ? answerIn(event) : undefined),
    response: event => (isChild(event) && !isTcp(event) ? answerIn(event) : undefined),
  }),
  ['send'],
);

export const closeRequestStays: AlwaysProperty = never(
  'close-request-stays-local',
  'The request to close the connection is never sent to lond (A-B07).',
  ['send'],
  event => (isTcp(event) && latin1Of(event.bytes ?? NONE).includes('close_connection_exit') ? `${event.process} sends it` : undefined),
);

export const echoesChallenge: AlwaysProperty = never(
  'echoes-the-challenge',
  'A child that had no challenge echoes none (A-B19).',
  ['send'],
  event => (isTcp(event) && latin1Of(event.bytes ?? NONE) === '\n' ? `${event.process} sends an empty line` : undefined),
);

export const keepsToItself: AlwaysProperty = never(
  'child-keeps-to-itself',
  'A child signals no other process, and leaves the pid file alone: both are its parent’s (A-B13).',
  ['kill', 'unlink'],
  event => {
    if (event.kind === 'unlink') return pathOf(event) === GATEWAY_PID ? `${event.process} removes the pid file` : undefined;
    return event.process.endsWith(`.${String(event.data?.['target'])}`)
      ? undefined
      : `${event.process} signals process ${String(event.data?.['target'])}`;
  },
);

export const secureIsOpen: AlwaysProperty = always(
  'secure-is-open',
  'A child makes a cipher of an answer to ekey, never of the end of its connection (A-B18).',
  () => {
    const ended = new Set<string>();
    return {
      see: event => {
        if (!isChild(event)) return undefined;
        if (event.kind === 'connect') ended.delete(event.process);
        if (isTcp(event)) ended.add(event.process);
        return isLog(event, 'cipher-ready') && ended.has(event.process) ? `${event.process} has a secure connection to nobody` : undefined;
      },
    };
  },
  ['connect', 'eof', 'close', 'log'],
);

export const dialogueIsBounded: ResponseProperty = responds(
  'dialogue-is-bounded',
  'A child that has connected has a cipher, backs off or ends within 200 s: three answers of 60 s, and a pause (A-B17).',
  seconds(200),
  () => ({
    trigger: event => (isChild(event) && isLog(event, 'connected') ? event.process : undefined),
    response: event => (isChild(event) && (event.kind === 'exit' || isLog(event, 'cipher-ready', 'back-off')) ? event.process : undefined),
  }),
  ['log', 'exit'],
);

const BACK_OFF_MIN = seconds(120);

export const failureBacksOff: AlwaysProperty = always(
  'failure-backs-off',
  'A child that ends by itself has backed off before: it has lived for 120 s (A-B20).',
  () => {
    const lives = new Lives();
    return {
      see: event => {
        const change = lives.see(event);
        if (change?.kind !== 'died' || event.data?.['code'] !== 0) return undefined;
        return since(change.life.began, event.time) < BACK_OFF_MIN
          ? `${event.process} ends after a life that was too short to back off`
          : undefined;
      },
    };
  },
  LIFE_KINDS,
);

export const socketRemoved: AlwaysProperty = always(
  'socket-file-removed',
  'A child that was not killed leaves no socket file behind (A-B26).',
  () => {
    const listening = new Map<string, string>();
    return {
      see: event => {
        const { kind, process, data } = event;
        if (!isChild(event)) return undefined;
        if (kind === 'listen') listening.set(process, String(data?.['at']).replace('unix:', ''));
        if (kind === 'unlink' && pathOf(event) === listening.get(process)) listening.delete(process);
        const left = kind === 'exit' && data?.['signal'] !== 'SIGKILL' ? listening.get(process) : undefined;
        return left?.startsWith(SOCKETS) === true ? `${process} has ended, and ${left} is still there` : undefined;
      },
    };
  },
  ['listen', 'unlink', 'exit'],
);

export const takesItsOwn: AlwaysProperty = always(
  'takes-its-own-messages',
  'A child removes only the delayed messages of its own host (A-B10c).',
  () => {
    const lives = new Lives();
    return {
      see: event => {
        lives.see(event);
        if (event.kind !== 'unlink' || !pathOf(event).startsWith(SPOOL)) return undefined;
        const peer = lives.all.find(life => life.process === event.process)?.link.split(' for ')[1];
        return peer === undefined || pathOf(event).endsWith(`.${peer}`)
          ? undefined
          : `${event.process}, of ${peer}, removes ${pathOf(event)}`;
      },
    };
  },
  [...LIFE_KINDS, 'unlink'],
);

export const wholeMessages: AlwaysProperty = always(
  'nothing-thrown-away',
  'A file of delayed messages is removed only if every line of it was sent, and it had one (A-B10b).',
  () => {
    const files = new Map<string, readonly string[]>();
    const sent = new Set<string>();
    return {
      see: event => {
        const { kind, process } = event;
        const text = latin1Of(event.bytes ?? NONE);
        if (kind === 'write' && pathOf(event).startsWith(SPOOL)) files.set(pathOf(event), text.split('\n').slice(0, -1));
        if (kind === 'send' && isChild(event)) for (const line of text.split('\n')) sent.add(line);
        if (kind !== 'unlink' || !isChild(event)) return undefined;
        const lines = files.get(pathOf(event));
        const lost = lines?.find(line => line === '' || !sent.has(line));
        return lost === undefined ? undefined : `${process} removes ${pathOf(event)}, and '${lost}' was never sent`;
      },
    };
  },
  ['write', 'send', 'unlink'],
);

export const endsInOrder: AlwaysProperty = always(
  'ends-in-order',
  'A gateway that is told to end does what has to be done, and exits (A-B29).',
  () => ({
    see: ({ process, data }) =>
      programOf(process) === 'gateway' && data?.['signal'] === 'SIGTERM'
        ? `${process} is killed by the signal that it should have handled`
        : undefined,
  }),
  ['exit'],
);

export const endsWhenTold: ResponseProperty = responds(
  'ends-when-told',
  'A child ends within 5 s of SIGTERM (A-B01).',
  seconds(5),
  () => ({
    trigger: ({ kind, process, data }) =>
      kind === 'kill' && data?.['signal'] === 'SIGTERM' && programOf(process) === 'lonc-operator'
        ? `${machineOf(process)}.${String(data['target'])}`
        : undefined,
    response: ({ kind, process }) => (kind === 'exit' ? `${machineOf(process)}.${process.slice(process.lastIndexOf('.') + 1)}` : undefined),
  }),
  ['kill', 'exit'],
);

const NONE = new Uint8Array(0);
