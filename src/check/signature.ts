/**
 * What makes two failures the same bug, as far as a machine can tell: the scenario, the profile, the property, and the shape of the
 * decision: what kind of event decided it, of which program, with which data, and the sentence that says why, without what differs
 * from seed to seed. So that a sweep tells of each bug once, and a thousand runs that meet it are a count.
 * Lacks: causes. Two bugs that break a property with the same sentence are one here, and one bug with two faces is two.
 */

import { utf8 } from '../host/bytes.ts';
import { compareCodeUnits } from '../host/order.ts';
import type { TraceEvent } from '../trace/event.ts';
import { Murmur128 } from '../trace/murmur.ts';
import type { Violation } from './property.ts';
import { NONDETERMINISM } from './repeat.ts';
import { type RunOptions, type RunResult, runPlan } from './run.ts';
import { type CommonPlan, type Judged, type Profile, propertiesOf, type Scenario } from './scenario.ts';

/** JSON values only. */
export interface Signature {
  /** 12 hexadecimal digits, a hash of the rest. */
  readonly id: string;
  readonly scenario: string;
  readonly profile: Profile;
  readonly property: string;
  /** `log answered by lond`: the event that decided; '' where it was a bound that passed, or the end of the run. */
  readonly decided: string;
  /** The sentence of a violation, with `#` for numbers and `…` for what is quoted. */
  readonly why: string;
}

/** One failure as a sweep has met it, and the run of the fewest events that shows it. JSON values only. */
export interface Sighting {
  readonly signature: Signature;
  readonly runs: number;
  readonly seed: number;
  readonly events: number;
  /** Absent of a run that never ended, or is another one each time: it cannot be made smaller. */
  readonly plan?: CommonPlan;
  /** The sentence of this run. */
  readonly why: string;
}

/** By the id of the signature. */
export type Sightings = Readonly<Record<string, Sighting>>;

/** What this run shows, but for the violations of `foreseen` properties. A run that shows something is repeated to see its events. */
export function sightingsOf<Plan extends CommonPlan>(
  scenario: Scenario<Plan>,
  result: RunResult<Plan>,
  foreseen: readonly string[],
  options: Pick<RunOptions, 'sink'> = {},
): Sightings {
  const violations = result.violations.filter(({ property }) => !foreseen.includes(property));
  if (violations.length === 0) return {};
  const { seed, plan, eventCount } = result;
  const events = result.events ?? runPlan(scenario, plan, seed, { ...options, keep: true }).events ?? [];
  const found = violations.map(violation => {
    const signature = signatureOf(scenario, plan.profile, violation, events);
    const sighting = { signature, runs: 1, seed, events: eventCount, why: violation.why };
    return [signature.id, violation.property === NONDETERMINISM ? sighting : { ...sighting, plan }] as const;
  });
  return Object.fromEntries(found);
}

/** The order of adding does not matter: of two runs of as many events the one of the lower seed is kept. */
export function mergeSightings(left: Sightings, right: Sightings): Sightings {
  const sum: Record<string, Sighting> = { ...left };
  for (const [id, one] of Object.entries(right)) {
    const other = sum[id];
    sum[id] = other === undefined ? one : { ...faster(one, other), runs: one.runs + other.runs };
  }
  return sum;
}

const faster = (one: Sighting, other: Sighting): Sighting =>
  one.events < other.events || (one.events === other.events && one.seed < other.seed) ? one : other;

/** `events`: of the run in which it was violated. */
export function signatureOf(
  scenario: Judged & Pick<Scenario, 'name'>,
  profile: Profile,
  { property, at, why }: Pick<Violation, 'property' | 'at' | 'why'>,
  events: readonly TraceEvent[],
): Signature {
  const safety = propertiesOf(scenario).find(({ name }) => name === property)?.expectation === 'always';
  // What is decided at the end of a run, or when a bound has passed, has an event that only happened to come next.
  const event = safety && at < events.length - 1 ? events[at] : undefined;
  return signed({
    scenario: scenario.name,
    profile,
    property,
    decided: event === undefined ? '' : decisionOf(event),
    why: withoutValues(why),
  });
}

/** A failure that no event decides. */
export function signed(parts: Omit<Signature, 'id'>): Signature {
  const hash = new Murmur128();
  hash.update(utf8(JSON.stringify([parts.scenario, parts.profile, parts.property, parts.decided, parts.why])));
  return { id: hash.digest().slice(0, ID_LENGTH), ...parts };
}
const ID_LENGTH = 12;

function decisionOf({ kind, process, data = {} }: TraceEvent): string {
  const what = kind === 'log' ? String(data['event']) : Object.keys(data).sort(compareCodeUnits).join(' ');
  return `${kind} ${what} by ${programOf(process)}`;
}

/** The program of `machine/program.pid`; '' for what the world itself does. */
export const programOf = (process: string): string => process.slice(process.indexOf('/') + 1, Math.max(0, process.lastIndexOf('.')));

/** Longest sentence that tells bugs apart. */
const SENTENCE = 300;

/** What is quoted, bytes in hexadecimal, numbers and lists of them: they follow from the seed. */
export const withoutValues = (sentence: string): string =>
  sentence
    .replace(/"[^"]*"|'[^']*'|‘[^’]*’|“[^”]*”/g, '…')
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{6,}\b/g, '#')
    .replace(/\d+(?:\.\d+)*/g, '#')
    .replace(/#(?:[ ,]+#)+/g, '#')
    .slice(0, SENTENCE);
