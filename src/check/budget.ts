/**
 * What a scenario allows to go wrong, and when. Red has to mean bug: a world in which nobody could keep the promise proves nothing, so
 * every scenario states how much failure its properties must survive, and a plan beyond that is our own mistake.
 *  - A budget says which kinds may happen and how many of each and together (`kinds`, `total`), for how long (`longest`), to whom
 *    (`programs`, `machines`) and how hard (`severity`). A plan from a file is held to it.
 *  - An aim says when: in the chaos phase, half of the faults near a dangerous moment (`moments`), and for about as long as one of the
 *    protocol's timeouts, where a retry and its cause overlap. Only what is drawn is aimed.
 *  - Each plan has only some of the kinds (swarm testing, Groce et al. 2012): faults of every kind at once hide each other.
 *  - `faults` of define.ts is a budget and an aim in one, with defaults; sweeps count which faults fired, and complain of one that never did.
 * Lacks: drawing (faults.ts), and what a fault does (src/sim/fault.ts).
 */
import { type Duration, millis, seconds, ZERO } from '../host/time.ts';
import type { Fault, FaultKind, PartitionFault, PowerCutFault, Strike, StrikeFault } from '../sim/fault.ts';
import { FAULT_KINDS, STRIKES } from '../sim/fault.ts';
import { integerFrom, listUpTo, object, oneOf, type Shape, tagged, textUpTo } from './shape.ts';

export interface FaultBudget {
  /** How many of each kind; a kind left out may not happen. */
  readonly kinds: Readonly<Partial<Record<FaultKind, number>>>;
  /** How many of all kinds together. */
  readonly total: number;
  /** The longest that one fault may last. */
  readonly longest: Duration;
  /** None starts before this; default 0. By then what may not be hit at its start is up. */
  readonly from?: Duration;
  /** Whom faults may hit. What is not named is spared. */
  readonly programs?: readonly string[];
  readonly machines?: readonly string[];
  /** How hard they may hit; each has a default. */
  readonly severity?: Partial<Severity>;
}

/** Whatever fails, fails without help. */
export const NO_FAULTS: FaultBudget = { kinds: {}, total: 0, longest: ZERO };

export interface Aim {
  /** Faults start before this: the length of the chaos phase. */
  readonly until: Duration;
  /** The protocol's own: a fault lasts from half to twice one of them. */
  readonly timeouts: readonly Duration[];
  /** When it hurts most: in a handshake, when a retry is due. Half of the faults start near one of them. */
  readonly moments?: readonly Duration[];
  /** How near; default 50 ms either way. */
  readonly spread?: Duration;
  /** Sizes at which a protocol sees a clock jump: a clock-step is from half to twice one of them. Default: any size. */
  readonly steps?: readonly Duration[];
}

export interface Severity {
  /** Most extra delay of `latency` and `slow-sync`. */
  readonly extra: Duration;
  /** Most chance in a thousand of `loss`, `duplicate` and `reorder`. */
  readonly chance: number;
  /** Most jump of `clock-step`, either way. */
  readonly step: Duration;
  /** Most drift of `clock-drift`, either way. */
  readonly partsPerMillion: number;
  /** Latest Host call at which `kill` strikes. */
  readonly call: number;
  /** Most calls that a shortage or a disk refuses where only single ones are; 0: they refuse all while they last. */
  readonly refusals: number;
  readonly shapes: readonly PartitionFault['shape'][];
  readonly unsynced: readonly PowerCutFault['unsynced'][];
}

export const SEVERITY_DEFAULTS: Severity = {
  extra: millis(500),
  chance: 500,
  step: seconds(3600),
  partsPerMillion: 500,
  call: 200,
  refusals: 0,
  shapes: ['symmetric', 'one-way', 'isolate', 'halves', 'swizzle'],
  unsynced: ['kept', 'lost', 'torn'],
};

/** Of a disk that refuses single calls: as many as come together where a file takes the place of another, and a few more. */
export const SPARES_MAX = 12;

/** A read of no bytes at all would be end of file. */
export const SEGMENT_MAX = 4096;

export const severityOf = (budget: FaultBudget): Severity => ({ ...SEVERITY_DEFAULTS, ...budget.severity });

/** How late an arrival may be, where the budget has latency: as late as that makes it. */
export const latestOf = (budget: FaultBudget): Duration => ((budget.kinds.latency ?? 0) > 0 ? severityOf(budget).extra : ZERO);

/** The kinds a budget allows at all, in the order of the list of kinds. */
export function kindsOf(budget: FaultBudget): readonly FaultKind[] {
  // FAULT_KINDS is Record<FaultKind, …>, so its keys are exactly the kinds.
  return (Object.keys(FAULT_KINDS) as FaultKind[]).filter(kind => kind !== 'strike' && (budget.kinds[kind] ?? 0) > 0);
}

/** `undefined` when the faults keep to the budget; otherwise the first excess, named. */
export function withinBudget(faults: readonly Fault[], budget: FaultBudget): string | undefined {
  return faultsShape(budget, NO_END)(faults, 'faults') ?? tooMany(faults, budget);
}

/** What faults must look like, each for itself, before `until`; counts are `withinBudget`'s. */
export function faultsShape(budget: FaultBudget, until: number): Shape {
  const kinds = strikesOf(budget).length > 0 ? [...kindsOf(budget), 'strike' as const] : kindsOf(budget);
  const forms = Object.fromEntries(kinds.map(kind => [kind, formOf(kind, budget, until)]));
  // Two moments make a pair, in whatever budget.
  return listUpTo(Math.max(budget.total, strikesOf(budget).length > 0 ? PAIR : 0), tagged('kind', forms));
}

const PAIR = 2;
/** Of a program or a machine in a plan. */
const NAME_LENGTH = 200;
const NO_END = Number.MAX_SAFE_INTEGER;

function tooMany(faults: readonly Fault[], budget: FaultBudget): string | undefined {
  for (const kind of kindsOf(budget)) {
    const allowed = budget.kinds[kind] ?? 0;
    const count = faults.filter(fault => fault.kind === kind).length;
    if (count > allowed) return `faults: ${count} of kind ${kind}, the budget allows ${allowed}`;
  }
  return undefined;
}

function formOf(kind: FaultKind, budget: FaultBudget, until: number): Shape {
  const severity = severityOf(budget);
  const start = { kind: oneOf(kind), at: integerFrom(0, until) };
  const during = { ...start, duration: integerFrom(0, budget.longest) };
  const program = oneOf(...(budget.programs ?? []));
  const machine = oneOf(...(budget.machines ?? []));
  const calls = severity.refusals === 0 ? {} : { calls: integerFrom(1, severity.refusals) };
  switch (kind) {
    case 'strike':
      return strikeShape(budget);
    case 'no-descriptors':
    case 'no-processes':
    case 'no-memory':
      return object({ ...during, program }, calls);
    case 'latency':
      return object({ ...during, extra: integerFrom(0, severity.extra) });
    case 'segmentation':
      return object({ ...during, most: integerFrom(1, SEGMENT_MAX) });
    case 'loss':
    case 'duplicate':
    case 'reorder':
      return object({ ...during, chance: integerFrom(0, severity.chance) });
    case 'reset':
    case 'half-open':
      return object({ ...start, program });
    case 'partition':
      return object({ ...during, shape: oneOf(...severity.shapes), machines: machinesShape(budget) });
    case 'kill':
      return object({ ...start, program }, { call: integerFrom(1, severity.call) });
    case 'pause':
      return object({ ...during, program });
    case 'power-cut':
      return object({ ...during, machine, unsynced: oneOf(...severity.unsynced) });
    case 'disk-full':
    case 'disk-error':
      return object({ ...during, machine }, severity.refusals === 0 ? {} : { ...calls, spares: integerFrom(1, SPARES_MAX) });
    case 'slow-sync':
      return object({ ...during, machine, extra: integerFrom(0, severity.extra) });
    case 'clock-step':
      return object({ ...start, machine, by: integerFrom(-severity.step, severity.step) });
    case 'clock-drift':
      return object({ ...during, machine, partsPerMillion: integerFrom(-severity.partsPerMillion, severity.partsPerMillion) });
  }
}

/** A moment of a fault that the budget allows, of whom it may hit. */
function strikeShape(budget: FaultBudget): Shape {
  const number = integerFrom(0, NO_END);
  const form = object(
    {
      kind: oneOf('strike'),
      at: number,
      duration: integerFrom(0, budget.longest),
      call: integerFrom(1, NO_END),
      program: textUpTo(NAME_LENGTH),
      machine: textUpTo(NAME_LENGTH),
      what: oneOf(...strikesOf(budget)),
    },
    { draw: number },
  );
  return (value, path) => {
    const found = form(value, path);
    // Of that form by now.
    return found ?? (mayStrike(budget, value as StrikeFault) ? undefined : `${path}: hits whom the budget spares`);
  };
}

/** What of the faults of a budget may strike at one Host call. */
export const strikesOf = (budget: FaultBudget): readonly Strike[] =>
  // The keys of STRIKES are exactly the strikes.
  (Object.keys(STRIKES) as Strike[]).filter(what => {
    const kind = STRIKES[what];
    const unsynced = what.startsWith('power-') ? what.slice('power-'.length) : undefined;
    const { unsynced: allowed } = severityOf(budget);
    return (budget.kinds[kind] ?? 0) > 0 && (unsynced === undefined || allowed.some(each => each === unsynced));
  });

/** Whether the budget lets it hit whom it would. */
export function mayStrike(budget: FaultBudget, { what, program, machine }: Pick<StrikeFault, 'what' | 'program' | 'machine'>): boolean {
  const kind = STRIKES[what];
  const ofMachine = kind === 'power-cut' || kind === 'disk-error' || kind === 'disk-full';
  return (ofMachine ? budget.machines?.includes(machine) : budget.programs?.includes(program)) ?? false;
}

function machinesShape(budget: FaultBudget): Shape {
  const machines = budget.machines ?? [];
  const list = listUpTo(machines.length, oneOf(...machines));
  return (value, path) => {
    const found = list(value, path);
    // A list of texts by now: `list` has looked at every one.
    if (found !== undefined || !Array.isArray(value)) return found;
    if (value.length === 0) return `${path}: names no machine`;
    return new Set(value).size === value.length ? undefined : `${path}: names a machine twice`;
  };
}
