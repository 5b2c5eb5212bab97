/**
 * What is sent, when, and how often: over the datagrams of rwhod.
 */
import {
  type AlwaysProperty,
  always,
  type ResponseProperty,
  responds,
  type SometimesProperty,
  sometimes,
} from '../../../src/check/property.ts';
import { hex } from '../../../src/host/bytes.ts';
import { seconds } from '../../../src/host/time.ts';
import type { Status } from '../../../src/impl/rwho/wire.ts';
import { decode, ENTRIES_MAX, HOSTNAME_MAX, hostNameOf } from '../../../src/impl/rwho/wire.ts';
import type { TraceEvent } from '../../../src/trace/event.ts';
import { headOf } from './heads.ts';
import { isRwhod, machineOf } from './places.ts';

/** What is sent of the machine itself; machines here are called by their names, cut to what fits. */
function ownReport(event: TraceEvent): Status | undefined {
  if (!isRwhod(event) || event.kind !== 'datagram' || event.bytes === undefined) return undefined;
  const status = decode(event.bytes)?.status;
  return status !== undefined && isNameOf(machineOf(event), status.hostName) ? status : undefined;
}

const isNameOf = (machine: string, name: string): boolean => name === machine || (name.length === HOSTNAME_MAX && name.startsWith(machine));

const onOwn = (name: string, text: string, why: (status: Status, event: TraceEvent) => string | undefined): AlwaysProperty =>
  always(
    name,
    text,
    () => ({
      see: event => {
        const status = ownReport(event);
        return status === undefined ? undefined : why(status, event);
      },
    }),
    ['datagram'],
  );

/** The rule against loops, and its bound: as many datagrams for a report as there are ways. What a network keeps for longer may come again (N5). */
const KEPT = seconds(450);
export const sentOnce: AlwaysProperty = always(
  'sent-once',
  'No server sends a report twice to the same address: a report costs at most one datagram for each way of each server.',
  () => {
    const sent = new Map<string, number>();
    return {
      see: event => {
        if (!isRwhod(event) || event.bytes === undefined) return undefined;
        const key = `${event.process} ${String(event.data?.['to'])} ${hex(event.bytes)}`;
        const before = sent.get(key);
        sent.set(key, event.time);
        const again = before !== undefined && event.time - before < KEPT;
        return again ? `a report of ${hostNameOf(event.bytes)} is sent to ${String(event.data?.['to'])} again` : undefined;
      },
    };
  },
  ['datagram'],
);

export const nothingSent: AlwaysProperty = always(
  'nothing-is-sent',
  'Whoever knows nobody, and was told of nobody, sends nothing.',
  () => ({ see: event => (isRwhod(event) ? `${event.process} has sent to ${String(event.data?.['to'])}` : undefined) }),
  ['datagram'],
);

export const unsaidIsZero: AlwaysProperty = onOwn('unsaid-is-zero', 'Bytes of a report that say nothing are zero.', (status, { bytes }) => {
  const end = 12 + status.hostName.length;
  const silent = bytes === undefined ? [] : [...bytes.subarray(2, 4), ...bytes.subarray(8, 12), ...bytes.subarray(end, 44)];
  return silent.every(byte => byte === 0) ? undefined : 'there is something where nothing is said';
});

export const nameEnds: AlwaysProperty = onOwn('name-ends', 'The name in a report ends in its field.', (_status, { bytes }) =>
  bytes?.[43] === 0 ? undefined : 'the name runs into the load',
);

const YEAR = 31_536_000;
export const idleIsTime: AlwaysProperty = onOwn('idle-is-time', 'Nobody has been idle for years.', ({ entries }) =>
  entries.every(({ idle }) => idle < YEAR) ? undefined : 'somebody has been idle for years',
);
export const everybodyIdle: AlwaysProperty = onOwn('everybody-has-idle', 'Who has not typed for a minute is idle.', ({ entries }) =>
  entries.every(({ idle }) => idle >= 59) ? undefined : 'somebody who does not type is not idle',
);

export const everybodyCounts: AlwaysProperty = always(
  'everybody-counts',
  'A report has everybody who is logged in, up to 42.',
  () => {
    const logins = new Map<string, number>();
    return {
      see: event => {
        const { kind, data } = event;
        if (kind === 'inquire' && data?.['of'] === 'logins') logins.set(machineOf(event), Number(data['answer']));
        const status = ownReport(event);
        const expected = Math.min(ENTRIES_MAX, logins.get(machineOf(event)) ?? 0);
        return status === undefined || status.entries.length === expected ? undefined : `${status.entries.length} of ${expected} are told`;
      },
    };
  },
  ['inquire', 'datagram'],
);

export const whoPort: AlwaysProperty = always(
  'from-the-who-port',
  'Reports are sent from the port of the service.',
  () => ({
    see: event => {
      const odd = isRwhod(event) && event.data?.['error'] === undefined && !String(event.data?.['at']).endsWith(':513');
      return odd ? `${event.process} is bound to ${String(event.data?.['at'])}` : undefined;
    },
  }),
  ['bind'],
);

/** Three minutes, and some for a machine that is busy. */
const LONGEST = seconds(181);
/** Ten seconds and one for jitter. */
const SHORTEST = seconds(169);

/** Judges the time between one own report and the next, and at the end the time since the last; pairs of a machine. */
function gaps(
  name: string,
  text: string,
  judge: (gap: number, earlier: readonly number[], until: 'next report' | 'now') => string | undefined,
): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const lives = new Map<string, { last: number; readonly gaps: number[] }>();
      return {
        see: event => {
          const { kind, time } = event;
          const machine = machineOf(event);
          if (kind === 'bind' && isRwhod(event)) lives.set(machine, { last: time, gaps: [] });
          const life = lives.get(machine);
          if (life === undefined) return undefined;
          // Somebody has to keep records for this to be a life.
          if (kind === 'rename' || kind === 'write') {
            const why = judge(time - life.last, life.gaps, 'now');
            return why === undefined || !isRwhod(event) ? undefined : why;
          }
          if (ownReport(event) === undefined || time === life.last) return undefined;
          const why =
            life.gaps.length === 0 && time - life.last < seconds(1) ? undefined : judge(time - life.last, life.gaps, 'next report');
          life.gaps.push(time - life.last);
          life.last = time;
          return why;
        },
      };
    },
    ['bind', 'datagram', 'rename', 'write'],
  );
}

export const hearsAndTells: AlwaysProperty = gaps('hears-and-tells', 'Whoever still keeps the reports of others sends its own.', gap =>
  gap <= LONGEST ? undefined : 'it keeps reports, and has sent none for more than three minutes',
);
export const notTooOften: AlwaysProperty = gaps(
  'not-too-often',
  'Where no newcomer is heard there is one report in an interval.',
  (gap, _earlier, until) => (until === 'now' || gap >= SHORTEST ? undefined : 'a report comes too early'),
);
export const reportsSpread: AlwaysProperty = gaps('reports-spread', 'Intervals are not all of one length.', (gap, earlier, until) => {
  const same = earlier.slice(-3).filter(each => Math.abs(each - gap) < seconds(0.02));
  return until === 'next report' && same.length === 3 ? 'four intervals have the same length' : undefined;
});

/** Two intervals: the report with which a sender finds its receiver gone is lost. */
const UNTOLD = seconds(380);

export const toldWhileAlive: AlwaysProperty = always(
  'told-while-alive',
  'A machine is told of, at the latest after two intervals, as long as a rwhod of it lives.',
  () => {
    const alive = new Map<string, Set<string>>();
    const told = new Map<string, number>();
    const judge = (time: number): string | undefined => {
      const silent = [...alive].find(([machine, { size }]) => size > 0 && time - (told.get(machine) ?? 0) > UNTOLD);
      return silent === undefined ? undefined : `${[...silent[1]].join(' ')} lives, and ${silent[0]} is not told of`;
    };
    return {
      see: event => {
        const { kind, process, time } = event;
        if (!isRwhod(event)) return undefined;
        const machine = machineOf(event);
        const living = alive.get(machine) ?? new Set<string>();
        alive.set(machine, living);
        if (kind === 'start') living.add(process);
        if (kind === 'exit') living.delete(process);
        if (kind === 'start' || ownReport(event) !== undefined) told.set(machine, time);
        return judge(time);
      },
      end: ({ time }) => judge(time),
    };
  },
  ['start', 'exit', 'datagram'],
);

export const newcomerIsTold: ResponseProperty = responds(
  'newcomer-is-told',
  'A daemon that starts hears of the others soon.',
  seconds(15),
  () => ({
    trigger: event => (event.kind === 'bind' && event.process.startsWith('late/rwhod.') ? 'late' : undefined),
    response: event =>
      event.kind === 'receive' && event.process.startsWith('late/rwhod.') && event.bytes !== undefined && hostNameOf(event.bytes) !== 'late'
        ? 'late'
        : undefined,
  }),
  ['bind', 'receive'],
);

/** Between receiving a report that is new and passing it on. */
export const passedOn: ResponseProperty = responds(
  'new-reports-are-passed-on',
  'What is told to a server that forwards is passed on.',
  seconds(1),
  () => ({
    trigger: event =>
      event.kind === 'receive' &&
      event.process.startsWith('a/rwhod.') &&
      event.bytes !== undefined &&
      event.data?.['from'] === '10.0.0.9:513'
        ? hostNameOf(event.bytes)
        : undefined,
    response: event =>
      event.kind === 'datagram' && event.process.startsWith('a/rwhod.') && event.bytes !== undefined ? hostNameOf(event.bytes) : undefined,
  }),
  ['receive', 'datagram'],
);

export const daemonSurvives: AlwaysProperty = always(
  'daemon-survives',
  'Nothing that is sent to a daemon ends it.',
  () => ({
    see: event => {
      const bad = isRwhod(event) && (event.data?.['signal'] !== undefined || event.data?.['code'] !== 0);
      return bad ? `${event.process} has ended` : undefined;
    },
  }),
  ['exit'],
);

/** Lines that one refusal may cost, and all of a second. */
const LINES = 10;
export const logBounded: AlwaysProperty = always(
  'log-bounded',
  `A daemon has at most ${LINES} lines to say in 100 seconds.`,
  () => {
    const counts = new Map<string, number>();
    return {
      see: event => {
        if (!isRwhod(event)) return undefined;
        const key = `${event.process} ${Math.floor(event.time / seconds(100))}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
        return (counts.get(key) ?? 0) > LINES ? 'the log fills' : undefined;
      },
    };
  },
  ['log'],
);

const logged = (name: string, text: string, slug: string): SometimesProperty =>
  sometimes(name, text, () => ({ see: event => isRwhod(event) && event.data?.['event'] === slug }), ['log']);

export const refusedMet: SometimesProperty = sometimes(
  'something-refused',
  'A datagram is refused.',
  () => ({
    see: event =>
      isRwhod(event) &&
      ['bad-port', 'short', 'bad-version', 'bad-name', 'own-name', 'name-clash', 'spool-full'].includes(String(event.data?.['event'])),
  }),
  ['log'],
);
export const optionRefused: SometimesProperty = logged(
  'option-refused',
  'A server cannot take the options that it was started with.',
  'usage',
);
export const learnedMet: SometimesProperty = logged('neighbour-learned', 'A neighbour is learned.', 'neighbour-learned');
export const nobodyMet: SometimesProperty = logged('nobody-is-known', 'A server has nobody to send to.', 'no-way-out');
export const clockMet: SometimesProperty = logged('clock-was-set', 'A daemon sees that its clock was set.', 'clock-set');
export const diskMet: SometimesProperty = logged('record-not-written', 'A record cannot be written.', 'not-written');
export const fullMet: SometimesProperty = logged('no-room', 'There is no room for a host.', 'spool-full');
export const evictedMet: SometimesProperty = logged('made-room', 'A host that is down makes room for another.', 'record-evicted');
export const clashMet: SometimesProperty = logged('names-clash', 'Two hosts have one name.', 'name-clash');
/** Stamps of 32 bits come round in 2038. */
export const wrapMet: SometimesProperty = sometimes(
  'stamp-comes-round',
  'A record is stamped after 2038, and one before.',
  () => {
    const signs = new Set<number>();
    return {
      see: event => {
        const head = isRwhod(event) ? headOf(event.bytes, 'file') : undefined;
        if (head !== undefined) signs.add(Math.sign(head.receiveTime));
        return signs.size === 2;
      },
    };
  },
  ['write'],
);
export const relayedMet: SometimesProperty = sometimes(
  'passed-on',
  'A report of another is passed on.',
  () => ({ see: event => isRwhod(event) && event.bytes !== undefined && hostNameOf(event.bytes) !== machineOf(event) }),
  ['datagram'],
);
