/**
 * The catalogue holds what it promises: what is called tested was seen in a run, no case passes without having seen
 * anything, a frozen set stays as it was, and no id disappears.
 * `UPDATE=1` adds new ids to test/conformance/ids.json.
 */

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import { ReportMaker } from '../../conformance/report/make.ts';
import type { Report } from '../../conformance/report/report.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import type { Suite } from '../../conformance/suite.ts';
import { newestSet } from '../../conformance/suite.ts';
import { programs, suites } from '../support/protocols.ts';

const update = process.env['UPDATE'] !== undefined;
const LEDGER = new URL('ids.json', import.meta.url);

/** What has been published may not change: a new set is a new line. */
const FROZEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  lifetime: { '2026-11': '733e7f3d7cce64efb860597a5927cf0d3df3d75a44c4f8c9787875ca33f7635d' },
  lonc: {
    '2026-11': 'a264b4d383a2087dae1ec5acde33d540b50ed24b1acb72c658c33121ca053777',
    '2026-12': '3542619ac605bfe6ff34f9371023dd6fc7aafdb9b4168234aa0fcf95fb39322c',
  },
  rwho: { '2026-11': 'ce47c4823216478bf593b216e16946b67e06eaf9bad5d449a930ff0733f16654' },
};

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

describe.each(suites.map(suite => [suite.name, suite] as const))('%s', (name, suite) => {
  test('what is called tested was seen in a run, and no case passes without having seen anything', async () => {
    const report = await reportOf(suite);
    expect(report.requirements.filter(each => each.status === 'open' || each.status === 'broken').map(each => each.id)).toEqual([]);
    expect(report.coverage.met + report.coverage.excluded).toBe(report.coverage.total);
    expect(report.rows.length).toBe(suite.cases.length);
    expect(report.rows.filter(row => !row.log.some(line => line.from === 'peer')).map(row => row.case)).toEqual([]);
  });

  test('a set that was published stays as it is, and names requirements that there are', () => {
    const hashes = Object.entries(suite.sets).map(([set, ids]) => [set, createHash('sha256').update(ids.join('\n')).digest('hex')]);
    expect(Object.fromEntries(hashes)).toEqual(FROZEN[name]);
    const known = new Set(suite.requirements.flatMap(each => [each.id, ...(each.was ?? [])]));
    expect(Object.values(suite.sets).flatMap(ids => ids.filter(id => !known.has(id)))).toEqual([]);
    for (const ids of Object.values(suite.sets)) expect(new Set(ids).size).toBe(ids.length);
  });

  test('no id disappears: what was once published is still there, or is the former name of something', () => {
    const ledger = ledgerOf();
    const current = [...suite.requirements, ...suite.cases];
    const known = new Set(current.flatMap(each => [each.id, ...(each.was ?? [])]));
    const published = ledger[name] ?? [];
    expect(published.filter(id => !known.has(id))).toEqual([]);
    const added = current.map(each => each.id).filter(id => !published.includes(id));
    if (update) writeFileSync(LEDGER, `${JSON.stringify({ ...ledger, [name]: [...published, ...added].sort() }, undefined, 1)}\n`);
    else expect(added, 'published with UPDATE=1').toEqual([]);
  });
});

function ledgerOf(): Record<string, readonly string[]> {
  try {
    // The file is ours, and has lists of ids by suite.
    return JSON.parse(readFileSync(LEDGER, 'utf8')) as Record<string, readonly string[]>;
  } catch {
    return {};
  }
}
