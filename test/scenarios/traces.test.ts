/** Every file in traces/ can be run again, and gives the same bytes. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replay } from '../../src/check/replay.ts';
import { readTrace } from '../../src/trace/read.ts';
import { catalogue, scenarioNamed } from '../support/protocols.ts';
import { textOf } from './recordings.ts';

const { recordings } = catalogue;
const root = new URL('../../traces/', import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.jsonl'))
  .toSorted();
/** A pipe is full with 35 kB at the least, and a trace has two digits for each byte. */
const SIZE_LIMIT = 80_000;
const HOW = 'record again with: node --import tsx test/scenarios/record-traces.ts';

test('every recording has its file', () => {
  const slugs = files.map(name => name.replace(/@[0-9]+\.jsonl$/, ''));
  expect(slugs.toSorted()).toEqual(recordings.map(({ slug, scenario }) => `${scenario.split('/')[0]}/${slug}`).toSorted());
});

test('the examples of the page on the format have the keys of real lines, in their order', () => {
  const page = readFileSync(new URL('../docs/trace-format.md', root), 'utf8');
  const keysOf = (line: string): string => Object.keys(JSON.parse(line)).join(' ');
  const recorded = files.flatMap(name => readFileSync(new URL(name, root), 'utf8').trimEnd().split('\n'));
  // No recording here is long enough for a checkpoint.
  const known = new Set([...recorded.map(keysOf), 'k i h s']);
  const examples = page.split('\n').filter(line => line.startsWith('    {'));
  expect(examples.length).toBeGreaterThan(6);
  expect(examples.filter(line => !known.has(keysOf(line)))).toEqual([]);
});

describe.each(files)('%s', file => {
  const bytes = readFileSync(new URL(file, root));
  const trace = readTrace([bytes]);
  const scenario = scenarioNamed(trace.header?.name ?? '');
  const recording = recordings.find(({ slug }) => file.includes(`/${slug}@`));

  test('is what its recorder wrote', () => {
    expect(trace.state).toBe('complete');
    expect(trace.problems).toEqual([]);
    expect(bytes.length).toBeLessThan(SIZE_LIMIT);
    expect(file).toContain(`@${trace.header?.seed}.jsonl`);
    expect(trace.header?.name).toBe(recording?.scenario);
    expect(trace.footer?.outcome).toBe(recording?.violates === undefined ? 'pass' : 'fail');
    expect(trace.footer?.check).toBe(recording?.violates ?? '');
  });

  test('is reproduced, byte for byte', () => {
    const replayed = replay(scenarioNamed, trace);
    expect(`${replayed.verdict}: ${replayed.why}`, HOW).toMatch(/^reproduced: /);
    expect(replayed.notes).toEqual([]);
    const { result } = replayed;
    if (scenario === undefined || result === undefined || trace.header?.kind === undefined) throw new Error('nothing was run');
    const kind = trace.header.kind === 'shrunk' ? 'shrunk' : 'sim';
    expect(textOf(scenario, result, kind, trace.footer?.check ?? '') === bytes.toString('utf8'), HOW).toBe(true);
    for (const met of recording?.meets ?? []) expect(result.met).toContain(met);
  });
});
