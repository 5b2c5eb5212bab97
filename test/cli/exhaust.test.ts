/** `slipway exhaust`, as a user calls it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { slipway } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-exhaust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('tries every moment, whatever the number of threads, and counts them', async () => {
  const words = ['exhaust', 'lifetime/chaos', '--faults', 'kill,power-lost', '--pairs', '10', '--json'];
  const [one, two] = await Promise.all(['1', '2'].map(async jobs => JSON.parse((await slipway([...words, '--jobs', jobs])).stdout)));
  expect(one).toEqual(two);
  expect(one).toMatchObject({ format: 'slipway-exhaust', interrupted: false, failures: [], foreseen: 0 });
  const tried = Object.values<{ readonly tried: number }>(one.tried).reduce((sum, each) => sum + each.tried, 0);
  expect(tried).toBe(one.moments + one.pairs);
  expect(one.pairs).toBeGreaterThan(0);
});

test('says what a bug takes, with a line that shows it, and the run is replayed', async () => {
  const config = `${import.meta.dirname}/careless/slipway.config.ts`;
  const { code, stdout, stderr } = await slipway(['--config', config, 'exhaust', 'careless/counting']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(
    /never-back at \d+ moments?, first with power-lost after Host call \d+ of a\/counter: 1 was kept, and it begins with 0/,
  );
  const [, line = ''] = /slipway (?:--config \S+ )?(exhaust .*) --trace/.exec(stdout) ?? [];
  const trace = join(folder, 'failure.jsonl');
  const shown = await slipway(['--config', config, ...line.split(' '), '--trace', trace]);
  expect({ code: shown.code, stdout: shown.stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('fault power-cut') });
  expect(await slipway(['--config', config, 'replay', trace])).toMatchObject({ code: 0 });
});

// What one call meets is no fault that lasts: the models have to know of both.
test.each([
  'lonc/children --faults ENOSPC',
  'lonc/mesh --faults pause',
  'lifetime/chaos --faults pause',
  'rwho/domain --faults pause',
  'rover/forked --faults EIO',
])('accuses nobody who is right: %s', async line => {
  expect(await slipway(['exhaust', ...line.split(' ')])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/✓ holds at \d+ moments/),
  });
});

test('what it cannot do is said in a line', async () => {
  const said = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await slipway(['exhaust', ...words]);
    return `${code} ${stderr}${stdout.split('\n').at(-2) ?? ''}`.trim();
  };
  expect(await said('lifetime')).toMatch(/^2 slipway: exhaust takes one scenario/);
  expect(await said('lifetime/chaos', '--faults', 'flood')).toMatch(/^2 slipway: --faults: there is no 'flood'; there are kill, /);
  expect(await said('lifetime/chaos', '--at', '1:EMFILE')).toMatch(/^2 slipway: --at 1:EMFILE: that is no moment of this run/);
  expect(await said('lifetime/healthy')).toMatch(/^3 nothing was tried: the fault budget of lifetime\/healthy allows nothing/);
});
