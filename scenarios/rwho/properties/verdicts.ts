/**
 * Who is up and who is down, as readers say it, against who is.
 * May import: host, impl, check, trace, the folder above.
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
import { type Duration, seconds } from '../../../src/host/time.ts';
import { hostNameOf } from '../../../src/impl/rwho/wire.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { isReader, isRwhod, machineOf } from './places.ts';

/** Who runs a rwhod, and what each reader says of whom. */
class Picture {
  readonly #daemons: Map<string, Set<string>> = new Map();
  readonly verdicts: Map<string, Map<string, boolean>> = new Map();

  see(event: TraceEvent): void {
    const { kind, process, data } = event;
    if (kind === 'power' && data?.['state'] === 'off') {
      this.#daemons.set(String(data['machine']), new Set());
      for (const reader of [...this.verdicts.keys()]) if (reader.startsWith(`${String(data['machine'])}/`)) this.verdicts.delete(reader);
    }
    if (isRwhod(event)) {
      const machine = machineOf(event);
      const running = this.#daemons.get(machine) ?? new Set();
      this.#daemons.set(machine, running);
      if (kind === 'start') running.add(process);
      if (kind === 'exit') running.delete(process);
    }
    if (!isReader(event)) return;
    const verdicts = this.verdicts.get(process) ?? new Map<string, boolean>();
    this.verdicts.set(process, verdicts);
    if (kind === 'exit') this.verdicts.delete(process);
    if (kind === 'log' && data?.['event'] === 'verdict') verdicts.set(String(data['host']), data['up'] === true);
    if (kind === 'log' && data?.['event'] === 'gone') verdicts.delete(String(data['host']));
  }

  isUp(machine: string): boolean {
    return (this.#daemons.get(machine)?.size ?? 0) > 0;
  }

  /** The first verdict that is wrong. A machine without a daemon keeps no records, and its readers are not asked. */
  wrong(): string | undefined {
    for (const [reader, verdicts] of this.verdicts) {
      if (!this.isUp(reader.slice(0, reader.indexOf('/')))) continue;
      for (const machine of this.#daemons.keys()) {
        const up = verdicts.get(machine) ?? false;
        if (up !== this.isUp(machine)) return `${reader} says that ${machine} is ${up ? 'up' : 'not up'}`;
      }
    }
    return undefined;
  }
}

const KINDS: readonly EventKind[] = ['start', 'exit', 'power', 'log'];

export const verdictsConverge = (within: Duration): EventuallyProperty =>
  eventually(
    'verdicts-converge',
    'In the end every reader says of every host whether its daemon runs.',
    { within, goal: 'stays' },
    () => {
      const picture = new Picture();
      let missing = 'nobody has said anything';
      return {
        see: event => {
          picture.see(event);
          const wrong = picture.verdicts.size === 0 ? 'nobody has said anything' : picture.wrong();
          missing = wrong ?? '';
          return wrong === undefined;
        },
        missing: () => missing,
      };
    },
    KINDS,
  );

/** Less what a reader needs to notice. */
const DOWN_AFTER = seconds(659);

/**
 * The loss model: every report that arrives counts, so who is down was not heard for as long as it takes. What a disk without
 * room did not keep, or a power cut took, was not heard.
 */
export const downMeansSilent: AlwaysProperty = always(
  'down-means-silent',
  'A host is said to be down only where nothing of it was received for 660 seconds, or nobody was there to keep it.',
  () => {
    const heard = new Map<string, number>();
    const failed = new Map<string, number>();
    const picture = new Picture();
    return {
      see: event => {
        const { kind, time, bytes, data } = event;
        picture.see(event);
        if (kind === 'power') failed.set(String(data?.['machine']), time);
        if (kind === 'write' && data?.['error'] !== undefined) failed.set(machineOf(event), time);
        if (kind === 'receive' && isRwhod(event) && bytes !== undefined) heard.set(`${machineOf(event)} ${hostNameOf(bytes)}`, time);
        if (kind !== 'log' || !isReader(event) || data?.['event'] !== 'verdict' || data['up'] === true) return undefined;
        const machine = machineOf(event);
        const last = heard.get(`${machine} ${String(data['host'])}`);
        const lost = time - (failed.get(machine) ?? -DOWN_AFTER) < DOWN_AFTER;
        const wrong = picture.isUp(machine) && !lost && last !== undefined && time - last < DOWN_AFTER;
        return wrong
          ? `${machine} says that ${String(data['host'])} is down, and has heard it ${Math.floor((time - last) / 1e6)} s ago`
          : undefined;
      },
    };
  },
  [...KINDS, 'receive', 'write'],
);

export const wholeWhenRead: AlwaysProperty = always(
  'whole-when-read',
  'A reader never meets half a record, nor an empty one.',
  () => ({
    see: event =>
      isReader(event) && event.data?.['event'] === 'torn'
        ? `${String(event.data['file'])} has ${String(event.data['length'])} bytes`
        : undefined,
  }),
  ['log'],
);

/** Of hosts that live all the time. */
export const stepForgiven = (within: Duration): ResponseProperty => {
  const of = (up: boolean) => (event: TraceEvent) =>
    isReader(event) && event.data?.['event'] === 'verdict' && event.data['up'] === up
      ? `${event.process} ${String(event.data['host'])}`
      : undefined;
  return responds(
    'step-is-forgiven',
    'A clock that is set makes nobody down for long.',
    within,
    () => ({ trigger: of(false), response: of(true) }),
    ['log'],
  );
};

export const seenUp: SometimesProperty = sometimes(
  'seen-up',
  'A reader says that another host is up.',
  () => ({ see: event => isReader(event) && event.data?.['up'] === true && event.data['host'] !== machineOf(event) }),
  ['log'],
);

/** The seed: "this algorithm is prone to error, as a server may be down while a host is up". */
export const serverDeadHostUp: SometimesProperty = sometimes(
  'server-dead-host-up',
  'A host is said to be down while it runs, because only its server has died.',
  () => {
    const picture = new Picture();
    const alive = new Set<string>();
    return {
      see: event => {
        picture.see(event);
        if (event.kind === 'power') alive.delete(String(event.data?.['machine']));
        if (event.kind === 'start' && isReader(event)) alive.add(machineOf(event));
        const { data } = event;
        const host = String(data?.['host']);
        return isReader(event) && data?.['event'] === 'verdict' && data['up'] === false && alive.has(host) && !picture.isUp(host);
      },
    };
  },
  KINDS,
);
