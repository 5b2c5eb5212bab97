/**
 * The daemon under strace, which makes a system call fail, or kills it as it makes one: what was answered is there afterwards. RARE=1
 * does so at every one of the first calls, else at some.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RealRover } from '../../../../bench/rover/real.ts';
import { Prng } from '../../../../src/sim/core/prng.ts';
import { ROOT } from '../../../support/slipway.ts';
import { Client } from './clients.ts';

const ALL = process.env['RARE'] !== undefined;
/** It has to be there, and may not be allowed to trace. */
const WORKS = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const SKIPPED = !WORKS && process.env['CI'] === undefined;
const REQUESTS = 9;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-rover-'));
  writeFileSync(join(folder, 'users'), 'ann s3cret\n');
});
afterEach(async () => {
  await RealRover.killAll();
  rmSync(folder, { recursive: true });
});

const start = (under: readonly string[] = []): Promise<RealRover> =>
  RealRover.start({ root: ROOT, state: join(folder, 'state'), args: [`--users=${join(folder, 'users')}`, '--segment=4096'], under });
const strace = (calls: string, what: string): readonly string[] => [
  'strace',
  '-f',
  '-qq',
  '-o',
  '/dev/null',
  '-e',
  `trace=${calls}`,
  '-e',
  `inject=${calls}:${what}`,
];

/** In another life: all that was told is told again, and everything was done once. */
async function judge(client: Client, until = 0): Promise<void> {
  const rover = await start();
  expect(rover.logged('log-damaged')).toEqual([]);
  await client.askAgain(rover, new Prng('strace'), 8);
  await client.ask(rover, until);
  await client.settle(rover);
  await client.judge(rover);
  expect(await rover.kill('SIGTERM')).toBe(0);
}

describe.skipIf(SKIPPED)(SKIPPED ? 'under strace, which is not here or may not trace' : 'under strace', () => {
  test.each(ALL ? Array.from({ length: 24 }, (_, at) => at + 4) : [5, 8, 13])(
    'sync %i fails: who waits is told to come again, and nothing is lost',
    async when => {
      const client = new Client('laptop');
      const rover = await start(strace('fsync', `error=EIO:when=${when}`));
      expect(rover.port, JSON.stringify(rover.lines)).toBeDefined();
      await client.ask(rover, REQUESTS);
      expect(client.told.size).toBe(REQUESTS);
      // A sync of a delivery is tried again; one of the log makes a new segment.
      const told = ['log-failed', 'log-again', 'act-failed'].map(word => rover.logged(word).length);
      expect([
        [1, 1, 0],
        [0, 0, 1],
      ]).toContainEqual(told);
      await rover.kill();
      await judge(client);
    },
  );

  test('no sync succeeds any more: nothing is answered but that; and when it does again, all is', async () => {
    const client = new Client('laptop');
    const before = await start();
    await client.ask(before, 3);
    expect(await before.kill('SIGTERM')).toBe(0);
    // The first two are of the start.
    const rover = await start(strace('fsync', 'error=EIO:when=3+'));
    expect(rover.port, JSON.stringify(rover.lines)).toBeDefined();
    const answer = await rover.ask({
      USER: 'ann',
      HOST: 'laptop',
      MSGID: 5,
      AUTH: 's3cret',
      COMMAND: 'EXPORT',
      OBJECT: 'Irolo__laptop',
      DATA: 'n5\t5',
    });
    expect(answer).toMatchObject({ status: 503, result: 'busy' });
    expect(
      await rover.ask({
        USER: 'ann',
        HOST: 'laptop',
        MSGID: 1,
        AUTH: 's3cret',
        COMMAND: 'EXPORT',
        OBJECT: 'Irolo__laptop',
        DATA: 'n1\t1',
      }),
    ).toMatchObject({ result: 'busy' });
    await rover.logs('log-failed', 1500);
    expect(rover.logged('log-again')).toEqual([]);
    await rover.kill();
    // What was told to come again may be there or not: the same request is right in both cases.
    await judge(client, 5);
  });

  test('a sync of the start fails: it does not begin, and says so', async () => {
    const rover = await start(strace('fsync', 'error=EIO:when=1+'));
    expect(await rover.ended).toBe(78);
    expect(rover.logged('log-damaged')).toMatchObject([{ what: expect.stringContaining('EIO') }]);
    expect(rover.port).toBeUndefined();
  });

  const KILLED_AT = ['fsync', 'rename', 'unlink'] as const;
  const lives = KILLED_AT.flatMap(call =>
    (ALL ? [1, 2, 3, 4, 5, 6, 8, 10, 12, 15] : [call === 'fsync' ? 7 : 2]).map(when => [call, when] as const),
  );
  test.each(lives)('killed as it makes %s %i: nothing that was answered is lost', async (call, when) => {
    const client = new Client('laptop');
    const rover = await start(strace(call, `signal=SIGKILL:when=${when}`));
    await client.ask(rover, 40);
    await rover.kill();
    await judge(client);
  });
});
