/**
 * Who is up and who is down, as readers say it, against who is.
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
import type { Duration } from '../../../src/host/time.ts';
import type { EventKind, TraceEvent } from '../../../src/trace/event.ts';
import { crowdNames } from '../daemons/crowd.ts';
import { Knowledge, type Sayable, shortened } from './knowledge.ts';
import { isCrowd, isReader, isRwhod, machineOf } from './places.ts';

/** Who runs a rwhod, and what each reader says of whom. */
class Picture {
  readonly #daemons: Map<string, Set<string>> = new Map();
  /** What machines call themselves, by their names here. */
  readonly #names: Map<string, string> = new Map();
  /** Names of hosts that one process plays, and that have no machine here. */
  readonly #crowds: Map<string, readonly string[]> = new Map();
  readonly verdicts: Map<string, Map<string, boolean>> = new Map();
  /** Counts what has changed. */
  version = 0;

  see(event: TraceEvent): void {
    const { kind, data } = event;
    if (kind === 'power' && data?.['state'] === 'off') this.#darken(String(data['machine']));
    if (isRwhod(event)) this.#daemon(event);
    if (isReader(event)) this.#reader(event);
    if (kind === 'start' && isCrowd(event)) {
      this.#crowds.set(machineOf(event), crowdNames(Number(/--hosts=(\d+)/.exec(String(data?.['args']))?.[1])));
      this.version += 1;
    }
  }

  #darken(machine: string): void {
    this.#daemons.set(machine, new Set());
    this.#crowds.delete(machine);
    for (const reader of [...this.verdicts.keys()]) if (reader.startsWith(`${machine}/`)) this.verdicts.delete(reader);
    this.version += 1;
  }

  #daemon(event: TraceEvent): void {
    const { kind, process, data } = event;
    const machine = machineOf(event);
    if (kind === 'inquire' && data?.['of'] === 'hostname') {
      const name = shortened(String(data['answer']));
      if (this.nameOf(machine) !== name) this.version += 1;
      this.#names.set(machine, name);
    }
    if (kind !== 'start' && kind !== 'exit') return;
    const running = this.#daemons.get(machine) ?? new Set();
    this.#daemons.set(machine, running);
    if (kind === 'start') running.add(process);
    else running.delete(process);
    this.version += 1;
  }

  /** What a reader has said counts when it has looked at everything. */
  #reader({ kind, process, data }: TraceEvent): void {
    const verdicts = this.verdicts.get(process) ?? new Map<string, boolean>();
    this.verdicts.set(process, verdicts);
    if (kind === 'exit') this.verdicts.delete(process);
    if (kind === 'log' && data?.['event'] === 'verdict') verdicts.set(String(data['host']), data['up'] === true);
    if (kind === 'log' && data?.['event'] === 'gone') verdicts.delete(String(data['host']));
    if (kind === 'exit' || data?.['event'] === 'looked') this.version += 1;
  }

  isUp(machine: string): boolean {
    return (this.#daemons.get(machine)?.size ?? 0) > 0;
  }

  nameOf(machine: string): string {
    return this.#names.get(machine) ?? machine;
  }

  machinesOf(name: string): readonly string[] {
    return [...this.#daemons.keys()].filter(machine => this.nameOf(machine) === name);
  }

  /** The first verdict that is wrong. A machine without a daemon keeps no records, and its readers are not asked. */
  wrong(): string | undefined {
    const crowd = [...this.#crowds.values()].flat();
    const up = [...this.#daemons.keys()].filter(machine => this.isUp(machine));
    const running = new Set([...up.map(machine => this.nameOf(machine)), ...crowd]);
    for (const [reader, verdicts] of this.verdicts) {
      if (!this.isUp(reader.slice(0, reader.indexOf('/')))) continue;
      for (const name of new Set([...running, ...verdicts.keys()])) {
        const said = verdicts.get(name) ?? false;
        if (said !== running.has(name)) return `${reader} says that ${name} is ${said ? 'up' : 'not up'}`;
      }
    }
    return undefined;
  }
}

const KINDS: readonly EventKind[] = ['start', 'exit', 'power', 'inquire', 'log'];

/** Of readers that say when they have looked (--clock). */
export const verdictsConverge = (within: Duration): EventuallyProperty =>
  eventually(
    'verdicts-converge',
    'In the end every reader says of every host whether its daemon runs.',
    { within, goal: 'stays' },
    () => {
      const picture = new Picture();
      let seen = -1;
      let missing = 'nobody has said anything';
      return {
        see: event => {
          picture.see(event);
          if (picture.version !== seen) missing = (picture.verdicts.size === 0 ? 'nobody has said anything' : picture.wrong()) ?? '';
          seen = picture.version;
          return missing === '';
        },
        missing: () => missing,
      };
    },
    KINDS,
  );

/** What the clock of a reader may be off from look to look before somebody has set it. */
const STEP_SECONDS = 1.5;

/** Looks of readers, each with the knowledge of its machine. */
class Looks {
  readonly picture: Picture = new Picture();
  readonly knowledge: Knowledge = new Knowledge();
  /** Readers that say what time it is. */
  readonly #timed: Set<string> = new Set();
  readonly #offsets: Map<string, number> = new Map();
  readonly #steps: Map<string, number> = new Map();

  see(event: TraceEvent): void {
    const { kind, data, time, process } = event;
    this.picture.see(event);
    this.knowledge.see(event);
    if (!isReader(event)) return;
    if (kind === 'start' && String(data?.['args']).includes('--clock')) this.#timed.add(process);
    if (data?.['event'] !== 'looked') return;
    const machine = machineOf(event);
    const offset = Number(data['now']) - time / 1e6;
    if (Math.abs(offset - (this.#offsets.get(machine) ?? offset)) > STEP_SECONDS) this.#steps.set(machine, time);
    this.#offsets.set(machine, offset);
  }

  /**
   * Whether an event is a look whose verdicts have to be right: not while nobody keeps records on this machine, nor between a
   * step of its clock and the next datagram or report, which is when its daemon sees it (R8).
   */
  isFair(event: TraceEvent): boolean {
    const { kind, data, process } = event;
    const machine = machineOf(event);
    if (kind !== 'log' || !isReader(event) || !this.picture.isUp(machine)) return false;
    const step = this.#steps.get(machine);
    if (step !== undefined && (this.knowledge.on(machine)?.clockSeen ?? -1) <= step) return false;
    return data?.['event'] === 'looked' || (data?.['event'] === 'verdict' && !this.#timed.has(process));
  }

  /** What a reader says at a look. */
  *verdicts(event: TraceEvent): Generator<{ readonly host: string; readonly up: boolean | undefined; readonly sayable: Sayable }, void> {
    const { data, process, time } = event;
    const machine = this.knowledge.on(machineOf(event));
    const said = this.picture.verdicts.get(process) ?? new Map<string, boolean>();
    const hosts = data?.['event'] === 'looked' ? new Set([...said.keys(), ...(machine?.hosts ?? [])]) : [String(data?.['host'])];
    if (machine === undefined) return;
    for (const host of hosts) yield { host, up: said.get(host), sayable: machine.sayable(host, time) };
  }
}

const LOOKS: readonly EventKind[] = [...KINDS, 'receive', 'write', 'sync', 'rename'];

function explained(
  name: string,
  text: string,
  why: (said: { readonly host: string; readonly up: boolean | undefined; readonly sayable: Sayable }) => string | undefined,
): AlwaysProperty {
  return always(
    name,
    text,
    () => {
      const looks = new Looks();
      return {
        see: event => {
          looks.see(event);
          if (!looks.isFair(event)) return undefined;
          for (const said of looks.verdicts(event)) {
            const wrong = why(said);
            if (wrong === undefined) continue;
            const { heard } = said.sayable;
            const when = heard === undefined ? 'has never heard it' : `has heard it ${Math.floor((event.time - heard) / 1e6)} s ago`;
            return `${machineOf(event)} ${wrong}, and ${when}`;
          }
          return undefined;
        },
      };
    },
    LOOKS,
  );
}

/**
 * The loss model: every report that R4 takes counts, so who is down was not heard for as long as it takes. What a disk without
 * room did not keep, or a power cut took, was not heard.
 */
export const downMeansSilent: AlwaysProperty = explained(
  'down-means-silent',
  'A host is said to be down, or not known, only where no report of it was kept for 660 seconds.',
  ({ host, up, sayable }) => {
    if (up === false && !sayable.down) return `says that ${host} is down`;
    return up === undefined && !sayable.nothing ? `does not know ${host}` : undefined;
  },
);

export const upMeansHeard: AlwaysProperty = explained(
  'up-means-heard',
  'A host is said to be up only where a report of it was kept in the last 660 seconds.',
  ({ host, up, sayable }) => (up === true && !sayable.up ? `says that ${host} is up` : undefined),
);

export const takenAsSpecified: AlwaysProperty = always(
  'taken-as-specified',
  'A report that is newer than what stands of its host is kept, and no other is.',
  () => {
    const knowledge = new Knowledge();
    return { see: event => knowledge.see(event) };
  },
  ['start', 'exit', 'power', 'inquire', 'receive', 'write', 'sync', 'rename'],
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
  const saying = (verdict: 'up' | 'down') => (event: TraceEvent) =>
    isReader(event) && event.data?.['event'] === 'verdict' && event.data['up'] === (verdict === 'up')
      ? `${event.process} ${String(event.data['host'])}`
      : undefined;
  return responds(
    'step-is-forgiven',
    'A clock that is set makes nobody down for long.',
    within,
    () => ({ trigger: saying('down'), response: saying('up') }),
    ['log'],
  );
};

export const seenUp: SometimesProperty = sometimes(
  'seen-up',
  'A reader says that another host is up.',
  () => ({ see: event => isReader(event) && event.data?.['up'] === true && event.data['host'] !== machineOf(event) }),
  ['log'],
);

/** Of verdicts on other hosts that are wrong: whether it is so, given who has power and whose server runs. */
function mistaken(name: string, text: string, isSo: (on: readonly string[], serving: readonly string[]) => boolean): SometimesProperty {
  return sometimes(
    name,
    text,
    () => {
      const picture = new Picture();
      const alive = new Set<string>();
      return {
        see: event => {
          const { kind, data } = event;
          picture.see(event);
          if (kind === 'power') alive.delete(String(data?.['machine']));
          if (kind === 'start' && isReader(event)) alive.add(machineOf(event));
          if (!isReader(event) || data?.['event'] !== 'verdict' || data['up'] !== false) return false;
          const machines = picture.machinesOf(String(data['host']));
          return isSo(
            machines.filter(machine => alive.has(machine)),
            machines.filter(machine => picture.isUp(machine)),
          );
        },
      };
    },
    KINDS,
  );
}

/** The seed: "this algorithm is prone to error, as a server may be down while a host is up". */
export const serverDeadHostUp: SometimesProperty = mistaken(
  'server-dead-host-up',
  'A host is said to be down while it runs, because only its server has died.',
  (on, serving) => on.length > 0 && serving.length === 0,
);

export const lostHostUp: SometimesProperty = mistaken(
  'nothing-arrives-host-up',
  'A host is said to be down while its server runs, because nothing of it arrives.',
  (_on, serving) => serving.length > 0,
);
