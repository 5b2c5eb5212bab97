/**
 * `slipway explain ID`: all that is known of a scenario, property, requirement, clause, case, mutant, quirk, fault or exit code.
 */

import { citedIn, clauseCalled } from '../../conformance/clauses.ts';
import { typed } from '../../conformance/report/commands.ts';
import type { Suite } from '../../conformance/suite.ts';
import { killsOf } from '../../conformance/suite.ts';
import type { Catalogue } from '../../protocols/catalogue.ts';
import { type Profile, profilesOf, propertiesOf, type Scenario } from '../../src/check/scenario.ts';
import { printable } from '../../src/host/bytes.ts';
import { formatTime } from '../../src/host/time.ts';
import { FAULT_KINDS } from '../../src/sim/fault.ts';
import type { Context } from '../context.ts';
import { EXIT, EXIT_CODES, type ExitCode, usage } from '../exit.ts';
import { COMMAND } from '../name.ts';
import { nearest } from '../names.ts';
import { LISTS } from './list.ts';

/** A heading and its lines; the JSON form is the same. */
interface Explanation {
  readonly kind: string;
  readonly id: string;
  readonly text: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

type Finder = (id: string, catalogue: Catalogue) => readonly Explanation[];

const FINDERS: readonly Finder[] = [scenarioOf, propertyOf, requirementOf, clauseOf, caseOf, mutantOf, quirkOf, faultOf, exitOf];

export function explain(id: string, { screen, catalogue }: Context): ExitCode {
  const found = FINDERS.flatMap(find => find(id, catalogue));
  if (found.length === 0) throw unheardOf(id, catalogue);
  for (const { kind, text, facts } of found) {
    screen.line(`${screen.style('bold', id)}  (${kind})`);
    screen.line(`  ${text}`);
    for (const [name, value] of facts) screen.line(`  ${screen.style('dim', name.padEnd(14))} ${value}`);
  }
  screen.value(found);
  return EXIT.ok;
}

/** With what may have been meant, as the command to type; else with how to see what there is. */
function unheardOf(id: string, catalogue: Catalogue): ReturnType<typeof usage> {
  const lists = Object.keys(LISTS);
  // A property is listed with its scenario, and explained without.
  const names = lists.flatMap(kind => LISTS[kind]?.(catalogue).map(each => each.id.split(':').at(-1) ?? '') ?? []);
  const [first, ...more] = nearest(id, names).filter(name => FINDERS.some(find => find(name, catalogue).length > 0));
  const hint =
    first === undefined
      ? `'${COMMAND} list KIND' shows what there is; KIND is one of ${lists.join(', ')}`
      : `did you mean ${[first, ...more].join(' or ')}? '${COMMAND} explain ${typed(first)}'`;
  return usage(`nothing is called '${printable(id)}'; ${hint}`);
}

/** `fails stops-on-eof (DC-04)`, and what a variant of a user's has broken. */
function outcomeOf(profile: Profile, { expected }: Scenario): string {
  const outcome = expected[profile] ?? 'holds';
  if (outcome === 'holds') return outcome;
  const named = outcome.quirk === undefined || outcome.quirk === profile ? '' : ` (${outcome.quirk})`;
  return `fails ${outcome.fails.join(', ')}${named}${outcome.text === undefined ? '' : `: ${outcome.text}`}`;
}

function scenarioOf(id: string, { scenarios, recordings }: Catalogue): readonly Explanation[] {
  return scenarios
    .filter(each => each.name === id)
    .map(each => {
      return {
        kind: 'scenario',
        id,
        text: each.title,
        facts: [
          [
            'properties',
            propertiesOf(each)
              .map(property => property.name)
              .join(', '),
          ],
          ...profilesOf(each).map((profile): readonly [string, string] => [profile, outcomeOf(profile, each)]),
          ...Object.entries(each.exempt ?? {}).map(([name, why]): readonly [string, string] => ['exempt', `${name}: ${why}`]),
          ['phases', `${formatTime(each.chaos)} with faults, then ${formatTime(each.liveness)} to recover`],
          ['recorded as', recordings.flatMap(({ scenario, slug }) => (scenario === id ? slug : [])).join(', ') || 'nothing'],
          ['run it', `${COMMAND} run ${id}`],
        ],
      };
    });
}

function propertyOf(id: string, { scenarios }: Catalogue): readonly Explanation[] {
  const holders = scenarios.filter(scenario => propertiesOf(scenario).some(each => each.name === id));
  const property = holders.flatMap(scenario => propertiesOf(scenario)).find(each => each.name === id);
  if (property === undefined) return [];
  const facts: [string, string][] = [
    ['expectation', property.expectation],
    ['scenarios', holders.map(each => each.name).join(', ')],
  ];
  return [{ kind: 'property', id, text: property.text, facts }];
}

function requirementOf(id: string, { suites }: Catalogue): readonly Explanation[] {
  return suites.flatMap(suite =>
    suite.requirements
      .filter(each => named(each, id))
      .map(each => ({
        kind: `requirement of ${suite.name}`,
        id,
        text: each.text,
        facts: [
          ['level', each.level],
          ['clause', each.clause],
          ['role', each.role],
          ...(each.quote === undefined ? [] : [['quote', each.quote] as const]),
          ...(each.rationale === undefined ? [] : [['why', each.rationale] as const]),
          [
            'tested by',
            each.untestable ??
              (suite.cases
                .filter(testCase => testCase.requirements.includes(each.id))
                .map(testCase => testCase.id)
                .join(', ') ||
                '-'),
          ],
          ['catches', catchesOf(suite, each.id).join(', ') || '-'],
          [
            'counts since',
            Object.keys(suite.sets)
              .sort()
              .find(set => suite.sets[set]?.includes(each.id)) ?? 'not yet',
          ],
        ] as const,
      })),
  );
}

/** What a requirement cites; a trap explains itself. */
function clauseOf(id: string, { suites, traps }: Catalogue): readonly Explanation[] {
  return suites.flatMap(suite => {
    const own = (suite.clauses ?? []).filter(each => each.id === id && !traps.some(trap => trap.id === id));
    const citing = suite.requirements.filter(each => citedIn(each.clause).some(cited => clauseCalled(own, cited) !== undefined));
    return own.map(({ title, text, source }) => ({
      kind: `clause of ${suite.name}`,
      id,
      text: `${title}. ${text}`,
      facts: [
        ['source', source],
        ['required by', citing.map(each => each.id).join(', ') || '-'],
      ] as const,
    }));
  });
}

/** By its id, or by one it had before. */
const named = (each: { readonly id: string; readonly was?: readonly string[] }, id: string): boolean =>
  each.id === id || each.was?.includes(id) === true;

/** Mutants that some case of the requirement catches. */
function catchesOf(suite: Suite, id: string): readonly string[] {
  const kills = killsOf(suite);
  const cases = suite.cases.filter(each => each.requirements.includes(id));
  return [...new Set(cases.flatMap(each => kills.get(each.id) ?? []))];
}

function caseOf(id: string, { suites }: Catalogue): readonly Explanation[] {
  return suites.flatMap(suite =>
    suite.cases
      .filter(each => named(each, id))
      .map(each => ({
        kind: `case of ${suite.name}, rev ${each.rev}`,
        id,
        text: each.title,
        facts: [
          ['role', each.role],
          ['requirements', each.requirements.join(', ')],
          ['kills', killsOf(suite).get(each.id)?.join(', ') ?? ''],
          ...(each.twin === undefined ? [] : [['twin', `${each.twin}, with one deviation: ${each.deviation ?? ''}`] as const]),
          ['steps', each.steps.map(step => step.verb).join(' → ')],
          ['run it', `${COMMAND} conform ${suite.name} --role ${each.role} --case ${id}`],
        ] as const,
      })),
  );
}

function mutantOf(id: string, { suites }: Catalogue): readonly Explanation[] {
  return suites.flatMap(suite =>
    suite.mutants
      .filter(each => each.name === id)
      .map(each => ({
        kind: `mutant of ${suite.name}`,
        id,
        text: each.text,
        facts: [
          ['role', each.role],
          ['fails', each.fails.join(', ')],
        ] as const,
      })),
  );
}

function quirkOf(id: string, { scenarios, traps }: Catalogue): readonly Explanation[] {
  return traps
    .filter(each => each.id === id || each.quirk === id)
    .map(each => ({
      kind: 'quirk of the published source',
      id,
      text: each.text,
      facts: [
        ['id', each.id],
        [
          'as-written',
          each.quirk === undefined
            ? each.side === 'none'
              ? 'not a behaviour'
              : `of the ${each.side}, always`
            : `--quirk=${each.quirk} (${each.side})`,
        ],
        ['corrected', each.instead],
        [
          'seen in',
          scenarios
            .filter(scenario => shows(scenario.expected['as-written'], each.id, each.quirk))
            .map(scenario => scenario.name)
            .join(', ') || '-',
        ],
      ] as const,
    }));
}

function shows(expected: unknown, id: string, quirk: string | undefined): boolean {
  if (typeof expected !== 'object' || expected === null || !('quirk' in expected)) return false;
  return expected.quirk === id || expected.quirk === quirk;
}

function faultOf(id: string): readonly Explanation[] {
  return Object.entries(FAULT_KINDS)
    .filter(([kind]) => kind === id)
    .map(([, text]) => ({ kind: 'fault', id, text, facts: [] }));
}

function exitOf(id: string): readonly Explanation[] {
  return EXIT_CODES.filter(({ code }) => String(code) === id).map(({ meaning }) => ({ kind: 'exit code', id, text: meaning, facts: [] }));
}
