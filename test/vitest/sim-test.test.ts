/** `slipway/vitest` as its users have it: what a sweep says when it fails, where it writes, and what it tries first the next time. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { planArbitrary, runPlan, SimulationFailure, simTest, simulate } from '../../api/vitest.ts';
import { SEED_LIMIT } from '../../src/check/run.ts';
import { readTrace } from '../../src/trace/read.ts';
import { command, ROOT } from '../support/slipway.ts';
import { greeting } from './shouter/slipway.config.ts';

const [good, bad] = [greeting(true), greeting(false)];
const root = mkdtempSync(join(tmpdir(), 'slipway-vitest-'));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

async function messageOf(work: Promise<unknown>): Promise<string> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Error)) throw new Error('nothing was thrown');
  return thrown.message;
}

simTest('a scenario that holds is a test that passes', good, { folder: join(root, 'passes') });

describe('a sweep that fails', () => {
  const folder = newFolder();
  const regressions = join(folder, 'shouter/greeting.json');
  const config = `${ROOT}test/vitest/shouter/slipway.config.ts`;
  let first = '';

  test('says what was broken, how, and where it is kept', async () => {
    const failure = simulate(bad, { folder, config });
    await expect(failure).rejects.toBeInstanceOf(SimulationFailure);
    first = await messageOf(failure);
    expect(first).toMatch(
      /^shouter\/greeting fails with seed \d+; made smaller \d+ times in \d+ runs:\n {2}is-greeted: Whoever comes is greeted\.\n/,
    );
    expect(first).toContain('with mood "loud"');
    expect(first).toMatch(/fault reset at 0\.\d{6} s: program "shouter"/);
    expect(first).toMatch(/shouter-client\.\d+$/m);
    expect(first).toMatch(/── reset ──$/m);
    expect(first).toContain('loses the connection: ECONNRESET');
    const [, file = ''] = /^trace: (.*)$/m.exec(first) ?? [];
    expect(readTrace([readFileSync(file)])).toMatchObject({
      state: 'complete',
      footer: { check: 'is-greeted' },
      header: { kind: 'shrunk' },
    });
    expect(first).toContain(`tried first from now on: [0] of ${regressions}`);
  });

  test('shows one line that runs it again', async () => {
    const [, line = ''] = /^again: npx (slipway replay .*)$/m.exec(first) ?? [];
    const { code, stdout } = await command('sh', ['-c', `"$0" ./${line}`, process.execPath]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('reproduced: is-greeted fails again') });
  });

  test('is tried before any seed the next time, and stays tried once it is fixed', async () => {
    const kept = readFileSync(regressions, 'utf8');
    expect(await messageOf(simulate(bad, { folder, config, seeds: 1 }))).toMatch(
      new RegExp(`^shouter/greeting fails again as it did once: \\[0\\] of ${regressions}\\n {2}is-greeted`),
    );
    expect(await simulate(good, { folder })).toMatchObject({ verdict: 'holds', counts: { runs: 100 } });
    expect(readFileSync(regressions, 'utf8')).toBe(kept);
  });

  test('without a module that brings the scenario, the line runs the test', async () => {
    expect(await messageOf(simulate(bad, { folder: newFolder(), shrinkRuns: 1 }))).toMatch(
      /^again: npx vitest run test\/vitest\/sim-test\.test\.ts -t 'without a module that brings the scenario, the line runs the test'$/m,
    );
  });

  test('a second plan is kept beside the first', async () => {
    vi.stubEnv('SLIPWAY_SEED', /seed (\d+)/.exec(first)?.[1]);
    const other = greeting(false, '!');
    writeFileSync(regressions, readFileSync(regressions, 'utf8').replace('"seed":', '"seed":1'));
    expect(await messageOf(simulate(other, { folder, config }))).toContain(`[1] of ${regressions}`);
    expect(await messageOf(simulate(other, { folder, config }))).not.toContain('tried first');
    expect(JSON.parse(readFileSync(regressions, 'utf8'))).toHaveLength(2);
  });

  test('is told where nothing can be written', async () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    const message = await messageOf(simulate(bad, { folder: file, shrinkRuns: 1 }));
    expect(message).toContain('is-greeted: Whoever comes is greeted.');
    expect(message.match(/: cannot be written: ENOTDIR$/gm)).toHaveLength(2);
  });
});

test('what a peer sent is escaped', async () => {
  const never = greeting(false);
  const unhappy = { ...never, properties: never.properties.map(each => (each.expectation === 'eventually' ? deaf(each) : each)) };
  const message = await messageOf(simulate(unhappy, { folder: newFolder(), seeds: 1 }));
  expect(message).toContain('"\\u001b[2J::error::\\u{202e}\\n"');
  expect(message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);

  function deaf<T>(property: T): T & { readonly monitor: () => { see: () => boolean } } {
    return { ...property, monitor: () => ({ see: () => false }) };
  }
});

test('a daemon that throws is shown with its stack', async () => {
  const thrower = { ...bad, programs: () => ({ shouter: () => explode(), 'shouter-client': () => {} }) };
  const message = await messageOf(simulate(thrower, { folder: newFolder(), seeds: 1 }));
  expect(message).toContain('no-bug: No daemon throws.');
  expect(message).toMatch(/Error: it blew up\\u\{1b\}\n {4}at explode .*sim-test\.test\.ts/);

  function explode(): void {
    throw new Error('it blew up\u001b');
  }
});

describe('what a sweep did not try', () => {
  // No connection breaks, so that `breaks` is never met.
  const calm = { ...good, plans: () => planArbitrary(good).filter(plan => plan.faults.length === 0) };

  test('is a failure after a hundred runs', async () => {
    const message = await messageOf(simulate(calm, { folder: newFolder() }));
    expect(message).toContain('breaks was not met in 100 runs: The connection breaks.');
    expect(message).toMatch(/^see it: npx vitest run .*'is a failure after a hundred runs'$/m);
  });

  test('is a warning after few', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await simulate(calm, { folder: newFolder(), seeds: 3 })).toMatchObject({ verdict: 'holds' });
    expect(warned.mock.calls).toEqual([['shouter/greeting: breaks was not met in 3 runs: The connection breaks. (it may take 100)']]);
    warned.mockRestore();
  });
});

describe('SLIPWAY_SEED', () => {
  test('runs that seed alone, and no plan that failed once', async () => {
    const folder = newFolder();
    const failing = Number(/seed (\d+)/.exec(await messageOf(simulate(bad, { folder, shrinkRuns: 1 })))?.[1]);
    vi.stubEnv('SLIPWAY_SEED', String(failing));
    expect(await messageOf(simulate(bad, { folder, shrinkRuns: 1 }))).toContain(`fails with seed ${failing};`);
    vi.stubEnv('SLIPWAY_SEED', '0');
    expect(await simulate(good, { folder })).toMatchObject({ counts: { runs: 1 } });
  });

  test.each(['x', '-1', '1.5', '', String(SEED_LIMIT + 1), '7\u001b'])('%j is told', async value => {
    vi.stubEnv('SLIPWAY_SEED', value);
    const message = await messageOf(simulate(good, { folder: newFolder() }));
    expect(message).toMatch(/^SLIPWAY_SEED must be an integer from 0 to 4294967295, not '.*'; unset it to run all seeds$/);
    expect(message).not.toContain('\u001b');
  });
});

describe('a file of plans that failed', () => {
  const plan = { seed: 1, property: 'is-greeted', plan: {} };
  const valid = (field: object) => [{ ...plan, plan: { ...fc.sample(planArbitrary(good), 1)[0], ...field } }];
  test.each([
    ['no JSON', '[', /: no list of plans that failed: .*\. Repair it, or remove the file$/],
    ['another value', '{}', /: must be a list, is an object\. Repair/],
    ['an entry of another form', '[{"seed":1}]', /: no list of plans that failed: \[0\]\.property: is missing/],
    ['a seed that is none', '[{"seed":-1,"property":"","plan":{}}]', /\[0\]\.seed: must be an integer from 0/],
    [
      'a plan that does not fit any more',
      JSON.stringify([...valid({}), ...valid({ mood: 'quiet' })]),
      /: \[1\] is no plan of shouter\/greeting any more: mood: must be one of "loud", "louder", is "quiet"\. Write it as plans are now, or take that line out$/,
    ],
    [
      'a plan beyond the budget',
      JSON.stringify(valid({ faults: [{ kind: 'kill', at: 0, program: 'shouter' }] })),
      /\[0\] is no plan .*: faults\[0\]\.kind/,
    ],
    ['hostile text', '[{"seed":1,"property":"","plan":{"\\u001b":1}}]', /\\u\{1b\}: no such field/],
  ])('%s is told with the file and what to do', async (_, text, told) => {
    const folder = newFolder();
    await messageOf(simulate(bad, { folder, shrinkRuns: 1 }));
    const file = join(folder, 'shouter/greeting.json');
    writeFileSync(file, text);
    const message = await messageOf(simulate(good, { folder }));
    expect(message.startsWith(`${file}: `)).toBe(true);
    expect(message).toMatch(told);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

test('options that make no sense are told', async () => {
  expect(await messageOf(simulate(good, { seeds: 0 }))).toBe('seeds: must be an integer from 1, is 0');
  expect(await messageOf(simulate(good, { seeds: 0.5 }))).toContain('is 0.5');
  expect(await messageOf(simulate(good, { from: -1, folder: newFolder() }))).toContain('a seed is an integer from 0');
});

test('who is told to stop stops between two runs', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort(new Error('enough')));
  expect(await messageOf(simulate(good, { folder: newFolder(), seeds: 1_000_000 }, stop.signal))).toBe('enough');
});

test('plans are arbitraries of fast-check', () => {
  const property = fc.property(planArbitrary(good), plan => runPlan(good, plan, 0).outcome === 'pass');
  fc.assert(property, { numRuns: 5 });
  const failing = fc.check(
    fc.property(planArbitrary(bad), plan => {
      expect(runPlan(bad, plan, 0)).toHold();
    }),
    { numRuns: 100, seed: 1 },
  );
  expect(String(failing.errorInstance)).toMatch(/expected to hold: everything\n {2}is-greeted\n/);
  expect(failing.counterexample?.[0].faults).toHaveLength(1);
  expect(existsSync('slipway-failures')).toBe(false);
});
