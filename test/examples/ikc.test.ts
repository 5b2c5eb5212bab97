/**
 * The kernels of examples/ among themselves: Python's and POE's own, each as client and as server, over both transports and with both
 * serializers. Where one is broken on purpose, an answer is another, and a ping is not.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { client, type KernelProgram, PERL, Place, PYTHON, type Row, skips, Wire } from './kernels.ts';

const place = new Place();
afterAll(() => place.leave());

const call = (state: string, params: unknown = null): readonly string[] => ['--call', `poe://Server/demo/${state}`, JSON.stringify(params)];
const answer = (state: string, value: unknown = null): Row => ({ call: `poe://Server/demo/${state}`, answer: value });
const error = (target: string, text: string): Row => ({ call: target, error: `${text} [${target}]` });

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
  [call('fail'), error('poe://Server/demo/fail', 'the handler fails on purpose')],
  [['--post', 'poe://Server/demo/note', '"first"'], undefined],
  [['--post', 'poe://Second/demo/note', '{"second":2}'], undefined],
  [call('count'), answer('count', 2)],
  // What is forwarded comes back before the answer of who forwards it.
  [call('forward', ['poe://Client/demo/note', { from: 'afar' }]), { note: { from: 'afar' } }],
  [[], answer('forward')],
  [call('forward', ['poe://Nobody/demo/note', 1]), error('poe://Server/demo/forward', "Unknown kernel 'Nobody'")],
  [['--post', 'poe://Server/nosuch/x', '1'], { error: "Session 'nosuch' is not available for remote kernels [poe://Server/nosuch/x]" }],
  [call('nosuch'), error('poe://Server/demo/nosuch', "Session 'demo' has not published state 'nosuch'")],
  [
    ['--subscribe', 'poe://Server/demo'],
    { subscribe: 'poe://Server/demo', answer: [{ kernel: 'Server', session: 'demo', state: '' }, expect.any(String)] },
  ],
  [['--subscribe', 'poe://Server/demo/nosuch'], { subscribe: 'poe://Server/demo/nosuch', answer: 'NOT poe://Server/demo/nosuch' }],
  [['--call', 'poe://Server/IKC/ping', '"PING"'], { call: 'poe://Server/IKC/ping', answer: 'PONG' }],
];
const WORDS = REQUESTS.flatMap(([words]) => words);
const ROWS = REQUESTS.flatMap(([, row]) => (row === undefined ? [] : [row]));
const NOTED: readonly Row[] = [{ note: 'first' }, { note: { second: 2 } }];

interface Meeting {
  readonly from: KernelProgram;
  readonly to: KernelProgram;
  readonly over: 'tcp' | 'unix';
  readonly by: 'Storable' | 'JSON';
}
const both = [PYTHON, PERL];
const MEETINGS: readonly Meeting[] = both.flatMap(from =>
  both.flatMap(to => (['tcp', 'unix'] as const).flatMap(over => (['Storable', 'JSON'] as const).map(by => ({ from, to, over, by })))),
);

describe('kernels that are not ours', () => {
  for (const { from, to, over, by } of MEETINGS) {
    test.skipIf(skips(from, to))(`${from.name} asks ${to.name} over ${over} in ${by}`, async () => {
      const server = await place.server(to, place.address(over), ['--name', 'Server', '--alias', 'Second']);
      const asked = await client(from, server.address, ['--name', 'Client', '--serializer', by, ...WORDS]);
      expect(asked).toEqual({ code: 0, rows: ROWS, stderr: '' });
      const { code, rows, stderr } = await server.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(rows).toEqual([{ listening: server.address }, ...NOTED, { closed: expect.any(String), why: expect.any(String) }]);
    });

    if (over === 'tcp') continue;
    test.skipIf(skips(from, to))(`${from.name} offers ${by} only, and ${to.name} refuses it`, async () => {
      const server = await place.server(to, place.address(over), ['--serializer', by === 'JSON' ? 'Storable' : 'JSON']);
      const { code, rows } = await client(from, server.address, ['--serializer', by, '--call', 'poe:/demo/echo', '1']);
      expect({ code, rows }).toMatchObject({ code: 1, rows: [{ why: 'the other kernel refuses every serializer' }] });
      await server.stop();
    });
  }

  test.skipIf(skips(PYTHON))('a client that is told to tries again', async () => {
    const path = place.path();
    const asked = client(PYTHON, path, ['--reconnect', '--call', 'poe:/IKC/ping', '1']);
    // It has begun before; where the machine is slow it finds the server at once, which is as good.
    const server = await place.server(PYTHON, path);
    const { code, rows } = await asked;
    expect({ code, last: rows.at(-1) }).toEqual({ code: 0, last: { call: 'poe:/IKC/ping', answer: 'PONG' } });
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
    wrong: [expect.objectContaining({ why: expect.stringMatching(/no length before a frame/) })],
  },
};

describe.skipIf(skips(PYTHON))('faults of ikc.py', () => {
  test('are listed', async () => {
    const { spawnSync } = await import('node:child_process');
    const [program, ...words] = PYTHON.start;
    const { stdout } = spawnSync(program, [...words, '--help'], { encoding: 'utf8' });
    const listed = [...(stdout.split('faults:\n')[1] ?? '').matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual([...Object.keys(PLANTED), 'drops-behind-switch'].toSorted());
  });

  for (const [fault, { by, words, right, wrong }] of Object.entries(PLANTED)) {
    test(`${fault} changes an answer, and its ping does not show it`, async () => {
      for (const [options, rows] of [
        [[], right],
        [['--fault', fault], wrong],
      ] as const) {
        const server = await place.server(PYTHON, place.path(), ['--name', 'Server', ...options]);
        const ping = ['--serializer', by, '--call', 'poe://Server/IKC/ping', '"PING"'];
        expect((await client(PYTHON, server.address, ping)).rows).toEqual([{ call: 'poe://Server/IKC/ping', answer: 'PONG' }]);
        expect((await client(PYTHON, server.address, ['--serializer', by, ...words])).rows).toEqual(rows);
        await server.stop();
      }
    });
  }

  test('drops-behind-switch loses a request, and the next one is answered', async () => {
    expect(await pingsAnswered([])).toBe(2);
    expect(await pingsAnswered(['--fault', 'drops-behind-switch'])).toBe(1);
  });
});
