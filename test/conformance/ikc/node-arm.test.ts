/**
 * The real arm: our kernels as processes of their own, over loopback and over Unix-domain sockets.
 */
import { describe, expect, test } from 'vitest';
import { IKC } from '../../../conformance/ikc/suite.ts';
import type { Row } from '../../../conformance/run/runner.ts';
import { realArm } from '../../support/arms.ts';
import { type OwnRun, ownRows, passes, verdictsOf } from '../support.ts';

const arm = await realArm('ikc');
const SOCKET = { transport: 'unix', path: 'kernel' } as const;
const rows = (role: string, names: readonly string[], more: Partial<OwnRun> = {}): Promise<readonly Row[]> =>
  ownRows({ suite: IKC, role, arm, names, jobs: 3, ...more });

const OF_SERVER = [
  'ping.answer',
  'names.order',
  'serializer.second',
  'lines.together',
  'frames.early',
  'frames.gigabyte',
  'echo.objects',
  'images.cut',
  'images.deep',
  'call.once',
  'posts.all',
  'namesakes.stays',
  'ends.slow-reader',
  'ends.term',
];
const OF_CLIENT = [
  'peer.ping',
  'hello.first',
  'names.order',
  'serializer.none',
  'call.answer',
  'call.two',
  'peer.announced',
  'ends.done',
  'ends.again',
];

describe('ours, as real processes', () => {
  test('a server', async () => expect(verdictsOf(await rows('server', OF_SERVER))).toEqual(passes(OF_SERVER)));
  test('a client', async () => expect(verdictsOf(await rows('client', OF_CLIENT))).toEqual(passes(OF_CLIENT)));

  test.each(['server', 'client'])('a %s over a Unix-domain socket', async role => {
    const names = role === 'server' ? OF_SERVER : OF_CLIENT;
    const own = IKC.own[role] ?? expect.fail();
    const played = await rows(role, names, { implementation: { ...own, at: SOCKET } });
    expect(verdictsOf(played)).toEqual(passes(names));
    expect(played.every(({ events }) => events.some(({ channel }) => channel.startsWith('unix')))).toBe(true);
  });

  test('a quirk fails here as it does in virtual time', async () => {
    const args = ['--quirk=refused-serializer-guessed'];
    expect(verdictsOf(await rows('server', ['serializer.none'], { args }))).toEqual(['serializer.none fail']);
  });

  test('a state of another name is asked for by that name', async () => {
    const own = IKC.own['server'] ?? expect.fail();
    const asking = async (settings: Readonly<Record<string, string>>): Promise<readonly string[]> =>
      verdictsOf(await rows('server', ['call.result'], { implementation: { ...own, settings } }));
    expect(await asking({ add: 'add' })).toEqual(passes(['call.result']));
    expect(await asking({ add: 'echo' })).toEqual(['call.result fail']);
    expect(await asking({ session: 'nosuch' })).toEqual(['call.result fail']);
  });
});
