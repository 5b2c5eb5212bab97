/**
 * The daemon on a disk of its own, which is too small, and one that cannot be written for a while: whoever asks is told to come again, and
 * what was answered is there. The disk is in memory, in a namespace that ends with the test.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RealRover } from '../../../../bench/rover/real.ts';
import { textOf } from '../../../../src/host/bytes.ts';
import { Prng } from '../../../../src/sim/core/prng.ts';
import { ROOT } from '../../../support/slipway.ts';
import { Client } from './clients.ts';

/** Namespaces may be forbidden, and mounting in them. */
const WORKS = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0;
const SKIPPED = !WORKS && process.env['CI'] === undefined;

let folder: string;
let namespace: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-rover-'));
  writeFileSync(join(folder, 'users'), 'ann s3cret\n');
  execFileSync('mkdir', [join(folder, 'disk')]);
  // It says when it is there, and lives until its input ends.
  const script = 'mount -t tmpfs -o size=64k none "$1" && echo there && exec cat';
  namespace = spawn('unshare', ['-m', 'sh', '-c', script, 'sh', join(folder, 'disk')], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (WORKS) await new Promise(resolve => namespace.stdout?.once('data', resolve));
});
afterEach(async () => {
  await RealRover.killAll();
  namespace.stdin?.end();
  rmSync(folder, { recursive: true });
});

const entered = (): readonly string[] => ['nsenter', '-t', `${namespace.pid}`, '-m'];
const within = (...command: readonly string[]): void => void execFileSync(entered()[0] ?? '', [...entered().slice(1), ...command]);
const start = (): Promise<RealRover> =>
  RealRover.start({
    root: ROOT,
    state: join(folder, 'disk', 'state'),
    args: [`--users=${join(folder, 'users')}`, '--segment=8192'],
    under: entered(),
  });

/** Another life, on a disk that is sound: all that was told is told again, and everything was done once. */
async function judge(client: Client): Promise<void> {
  const rover = await start();
  expect(rover.logged('log-damaged')).toEqual([]);
  await client.askAgain(rover, new Prng('full'), 10);
  await client.settle(rover);
  await client.judge(rover);
  expect(await rover.kill('SIGTERM')).toBe(0);
}

describe.skipIf(SKIPPED)(SKIPPED ? 'a disk of its own, which cannot be had here' : 'a disk of its own', () => {
  test('is full: who asks is told to come again; with room again it goes on', async () => {
    const client = new Client('laptop', 'x'.repeat(900));
    const rover = await start();
    expect(rover.port, JSON.stringify(rover.lines)).toBeDefined();
    const asking = client.ask(rover, 60);
    await rover.logs('log-failed', 1500);
    const before = client.told.size;
    expect(before).toBeGreaterThan(3);
    expect(before).toBeLessThan(60);
    expect(rover.logged('log-failed')[0]).toMatchObject({ error: 'ENOSPC' });
    expect(await rover.ask({ USER: 'nobody', HOST: 'x', MSGID: 1, COMMAND: 'IMPORTDATA', OBJECT: 'Irolo__x' })).toMatchObject({
      status: 503,
      result: 'busy',
    });
    within('mount', '-o', 'remount,size=4m', join(folder, 'disk'));
    await asking;
    expect(client.told.size).toBe(60);
    expect(rover.logged('log-again').length).toBeGreaterThan(0);
    await rover.kill();
    await judge(client);
  });

  test('is full when it starts again: it says so, and loses nothing', async () => {
    const client = new Client('laptop', 'x'.repeat(900));
    const rover = await start();
    const asking = client.ask(rover);
    await rover.logs('log-failed', 0);
    await rover.kill();
    await asking;
    within('sh', '-c', `cat /dev/zero > ${join(folder, 'disk', 'rest')} 2>/dev/null || true`);
    const refused = await start();
    expect(await refused.ended).toBe(78);
    expect(refused.logged('log-damaged')).toMatchObject([{ what: expect.stringContaining('ENOSPC') }]);
    within('rm', join(folder, 'disk', 'rest'));
    within('mount', '-o', 'remount,size=4m', join(folder, 'disk'));
    await judge(client);
  });

  test('cannot be written for a while, and at a start', async () => {
    const client = new Client('laptop');
    const rover = await start();
    await client.ask(rover, 5);
    within('mount', '-o', 'remount,ro', join(folder, 'disk'));
    const answer = await rover.ask({
      USER: 'ann',
      HOST: 'laptop',
      MSGID: 6,
      AUTH: 's3cret',
      COMMAND: 'EXPORT',
      OBJECT: 'Irolo__laptop',
      DATA: 'n6\t6',
    });
    expect([answer?.status, textOf(answer?.body ?? new Uint8Array(0))]).toEqual([503, 'the log cannot be written\n']);
    expect(rover.logged('log-failed')).toMatchObject([{ error: 'EROFS' }]);
    const second = await start();
    expect(await second.ended).toBe(78);
    within('mount', '-o', 'remount,rw', join(folder, 'disk'));
    await rover.logs('log-again', 0);
    await client.ask(rover, 9);
    await rover.kill();
    await judge(client);
  });
});

test('a file where the folder should be, and a folder above it that is not there: refused, with the file and why', async () => {
  writeFileSync(join(folder, 'file'), 'mine');
  for (const [state, what] of [
    ['file', 'ENOTDIR'],
    ['none/state', 'ENOENT'],
  ] as const) {
    const rover = await RealRover.start({ root: ROOT, state: join(folder, state) });
    expect(await rover.ended).toBe(78);
    expect(rover.logged('log-damaged')).toMatchObject([{ file: join(folder, state), what: expect.stringContaining(what) }]);
  }
});
