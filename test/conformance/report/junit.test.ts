/** JUnit XML: valid by the schemas that people check with, and what it says of each case. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';
import { LIFETIME } from '../../../conformance/lifetime/suite.ts';
import { saysNo } from '../../../conformance/report/outcome.ts';
import { renderJunit } from '../../../conformance/report/render/junit.ts';
import type { Report } from '../../../conformance/report/report.ts';
import { broke, failed, hostileReport, oneOfEach, reportOf, toyReport, toyRow } from './reports.ts';
import { RUNS } from './runs.ts';
import { ANT, invalidIn, JENKINS, type Schema } from './xml-schema.ts';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: name => ['testsuite', 'testcase', 'property', 'failure', 'error', 'skipped'].includes(name),
});

function suitesOf(report: Report) {
  const text = renderJunit(report);
  expect(XMLValidator.validate(text)).toBe(true);
  return XML.parse(text).testsuites.testsuite;
}

const SCHEMAS: readonly (readonly [string, Schema])[] = [
  ["that of Jenkins' xUnit plugin", JENKINS],
  ['that of Apache Ant', ANT],
];

describe.each(SCHEMAS)('valid by %s', (_name, schema) => {
  test.each(RUNS)('%s', (_run, report) => {
    expect(invalidIn(renderJunit(report), schema)).toEqual([]);
  });

  test('a run in virtual time, a host without a name, and a clock that jumped', async () => {
    expect(invalidIn(renderJunit(await reportOf({ suite: LIFETIME, role: 'child', mutant: 'child/version-2' })), schema)).toEqual([]);
    const run = { started: '2026-11-21T22:00Z', host: '', platform: '', millis: 1e300 };
    expect(invalidIn(renderJunit(toyReport([toyRow('a', { millis: 1e300 })], { run })), schema)).toEqual([]);
  });

  // What it was once, and each thing by itself.
  test.each([
    ['properties of a case', /(<testcase [^>]*[^/])>/, '$1><properties/>'],
    ['totals of what was skipped', '<testsuites>', '<testsuites skipped="1">'],
    ['text between cases', '</testcase>', '</testcase>text'],
    ['an element nobody knows', '<properties>', '<facts/><properties>'],
    ['a suite without a name', ' name="toy.server"', ''],
    ['a time that is none', /time="[^"]*"/, 'time="1e5"'],
  ] as const)('which refuses %s', (_what, from, to) => {
    const text = renderJunit(toyReport(oneOfEach()));
    expect(text).not.toBe(text.replace(from, to));
    expect(invalidIn(text.replace(from, to), schema)).not.toEqual([]);
  });
});

/** Production [2] of XML 1.0, negated. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

test('tells failures, errors and what was skipped apart, and the counts are those of the cases', () => {
  const [suite] = suitesOf(toyReport([...oneOfEach(), broke('h')]));
  const marks = suite.testcase.map(
    (each: Record<string, unknown>) => Object.keys(each).find(key => ['failure', 'error', 'skipped'].includes(key)) ?? 'passed',
  );
  // pass, fail, nonstrict, info, its twin failed, undecided, not claimed, error of ours
  expect(marks).toEqual(['passed', 'failure', 'passed', 'passed', 'skipped', 'error', 'skipped', 'error']);
  expect(suite).toMatchObject({
    '@tests': '8',
    '@failures': '1',
    '@errors': '2',
    '@skipped': '2',
    '@hostname': 'here',
    '@timestamp': '2026-11-21T22:00:00',
  });
  for (const each of suite.testcase)
    expect(each).toMatchObject({ '@name': expect.stringMatching(/^toy\.server\.[a-h]$/), '@classname': 'toy.server' });
  const [failure] = suite.testcase[1].failure;
  expect(failure['@message']).toBe('toy.server.must (1.2): expected a ; received b');
  expect(failure['#text']).toContain('again: slipway conform toy --case toy.server.b');
  expect(suite['system-out'].split('\n')).toContain(
    'nonstrict toy.server.c: SHOULD toy.server.should (1.2): The toy says c; the implementation: exited 0',
  );
});

test('holds no character that XML forbids, and shows it', () => {
  const text = renderJunit(hostileReport());
  expect(text).not.toMatch(FORBIDDEN);
  for (const part of ['\\u{0}', '\\u{1b}', '\\u{d800}', '\\u{fffe}', '&lt;script&gt;', ']]&gt;']) expect(text).toContain(part);
});

test('a suite for each role, numbered, and one for a run that says no although no case does', () => {
  const report = toyReport([toyRow('a'), { ...failed('b'), role: 'client' }]);
  const roles = ['server', 'client'].map(role => ({ role, adapter: 'exec' as const, command: [], claims: [] }));
  const told = (each: Report): readonly string[] =>
    suitesOf(each).map((suite: Record<string, string>) =>
      ['@id', '@name', '@tests', '@failures', '@errors'].map(key => suite[key]).join(' '),
    );
  expect(told({ ...report, implementation: { ...report.implementation, roles } })).toEqual(['0 toy.server 1 0 0', '1 toy.client 1 1 0']);
  const stopped = toyReport([toyRow('a')], { complete: false });
  expect(saysNo(stopped)).toBeDefined();
  expect(told(stopped)).toEqual(['0 toy.server 1 0 0', '1 toy 1 0 1']);
});
