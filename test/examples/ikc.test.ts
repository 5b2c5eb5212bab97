/**
 * The kernels of examples/ and ours: Python's, POE's own and ours, each as client and as server of the others, over both transports and
 * with both serializers. Where one is broken on purpose, an answer is another, and a ping is not.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { client, type KernelProgram, OURS, PERL, Place, PYTHON, type Row, skips, Wire } from './kernels.ts';

const place = new Place();
afterAll(() => place.leave());

const call = (state: string, params: unknown = null): readonly string[] => [`--call=poe://Server/demo/${state} ${JSON.stringify(params)}`];
const answer = (state: string, value: unknown = null): Row => ({ to: `poe://Server/demo/${state}`, answer: value });
/** The text is the server's own; what it is about stands behind it. */
const error = (to: string): Row => ({ to, error: expect.stringMatching(new RegExp(`^\\S.* \\[${to}\\]( sent by .*)?$`)) });

/** What both serializers have a form for. */
const VALUE = {
  small: [-128, 127, 0],
  large: [-129, 128, 2_147_483_647, -2_147_483_648],
  'text é': ['', 'é', '€ 😀', 'a'.repeat(300), '€'.repeat(300)],
  '€': { nothing: null, empty: [[], {}] },
};
const REQUESTS: readonly (readonly [words: readonly string[], row: Row | undefined])[] = [
  [call('echo', VALUE), answer('echo', VALUE)],
  [call('add', [1, 2, -3_000_000]), answer('add', -2_999_997)],
  [call('void', 1), answer('void')],
  [call('slow', 20), answer('slow', 20)],
  [call('list'), answer('list', 'three')],
  [call('fail'), error('poe://Server/demo/fail')],
  [['--post=poe://Server/demo/note "first"'], undefined],
  [['--post=poe://Second/demo/note {"second": 2}'], undefined],
  [call('count'), answer('count', 2)],
  // What is forwarded comes back before the answer of who forwards it.
  [call('forward', ['poe://Client/demo/note', { from: 'afar' }]), { note: { from: 'afar' } }],
  [[], answer('forward')],
  [call('forward', ['poe://Nobody/demo/note', 1]), error('poe://Server/demo/forward')],
  [['--post=poe://Server/nosuch/x 1'], { error: "Session 'nosuch' is not available for remote kernels [poe://Server/nosuch/x]" }],
  [call('nosuch'), error('poe://Server/demo/nosuch')],
  [['--list=poe://Server/demo/list'], answer('list', ['one', 'two', 'three'])],
  [['--list=poe://Server/demo/void'], answer('void', [])],
  [['--subscribe=poe://Server/demo'], { subscribed: 'poe://Server/demo' }],
  [['--subscribe=poe://Server/demo/nosuch'], { to: 'poe://Server/demo/nosuch', error: expect.any(String) }],
  [['--call=poe://Server/IKC/ping'], { to: 'poe://Server/IKC/ping', answer: 'PONG' }],
];
const WORDS = REQUESTS.flatMap(([words]) => words);
const ROWS = REQUESTS.flatMap(([, row]) => (row === undefined ? [] : [row]));
const NOTED: readonly Row[] = [{ note: 'first' }, { note: { second: 2 } }];
/** What was noted stands in the log of ours. */
const rowsOf = (from: KernelProgram): readonly Row[] => (from === OURS ? ROWS.filter(row => !('note' in row)) : ROWS);

interface Meeting {
  readonly from: KernelProgram;
  readonly to: KernelProgram;
  readonly over: 'tcp' | 'unix';
  readonly by: 'Storable' | 'JSON';
}
const all = [PYTHON, PERL, OURS];
const MEETINGS: readonly Meeting[] = all.flatMap(from =>
  all.flatMap(to => (['tcp', 'unix'] as const).flatMap(over => (['Storable', 'JSON'] as const).map(by => ({ from, to, over, by })))),
);

describe('kernels of three authors', () => {
  for (const { from, to, over, by } of MEETINGS) {
    test.skipIf(skips(from, to))(`${from.name} asks ${to.name} over ${over} in ${by}`, async () => {
      const server = await place.server(to, place.address(over), ['--name=Server', '--alias=Second']);
      const asked = await client(from, server.address, ['--publish', '--name=Client', `--serializer=${by}`, ...WORDS]);
      expect(asked).toEqual({ code: 1, rows: rowsOf(from), stderr: from === OURS ? expect.any(String) : '' });
      const { code, rows, stderr } = await server.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: to === OURS ? expect.any(String) : '' });
      const heard = [{ listening: server.address }, ...NOTED, { closed: expect.any(String), why: expect.any(String) }];
      expect(rows).toEqual(to === OURS ? [] : heard);
    });

    if (over === 'tcp') continue;
    test.skipIf(skips(from, to))(`${from.name} offers ${by} only, and ${to.name} refuses it`, async () => {
      const server = await place.server(to, place.address(over), [`--serializer=${by === 'JSON' ? 'Storable' : 'JSON'}`]);
      const { code, rows } = await client(from, server.address, [`--serializer=${by}`, '--call=poe:/demo/echo 1']);
      expect({ code, rows }).toMatchObject({ code: 1, rows: [{ error: expect.stringMatching(/refuse/) }] });
      await server.stop();
    });
  }

  test.skipIf(skips(PYTHON))('a client that is told to tries again', async () => {
    const path = place.path();
    const asked = client(PYTHON, path, ['--reconnect', '--call=poe:/IKC/ping']);
    // It has begun before; where the machine is slow it finds the server at once, which is as good.
    const server = await place.server(PYTHON, path);
    const { code, rows } = await asked;
    expect({ code, last: rows.at(-1) }).toEqual({ code: 0, last: { to: 'poe:/IKC/ping', answer: 'PONG' } });
    await server.stop();
  });
});

// ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const PING = { event: 'poe:/IKC/ping', params: 'PING', rsvp: { kernel: 'Wire', session: 'a', state: 'b' } };
const frame = (request: unknown): string => {
  const payload = JSON.stringify(request);
  return `${payload.length}\0${payload}`;
};
/** As many OKs as an unnamed server announces names: its id and its address. */
const UP_TO_WORLD = ['HELLO', 'OK', 'OK', 'IAM Wire', 'DONE', 'FREEZER JSON', 'WORLD', ''].join('\r\n');

/** A negotiation and a ping in one piece, and another ping later: how many are answered. */
async function pingsAnswered(options: readonly string[]): Promise<number> {
  const server = await place.server(PYTHON, place.path(), options);
  const wire = new Wire(server.address);
  wire.write(UP_TO_WORLD + frame(PING));
  await wire.until(heard => heard.includes('\r\nUP\r\n'));
  wire.write(frame({ ...PING, rsvp: { ...PING.rsvp, state: 'last' } }));
  const heard = await wire.until(text => text.includes('"last"'));
  wire.end();
  await server.stop();
  return heard.split('"PONG"').length - 1;
}

interface Planted {
  readonly by: 'Storable' | 'JSON';
  readonly words: readonly string[];
  readonly right: readonly Row[];
  readonly wrong: readonly Row[];
}
const PLANTED: Readonly<Record<string, Planted>> = {
  unsigned: { by: 'Storable', words: call('add', [-1000, 1]), right: [answer('add', -999)], wrong: [answer('add', '4294966297')] },
  characters: {
    by: 'JSON',
    words: call('echo', 'é'),
    right: [answer('echo', 'é')],
    wrong: [{ error: expect.stringMatching(/^no length before a frame/) }],
  },
};

describe.skipIf(skips(PYTHON))('faults of ikc.py', () => {
  test('are listed', async () => {
    const { spawnSync } = await import('node:child_process');
    const [program, ...words] = PYTHON.client;
    const { stdout } = spawnSync(program, [...words, '--help'], { encoding: 'utf8' });
    const listed = [...(stdout.split('faults:\n')[1] ?? '').matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual([...Object.keys(PLANTED), 'drops-behind-switch'].toSorted());
  });

  for (const [fault, { by, words, right, wrong }] of Object.entries(PLANTED)) {
    test(`${fault} changes an answer, and its ping does not show it`, async () => {
      for (const [options, rows] of [
        [[], right],
        [[`--fault=${fault}`], wrong],
      ] as const) {
        const server = await place.server(PYTHON, place.path(), ['--name=Server', ...options]);
        const ping = [`--serializer=${by}`, '--call=poe://Server/IKC/ping'];
        expect((await client(PYTHON, server.address, ping)).rows).toEqual([{ to: 'poe://Server/IKC/ping', answer: 'PONG' }]);
        expect((await client(PYTHON, server.address, [`--serializer=${by}`, ...words])).rows).toEqual(rows);
        await server.stop();
      }
    });
  }

  test('drops-behind-switch loses a request, and the next one is answered', async () => {
    expect(await pingsAnswered([])).toBe(2);
    expect(await pingsAnswered(['--fault=drops-behind-switch'])).toBe(1);
  });
});
