/**
 * The suite against Debian's rwhod, in the laboratory: each verdict is the one of the committed report, whose reading has an
 * entry for every requirement that is not met and no other.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Report } from '../../conformance/report/report.ts';
import { RWHO } from '../../conformance/rwho/suite.ts';
import { directory, inLab, script } from './lab.ts';

const FOLDER = new URL('../../docs/reports/rwhod-debian/', import.meta.url);
// Written by the command that the reading names.
const COMMITTED = JSON.parse(readFileSync(new URL('report.json', FOLDER), 'utf8')) as Report;
const READING = readFileSync(new URL('README.md', FOLDER), 'utf8');

/** What waits long for what does not come, or takes minutes. */
const LONG = [...RWHO.cases.filter(each => each.slow === true).map(({ id }) => id), 'rwho.sender.greets', 'rwho.sender.restrained'];
const QUICK = COMMITTED.rows.filter(row => !LONG.includes(row.case));

const verdicts = (rows: Report['rows']): Readonly<Record<string, string>> => Object.fromEntries(rows.map(row => [row.case, row.verdict]));

test('the reading has an entry for each requirement that is not met, with its verdict', () => {
  const broken = COMMITTED.requirements.filter(({ status }) => status === 'broken').map(({ id }) => id);
  const read = [...READING.matchAll(/^\| `(rwho\.[a-z0-9.-]+)` \|/gm)].map(([, id]) => id);
  expect(read.toSorted()).toEqual(broken.toSorted());
  expect(READING).toContain(COMMITTED.sentence);
});

inLab('Debian in the laboratory', () => {
  test.each(['sender', 'receiver'])('as a %s it does what the report says', async role => {
    const rows = QUICK.filter(row => row.role === role);
    expect(rows.length).toBeGreaterThan(15);
    const dir = directory();
    const options = `--claims-file lab/rwhod-debian.claims.json --role ${role} --report ${dir}`;
    await script(dir, `./slipway conform rwho ${options} --case ${rows.map(row => `'${row.case}'`).join(' ')} >&2 || [ $? = 1 ]`, 270_000);
    // Written by the command above.
    const report = JSON.parse(readFileSync(`${dir}/report.json`, 'utf8')) as Report;
    // A wait on a busy computer may be an unfair one: then nothing is said, and never something else.
    const unfair = new Set(report.rows.filter(row => row.verdict === 'inconclusive' && row.attempts.undecided > 0).map(row => row.case));
    const decided = (all: Report['rows']): Report['rows'] => all.filter(row => !unfair.has(row.case));
    expect(verdicts(decided(report.rows))).toEqual(verdicts(decided(rows)));
    expect(unfair.size).toBeLessThan(rows.length / 2);
  });
});
