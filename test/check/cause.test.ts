/** The event after which a failure could not be avoided, of daemons of which that is known. */
import { describe, expect, test } from 'vitest';
import { bisect, type Cause, type Ends, type EndsAsked, endsOf, type Failed } from '../../src/check/cause.ts';
import { scenario } from '../../src/check/define.ts';
import { always } from '../../src/check/property.ts';
import { planOf, runPlan } from '../../src/check/run.ts';
import type { Profile } from '../../src/check/scenario.ts';
import { signatureOf } from '../../src/check/signature.ts';
import type { Daemon, Host } from '../../src/host/host.ts';
import { millis } from '../../src/host/time.ts';

/** Works for a while, throws its coin in the midst of it, and says a while later what came of that. */
const gambler =
  (odds: number): Daemon =>
  host => {
    let lost = false;
    work(host, 30, count => {
      if (count === 15) lost = host.random.below(odds) === 0;
      if (count === 15) host.log('info', 'thrown');
      else if (count === 29 && lost) host.log('error', 'ruined');
      else host.log('info', 'works');
    });
  };

function work(host: Host, most: number, act: (count: number) => void, count = 0): void {
  if (count === most) return;
  host.clock.setTimer(millis(10), () => {
    act(count);
    work(host, most, act, count + 1);
  });
}

const casino = scenario({
  name: 'casino/night',
  title: 'Somebody may lose.',
  programs: { gambler: gambler(2) },
  build: world => world.machine('m').start('gambler'),
  properties: [
    always('never-ruined', 'Nobody is ruined.', () => ({ see: ({ data }) => (data?.['event'] === 'ruined' ? 'ruined' : undefined) }), [
      'log',
    ]),
  ],
  variants: { doomed: { text: 'It always loses.', programs: { gambler: gambler(1) }, breaks: ['never-ruined'] } },
  chaos: '1 s',
  liveness: '1 s',
});

function failed(profile: Profile): Failed & { readonly at: number } {
  for (let seed = 0; seed < 50; seed++) {
    const result = runPlan(casino, planOf(casino, seed, profile), seed, { keep: true });
    const [violation] = result.violations;
    if (violation !== undefined)
      return { scenario: casino, result, signature: signatureOf(casino, profile, violation, result.events ?? []), at: violation.at };
  }
  throw new Error('nobody was ruined');
}

/** `parts`: the runs of one question are made in so many, the last one first. */
function causeOf(look: ReturnType<typeof failed>, seed: number, parts = 1): Cause {
  const asking = bisect(look.at, 10);
  let step = asking.next();
  while (step.done !== true) step = asking.next(answer(look, step.value, seed, parts));
  return step.value;
}

function answer(look: Failed, { after, first, runs }: EndsAsked, seed: number, parts: number): Ends {
  const size = Math.ceil(runs / parts);
  const all = Array.from({ length: parts }, (_, part) => {
    const from = Math.min(first + part * size, first + runs);
    return endsOf(look, { after, first: from, runs: Math.min(size, first + runs - from) }, seed);
  }).toReversed();
  const sum = (key: 'runs' | 'failed' | 'otherwise') => all.reduce((total, each) => total + each[key], 0);
  return { after, runs: sum('runs'), failed: sum('failed'), otherwise: sum('otherwise') };
}

describe('the cause', () => {
  const look = failed('corrected');

  test('is the draw that decided, with honest numbers on both sides', () => {
    const { verdict, event, ends } = causeOf(look, 1);
    expect({ verdict, what: look.result.events?.[event]?.kind }).toEqual({ verdict: 'event', what: 'random' });
    const [before, behind] = [event - 1, event].map(after => ends.find(each => each.after === after));
    expect(behind).toMatchObject({ runs: 30, failed: 30 });
    expect(before?.failed).toBeLessThan(before?.runs ?? 0);
    expect(ends.map(({ after }) => after)).toEqual(ends.map(({ after }) => after).toSorted((one, other) => one - other));
  });

  test('is the same again, whoever makes which runs, and with other chance as well', () => {
    expect(causeOf(look, 1, 3)).toEqual(causeOf(look, 1));
    expect(causeOf(look, 2).event).toBe(causeOf(look, 1).event);
    expect(causeOf(look, 2).ends).not.toEqual(causeOf(look, 1).ends);
  });

  test('is the start where nothing helps', () => {
    expect(causeOf(failed('doomed'), 1)).toMatchObject({ verdict: 'start', event: -1, ends: [{ after: -1, runs: 30, failed: 30 }, {}] });
  });

  test('is not named where the last event still leaves a way out', () => {
    const asking = bisect(9, 10);
    expect(asking.next().value).toEqual({ after: 9, first: 0, runs: 10 });
    expect(asking.next({ after: 9, runs: 10, failed: 9, otherwise: 0 })).toMatchObject({
      done: true,
      value: { verdict: 'end', event: -1 },
    });
  });

  test('where few runs fail by luck, it is looked for behind them', () => {
    // Of runs after event 4 the eleventh gets away; after event 6 none does.
    const fails = (after: number, number: number): boolean => after >= 6 || (after >= 4 && number < 10);
    const asking = bisect(9, 10);
    let step = asking.next();
    while (step.done !== true) {
      const { after, first, runs } = step.value;
      const numbers = Array.from({ length: runs }, (_, index) => first + index);
      step = asking.next({ after, runs, failed: numbers.filter(each => fails(after, each)).length, otherwise: 0 });
    }
    expect(step.value).toMatchObject({ verdict: 'event', event: 6 });
    expect(step.value.ends.find(({ after }) => after === 4)).toEqual({ after: 4, runs: 30, failed: 10, otherwise: 0 });
  });
});
