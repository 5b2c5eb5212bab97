/**
 * Two machines on the kernel, as a user starts them, with waits cut to a fiftieth: encrypted requests; and messages that are
 * kept while the other lond is down, and get there when it is up again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RealMachines } from '../../../../bench/gateway/machines.ts';
import { ask } from '../../../../bench/gateway/real.ts';
import { ROOT } from '../../../support/slipway.ts';
import { critical } from './critical.ts';

const LINUX = process.platform === 'linux';
const START_MS = 90_000;
let machines: RealMachines;

beforeAll(async () => {
  if (!LINUX) return;
  machines = await RealMachines.make({ slipway: `${ROOT}slipway`, variables: { lonTimePercent: 2 } });
  await machines.startLond('west');
  await machines.startGateway('east');
}, START_MS);
afterAll(() => machines?.destroy());

const fileOf = (name: string): string => readFileSync(`${machines.home('east')}/${name}`, 'latin1');

test.skipIf(!LINUX)('encrypted requests are understood, and their answers', async () => {
  const path = machines.socket('east', 'west');
  expect(await ask(path, 'encrypt:put:dom:me:env:k=v%201&l=w')).toBe('ok');
  expect(await ask(path, 'encrypt:get:dom:me:env:l&k')).toBe('w&v%201');
  expect(await ask(path, 'eget:dom:me:env:k')).toBe('v%201');
  // Refused in clear, and known to be no command only when it was decrypted.
  expect(await ask(path, 'auth:dom:me:word')).toBe('refused');
  expect(await ask(path, 'encrypt:auth:dom:me:word')).toBe('unknown_cmd');
});

test.skipIf(!LINUX)(
  'critical messages are kept while lond is down, and delivered when it is up',
  async () => {
    await machines.stopOne('west', 'lond');
    await machines.logged(line => line.machine === 'east' && line.log === 'back-off');
    const commands = ['put:dom:me:late:a=1', 'encrypt:put:dom:me:late:b=hush'];
    const { answers, ended } = await critical({ conf: machines.conf('east'), peer: 'west', commands });
    expect([answers, ended.code]).toEqual([['con_delayed', 'con_delayed'], 0]);
    expect(readdirSync(`${machines.home('east')}/s/delayed`).length).toBe(2);
    const { mark } = machines;
    await machines.startLond('west');
    await machines.logged(line => line.machine === 'east' && line.text === 'west online', mark);
    const sent = machines.lines.slice(mark).filter(({ machine, log }) => machine === 'east' && log === 'delayed-sent');
    expect(sent.map(({ text }) => text)).toEqual(['Delayed put:dom:me:late:a=1: >ok<', 'Delayed encrypt:<22 bytes>: >ok<']);
    expect(readdirSync(`${machines.home('east')}/s/delayed`)).toEqual([]);
    expect(await ask(machines.socket('east', 'west'), 'get:dom:me:late:a&b')).toBe('1&hush');
    expect(fileOf('d/logs/lonnet.perm.log').match(/:[DFS]:/g)).toEqual([':D:', ':D:', ':S:', ':S:']);
    expect(fileOf('d/logs/lonnet.perm.log') + fileOf('d/logs/lonc.log')).not.toContain('hush');
  },
  START_MS,
);

test.skipIf(!LINUX)(
  'and at SIGTERM all of it ends, and leaves nothing',
  async () => {
    const { endings, left } = await machines.stop();
    expect(endings.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(left).toEqual([]);
  },
  START_MS,
);
