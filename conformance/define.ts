/**
 * A suite as somebody writes it who is new here: what is left out has a default. A case is its id, what it shows, and its steps.
 */
import { type Duration, durationOf, type Span, seconds } from '../src/host/time.ts';
import type { Case, ChannelWiring, Environment, Step, Wiring } from './case.ts';
import type { Suite } from './suite.ts';

/** The same step; its lengths of time may be written `'5 s'`. */
export type StepDefinition = Step extends infer Each
  ? Each extends Step
    ? { readonly [Name in keyof Each]: Each[Name] extends Duration ? Span : Each[Name] }
    : never
  : never;

export interface CaseDefinition extends Omit<Case, 'rev' | 'deadline' | 'requirements' | 'role' | 'steps'> {
  readonly steps: readonly StepDefinition[];
  /** The requirement that a failure breaks, first, and others that it shows. */
  readonly shows: string | readonly string[];
  /** Default: the role of its first requirement. */
  readonly role?: string;
  /** Raise it when the verdict on some implementation may change. Default 1. */
  readonly rev?: number;
  /** Of the whole case; default 30 s. */
  readonly deadline?: Span;
}

/** A socket to the port of the case, unless it has a descriptor or says otherwise. */
export type ChannelDefinition = Partial<ChannelWiring>;

/** How a role is met: with sockets, it has a port and an empty directory around it. */
export interface RoleDefinition extends Omit<Partial<Wiring>, 'channels'> {
  readonly channels: Readonly<Record<string, ChannelDefinition>>;
}

export interface SuiteDefinition
  extends Pick<Suite, 'name' | 'title' | 'requirements'>,
    Partial<Pick<Suite, 'claims' | 'clauses' | 'realTime' | 'sets' | 'own' | 'mutants' | 'facts'>> {
  readonly roles: Readonly<Record<string, RoleDefinition>>;
  readonly cases: readonly CaseDefinition[];
}

const NOTHING_AROUND: Environment = { accepts: [], directories: [], files: {} };

function wiringOf({ channels, ...rest }: RoleDefinition): Wiring {
  const wired = Object.entries(channels).map(([name, each]): [string, ChannelWiring] => [
    name,
    { descriptor: undefined, direction: 'both', ...each },
  ]);
  const around = wired.some(([, { descriptor }]) => descriptor === undefined) ? { environment: NOTHING_AROUND } : {};
  return { options: [], probe: undefined, ...around, ...rest, channels: Object.fromEntries(wired) };
}

/** What is counted where nobody has frozen a set: all of it. */
const ALL = 'all';

/** Throws an Error that says what is wrong with the definition. */
export function defineSuite(definition: SuiteDefinition): Suite {
  const { requirements, roles, cases, ...rest } = definition;
  const bad = (why: string): never => {
    throw new Error(`suite ${definition.name}: ${why}`);
  };
  const ids = [...requirements.map(each => each.id), ...cases.map(each => each.id)];
  for (const [index, id] of ids.entries()) {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(id)) bad(`the id '${id}' is not made of small letters, digits, dots and hyphens`);
    if (ids.indexOf(id) !== index) bad(`two things have the id ${id}`);
  }
  for (const { id, role } of requirements) if (!Object.hasOwn(roles, role)) bad(`requirement ${id} is of role ${role}, which there is not`);
  const made = cases.map(({ shows, role, rev = 1, deadline = seconds(30), steps, ...testCase }): Case => {
    const shown = typeof shows === 'string' ? [shows] : shows;
    const found = requirements.find(each => each.id === shown[0]);
    const missing = shown.find(id => !requirements.some(each => each.id === id));
    if (found === undefined || missing !== undefined)
      return bad(`case ${testCase.id} shows ${missing ?? 'nothing'}, which is no requirement`);
    for (const step of steps)
      if ('channel' in step && !Object.hasOwn(roles[role ?? found.role]?.channels ?? {}, step.channel))
        bad(`case ${testCase.id}: its role has no channel ${step.channel}`);
    for (const step of steps) {
      const wiring = step.verb === 'disturb' ? roles[role ?? found.role]?.channels[step.channel] : undefined;
      if (wiring !== undefined && (wiring.direction === 'in' || wiring.datagrams !== undefined))
        bad(`case ${testCase.id}: disturb is of a stream that the tester writes to`);
    }
    return { ...testCase, steps: steps.map(stepOf), rev, deadline: durationOf(deadline), requirements: shown, role: role ?? found.role };
  });
  for (const { id, twin } of made)
    if (twin !== undefined && !made.some(each => each.id === twin)) bad(`case ${id}: there is no twin ${twin}`);
  return {
    realTime: 'seconds',
    claims: {},
    own: {},
    mutants: [],
    sets: { [ALL]: requirements.map(each => each.id) },
    facts: () => ({}),
    ...rest,
    requirements,
    roles: Object.fromEntries(Object.entries(roles).map(([role, each]) => [role, wiringOf(each)])),
    cases: made,
  };
}

function stepOf(step: StepDefinition): Step {
  const spans = Object.entries(step).flatMap(([name, value]) => (SPANS.has(name) ? [[name, durationOf(value)]] : []));
  // The same fields; those that are lengths of time are Durations now.
  return { ...step, ...Object.fromEntries(spans) } as Step;
}

/** Fields of steps that are lengths of time. */
const SPANS: ReadonlySet<string> = new Set(['within', 'lasting']);
