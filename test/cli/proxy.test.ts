/** The proxy as a command, on the real kernel: what both sides see of each fault, what it says, and how it ends. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRule, type Rule } from '../../src/impl/proxy/fault.ts';
import { proxyDaemon } from '../../src/impl/proxy/proxy.ts';
import { createNodeHost, type NodeHost } from '../../src/node/host.ts';
import { slipway as ended, ROOT } from '../support/slipway.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-proxy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What one end of a connection saw, in order: bytes joined, `end`, an error's code, `close`. */
class Ear {
  readonly seen: string[] = [];
  readonly #waiting: { readonly done: (seen: readonly string[]) => boolean; readonly resolve: () => void }[] = [];

  constructor(socket: Socket) {
    socket.on('data', chunk => this.#take(chunk.toString()));
    socket.on('end', () => this.#take('[end]'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#take(`[${error.code}]`));
  }

  get text(): string {
    return this.seen.join('');
  }

  until(done: (text: string) => boolean): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push({ done: () => done(this.text), resolve });
      this.#look();
    });
  }

  #take(what: string): void {
    this.seen.push(what);
    this.#look();
  }

  #look(): void {
    for (const each of this.#waiting) if (each.done(this.seen)) each.resolve();
  }
}

let server: Server;
let port = 0;
const served: ((socket: Socket) => void)[] = [];
beforeAll(async () => {
  server = createServer({ allowHalfOpen: true }, socket => served.shift()?.(socket)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => void server.close());

const rule = (text: string): Rule => {
  const parsed = parseRule(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};

/** The proxy as a guest of this process, between a client and the server. */
async function between(faults: readonly string[]): Promise<{ client: Socket; heard: Ear; there: Socket; hears: Ear; host: NodeHost }> {
  let listening = (_: string): void => {};
  const opened = new Promise<string>(resolve => {
    listening = resolve;
  });
  const host = createNodeHost({
    programs: {},
    programsModule: '',
    program: 'proxy',
    log: (_severity, event, fields) => {
      if (event === 'listening') listening(String(fields?.['at']));
    },
    onExit: () => {},
  });
  const listen = { transport: 'tcp', address: '127.0.0.1', port: 0 } as const;
  host.run(proxyDaemon({ listen, to: { ...listen, port }, rules: faults.map(rule), seed: 1 }));
  const at = Number((await opened).split(':')[1]);
  const arrived = new Promise<Socket>(resolve => served.push(resolve));
  const client = dial({ port: at, host: '127.0.0.1', allowHalfOpen: true });
  const heard = new Ear(client);
  const there = await arrived;
  return { client, heard, there, hears: new Ear(there), host };
}

const within = async (faults: readonly string[], act: (parts: Awaited<ReturnType<typeof between>>) => Promise<void>): Promise<void> => {
  const parts = await between(faults);
  try {
    await act(parts);
  } finally {
    await parts.host.close();
    for (const socket of [parts.client, parts.there]) socket.destroy();
  }
};

describe('on the real kernel', () => {
  test('bytes and half-closes pass both ways', () =>
    within([], async ({ client, heard, there, hears }) => {
      client.end('ahoy');
      await hears.until(text => text === 'ahoy[end]');
      there.end('aye');
      await heard.until(text => text === 'aye[end]');
    }));

  test('a reset is one for both', () =>
    within(['reset,after=200ms'], async ({ client, heard, hears }) => {
      client.write('ahoy');
      await Promise.all([hears.until(text => text.includes('[')), heard.until(text => text.includes('['))]);
      expect([hears.text, heard.text]).toEqual(['ahoy[ECONNRESET]', '[ECONNRESET]']);
    }));

  test('a cut is an end for both', () =>
    within(['cut,after=3,direction=up'], async ({ client, heard, hears }) => {
      client.write('ahoy');
      await Promise.all([hears.until(text => text.includes('[')), heard.until(text => text.includes('['))]);
      expect([hears.text, heard.text]).toEqual(['aho[end]', '[end]']);
    }));

  test('of a connection that is half open nobody hears an end', () =>
    within(['half-open,after=4,direction=up'], async ({ client, heard, there, hears }) => {
      client.write('ahoy');
      await hears.until(text => text === 'ahoy');
      there.end('aye');
      client.write('never');
      client.end();
      // What the proxy has read of both by then it has not passed on.
      await new Promise(resolve => setTimeout(resolve, 100));
      expect([hears.text, heard.text]).toEqual(['ahoy', '']);
    }));

  test('pieces come one by one', () =>
    within(['split=1,gap=200ms'], async ({ client, hears }) => {
      client.write('ahoy');
      await hears.until(text => text === 'ahoy');
      // Who has no time to read finds several in one.
      expect(hears.seen.length).toBeGreaterThan(1);
    }));

  test('a reset of an end is passed on as one', () =>
    within([], async ({ client, heard, there }) => {
      there.write('x');
      await heard.until(text => text === 'x');
      there.resetAndDestroy();
      await heard.until(text => text.includes('['));
      expect(heard.text).toBe('x[ECONNRESET]');
      expect(client.destroyed).toBe(true);
    }));
});

/** Starts the command, and does something at the first line. */
function command(
  words: readonly string[],
  act: (child: ChildProcessWithoutNullStreams, line: string) => void,
): Promise<{ code: number | null; lines: readonly string[] }> {
  const child = spawn(process.execPath, [`${ROOT}slipway`, 'proxy', ...words]);
  const lines: string[] = [];
  let text = '';
  child.stdout.on('data', chunk => {
    text += String(chunk);
  });
  createInterface({ input: child.stdout }).on('line', line => {
    if (lines.push(line) === 1) act(child, line);
  });
  return new Promise(resolve =>
    child.on('close', code => {
      expect(text.endsWith('\n')).toBe(true);
      resolve({ code, lines });
    }),
  );
}

describe('the command', () => {
  test('--once ends it with the connection, and every line is JSON', async () => {
    const script = join(folder, 'faults');
    writeFileSync(script, '# both\nsplit=2 # small\ncut,after=3,direction=up\n');
    served.push(() => {});
    const words = [
      '--listen',
      'tcp://127.0.0.1:0',
      '--to',
      `tcp://127.0.0.1:${port}`,
      '--script',
      script,
      '--once',
      '--json',
      '--seed',
      '7',
    ];
    const { code, lines } = await command(words, (_, line) => {
      dial(Number(JSON.parse(line).at.split(':')[1]), '127.0.0.1')
        .on('data', () => {})
        .write('ahoy');
    });
    expect(code).toBe(0);
    const events = lines.map(line => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: 'listening', to: `127.0.0.1:${port}`, seed: 7 });
    expect(events.filter(({ event }) => event === 'fault').map(({ fault, direction, bytes }) => `${fault} ${direction} ${bytes}`)).toEqual([
      'split=2,gap=1000us up 0',
      'split=2,gap=1000us down 0',
      'cut up 3',
    ]);
    expect(events.at(-1)).toMatchObject({ event: 'over', why: 'once', connections: 1, open: 0 });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0, in the midst of a connection, and its socket is gone', async signal => {
    const path = join(folder, `${signal}.sock`);
    served.push(() => {});
    const { code, lines } = await command(['--listen', `unix:${path}`, '--to', `tcp://127.0.0.1:${port}`, '--fault', 'hold'], child => {
      dial(path)
        .on('error', () => {})
        .on('connect', () => child.kill(signal));
    });
    expect(code).toBe(0);
    expect(lines.at(-1)).toContain(`over why=${signal}`);
    expect(existsSync(path)).toBe(false);
  });

  test('a reader of its lines that stands still keeps it from nothing, and has whole lines in the end', async () => {
    const path = join(folder, 'still.sock');
    const words = ['--listen', `unix:${path}`, '--to', `tcp://127.0.0.1:${port}`];
    const child = spawn(process.execPath, [`${ROOT}slipway`, 'proxy', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    while (!existsSync(path)) await new Promise(resolve => setTimeout(resolve, 20));
    // Each makes five lines: together more than the kernel holds.
    for (let index = 0; index < 200; index++) await passing(path);
    child.kill('SIGTERM');
    const code = await new Promise(resolve => child.on('exit', resolve));
    expect(code).toBe(0);
    let text = '';
    for await (const chunk of child.stdout) text += String(chunk);
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .filter(line => !/^ *\d+\.\d{3} s {2}\S/.test(line)),
    ).toEqual([]);
    expect(text.endsWith('\n')).toBe(true);
  });

  test.each([
    [['--listen', 'tcp://127.0.0.1:0'], "required option '--to <address>' not specified"],
    [['--listen', 'here', '--to', 'unix:/x'], "--listen 'here' is no address"],
    [['--listen', 'tcp://localhost:1', '--to', 'unix:/x'], 'names are not resolved'],
    [['--listen', 'tcp://0.0.0.0:0', '--to', 'unix:/x'], '--exposed allows that'],
    [['--listen', 'unix:/x', '--to', 'udp://127.0.0.1:9'], 'a proxy carries streams'],
    [['--listen', 'unix:/x', '--to', 'unix:/y', '--fault', 'drop'], "--fault: fault 'drop': it begins with one of"],
    [['--listen', 'unix:/x', '--to', 'unix:/y', '--script', '/none'], '--script /none'],
    [['--listen', 'unix:/x', '--to', 'unix:/y', '--seed', '-1'], '--seed must be an integer'],
  ])('%s is refused with 2, in a line', async (words, why) => {
    const { code, stdout, stderr } = await ended(['proxy', ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(why);
  });

  test('an address that is taken ends it with 4, in a line', async () => {
    const { code, stderr } = await ended(['proxy', '--listen', `tcp://127.0.0.1:${port}`, '--to', 'unix:/y']);
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: `slipway: cannot listen at 127.0.0.1:${port}: EADDRINUSE; somebody listens there: name another port, or 0\n`,
    });
  });
});

/** A connection that is made, and ended by the server. */
function passing(path: string): Promise<void> {
  served.push(socket => socket.end());
  return new Promise((resolve, reject) => {
    const socket = dial(path)
      .on('error', reject)
      .on('close', () => resolve());
    socket.resume();
  });
}
