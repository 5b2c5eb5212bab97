/** Code of a user that never comes back: every command that runs it hears Ctrl-C all the same, and leaves whole files. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bounded } from '../../conformance/arms/node/bounded.ts';
import { lifetime } from '../../protocols/lifetime.ts';
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

  test.each([
    'run stuck/sleeps --seed 1',
    `replay ${join(folder, 'sleeps.jsonl')}`,
    `shrink ${join(folder, 'sleeps.jsonl')} --out ${join(folder, 'smaller.jsonl')}`,
  ])('%s is ended as any program is', async line => {
    if (!existsSync(join(folder, 'sleeps.jsonl')))
      expect(await ended(['run', 'stuck/sleeps', '--seed', '1', '--trace', join(folder, 'sleeps.jsonl')], { cwd })).toMatchObject({
        code: 1,
      });
    expect(await interrupted(line, { STUCK: '1' })).toMatchObject({ code: null, signal: 'SIGINT', stderr: 'stuck\n' });
    expect(existsSync(join(folder, 'smaller.jsonl'))).toBe(false);
  });
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
  const told = 'of the channel call does not come back: it was ended after 0.02 s';
  expect(() => channels(20)?.['call']?.decoder?.(new Map()).feed(Uint8Array.of(1))).toThrow(`the decoder ${told}`);
  expect(() => channels(20)?.['call']?.encoder?.('x', new Map())).toThrow(`the encoder ${told}`);
  const decoder = channels(60_000)?.['call']?.decoder?.(new Map());
  expect([decoder?.end(), decoder?.held]).toEqual([[], 3]);
  expect(channels(20)?.['plain']).toEqual({ descriptor: 1, direction: 'in' });
});
