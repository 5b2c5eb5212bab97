/** Every suite is complete and consistent: what a person reviewing it would check by hand. */

import { describe, expect, test } from 'vitest';
import type { Case, Step } from '../../conformance/case.ts';
import { LEVELS } from '../../conformance/case.ts';
import { citedIn, clauseCalled } from '../../conformance/clauses.ts';
import { killsOf } from '../../conformance/suite.ts';
import { programs, suites } from '../support/protocols.ts';

const SLUG = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
const duplicates = (names: readonly string[]): readonly string[] => names.filter((name, index) => names.indexOf(name) !== index);
const SOCKET_VERBS: readonly Step['verb'][] = ['expect-open', 'dial', 'half-close', 'reset'];
const WRITING_VERBS: readonly Step['verb'][] = ['send', 'say', 'disturb'];
const citesOf = (step: Step): readonly string[] => (step.cites === undefined ? [] : [step.cites]);

describe.each(suites.map(suite => [suite.name, suite] as const))('%s', (name, suite) => {
  const requirements = new Map(suite.requirements.map(each => [each.id, each]));
  const cases = new Map(suite.cases.map(each => [each.id, each]));

  test('ids are slugs, unique, and say their suite and role', () => {
    const named = [...suite.requirements, ...suite.cases];
    expect(duplicates(suite.requirements.map(each => each.id))).toEqual([]);
    expect(duplicates(suite.cases.map(each => each.id))).toEqual([]);
    expect(duplicates(suite.mutants.map(each => each.name))).toEqual([]);
    expect(named.filter(({ id, role }) => !SLUG.test(id) || !id.startsWith(`${name}.${role}.`)).map(each => each.id)).toEqual([]);
    expect(named.filter(({ role }) => suite.roles[role] === undefined).map(each => each.id)).toEqual([]);
  });

  test('a requirement says its level in its own words, and no other', () => {
    const wrong = suite.requirements.filter(({ text, level }) =>
      LEVELS.some(each => new RegExp(`\\b${each}\\b`).test(text) !== (each === level)),
    );
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('a requirement says why it is one, in one sentence or two', () => {
    const wrong = suite.requirements.filter(({ rationale = '', text }) => rationale === text || !/^[A-Z].{15,250}[.]$/.test(rationale));
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('every requirement has a case, or a reason why it has none', () => {
    const cited = new Set(suite.cases.flatMap(each => each.requirements));
    const open = suite.requirements.filter(each => !cited.has(each.id) && each.untestable === undefined);
    const both = suite.requirements.filter(each => cited.has(each.id) && each.untestable !== undefined);
    expect(open.map(each => each.id)).toEqual([]);
    expect(both.map(each => each.id)).toEqual([]);
  });

  test('every case and every step cites requirements of its role that can be observed', () => {
    const wrong = suite.cases.filter(({ role, requirements: ids, steps }) => {
      const cited = [...ids, ...steps.flatMap(citesOf)].map(id => requirements.get(id));
      return ids.length === 0 || !cited.every(each => each?.role === role && each.untestable === undefined);
    });
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('a step that only prepares cites nothing, and some step of every case does not', () => {
    const wrong = suite.cases.filter(({ steps }) => {
      const prepares = steps.filter(step => step.setup !== undefined);
      return prepares.some(step => step.cites !== undefined) || prepares.length === steps.length;
    });
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('what a violation breaks is a requirement of the role', () => {
    const wrong = Object.entries(suite.roles).flatMap(([role, { channels }]) =>
      Object.values(channels)
        .flatMap(({ rules = {}, unfinished }) => [...Object.values(rules), ...(unfinished === undefined ? [] : [unfinished])])
        .filter(id => requirements.get(id)?.role !== role),
    );
    expect(wrong).toEqual([]);
  });

  test('a race says which two events it is between', () => {
    const wrong = suite.cases.filter(({ race }) => race !== undefined && !/^[a-z].{15,150}$/.test(race));
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('a negative case has a valid twin of its role and a named deviation', () => {
    const wrong = suite.cases.filter(({ twin, deviation, role }) => {
      if (twin === undefined) return deviation !== undefined;
      const found = cases.get(twin);
      return found === undefined || found.twin !== undefined || found.role !== role || deviation === undefined || found.needs !== undefined;
    });
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('every clause that is cited has its words, once', () => {
    const { clauses = [] } = suite;
    expect(new Set(clauses.map(each => each.id)).size).toBe(clauses.length);
    const cited = new Set(suite.requirements.flatMap(each => citedIn(each.clause)));
    expect([...cited].filter(name => clauseCalled(clauses, name) === undefined)).toEqual([]);
    expect(clauses.filter(({ title, text, source }) => [title, text, source].some(part => part.length < 4))).toEqual([]);
  });

  test('claims are declared, and each is needed', () => {
    const needed = new Set(suite.cases.flatMap(each => each.needs ?? []));
    expect([...needed].sort()).toEqual(Object.keys(suite.claims).sort());
    for (const { claims } of Object.values(suite.own)) expect(claims.filter(claim => suite.claims[claim] === undefined)).toEqual([]);
  });

  test('steps use the channels of their role in their direction', () => {
    const wrong = suite.cases.filter(each => each.steps.some(step => !stepFits(each, step)));
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  function stepFits({ role }: Case, step: Step): boolean {
    const channels = 'channels' in step ? step.channels : 'channel' in step ? [step.channel] : [];
    const directions = channels.map(channel => suite.roles[role]?.channels[channel]?.direction);
    if (step.verb === 'close') return directions.every(each => each !== undefined);
    if (SOCKET_VERBS.some(verb => verb === step.verb)) return directions.every(each => each === 'both');
    return directions.every(each => each === 'both' || each === (WRITING_VERBS.includes(step.verb) ? 'out' : 'in'));
  }

  test('a case waits for the end of what it has started, before it starts it again, and every step is shorter than the case', () => {
    const wrong = suite.cases.filter(({ steps, deadline }) => {
      const starts = steps.filter(step => step.verb === 'start').length;
      const ends = steps.some(step => step.verb === 'expect-exit');
      const again = steps.some(({ verb }, at) => verb === 'start' && at > 0 && starts > 1 && steps[at - 1]?.verb !== 'expect-exit');
      return starts === 0 || again || !ends || steps.some(step => 'within' in step && step.within >= deadline);
    });
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('a sequence does not end in something that may be left out, unless the channel ends', () => {
    const wrong = suite.cases.filter(({ steps }) =>
      steps.some(step => step.verb === 'expect-sequence' && step.thenEof !== true && step.items.at(-1)?.times !== 'one'),
    );
    expect(wrong.map(each => each.id)).toEqual([]);
  });

  test('every case is caught by a mutant, every mutant fails a case, and all are in the table of programs', () => {
    const unkilled = [...killsOf(suite)].filter(([, kills]) => kills.length === 0).map(([id]) => id);
    expect(unkilled).toEqual([]);
    expect(suite.mutants.filter(({ fails, depends }) => fails.length === 0 && depends === undefined).map(each => each.name)).toEqual([]);
    expect(suite.mutants.flatMap(each => each.fails).filter(id => !cases.has(id))).toEqual([]);
    const used = [...suite.mutants, ...Object.values(suite.own)].map(each => each.program);
    expect(used.filter(program => programs[program] === undefined)).toEqual([]);
  });
});
