/** Implementations that are there across cases: dialled, awaited, reset, started again, and cases that they cannot be asked. */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Command } from '../../../conformance/arms/node/command.ts';
import { type AttachOptions, KEPT } from '../../../conformance/arms/node/kept.ts';
import { meet } from '../../../conformance/arms/node/meet.ts';
import type { Case, Step, Wiring } from '../../../conformance/case.ts';
import { CONF, confOf, DIRECTORIES, HOSTS, hostLine } from '../../../conformance/lonc/settings.ts';
import { LONC } from '../../../conformance/lonc/suite.ts';
import type { Address } from '../../../conformance/peer.ts';
import { outOfReach } from '../../../conformance/run/reach.ts';
import type { Run } from '../../../conformance/run/runner.ts';
import type { Suite } from '../../../conformance/suite.ts';
import { millis, seconds } from '../../../src/host/time.ts';
import { bundled } from '../../../src/node/package.ts';
import { alive } from '../../node/arm.ts';
import { moduleOf, realArm } from '../../support/arms.ts';
import { judged, lines, toyCase, toySuite } from '../support.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-attach-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const socket = { descriptor: undefined, direction: 'both', decoder: lines } as const;
const wiringOf = (accepts: readonly string[]): Wiring => ({
  channels: { call: socket, first: socket, stdout: { descriptor: 1, direction: 'in' } },
  options: [],
  probe: undefined,
  environment: { accepts, directories: [], files: {} },
});
const CALLED = wiringOf([]);
const CALLING = wiringOf(['first']);

const within = seconds(5);
const START: Step = { verb: 'start' };
const dials = { verb: 'dial', channel: 'call', to: { tcp: 'port' }, within } as const;
const hears = (channel: string, n?: number): Step => {
  const message = { type: 'a', name: 'an a', ...(n === undefined ? {} : { fields: { n } }) };
  return { verb: 'expect-sequence', channel, items: [{ message, times: 'one' }], within };
};
const OVER: readonly Step[] = [
  { verb: 'signal', signal: 'SIGKILL' },
  { verb: 'expect-exit', within },
];
/** Every connection is greeted with a number, one higher each time. */
const greeted = (n: number): Case => toyCase([START, dials, hears('call', n), ...OVER], { id: `toy.server.greeted-${n}` });

const LIFETIME_ARM = await realArm('lifetime');

async function run(cases: readonly Case[], addresses: readonly Address[], kept: Partial<AttachOptions> = {}, wiring: Wiring = CALLED) {
  const suite: Suite = { ...toySuite(cases), roles: { server: wiring } };
  const peer = { addresses };
  const arm = meet(LIFETIME_ARM, { kind: 'attach', ...KEPT, ...kept }, peer);
  try {
    const ran = await judged({ suite, role: 'server', arm, implementation: peer, claims: [], patience: 2_000, attempts: 1 });
    return { ran, warnings: arm.warnings };
  } finally {
    await arm.close();
  }
}
const grades = (ran: Run): readonly string[] => (ran.outcome === 'nothing-ran' ? [ran.why] : ran.rows.map(row => row.grade));

/** A port that nobody has, at least now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a port');
  return address.port;
}
const at = (port: number): Address => ({ transport: 'tcp', address: '127.0.0.1', port });
const node = (script: string, ...args: readonly (string | number)[]): Command => ({
  words: [process.execPath, '-e', script, ...args.map(String)],
  environment: { COUNT: join(folder, 'count') },
  directory: undefined,
});
/** Counts its connections; SIGHUP makes it begin again; at `dies` it ends without an answer. */
const GREETER = `
const [port, dies] = process.argv.slice(1).map(Number);
let n = 0;
require('fs').writeFileSync(process.env.COUNT, String(process.pid));
process.on('SIGHUP', () => { n = 0; });
require('net').createServer(s => { n += 1; if (n === dies) process.exit(7); s.on('error', () => {}); s.write(JSON.stringify({event:'a',n}) + '\\n'); })
  .listen(port, '127.0.0.1', () => console.log('greeter is up'));`;
const RESET = `process.kill(Number(require('fs').readFileSync(process.env.COUNT, 'utf8')), 'SIGHUP')`;
/** Its readiness is a line: a knock would be a connection that is counted. */
const UP = { ready: { line: 'is up' }, readyMillis: 20_000 } as const;

describe('kept across cases', () => {
  describe.each([
    ['its pid file', true],
    ['nothing but its family', false],
  ] as const)('one that forks, known by %s', (_, named) => {
    const forking = (port: number, dies: number) => {
      const { words, ...rest } = node(GREETER, port, dies);
      const start = { words: ['sh', '-c', 'setsid "$@" & sleep 0.3', 'sh', ...words], ...rest };
      return { start, forks: named ? { pidFile: join(folder, 'count') } : {}, ...UP };
    };

    test('one process for all cases, stopped at the end', async () => {
      const port = await freePort();
      const { ran, warnings } = await run([greeted(1), greeted(2)], [at(port)], forking(port, 0));
      expect(grades(ran)).toEqual(['pass', 'pass']);
      expect(warnings).toEqual([]);
      // What was killed is there until whoever adopted it has been told.
      await vi.waitFor(() => expect(alive(Number(readFileSync(join(folder, 'count'), 'utf8')))).toBe(false), 5_000);
    });

    test('also when all is over before its start is', async () => {
      const port = await freePort();
      const { start, ...kept } = forking(port, 0);
      const slow = { ...start, words: start.words.map(word => word.replace('sleep 0.3', 'sleep 20')) };
      const { ran } = await run([greeted(1)], [at(port)], { ...kept, start: slow });
      expect(grades(ran)).toEqual(['pass']);
      await vi.waitFor(() => expect(alive(Number(readFileSync(join(folder, 'count'), 'utf8')))).toBe(false), 5_000);
    });

    test('started again when what went on has ended', async () => {
      const port = await freePort();
      const { ran, warnings } = await run([greeted(1), greeted(2), greeted(3)], [at(port)], forking(port, 2));
      // When the third begins, whoever is there may just be going: then there was nobody to judge.
      expect(grades(ran).slice(0, 2)).toEqual(['pass', 'fail']);
      expect(['fail', 'inconclusive']).toContain(grades(ran)[2]);
      expect(warnings).toEqual([expect.stringContaining('it has forked, and what went on has ended), and was started again')]);
    });
  });

  test('one process for all of them, met at its address, stopped at the end', async () => {
    const port = await freePort();
    const { ran } = await run([greeted(1), greeted(2), greeted(3)], [at(port)], { start: node(GREETER, port, 0), ...UP });
    expect(grades(ran)).toEqual(['pass', 'pass', 'pass']);
    expect(ran.outcome === 'ran' && ran.rows[0]?.end).toBe('not ours to end');
    expect(() => process.kill(Number(readFileSync(join(folder, 'count'), 'utf8')), 0)).toThrow('ESRCH');
  });

  test('the reset runs between two cases', async () => {
    const port = await freePort();
    const again = { ...greeted(1), id: 'toy.server.greeted-again' };
    const start = node(GREETER, port, 0);
    const { ran } = await run([greeted(1), again], [at(port)], { start, ...UP, reset: node(RESET) });
    expect(grades(ran)).toEqual(['pass', 'pass']);
    expect(grades((await run([greeted(1), again], [at(port)], { start, ...UP })).ran)).toEqual(['pass', 'fail']);
  });

  test('when it dies the case fails, it is started again, and the run goes on', async () => {
    const port = await freePort();
    const dead = { ...greeted(2), id: 'toy.server.greeted-1b' };
    const { ran, warnings } = await run([greeted(1), dead, { ...greeted(1), id: 'toy.server.later' }], [at(port)], {
      start: node(GREETER, port, 2),
      ...UP,
    });
    expect(grades(ran)).toEqual(['pass', 'fail', 'pass']);
    expect(warnings).toEqual(['the implementation ended before toy.server.later (exited 7), and was started again']);
  });

  test('what does not come up, and a reset that fails, end the run; what was played stays', async () => {
    const port = await freePort();
    const never = await run([greeted(1)], [at(port)], { start: node('console.error("no such table"); process.exit(4)') });
    expect(never.ran).toMatchObject({
      outcome: 'setup-error',
      why: 'the implementation ended before it was ready: exited 4; it said: no such table',
      rows: [],
    });
    const reset = node('process.exit(3)');
    const { ran } = await run([greeted(1), greeted(2)], [at(port)], { start: node(GREETER, port, 0), ...UP, reset });
    expect(ran).toMatchObject({ outcome: 'setup-error', why: expect.stringMatching(/^the reset command failed: .*exited 3$/) });
    expect(grades(ran)).toEqual(['pass']);
  });
});

describe('somebody else started it', () => {
  test('nobody is there', async () => {
    const port = await freePort();
    const { ran } = await run([greeted(1)], [at(port)]);
    expect(ran).toMatchObject({ outcome: 'setup-error', why: `nobody answers at tcp://127.0.0.1:${port}: ECONNREFUSED` });
  });

  test('it is gone after the first case: the run cannot go on', async () => {
    // The first connection is the look whether somebody is there.
    const server = createServer(stream => {
      stream.on('error', () => {});
      stream.end('{"event":"a"}\n');
      server.getConnections(() => ++seen === 2 && server.close());
    });
    let seen = 0;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a port');
    const soon = { ...dials, within: millis(500) } as const;
    const cases = ['a', 'b', 'c'].map(id => toyCase([START, soon, hears('call'), ...OVER], { id: `toy.server.${id}` }));
    const { ran } = await run(cases, [at(address.port)]);
    expect(ran).toMatchObject({ outcome: 'setup-error', why: expect.stringContaining('nobody answers') });
    // Nobody was there to be judged.
    expect(grades(ran)).toEqual(['pass', 'inconclusive']);
  });

  test('one that connects: the tester listens where it expects somebody', async () => {
    const port = await freePort();
    const script = `const go = () => require('net').connect(${port}, '127.0.0.1').on('error', () => {}).on('connect', function () { this.write('{"event":"a"}\\n'); }).on('close', () => setTimeout(go, 50)); go();`;
    const caller = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    try {
      const cases = ['a', 'b'].map(id => toyCase([START, hears('first'), ...OVER], { id: `toy.server.${id}` }));
      expect(grades((await run(cases, [at(port)], {}, CALLING)).ran)).toEqual(['pass', 'pass']);
    } finally {
      caller.kill('SIGKILL');
    }
  });
});

describe('a case that needs a hold on it', () => {
  const why = (...steps: readonly Step[]): string | undefined => outOfReach(toyCase(steps), CALLED);

  test.each<readonly [string, string, readonly Step[]]>([
    ['options', 'starts it with options of its own', [{ verb: 'start', options: [] }]],
    ['a second start', 'starts it 2 times', [START, START]],
    ['a signal', 'sends it SIGTERM', [START, { verb: 'signal', signal: 'SIGTERM' }]],
    ['its end', 'wants to see how it ends', [START, { verb: 'expect-exit', codes: [0], within }]],
    ['a file', 'needs its file x', [START, { verb: 'place', path: 'x', text: '' }]],
    ['a pipe', 'needs its pipe stdout', [START, { verb: 'expect-silence', channels: ['call', 'stdout'], lasting: within }]],
    ['nobody who listens', 'needs it to begin when nobody listens', [{ verb: 'close-listener' }, START]],
    ['its death', 'goes on after its end', [START, ...OVER, dials]],
  ])('%s', (_, text, steps) => expect(why(...steps)).toBe(`the implementation is not ours to start, and the case ${text}`));

  test('what only tidies up is no such need', () => expect(why(START, dials, hears('call'), ...OVER)).toBeUndefined());

  test('is not applicable, and the rest of a suite is played', async () => {
    const port = await freePort();
    const own = toyCase([{ verb: 'start', options: ['-x'] }, dials], { id: 'toy.server.zz' });
    const { ran } = await run([own, greeted(1)], [at(port)], { start: node(GREETER, port, 0), ...UP });
    expect(grades(ran)).toEqual(['not-applicable', 'pass']);
    expect(ran.outcome === 'ran' && ran.rows[0]?.verdict).toMatchObject({ why: expect.stringContaining('options of its own') });
  });

  test('most of a suite for a server remains', () => {
    const lond = LONC.roles['lond'];
    if (lond === undefined) throw new Error('there is a lond');
    const cases = LONC.cases.filter(each => each.role === 'lond');
    const left = cases.filter(each => outOfReach(each, lond) === undefined);
    expect(left.length).toBeGreaterThan(cases.length / 2);
    expect(left.length).toBeLessThan(cases.length);
  });
});

test('a lond of ours that runs already is met at its address', async () => {
  const port = await freePort();
  const dir = join(folder, 'lond');
  for (const each of ['', ...DIRECTORIES]) mkdirSync(join(dir, each), { recursive: true });
  const fill = (text: string): string => text.replaceAll('{dir}', dir).replaceAll('{port}', String(port)).replaceAll('{percent}', '100');
  writeFileSync(join(dir, CONF), fill(confOf('srv1')));
  writeFileSync(join(dir, HOSTS), hostLine('srv1', '127.0.0.2') + hostLine('cli1'));
  const module = moduleOf('lonc');
  const entry = bundled('src/node/main.ts');
  const words = [process.execPath, entry, module, 'lond', '--listen=127.0.0.1', `--conf=${dir}/${CONF}`];
  const peer = { addresses: [at(port)] };
  const start: Command = { words, environment: {}, directory: undefined };
  const arm = meet(await realArm('lonc'), { kind: 'attach', ...KEPT, start, readyMillis: 20_000 }, peer);
  try {
    const select = ['greeting.admitted', 'greeting.other-echo', 'end.terminates'].map(each => `lonc.lond.${each}`);
    const ran = await judged({ suite: LONC, role: 'lond', arm, implementation: peer, claims: [], select, patience: 3_000 });
    const found = Object.fromEntries(ran.outcome === 'ran' ? ran.rows.map(row => [row.testCase.id.slice(10), row.grade]) : [['', ran.why]]);
    expect(found).toEqual({ 'greeting.admitted': 'pass', 'greeting.other-echo': 'pass', 'end.terminates': 'not-applicable' });
  } finally {
    await arm.close();
  }
});
