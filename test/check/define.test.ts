/** Scenarios as users write them: lengths of time as text, variants by name, and what a sweep makes of both and of what is undecided. */
import { describe, expect, test } from 'vitest';
import { auditScenario } from '../../src/check/audit.ts';
import { type ScenarioDefinition, scenario } from '../../src/check/define.ts';
import { always, eventually } from '../../src/check/property.ts';
import { traceOf } from '../../src/check/record.ts';
import { replay } from '../../src/check/replay.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import { profilesOf } from '../../src/check/scenario.ts';
import { countRun, formatFinding, judgeSweep, noCounts, sweep } from '../../src/check/sweep.ts';
import { utf8 } from '../../src/host/bytes.ts';
import type { Daemon } from '../../src/host/host.ts';
import { seconds } from '../../src/host/time.ts';
import { readTrace } from '../../src/trace/read.ts';

const says =
  (event: string): Daemon =>
  host =>
    host.log('info', event);

const definition: ScenarioDefinition<Record<never, never>> = {
  name: 'talk/once',
  title: 'It says hello.',
  programs: { talker: says('hello'), other: says('other') },
  build: world => world.machine('m').start('talker'),
  properties: [
    eventually('says-hello', 'It says hello.', { within: '3 s' }, () => {
      let said = false;
      return {
        see: event => {
          said ||= event.data?.['event'] === 'hello';
          return said;
        },
      };
    }),
  ],
  variants: { mute: { text: 'it says something else', programs: { talker: says('aye') }, breaks: ['says-hello'] } },
  chaos: '1500 ms',
  liveness: '4 s',
};
const talk = scenario(definition);

const swept = (of: typeof talk, profile: string) => {
  let counts = noCounts(of, profile);
  for (const result of sweep(of, { from: 0, to: 4, profile })) counts = countRun(counts, result);
  return judgeSweep(of, counts);
};

describe('a scenario of a user', () => {
  test('has its lengths of time as Durations', () => {
    expect(talk).toMatchObject({ chaos: 1_500_000, liveness: seconds(4), properties: [{ within: seconds(3) }] });
  });

  test('has plans of each variant, which a file keeps', () => {
    expect(profilesOf(talk)).toEqual(['corrected', 'mute']);
    expect(auditScenario(talk, 5)).toEqual([]);
    expect(() => planOf(talk, 1, 'as-written')).toThrow('has no plans that are as-written');
    expect(() => planOf(talk, 1, 'toString')).toThrow('has no plans that are toString');
  });

  test('holds, and fails as each variant says', () => {
    expect(swept(talk, 'corrected')).toMatchObject({ verdict: 'holds', findings: [] });
    expect(swept(talk, 'mute')).toMatchObject({ verdict: 'holds', expected: { 'says-hello': { runs: 5 } } });
  });

  test('is found out where a variant breaks nothing', () => {
    const same = scenario({ ...definition, variants: { mute: { text: 'nothing', breaks: ['says-hello'] } } });
    const { counts } = swept(same, 'mute');
    expect(judgeSweep(same, counts, 5).findings.map(each => formatFinding(each, 5))).toEqual([
      'quirk mute was not seen to violate says-hello in 5 runs',
    ]);
  });

  test('a run of a variant is replayed', () => {
    const result = runPlan(talk, planOf(talk, 3, 'mute'), 3, { keep: true });
    const trace = readTrace([utf8([...traceOf(talk, result)].join(''))]);
    expect(replay(name => (name === talk.name ? talk : undefined), trace)).toMatchObject({ verdict: 'reproduced' });
    const { variants: _, ...without } = definition;
    const later = scenario(without);
    expect(replay(() => later, trace)).toMatchObject({ verdict: 'unreplayable', why: expect.stringContaining('profile: must be one of') });
  });

  test.each([
    ['a property that there is not', { mute: { text: 'x', breaks: ['says-aye'] } }, 'no property is named says-aye'],
    ['a name that is no slug', { 'Mute!': { text: 'x', breaks: [] } }, 'Mute! is no name for a variant'],
    ['the name that means all', { both: { text: 'x', breaks: [] } }, 'both is no name for a variant'],
    ['the name of what must hold', { corrected: { text: 'x', breaks: [] } }, 'corrected is no name for a variant'],
  ])('a variant with %s is refused', (_, variants, why) => {
    expect(() => scenario({ ...definition, variants })).toThrow(`scenario talk/once: ${why}`);
  });
});

test('what cannot be decided is told, and a sweep with it is not green', () => {
  const unsure = always('unsure', 'Nobody knows.', () => ({ see: () => undefined, undecided: () => 'it took too many steps' }));
  const vague = scenario({ ...definition, variants: {}, properties: [unsure] });
  expect(runPlan(vague, planOf(vague, 1, 'corrected'), 1)).toMatchObject({
    outcome: 'pass',
    undecided: [{ property: 'unsure', why: 'it took too many steps' }],
  });
  const report = swept(vague, 'corrected');
  expect(report.verdict).toBe('vacuous');
  expect(report.findings.map(each => formatFinding(each, 5))).toEqual(['unsure could not be decided in 5 of 5 runs']);
});
