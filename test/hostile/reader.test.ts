/**
 * A hostile implementation cannot harm the reader either: nothing of what it writes is obeyed by a terminal, breaks a report or
 * forges a line of it. The renderers of other forms are tested beside them, over the same texts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Case, Item } from '../../conformance/case.ts';
import { describeItem } from '../../conformance/judge/match.ts';
import { encodeReport, ReportMaker } from '../../conformance/report/make.ts';
import { renderTerminal } from '../../conformance/report/render/terminal.ts';
import type { Report } from '../../conformance/report/report.ts';
import type { Row } from '../../conformance/run/runner.ts';
import { printable, printableJson, utf8 } from '../../src/host/bytes.ts';
import { instantOf, ZERO } from '../../src/host/time.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { formatEvent } from '../../src/trace/view.ts';
import { toyCase, toySuite } from '../conformance/support.ts';
import { slipway } from '../support/slipway.ts';
import { fight } from './arena.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { HOSTILE_TEXTS, hostileTexts, leaksIn } from './texts.ts';

describe('the texts', () => {
  test('leak where nothing is done about them', () => {
    for (const [index, text] of hostileTexts.entries()) {
      const { name, never } = HOSTILE_TEXTS[index] ?? { name: '', never: {} };
      const forms = (['plain', 'html', 'xml', 'markdown', 'csv', 'json'] as const).filter(form => leaksIn(form, text).length > 0);
      for (const form of Object.keys(never)) expect(forms, name).toContain(form);
      // Beside what is malformed and becomes U+FFFD, and what is only long, each is dangerous to somebody.
      if (!/UTF-8|long|bytes/.test(name) || name.startsWith('C1 control in')) expect(forms, name).not.toEqual([]);
    }
  });

  test('are names of their own', () => {
    expect(new Set(HOSTILE_TEXTS.map(each => each.name)).size).toBe(HOSTILE_TEXTS.length);
  });
});

test('printable text is safe for a terminal', () => {
  for (const [index, text] of hostileTexts.entries()) {
    const shown = `before ${printable(text, 10_000)} after\n`;
    expect(leaksIn('plain', shown), HOSTILE_TEXTS[index]?.name).toEqual([]);
    expect(shown.split('\n')).toHaveLength(2);
  }
});

test('printable JSON is the same value, and safe for a terminal', () => {
  const json = printableJson(JSON.stringify(hostileTexts, undefined, 2));
  expect(JSON.parse(json)).toEqual(hostileTexts);
  expect(leaksIn('json', json)).toEqual([]);
  expect(printableJson('{"x": "grün 日本 👍"}')).toBe('{"x": "grün 日本 👍"}');
});

test('messages of an implementation are described in one safe line', () => {
  for (const text of hostileTexts) {
    const message: Item = { kind: 'message', type: text, fields: { [text]: text }, bytes: new Uint8Array(9), ignorable: false };
    const violation: Item = { kind: 'violation', clause: '1', detail: text, offset: 0 };
    for (const item of [message, violation]) expect(leaksIn('plain', describeItem(item))).toEqual([]);
  }
});

test('events of a trace are shown in one safe line', () => {
  for (const { bytes } of HOSTILE_TEXTS) {
    const text = new TextDecoder().decode(bytes);
    const event = {
      index: 1,
      time: instantOf(1),
      process: text,
      kind: 'log',
      cause: -1,
      message: 0,
      channel: text,
      bytes,
      data: { text },
    } as const;
    const shown = formatEvent(event);
    expect(leaksIn('plain', shown)).toEqual([]);
    expect(shown).not.toContain('\n');
  }
});

// ── the report ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Wherever an implementation has a hand in a report, there is the text. */
function reportWith(text: string): Report {
  const cases = ['x', 'y', 'z'].map(name => toyCase([{ verb: 'start' }], { id: `toy.server.${name}` }));
  const [x, y, z] = cases;
  if (x === undefined || y === undefined || z === undefined) throw new Error('three cases');
  const roles = [{ role: 'server', adapter: 'exec' as const, command: [text], claims: [] }];
  const maker = new ReportMaker({
    suite: toySuite(cases),
    set: '2026-11',
    implementation: { name: text, version: text, url: text, contact: text, roles },
    arm: 'node',
    seed: '',
    patience: 1_000,
    timeScale: 1_000,
    command: 'slipway conform toy',
    choices: {},
    reproduce: () => 'again',
    replay: () => 'replay',
    evidence: () => ({ trace: '', pcap: '' }),
  });
  const refuted = { verdict: 'fail', step: 0, requirement: 'toy.server.must', expected: text, received: text, by: 'order' } as const;
  maker.add(rowOf(x, text, { verdict: refuted, grade: 'fail' }));
  maker.add(rowOf(y, text, { verdict: { verdict: 'inconclusive', why: text }, grade: 'inconclusive' }));
  maker.add(rowOf(z, text, {}));
  return maker.report({ complete: true, facts: { speaks: text }, warnings: [text] });
}

function rowOf(testCase: Case, text: string, more: Partial<Row>): Row {
  const bytes = utf8(text);
  return {
    testCase,
    level: 'MUST',
    verdict: { verdict: 'pass' },
    play: { verdict: 'pass' },
    grade: 'pass',
    end: text,
    attempts: { played: 1, refuted: 0, late: 0, undecided: 0 },
    stillborn: false,
    strain: undefined,
    millis: undefined,
    virtual: ZERO,
    output: ['stdout', 'stderr'].map(channel => ({ channel, bytes: bytes.length, tail: text })),
    events: conversation(text, bytes),
    tester: 'tester',
    ...more,
  };
}

/** What a tester records when it hears the text. */
function conversation(text: string, bytes: Uint8Array): readonly TraceEvent[] {
  const event = (kind: TraceEvent['kind'], channel: string, data: TraceEvent['data'], of?: Uint8Array): TraceEvent => ({
    index: 0,
    time: instantOf(1),
    process: 'tester',
    kind,
    cause: -1,
    message: 0,
    channel,
    bytes: of,
    data,
  });
  return [
    event('log', '', { event: 'case-attach', channel: 'in' }),
    event('attach', 'pipe1', { fd: 9, direction: 'read' }),
    event('log', '', { event: 'case-step', step: 0, verb: 'start' }),
    event('log', '', { event: 'case-started', pid: 2 }),
    event('recv', 'pipe1', undefined, bytes),
    event('recv', 'pipe1', undefined, utf8('\n{"event":"a","x":"')),
    event('recv', 'pipe1', undefined, utf8(`${JSON.stringify(text).slice(1)}}\n`)),
    event('log', '', { event: 'case-file', path: text, there: true, text }),
    event('log', '', { event: 'case-report', channel: 'in', text }),
    event('eof', 'pipe1', undefined),
  ];
}

test('the report in a terminal has as many lines whatever an implementation says, and obeys nothing', () => {
  for (const options of [{ colour: false }, { colour: true, verbose: true }]) {
    const lines = renderTerminal(reportWith('harmless'), options).split('\n').length;
    for (const [index, text] of hostileTexts.entries()) {
      const shown = renderTerminal(reportWith(text), options);
      expect(leaksIn('plain', shown), HOSTILE_TEXTS[index]?.name).toEqual([]);
      expect(shown.split('\n').length, HOSTILE_TEXTS[index]?.name).toBe(lines);
      expect(shown.length).toBeLessThan(50_000);
    }
  }
});

test('the report as JSON is what it says, and safe to look at', () => {
  for (const text of hostileTexts) {
    const report = reportWith(text);
    const json = encodeReport(report);
    expect(leaksIn('json', json)).toEqual([]);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(report)));
  }
});

// ── the command ─────────────────────────────────────────────────────────────────────────────────────────────────────

describe.skipIf(spawnSync('python3', ['--version']).status !== 0)('what the command prints and writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-reader-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const named = BEHAVIOURS.filter(each => ['texts', 'text_frame'].includes(each.name));

  test.each(named.map(each => [each.name, each] as const))('%s', async (name, behaviour) => {
    const report = join(folder, name);
    const { stdout, stderr } = await fight(behaviour, { args: ['--report', report] });
    // Its waits are short: on a busy computer some of it is not decided.
    expect(stdout).toMatch(/^(?:Does not conform|Not decided)/);
    expect(leaksIn('plain', stdout + stderr)).toEqual([]);
    expect(leaksIn('json', readFileSync(join(report, 'report.json'), 'utf8'))).toEqual([]);
    const [trace = ''] = readdirSync(join(report, 'traces'));
    const shown = await slipway(['show', join(report, 'traces', trace)]);
    expect(shown.stdout.length).toBeGreaterThan(500);
    expect(leaksIn('plain', shown.stdout + shown.stderr)).toEqual([]);
  });
});
