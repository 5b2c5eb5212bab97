/** `slipway shrink`, `cause`, and the story of a failure, as a user meets them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, slipway } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-shrink-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const failing = inFolder('failing.jsonl');
const shrink = (...words: readonly string[]) => slipway(['shrink', failing, ...words]);

beforeAll(async () => {
  const words = ['run', 'lifetime/chaos', '--profile', 'as-written', '--seed', '1', '--trace', failing];
  expect(await slipway(words)).toMatchObject({ code: 1 });
});

describe('slipway shrink', () => {
  test('writes the same trace with one thread as with three, and tells the same', async () => {
    const [one, three] = [inFolder('one.jsonl'), inFolder('three.jsonl.gz')];
    const [left, right] = [await shrink('--out', one, '--jobs', '1', '--json'), await shrink('--out', three, '--jobs', '3', '--json')];
    expect(left.code).toBe(0);
    expect({ ...JSON.parse(right.stdout), trace: one }).toEqual(JSON.parse(left.stdout));
    expect(gunzipSync(readFileSync(three)).equals(readFileSync(one))).toBe(true);
    expect(JSON.parse(left.stdout)).toMatchObject({ finished: true, interrupted: false });
  });

  test('stops when its time is over, with a whole trace', async () => {
    const out = inFolder('quick.jsonl');
    const { code, stdout } = await shrink('--out', out, '--seconds', '0.000001', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: 1, finished: false, interrupted: false });
    expect(await slipway(['replay', out])).toMatchObject({ code: 0 });
  });

  test.each([
    [['--seconds', '0'], '--seconds must be a number above 0'],
    [['--minutes', '9e9'], '--minutes must be a number above 0, at most 30000'],
    [['--minutes', '1', '--seconds', '1'], '--seconds and --minutes exclude each other'],
    [['--jobs', '0'], '--jobs is a whole number from 1 to 64'],
  ])('%j is told', async (words, said) => {
    expect(await shrink(...words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });
});

describe('the story', () => {
  test('has words, what went wrong, a sequence, and the violation last', async () => {
    const { stdout } = await shrink('--out', inFolder('told.jsonl'));
    const lines = stdout.split('\n');
    const { story } = JSON.parse((await shrink('--out', inFolder('told.jsonl'), '--json')).stdout);
    expect(stdout.replace(/\s+/g, ' ')).toContain(story.told.join(' '));
    expect(lines.some(line => line.includes('──▶') || line.includes('◀──'))).toBe(true);
    const broken = lines.findIndex(line => line.endsWith(`✗ ${story.property}`));
    expect(lines[broken + 1]).toMatch(/^ {2}plan \{/);
    expect(Math.max(...lines.filter(line => !/plan \{|^trace:|\.jsonl/.test(line)).map(line => [...line].length))).toBeLessThanOrEqual(100);
  });

  test('is what show ends with, unless single events were asked for', async () => {
    const out = inFolder('shown.jsonl');
    await shrink('--out', out);
    const shown = await slipway(['show', out]);
    const property = JSON.parse((await slipway(['show', out, '--json'])).stdout).story.property;
    expect(shown.stdout.trimEnd().endsWith(`✗ ${property}`)).toBe(true);
    expect((await slipway(['show', out, '--count', '3'])).stdout).not.toContain('✗');
    expect((await slipway(['show', `${ROOT}traces/lifetime/healthy@17.jsonl`])).stdout).not.toContain('✗');
  });
});

describe('slipway cause', () => {
  const cause = (...words: readonly string[]) => slipway(['cause', failing, ...words]);

  test('names an event with its numbers, the same for each number of threads', async () => {
    const [one, three] = [await cause('--jobs', '1', '--json', '--seed', '3'), await cause('--jobs', '3', '--json', '--seed', '3')];
    expect(one.code).toBe(0);
    expect(three.stdout).toBe(one.stdout);
    const { verdict, event, ends, what } = JSON.parse(one.stdout);
    expect({ verdict, index: what.index }).toEqual({ verdict: 'event', index: event });
    const of = (after: number) => ends.find((each: { after: number }) => each.after === after);
    expect(of(event)).toMatchObject({ runs: 60, failed: 60 });
    expect(of(event - 1).failed).toBeLessThan(of(event - 1).runs);
    const { stdout } = await cause('--seed', '3');
    expect(stdout).toContain(
      `After event ${event} the failure could not be avoided: 60 of 60 runs fail; before it: ${of(event - 1).failed} of`,
    );
    expect(stdout).toContain(`again: ./slipway cause ${failing} --runs 20 --seed 3`);
  });

  test('says so when its time is over before it was found', async () => {
    const { code, stdout } = await cause('--seconds', '0.000001');
    expect({ code, said: stdout.includes('the time was over before it was found') }).toEqual({ code: 3, said: true });
  });

  test('a file without a failure has none', async () => {
    expect(await slipway(['cause', `${ROOT}traces/lifetime/healthy@17.jsonl`])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing failed in this trace'),
    });
    const strange = inFolder('strange.jsonl');
    writeFileSync(strange, readFileSync(failing, 'utf8').replace('"seed":"1"', '"seed":"1e1"'));
    expect(await slipway(['cause', strange])).toMatchObject({ code: 13, stdout: '' });
  });
});
