/**
 * Sentences that only some traps of the published text break; the others are broken before the model (model.ts).
 */
import { type AlwaysProperty, always } from '../../../src/check/property.ts';
import { durableBeforeTold } from '../../../src/check/world/durable.ts';
import { programOf } from '../../../src/check/world/housekeeping.ts';
import { after, durationOf, formatTime, type Instant, type Span } from '../../../src/host/time.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { peerLog } from '../daemons/peer.ts';
import { Incoming, tokensIn } from '../parts/messages.ts';
import { CGI_STATE, DAEMON, PARENT, STATE, WORKER } from '../parts/network.ts';

const isDaemon = ({ process }: TraceEvent): boolean => programOf(process) === DAEMON;
const connectionOf = ({ process, channel }: TraceEvent): string => `${process} ${channel.slice(0, -1)}`;

/** RV-02, RV-38. */
export const wholeIsAnswered: AlwaysProperty = always(
  'whole-is-answered',
  'A daemon that lives answers each request that has come whole, before it closes the connection.',
  () => {
    const open = new Map<string, Incoming>();
    return {
      see: event => {
        if (!isDaemon(event)) return undefined;
        const { kind, bytes } = event;
        const key = connectionOf(event);
        const incoming = open.get(key);
        if (kind === 'accept') open.set(key, new Incoming());
        if (kind === 'recv' && bytes !== undefined) incoming?.take(bytes);
        // Who has ended his direction may listen all the same.
        if (kind === 'send') open.delete(key);
        return (kind === 'close' || kind === 'end') &&
          event.data?.['error'] === undefined &&
          incoming?.message !== undefined &&
          open.has(key)
          ? `${key} is closed without an answer`
          : undefined;
      },
    };
  },
  ['accept', 'recv', 'send', 'end', 'close'],
);

/** RV-08. */
export const earlierFirst: AlwaysProperty = always(
  'earlier-first',
  'Nobody is answered while an earlier request of his stream waits for its answer, but that it is held.',
  () => {
    const open = new Map<string, { readonly heard: Incoming; readonly said: Incoming }>();
    return {
      see: event => {
        if (!isDaemon(event)) return undefined;
        const { kind, bytes } = event;
        const key = connectionOf(event);
        if (kind === 'accept') open.set(key, { heard: new Incoming(), said: new Incoming() });
        if (kind === 'close' || kind === 'eof') open.delete(key);
        const one = open.get(key);
        if (one === undefined || bytes === undefined) return undefined;
        if (kind === 'recv') one.heard.take(bytes);
        if (kind !== 'send') return undefined;
        one.said.take(bytes);
        const { message } = one.said;
        if (one.heard.message === undefined || !/ 200 /.test(message?.first ?? '') || message?.fields['rover-replayed'] !== undefined)
          return undefined;
        const { USER, HOST, MSGID } = tokensIn(one.heard.message.body);
        open.delete(key);
        for (const { heard } of open.values()) {
          const other = tokensIn(heard.message?.body ?? '');
          if (other['USER'] === USER && other['HOST'] === HOST && Number(other['MSGID']) < Number(MSGID))
            return `${key}: number ${MSGID} is answered before number ${other['MSGID']}`;
        }
        return undefined;
      },
    };
  },
  ['accept', 'recv', 'send', 'eof', 'close'],
);

/** RV-12. */
export const nothingIsHandedOver: AlwaysProperty = always(
  'nothing-is-handed-over',
  'What does not take as long as the alarm is not given to a worker.',
  () => ({
    see: event => (isDaemon(event) && event.data?.['program'] === WORKER ? `${event.process} starts a worker` : undefined),
  }),
  ['spawn'],
);

/** RV-14. */
export const workersEnd: AlwaysProperty = always(
  'workers-end',
  'A worker ends when its request has.',
  () => {
    const alive = new Set<string>();
    return {
      see: ({ kind, process }) => {
        if (programOf(process) === WORKER && kind === 'start') alive.add(process);
        if (kind === 'exit') alive.delete(process);
        return undefined;
      },
      end: () => (alive.size === 0 ? undefined : `${[...alive].join(', ')} is there in the end`),
    };
  },
  ['start', 'exit'],
);

/** RV-36. `most`: bytes of a file of the log. */
export const logIsCut = (most: number): AlwaysProperty =>
  always(
    'log-is-cut',
    'No file of the log is appended to without an end.',
    () => {
      const sizes = new Map<string, number>();
      return {
        see: ({ kind, bytes, data }) => {
          const path = String(data?.['path']);
          if (!path.startsWith(`${STATE}/log`) || data?.['error'] !== undefined) return undefined;
          const size = (kind === 'append' ? (sizes.get(path) ?? 0) : 0) + (bytes?.length ?? 0);
          sizes.set(path, size);
          return kind === 'append' && size > most ? `${size} bytes were appended to ${path}, of ${most} that are enough` : undefined;
        },
      };
    },
    ['write', 'append'],
  );

/** RV-39. */
export const noOrphans = (within: Span): AlwaysProperty =>
  always(
    'no-orphans',
    'A daemon whose parent has ended ends as well.',
    () => {
      const daemons = new Set<string>();
      let due: Instant | undefined;
      const late = (now: Instant): string | undefined =>
        due !== undefined && now > due ? `${[...daemons].join(', ')} is there at ${formatTime(now)}, without a parent` : undefined;
      let last: Instant | undefined;
      return {
        see: event => {
          const { kind, process, time } = event;
          last = time;
          if (isDaemon(event) && kind === 'start') daemons.add(process);
          if (isDaemon(event) && kind === 'exit') {
            daemons.delete(process);
            due = undefined;
          }
          if (programOf(process) === PARENT && kind === 'exit' && daemons.size > 0) due = after(time, durationOf(within));
          return late(time);
        },
        end: () =>
          last === undefined || due === undefined ? undefined : `${[...daemons].join(', ')} is there in the end, without a parent`,
      };
    },
    ['start', 'exit', 'fire'],
  );

/** RV-44: what comes with the world, for the folder of the forked server alone. */
export const forkedKeeps: AlwaysProperty = {
  ...durableBeforeTold({ [CGI_STATE]: 'told' }),
  name: 'forked-keeps',
  text: 'What the forked server has changed is durable when it answers.',
};

/** Statuses that a peer must be told, by the numbers of its steps. */
export const hears = (machine: string, due: Readonly<Record<number, readonly number[]>>): AlwaysProperty =>
  always(
    'peer-hears',
    'A peer is told what is due to it.',
    () => ({
      see: event => {
        const answer = event.process.startsWith(`${machine}/`) ? peerLog['peer-answer'].of(event) : undefined;
        const right = answer === undefined ? undefined : due[answer.step];
        if (answer === undefined || right === undefined || right.includes(answer.status)) return undefined;
        return `${event.process} is told ${answer.status} in step ${answer.step}, and ${right.join(' or ')} is due`;
      },
    }),
    ['log'],
  );
