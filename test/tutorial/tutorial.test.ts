/** docs/tutorial.md is made of what its reader can do, its edits fit the template, and what it says comes of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command, ROOT } from '../support/slipway.ts';
import { missingIn, stepsOf } from './steps.ts';

describe('the tutorial', () => {
  const steps = stepsOf(readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8'));
  const template = (file: string): string => readFileSync(join(ROOT, 'template', file), 'utf8').replaceAll('my-protocol', 'tally');

  test('shows and edits what the template has', () => {
    const files = new Map<string, string>();
    for (const step of steps) {
      if (step.do === 'write') files.set(step.file, step.text);
      if (step.do === 'find') expect(template(step.file)).toContain(step.text);
      if (step.do !== 'edit') continue;
      const parts = (files.get(step.file) ?? template(step.file)).split(step.from);
      expect(parts, step.from).toHaveLength(2);
      files.set(step.file, parts.join(step.to));
    }
    // What was broken is repaired in the end.
    expect(files.get('src/server.ts')).toBe(template('src/server.ts'));
  });

  test('is what comes of it', async () => {
    const ended = await command(process.execPath, ['--import', 'tsx', 'test/tutorial/tutorial.ts']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('has the commands of a newcomer', () => {
    const verbs = steps.flatMap(step => (step.do === 'type' ? [step.line.split(' ').slice(0, 3).join(' ')] : []));
    for (const verb of [
      'npm init -y',
      'npm install slipway',
      'npx vitest run',
      ...['new', 'run', 'shrink', 'show', 'replay', 'conform'].map(each => `npx slipway ${each}`),
    ])
      expect(verbs).toContain(verb);
  });
});

test('blocks are steps', () => {
  expect(
    stepsOf(
      '```sh\na # exits 3\nb # why\n```\n\n```text\nx …\n```\n```diff f\n a\n-b\n+c\n```\n```python g.py\np\n```\n```ts in h.ts\nq\n```\n',
    ),
  ).toEqual([
    { do: 'type', line: 'a', exits: 3 },
    { do: 'type', line: 'b', exits: 0 },
    { do: 'see', lines: ['x …'] },
    { do: 'edit', file: 'f', from: 'a\nb\n', to: 'a\nc\n' },
    { do: 'write', file: 'g.py', text: 'p\n' },
    { do: 'find', file: 'h.ts', text: 'q\n' },
  ]);
  expect(() => stepsOf('```ts\nx\n```\n')).toThrow("a block of the kind 'ts'");
  expect(() => stepsOf('```diff f\nx\n```\n')).toThrow('without a mark: x');
});

test('lines are looked for in their order', () => {
  const output = 'one (1)\n  two: 22 s\nthree\n';
  expect(missingIn(output, ['one (1)', 'two: … s', 'three'])).toBeUndefined();
  expect(missingIn(output, ['three', 'one (1)'])).toBe('one (1)');
  expect(missingIn(output, ['two … three'])).toBe('two … three');
});
