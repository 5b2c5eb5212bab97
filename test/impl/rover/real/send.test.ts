/** `slipway rover` on this machine, against a server that is not ours: answers, what waits, Ctrl-C, and whose queue it is. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { roverCommand } from '../../../../protocols/rover-commands.ts';
import { foreign } from '../../../../scenarios/rover/daemons/foreign.ts';
import { textOf } from '../../../../src/host/bytes.ts';
import { createNodeHost, type NodeHost } from '../../../../src/node/host.ts';

let folder: string;
let server: NodeHost | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-rover-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** On a port of the kernel's choice. */
function serve(...args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    const node = createNodeHost({
      programs: {},
      programsModule: '',
      program: 'foreign',
      args: ['--port=0', '--moods=answer', '--calm=0', ...args],
      onExit: () => {},
      log: () => {},
      observer: ({ kind, data }) => {
        if (kind === 'listen') resolve(String(data?.['at']).replace('0.0.0.0', '127.0.0.1'));
      },
    });
    server = node;
    node.run(foreign);
  });
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly json: unknown;
}

async function rover(words: readonly string[], options: Readonly<Record<string, string>> = {}, asJson = false): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  let json: unknown;
  const code = await roverCommand.run(
    words,
    { user: 'ann', host: 'laptop', state: join(folder, 'deep', 'queue'), ...options },
    {
      out: bytes => void out.push(textOf(bytes)),
      err: bytes => void err.push(textOf(bytes)),
      json: asJson
        ? value => {
            json = value;
          }
        : undefined,
    },
  );
  return { code, out: out.join(''), err: err.join(''), json };
}

describe('slipway rover', () => {
  test('sends and prints the answer, each with the next number', async () => {
    const at = await serve('--fail=2');
    expect(await rover(['send', 'EXPORT', 'Irolo__work', 'ann\t555'], { server: at })).toMatchObject({
      code: 0,
      out: '1 200 done 1 of EXPORT Irolo__work ann\\t555\n',
      err: '',
    });
    const second = await rover(['send', 'RESET', 'Irolo__work'], { server: at }, true);
    expect(second).toMatchObject({
      code: 1,
      out: '',
      json: [{ number: 2, status: 422, result: 'failed', body: '2 of RESET Irolo__work ' }],
    });
    expect(await rover(['queue'])).toMatchObject({ code: 0, out: '' });
  });

  test('waits for a server, leaves the queue at Ctrl-C, shows it, and sends it before anything else the next time', async () => {
    const nowhere = { server: '127.0.0.1:1' };
    const waiting = rover(['send', 'IMPORTDATA', 'Irolo__work'], nowhere);
    // As a shell does it, when the queue is on the disk.
    const ctrlC = setInterval(() => {
      try {
        if (readdirSync(join(folder, 'deep', 'queue')).length > 0 && process.listenerCount('SIGINT') > 0) process.emit('SIGINT');
      } catch {}
    }, 300);
    const left = await waiting;
    clearInterval(ctrlC);
    expect(left.code).toBe(1);
    expect(left.err).toContain('1 in the queue');
    expect(await rover(['queue'], nowhere)).toMatchObject({ code: 0, out: '1 IMPORTDATA Irolo__work waits\n' });
    const at = await serve();
    const { code, out } = await rover(['send', 'TESTNULL'], { server: at });
    expect([code, out]).toEqual([0, '1 200 done 1 of IMPORTDATA Irolo__work \n2 200 done 2 of TESTNULL  \n']);
    expect((await rover(['queue'], nowhere, true)).json).toEqual([]);
  });

  test('does not send from the queue of somebody else', async () => {
    const at = await serve();
    await rover(['send', 'TESTNULL'], { server: at });
    const { code, err } = await rover(['send', 'TESTNULL'], { server: at, user: 'bob' });
    expect([code, err]).toEqual([2, expect.stringContaining('the queue of ann at laptop')]);
  });

  test.each([
    [[], 'say send'],
    [['ask'], 'say send'],
    [['send'], 'send takes COMMAND'],
    [['send', 'A', 'B', 'C', 'D'], 'send takes COMMAND'],
    [['send', 'A', 'B C'], 'no blanks'],
    [['queue', 'all'], 'queue takes no more'],
  ])('%j is wrong', async (words, problem) => {
    const { code, err } = await rover(words);
    expect([code, err]).toEqual([2, expect.stringContaining(problem)]);
  });

  test('says which option is wrong', async () => {
    expect(await rover(['send', 'TESTNULL'], { server: 'here' })).toMatchObject({ code: 2, err: expect.stringContaining('--server=here') });
  });
});
