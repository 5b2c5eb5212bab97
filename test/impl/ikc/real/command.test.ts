/** The server as a user starts it, asked from a shell: over TCP and a Unix-domain socket, by one process and by several. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT, slipway } from '../../../support/slipway.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-ikc-'));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Served {
  readonly address: string;
  /** Tells it to end, and resolves with its exit code. */
  end(): Promise<number | null>;
}

/** Resolves when it listens; where several processes serve, when all of them do. */
async function serve(args: readonly string[], listeners = 1): Promise<Served> {
  const child = spawn(process.execPath, [`${ROOT}slipway`, 'serve', 'ikc', '--', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let [address, count] = ['', 0];
  for await (const line of createInterface({ input: child.stderr })) {
    const { log, address: told } = JSON.parse(line);
    if (log !== 'listening') continue;
    if (address === '') address = told;
    count += 1;
    if (count === listeners) break;
  }
  child.stderr.resume();
  const end = (): Promise<number | null> => {
    const ended = new Promise<number | null>(resolve => void child.once('close', resolve));
    child.kill('SIGTERM');
    return ended;
  };
  return { address, end };
}

const ask = async (address: string, ...words: readonly string[]): Promise<readonly [code: number | null, lines: readonly unknown[]]> => {
  const { code, stdout } = await slipway(['ikc', ...words, '--connect', address.replace(/^unix:/, '')]);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .filter(line => line !== '');
  return [code, lines.map(line => JSON.parse(line))];
};

describe.each([
  ['TCP', () => '127.0.0.1:0'],
  ['a Unix-domain socket', () => join(folder, 'ikc')],
])('over %s', (_, listen) => {
  test.each([
    ['one process', 1],
    ['three processes', 3],
  ])('%s', async (_name, processes) => {
    const args = processes === 1 ? [] : [`--processes=${processes}`, `--run=${folder}`];
    const { address, end } = await serve([`--listen=${listen()}`, '--name=Inet', ...args], processes);
    expect(
      await ask(
        address,
        'call',
        'poe:/demo/add',
        '[1,2]',
        'list',
        'poe://Inet/demo/list',
        'post',
        'poe:/demo/note',
        'call',
        'poe:/demo/count',
      ),
    ).toEqual([
      0,
      [
        { to: 'poe:/demo/add', answer: 3 },
        { to: 'poe://Inet/demo/list', answer: ['one', 'two', 'three'] },
        { to: 'poe:/demo/count', answer: 1 },
      ],
    ]);
    const [code, lines] = await ask(
      address,
      'call',
      'poe:/demo/echo',
      '{"a":["x",null]}',
      'post',
      'poe:/demo/nothing',
      '--serializer',
      'JSON',
    );
    expect([code, lines]).toEqual([
      1,
      [
        { to: 'poe:/demo/echo', answer: { a: ['x', null] } },
        { error: "Session 'demo' has not published state 'nothing' [poe:/demo/nothing]" },
      ],
    ]);
    expect(await end()).toBe(0);
    if (address.startsWith('unix:')) expect(existsSync(address.slice('unix:'.length))).toBe(false);
  });
});

test('nobody there, and words that are none', async () => {
  expect(await ask(join(folder, 'none'), 'call', 'poe:/demo/add')).toEqual([
    1,
    [{ error: `cannot connect to ${join(folder, 'none')}: ENOENT` }],
  ]);
  const { code, stderr } = await slipway(['ikc', 'call', '::']);
  expect([code, stderr]).toEqual([2, "slipway ikc: --call=::: '::' is no specifier: poe://kernel/session/state\n"]);
  expect((await slipway(['ikc', 'shout'])).stderr).toContain("'shout' is not an option");
});
