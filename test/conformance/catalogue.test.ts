/**
 * The catalogue holds what it promises: what is called tested was seen in a run, no case passes without having seen
 * anything, a frozen set stays as it was, and no id disappears.
 * `UPDATE=1` adds what is new to test/conformance/<suite>/published.json, and refuses to change what is there.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import { ReportMaker } from '../../conformance/report/make.ts';
import type { Report } from '../../conformance/report/report.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { newestSet } from '../../conformance/suite.ts';
import { programs, suites } from '../support/protocols.ts';

const update = process.env['UPDATE'] !== undefined;
/** What has been published of a suite, and may not change: the hashes of its frozen sets, and the ids of requirements and cases. */
interface Published {
  readonly sets: Readonly<Record<string, string>>;
  readonly ids: readonly string[];
}
const ledgerOf = (name: string): URL => new URL(`${name}/published.json`, import.meta.url);
/** Of a new suite it is nothing. */
function published(name: string): Published {
  return existsSync(ledgerOf(name)) ? JSON.parse(readFileSync(ledgerOf(name), 'utf8')) : { sets: {}, ids: [] };
}

async function reportOf(suite: Suite): Promise<Report> {
  const parts = Object.entries(suite.own);
  const maker = new ReportMaker({
    suite,
    set: newestSet(suite),
    implementation: {
      name: 'ours',
      version: '',
      url: '',
      contact: '',
      roles: parts.map(([role, { program, args, claims }]) => ({ role, adapter: 'program', command: [program, ...args], claims })),
    },
    arm: 'sim',
    seed: '0',
    patience: 1_000,
    timeScale: 1_000,
    command: '',
    choices: {},
    reproduce: () => '',
    replay: () => '',
    evidence: () => ({ trace: '', pcap: '' }),
  });
  for (const [role, implementation] of parts) {
    const { claims } = implementation;
    const run = await runSuite({ suite, role, arm: simArm(programs), implementation, claims, progress: row => maker.add(row) });
    if (run.outcome !== 'ran') throw new Error(run.why);
  }
  return maker.report({ complete: true, facts: {}, warnings: [] });
}

const hashesOf = ({ sets }: Suite): Published['sets'] =>
  Object.fromEntries(Object.entries(sets).map(([set, ids]) => [set, createHash('sha256').update(ids.join('\n')).digest('hex')]));

describe.each(suites.map(suite => [suite.name, suite] as const))('%s', (name, suite) => {
  test('what is called tested was seen in a run, and no case passes without having seen anything', async () => {
    const report = await reportOf(suite);
    expect(report.requirements.filter(each => each.status === 'open' || each.status === 'broken').map(each => each.id)).toEqual([]);
    expect(report.coverage.met + report.coverage.excluded).toBe(report.coverage.total);
    expect(report.rows.length).toBe(suite.cases.length);
    expect(report.rows.filter(row => !row.log.some(line => line.from === 'peer')).map(row => row.case)).toEqual([]);
  });

  test('a set that was published stays as it is, and names requirements that there are', () => {
    const { sets } = published(name);
    if (!update) expect(hashesOf(suite), 'published with UPDATE=1').toEqual(sets);
    expect(hashesOf(suite)).toMatchObject(sets);
    const known = new Set(suite.requirements.flatMap(each => [each.id, ...(each.was ?? [])]));
    expect(Object.values(suite.sets).flatMap(ids => ids.filter(id => !known.has(id)))).toEqual([]);
    for (const ids of Object.values(suite.sets)) expect(new Set(ids).size).toBe(ids.length);
  });

  test('no id disappears: what was once published is still there, or is the former name of something', () => {
    const current = [...suite.requirements, ...suite.cases];
    const known = new Set(current.flatMap(each => [each.id, ...(each.was ?? [])]));
    const { sets, ids } = published(name);
    expect(ids.filter(id => !known.has(id))).toEqual([]);
    const added = current.map(each => each.id).filter(id => !ids.includes(id));
    if (!update) expect(added, 'published with UPDATE=1').toEqual([]);
    const text = JSON.stringify({ sets: { ...hashesOf(suite), ...sets }, ids: [...ids, ...added].sort() }, undefined, 2);
    if (update) writeFileSync(ledgerOf(name), `${text}\n`);
  });
});
