/**
 * What logs of strace have of a role as a case: pipes by their numbers, Unix-domain sockets, signals and ends; and what a replay of a capture is worth.
 */
import { describe, expect, test } from 'vitest';
import { conversationOf } from '../../conformance/captured/lane.ts';
import { bringsAbout, judgeReplay } from '../../conformance/captured/replay.ts';
import { caseText, readCase } from '../../conformance/captured/suite.ts';
import type { Refutation } from '../../conformance/case.ts';
import { IKC } from '../../conformance/ikc/suite.ts';
import { LIFETIME } from '../../conformance/lifetime/suite.ts';
import { LONC } from '../../conformance/lonc/suite.ts';
import type { Suite } from '../../conformance/suite.ts';
import { CaptureImport } from '../../src/capture/import.ts';
import { hex } from '../../src/host/bytes.ts';
import { encodeFrame } from '../../src/impl/lifetime/wire.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import { ascii } from './build.ts';

const text = (words: string): string => [...ascii(words)].map(byte => `\\x${hex(Uint8Array.of(byte))}`).join('');
const bytes = (value: Uint8Array): string => [...value].map(byte => `\\x${hex(Uint8Array.of(byte))}`).join('');

/** A line `PID CALL` a hundredth of a second after the one before it, or so many seconds later (`+2 PID CALL`). */
function eventsOf(lines: readonly string[]): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  const reading = new CaptureImport({ take: event => events.push(event) });
  let now = 1_700_000_000;
  const log = lines.map(line => {
    const [, later = '', pid, call] = /^(?:\+(\d+) )?(\d+) (.*)$/.exec(line) ?? [];
    now += later === '' ? 0.01 : Number(later);
    return `${pid} ${now.toFixed(6)} ${call}\n`;
  });
  reading.feed(ascii(log.join('')));
  expect(reading.end().problems).toEqual([]);
  return events;
}

function made(suite: Suite, role: string, lines: readonly string[], process?: string) {
  const wiring = suite.roles[role];
  if (wiring === undefined) throw new Error(role);
  const chosen = process === undefined ? {} : { process };
  const id = `${suite.name}.${role}.captured.x`;
  const found = conversationOf(eventsOf(lines), { role, wiring, requirement: `${suite.name}.${role}.captured`, id, title: 'x', ...chosen });
  expect(readCase(caseText(found.testCase), suite)).toEqual(found.testCase);
  return found;
}

const frame = (payload: readonly number[]): string => {
  const encoded = encodeFrame('lifetimeevent', Uint8Array.from(payload));
  if (!encoded.ok) throw new Error('no frame');
  return bytes(encoded.bytes);
};

const FAMILY = [
  `7 execve("${text('/bin/parent')}", ["${text('parent')}"], 0x1 /* 1 var */) = 0`,
  '7 pipe2([10, 11], O_CLOEXEC) = 0',
  '7 pipe2([12, 13], O_CLOEXEC) = 0',
  '7 fork() = 8',
  '8 dup2(11, 3) = 3',
  '8 dup2(12, 4) = 4',
  `8 execve("${text('/bin/child')}", ["${text('child')}"], 0x1 /* 1 var */) = 0`,
  '7 close(11) = 0',
  '7 close(12) = 0',
];

describe('pipes', () => {
  test('that a child was given are those of its role, and what its parent did is done again', () => {
    const { testCase, process, streams, messages, left } = made(LIFETIME, 'child', [
      ...FAMILY,
      `8 write(3, "${frame([0, 0])}", 21) = 21`,
      `8 write(3, "${frame([1, 0])}", 21) = 21`,
      '+5 7 close(13) = 0',
      '8 read(4, "", 16) = 0',
      `8 write(3, "${frame([2, 0])}", 21) = 21`,
      '8 close(3) = 0',
      '8 +++ exited with 3 +++',
    ]);
    expect([process, streams, messages, left]).toEqual(['host/child.8', 2, 3, []]);
    expect(testCase.steps.map(step => [step.verb, 'channel' in step ? step.channel : ''])).toEqual([
      ['start', ''],
      ['expect-sequence', 'events'],
      ['expect-silence', ''],
      ['close', 'control'],
      ['expect-sequence', 'events'],
      ['expect-exit', ''],
    ]);
    expect(testCase.steps[2]).toMatchObject({ channels: ['events'] });
    expect(testCase.steps[4]).toMatchObject({ items: [{ message: { type: 'lifetimeevent', fields: { kind: 2, id: 0 } } }], thenEof: true });
    expect(testCase.steps[5]).toMatchObject({ codes: [3] });
  });

  test('on which nothing was said have to end without a word, and signals are sent again', () => {
    const { testCase } = made(
      LIFETIME,
      'child',
      [
        ...FAMILY,
        `8 read(4, "${text('x')}", 16) = 1`,
        '8 --- SIGCHLD {si_signo=SIGCHLD} ---',
        '8 --- SIGTERM {si_signo=SIGTERM} ---',
        '8 +++ killed by SIGTERM +++',
      ],
      'host/child.8',
    );
    expect(testCase.steps).toMatchObject([
      { verb: 'start' },
      { verb: 'send', channel: 'control', hex: '78' },
      { verb: 'signal', signal: 'SIGTERM' },
      { verb: 'expect-sequence', channel: 'events', items: [], thenEof: true },
      { verb: 'expect-exit', signals: ['SIGTERM'] },
    ]);
  });
});

const unixAddress = (path: string): string => `{sa_family=AF_UNIX, sun_path="${text(path)}"}, 20`;

describe('Unix-domain sockets', () => {
  const server = (path: string): readonly string[] => [
    '7 socket(AF_UNIX, SOCK_STREAM, 0) = 3',
    `7 bind(3, ${unixAddress(path)}) = 0`,
    '7 listen(3, 5) = 0',
    '7 accept(3, {sa_family=AF_UNIX}, [2]) = 4',
  ];

  test('at which a gateway is met are met again where it has them, and other daemons at the port', () => {
    const ikc = made(IKC, 'server', [
      ...server('/tmp/x'),
      `7 read(4, "${text('HELLO\r\n')}", 100) = 7`,
      `7 write(4, "${text('IAM x\r\n')}", 7) = 7`,
      '7 read(4, "", 100) = 0',
      '7 read(4, "", 100) = 0',
      '7 close(4) = 0',
    ]).testCase;
    expect(ikc.steps).toMatchObject([
      { verb: 'start' },
      { verb: 'dial', channel: 'a', to: { tcp: 'port' } },
      { verb: 'send', channel: 'a' },
      { verb: 'expect-sequence', channel: 'a' },
      { verb: 'half-close', channel: 'a' },
      { verb: 'expect-sequence', channel: 'a', items: [], thenEof: true },
    ]);
    const gateway = made(LONC, 'local', server('/home/httpd/sockets/srv1'), 'host/process.7').testCase;
    expect(gateway.steps).toMatchObject([{ verb: 'start' }, { verb: 'dial', channel: 'a', to: { unix: 'sock/srv1' } }]);
  });

  test('of the machine are nobody’s connections, and a worker’s end is its parent’s', () => {
    const connected = (descriptor: number, path: string): readonly string[] => [
      `8 socket(AF_UNIX, SOCK_STREAM, 0) = ${descriptor}`,
      `8 connect(${descriptor}, ${unixAddress(path)}) = 0`,
    ];
    const { testCase, left } = made(LONC, 'lond-client', [
      '7 fork() = 8',
      ...connected(3, '/var/run/nscd/socket'),
      ...connected(4, '/tmp/lond'),
      `8 write(4, "${text('init\n')}", 5) = 5`,
      '8 --- SIGTERM {si_signo=SIGTERM} ---',
      '8 +++ killed by SIGTERM +++',
    ]);
    expect(testCase.steps.map(({ verb }) => verb)).toEqual(['start', 'expect-open', 'expect-sequence']);
    expect(left).toEqual(['what it did after SIGTERM: it is a worker, and another process answers for it']);
  });
});

describe('the verdict on a replay', () => {
  const fails = (step: number, received = 'x'): Refutation => ({
    verdict: 'fail',
    step,
    requirement: 'r',
    expected: 'e',
    received,
    by: 'order',
  });
  const PASS = { verdict: 'pass' } as const;

  test.each([
    ['reproduced', PASS, PASS],
    ['reproduced', PASS, fails(4)],
    ['not-reproduced', fails(4), fails(4)],
    ['reproduced-differently', fails(6), fails(4)],
    ['reproduced-differently', fails(4, 'y'), fails(4, 'x')],
    ['diverged', fails(3), fails(4)],
    ['diverged', fails(3), PASS],
    ['unreplayable', { verdict: 'inconclusive', why: 'no' }, fails(4)],
  ] as const)('is %s', (verdict, played, corrected) => {
    const replay = judgeReplay(played, corrected, 9);
    expect(replay.verdict).toBe(verdict);
    expect(replay.failure).toBe(corrected.verdict === 'fail' ? corrected : undefined);
  });

  test('is looked at for each trap alone, and one is behind the failure if it brings about what was captured there', () => {
    expect([PASS, fails(5), fails(4), fails(3), { verdict: 'error', why: '' } as const].map(each => bringsAbout(fails(4), each))).toEqual([
      ...[true, true, false, false, false],
    ]);
  });
});
