/** Traces of every version that there was: each can still be read, and is written as today's. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { blockHash } from '../../src/trace/chain.ts';
import { encodeTrace } from '../../src/trace/encode.ts';
import { ENGINE_VERSION, TRACE_VERSION } from '../../src/trace/event.ts';
import type { JsonObject } from '../../src/trace/fields.ts';
import { readTrace } from '../../src/trace/read.ts';
import type { UpgradeStep } from '../../src/trace/upgrade.ts';
import { stepsFrom } from '../../src/trace/upgrade.ts';
import { bytesOf, linesOf, sequence } from './arbitrary.ts';

const folder = new URL('corpus/', import.meta.url);
const files = readdirSync(folder).toSorted();
/** The first engine of which a trace was kept. */
const FIRST_ENGINE = 2;

test('there is a trace of this version of the format, and of every engine', () => {
  const versions = files.map(name => /^format-([\d.]+)-engine-(\d+)\.jsonl$/.exec(name)?.slice(1) ?? []);
  expect(versions.map(([format]) => format)).toContain(TRACE_VERSION.join('.'));
  const engines = Array.from({ length: ENGINE_VERSION - FIRST_ENGINE + 1 }, (_, index) => String(FIRST_ENGINE + index));
  expect(versions.map(([, engine]) => engine).toSorted()).toEqual(engines);
});

test.each(files)('%s is complete, is what its name says, and is written as today', name => {
  const bytes = readFileSync(new URL(name, folder));
  const { header, version, events, footer, state, problems } = readTrace([bytes]);
  expect({ state, problems }).toEqual({ state: 'complete', problems: [] });
  expect(name).toBe(`format-${version?.join('.')}-engine-${header?.engine}.jsonl`);
  if (header === undefined) throw new Error('no header');
  const written = [...encodeTrace({ ...header, version: TRACE_VERSION }, events, footer)].join('');
  expect(readTrace([new TextEncoder().encode(written)])).toMatchObject({ state: 'complete', version: TRACE_VERSION, footer });
  if (version?.join('.') === TRACE_VERSION.join('.')) expect(written === bytes.toString('utf8')).toBe(true);
});

/** Version 0 as it could have been: stamps of milliseconds, and a seed that is a number. */
const ZERO: UpgradeStep = {
  from: 0,
  header: ({ seed, ...rest }) => ({ ...rest, unit: 'us', seed: String(seed) }),
  line: line => (line['ms'] === undefined ? line : renamed(line)),
};
const renamed = ({ ms, ...rest }: JsonObject): JsonObject => ({ ...rest, t: Number(ms) * 1000 });

/** A trace with the events of `sequence`, as version 0 would have written it. */
function versionZero(): string[] {
  const lines = linesOf(sequence(3)).map(line => JSON.parse(line));
  const old = lines.map(({ t, ...line }) => JSON.stringify(t === undefined ? line : { i: line.i, ms: t / 1000, ...line }));
  old[0] = JSON.stringify({ ...lines[0], v: [0, 3], unit: 'ms', seed: 7 });
  const last = lines.at(-1);
  const footer = JSON.stringify({ ...last, h: '0'.repeat(32) });
  const hash = blockHash('', bytesOf([...old.slice(0, -1), footer]));
  return [...old.slice(0, -1), JSON.stringify({ ...last, h: hash })];
}

test('an older version is read by way of its steps, its byte chain as it is in the file', () => {
  const bytes = bytesOf(versionZero());
  const { header, version, events, state, problems } = readTrace([bytes], { steps: [ZERO] });
  expect({ state, problems, version }).toEqual({ state: 'complete', problems: [], version: [0, 3] });
  expect(header).toMatchObject({ version: TRACE_VERSION, seed: '7' });
  expect(events.map(({ time }) => time)).toEqual(sequence(3).map(({ time }) => time));
});

test('what was changed in a file of an older version is told', () => {
  const lines = versionZero();
  lines[2] = (lines[2] ?? '').replace('"raw":"01"', '"raw":"02"');
  expect(readTrace([bytesOf(lines)], { steps: [ZERO] })).toMatchObject({ state: 'altered', problems: [{ code: 'altered', line: 5 }] });
});

test('without steps it is refused, by name, and so is a newer major version', () => {
  const refused = readTrace([bytesOf(versionZero())]);
  expect(refused).toMatchObject({ state: 'unreadable', problems: [{ code: 'version' }] });
  expect(refused.problems[0]?.message).toContain('0.3');
  expect(stepsFrom(TRACE_VERSION[0] + 1, [ZERO])).toBeUndefined();
  expect(stepsFrom(TRACE_VERSION[0])).toEqual([]);
});
