/** `rover-client` on this machine, killed again and again while it asks: each request is done once, in order, and each answer is told. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { foreign } from '../../../../scenarios/rover/daemons/foreign.ts';
import { createNodeHost, type NodeHost } from '../../../../src/node/host.ts';
import { ROOT } from '../../../support/slipway.ts';

const ROUNDS = 12;
const SENDS = 5;
/** Of a client that is not told otherwise. */
const WINDOW = 4;

let folder: string;
let server: NodeHost | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-rover-'));
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

/** A server that is not ours; `did` is what it has done. */
function serve(did: string[]): Promise<string> {
  return new Promise(resolve => {
    const node = createNodeHost({
      programs: {},
      programsModule: '',
      program: 'foreign',
      args: ['--port=0', '--moods=answer,drop,answer,half', '--calm=0'],
      onExit: () => {},
      log: (_, event, fields) => {
        if (event === 'did') did.push(`${fields?.['number']} ${fields?.['request']}`);
      },
      observer: ({ kind, data }) => {
        if (kind === 'listen') resolve(String(data?.['at']).replace('0.0.0.0', '127.0.0.1'));
      },
    });
    server = node;
    node.run(foreign);
  });
}

interface Life {
  readonly told: readonly string[];
  readonly queued: number;
  readonly code: number | null;
}

/** One life; with `after`, killed when it has said so many lines of its log. */
function live(at: string, sends: readonly string[], after?: number): Promise<Life> {
  const args = [
    `--server=${at}`,
    '--user=ann',
    '--host=laptop',
    `--state=${join(folder, 'queue')}`,
    ...sends.map(each => `--send=${each}`),
  ];
  const child = spawn(process.execPath, [`${ROOT}slipway`, 'serve', 'rover-client', '--', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const told: string[] = [];
  let lines = 0;
  let queued = 0;
  createInterface({ input: child.stdout }).on('line', line => void told.push(line));
  createInterface({ input: child.stderr }).on('line', line => {
    if (line.includes('"queued"')) queued += 1;
    lines += 1;
    if (lines === after) child.kill('SIGKILL');
  });
  return new Promise(resolve => void child.once('close', code => resolve({ told, queued, code })));
}

test('loses nothing that it has queued, and does nothing twice', async () => {
  const did: string[] = [];
  const at = await serve(did);
  const told: string[] = [];
  let queued = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const sends = Array.from({ length: SENDS }, (_, index) => `TESTECHO  ${round}-${index}`);
    // Later and later: before the log is open, while it queues, while it asks, while it tells.
    const life = await live(at, sends, 1 + round * 2);
    told.push(...life.told);
    queued += life.queued;
  }
  const last = await live(at, []);
  told.push(...last.told);
  expect(last.code).toBe(0);
  // What was queued is done, in order and once; what was not may be, if the log had it.
  const numbers = did.map(each => Number(each.split(' ')[0]));
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(queued);
  expect(new Set(did.map(each => each.split(' ').slice(1).join(' '))).size).toBe(did.length);
  // Each answer is told; by two lives only where the first was killed while it told.
  const answers = new Map(told.map(line => [Number(line.split(' ')[0]), line]));
  expect([...answers.keys()].sort((one, other) => one - other)).toEqual(numbers);
  // What a life has told and not yet logged as told when it dies is told by the next one: at most a window of answers.
  expect(told.length - answers.size).toBeLessThanOrEqual(ROUNDS * WINDOW);
  for (const each of did)
    expect(answers.get(Number(each.split(' ')[0]))).toContain(` 200 done ${each.split(' ')[0]} of ${each.slice(each.indexOf(' ') + 1)}`);
});
