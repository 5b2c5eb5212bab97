/** Code of a user that never comes back: every command that runs it hears Ctrl-C all the same, and leaves whole files. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bounded } from '../../conformance/arms/node/bounded.ts';
import { lifetime } from '../../protocols/lifetime.ts';
import { ascii, ethernet, pcap, type TcpOptions, tcp } from '../capture/build.ts';
import { slipway as ended, ROOT } from '../support/slipway.ts';

const cwd = `${ROOT}test/outside/stuck`;
const folder = mkdtempSync(join(tmpdir(), 'slipway-stuck-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STOPPING = '\nstopping at the next pause; Ctrl-C again ends at once\n';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Interrupts it when it says that it is stuck, as often as is asked. */
function interrupted(line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [`${ROOT}slipway`, ...line.split(' ')], { cwd, env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += String(chunk);
  });
  child.stderr.on('data', chunk => {
    if (!stderr.includes('stuck\n') && (stderr + String(chunk)).includes('stuck\n')) child.kill('SIGINT');
    stderr += String(chunk);
  });
  return new Promise(resolve => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })));
}

/** One connection: what its client says, and what the server answers. */
function captureOf(asked: string, answered: string): Uint8Array {
  const client = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 40_000, toPort: 7_000 };
  const server = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 7_000, toPort: 40_000 };
  const segments: readonly TcpOptions[] = [
    { ...client, seq: 100, flags: 'S' },
    { ...server, seq: 500, ack: 101, flags: 'SA' },
    { ...client, seq: 101, ack: 501, flags: 'PA', payload: ascii(asked) },
    { ...server, seq: 501, ack: 101 + asked.length, flags: 'PA', payload: ascii(answered) },
  ];
  return pcap(segments.map(each => ({ bytes: ethernet(tcp(each)) })));
}

describe('Ctrl-C, where a daemon loops for ever', () => {
  test('in a simulated case: the case is no row, and what was known before is written', async () => {
    const report = join(folder, 'report');
    const { code, stdout, stderr } = await interrupted(`conform stuck --sim --report ${report}`);
    expect({ code, stderr }).toEqual({ code: 130, stderr: `stuck\n${STOPPING}cut off in the midst of stuck.second\n` });
    expect(stdout).toContain('the run was stopped before its end');
    const { complete, rows } = JSON.parse(readFileSync(`${report}/report.json`, 'utf8'));
    expect({ complete, rows: rows.map((row: { case: string; verdict: string }) => `${row.case} ${row.verdict}`) }).toEqual({
      complete: false,
      rows: ['stuck.first pass'],
    });
    expect(existsSync(`${report}/report.html`)).toBe(true);
    expect(existsSync(`${report}/traces/stuck.first.jsonl`)).toBe(true);
    expect(existsSync(`${report}/traces/stuck.second.jsonl`)).toBe(false);
  });

  test('where runs are compared between processes', async () => {
    const { code, stdout } = await interrupted('run stuck/wakes --seeds 0..3 --check-determinism', { STUCK: '1' });
    expect({ code, stdout }).toEqual({ code: 130, stdout: 'stopped after 0 of 4 runs; nothing was compared\n' });
  });

  test('in a sweep', async () => {
    const { code, stdout } = await interrupted('run stuck/wakes --seeds 0..3', { STUCK: '1' });
    expect(code).toBe(130);
    expect(stdout).toContain('nothing ran of');
  });

  /** Recorded when nobody is stuck. */
  async function traceOf(scenario: string): Promise<string> {
    const trace = join(folder, `${scenario}.jsonl`);
    if (!existsSync(trace))
      expect(await ended(['run', `stuck/${scenario}`, '--seed', '1', '--trace', trace], { cwd })).toMatchObject({ code: 1 });
    return trace;
  }

  const ENDED = [
    'run stuck/sleeps --seed 1',
    'replay TRACE',
    'diff TRACE --nearest',
    'show CAPTURE',
    'case-from CAPTURE --as server --out OUT',
  ];
  test.each(ENDED)('%s is ended as any program is', async line => {
    const words = line
      .replace('TRACE', await traceOf('sleeps'))
      .replace('CAPTURE', capture)
      .replace('OUT', join(folder, 'no.json'));
    expect(await interrupted(words, { STUCK: '1' })).toMatchObject({ code: null, signal: 'SIGINT', stderr: 'stuck\n' });
  });

  /** A client that makes the server loop, as somebody has captured it. */
  const capture = join(folder, 'loops.pcap');
  writeFileSync(capture, captureOf('loop\n', 'ok\n'));

  test('in a capture that is replayed', async () => {
    const { code, stdout, stderr } = await interrupted(`replay ${capture} --protocol stuck --as server`);
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 130, stdout: '' },
      stderr: `stuck\n${STOPPING}cut off in the midst of stuck.server.captured.loops\n`,
    });
  });

  test('in a case of a capture, in the simulator', async () => {
    const out = join(folder, 'loops.case.json');
    expect(await ended(['case-from', capture, '--protocol', 'stuck', '--as', 'server', '--out', out], { cwd })).toMatchObject({ code: 0 });
    const { code, stdout } = await interrupted(`conform stuck --sim --case-file ${out}`);
    expect(code).toBe(130);
    expect(stdout).toContain('the run was stopped before its end');
  });

  test('in the workers of exhaust', async () => {
    expect(await interrupted('exhaust stuck/wakes', { STUCK: '1' })).toMatchObject({ code: 130 });
  });

  test.each(['shrink', 'cause'])('in the first run of %s: nothing is written', async command => {
    const out = join(folder, 'nothing.jsonl');
    const words = `${command} ${await traceOf('sleeps')}${command === 'shrink' ? ` --out ${out}` : ''}`;
    expect(await interrupted(words, { STUCK: '1' })).toEqual({ code: 130, signal: null, stdout: '', stderr: `stuck\n${STOPPING}` });
    expect(existsSync(out)).toBe(false);
  });

  test.each([1, 2])('in a run of a smaller plan, in %d threads: the best before it is written, whole', async jobs => {
    const [trace, out] = [await traceOf('sinks'), join(folder, `sunk${jobs}.jsonl`)];
    const { code, stdout } = await interrupted(`shrink ${trace} --out ${out} --jobs ${jobs} --json`, { STUCK: '1' });
    expect(code).toBe(130);
    const { interrupted: stopped, finished, plan } = JSON.parse(stdout);
    expect({ stopped, finished, schedule: plan.schedule }).toEqual({ stopped: true, finished: false, schedule: { strategy: 'fifo' } });
    expect(plan.number).toBeGreaterThanOrEqual(10);
    expect(await ended(['replay', out], { cwd })).toMatchObject({ code: 0 });
  });
});

test('a decoder that loops costs the import of a capture, and leaves no half of a trace', async () => {
  const [place, capture] = [join(folder, 'imported'), join(folder, 'decoded.pcap')];
  mkdirSync(place);
  writeFileSync(capture, captureOf('loop\n', 'ok\n'));
  const words = ['import', capture, '--protocol', 'stuck', '--out', join(place, 'trace.jsonl')];
  expect(await ended(words, { cwd, env: { STUCK: '1' } })).toEqual({
    ...{ code: 2, stdout: '' },
    stderr: `stuck\nslipway: ${capture}: a decoder does not come back: it was ended after 10 s; --protocol names a protocol with another\n`,
  });
  expect(readdirSync(place)).toEqual([]);
});

test('a decoder or an encoder that loops costs its case, and not the run', () => {
  const suite = lifetime.suite;
  if (suite === undefined) throw new Error('lifetime has a suite');
  const loops = (): never => {
    for (;;);
  };
  const channel = {
    descriptor: undefined,
    direction: 'both',
    decoder: () => ({ feed: loops, end: () => [], held: 3 }),
    encoder: loops,
  } as const;
  const wiring = { channels: { call: channel, plain: { descriptor: 1, direction: 'in' } }, options: [], probe: undefined } as const;
  const channels = (limit: number) => bounded({ ...suite, roles: { server: wiring } }, limit).roles['server']?.channels;
  const told = 'of the channel call does not come back: it was ended after 0.2 s';
  expect(() => channels(200)?.['call']?.decoder?.(new Map()).feed(Uint8Array.of(1))).toThrow(`the decoder ${told}`);
  expect(() => channels(200)?.['call']?.encoder?.('x', new Map())).toThrow(`the encoder ${told}`);
  const sleeps = (): never => {
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  };
  const starved = bounded({ ...suite, roles: { server: { ...wiring, channels: { call: { ...channel, encoder: sleeps } } } } }, 400);
  expect(() => starved.roles['server']?.channels['call']?.encoder?.('x', new Map())).toThrow(
    'this computer had no time for the encoder of the channel call: of 0.4 s it was given 0.0 s',
  );
  const decoder = channels(60_000)?.['call']?.decoder?.(new Map());
  expect([decoder?.end(), decoder?.held]).toEqual([[], 3]);
  expect(channels(200)?.['plain']).toEqual({ descriptor: 1, direction: 'in' });
});
