/**
 * The rows of ../hostile of which the kernel has something to say itself: how much it takes of a reply without end, and what it costs
 * the gateway child; how long a socket path may be; and a disk that is full.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../../bench/gateway/machines.ts';
import { ask } from '../../../../bench/gateway/real.ts';
import { REPLY_MAX } from '../../../../src/impl/lonc/wire.ts';
import { ROOT } from '../../../support/slipway.ts';
import { critical } from './critical.ts';

const LINUX = process.platform === 'linux';
const LIMIT_MS = 240_000;
const WEST = '127.0.0.3';
/** What the buffers of two sockets take, at most. */
const SOCKETS = 16_777_216;

let home = '';
const ends: (() => void)[] = [];
beforeEach(() => {
  home = mkdtempSync(`${tmpdir()}/slw-`);
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  rmSync(home, { recursive: true, force: true });
});

/** The files of machine `east`; returns its configuration. */
function configure(port: number, sockets = `${home}/s`): string {
  for (const path of [`${home}/t`, `${home}/d/logs`, `${sockets}/delayed`, `${home}/w/lon-status`]) mkdirSync(path, { recursive: true });
  writeFileSync(`${home}/t/hosts.tab`, `west:d:library:west.example:${WEST}\n`);
  const variables = {
    lonHostID: 'east',
    lonDaemons: `${home}/d`,
    lonTabDir: `${home}/t`,
    lonSockDir: sockets,
    lonDocRoot: `${home}/w`,
    londPort: port,
    lonTimePercent: 2,
  };
  const conf = `${home}/loncapa.conf`;
  const lines = Object.entries(variables).map(([name, value]) => `PerlSetVar ${name} ${value}\n`);
  writeFileSync(conf, lines.join(''));
  return conf;
}

interface Log {
  readonly log: string;
  readonly text: string;
}

/** A gateway child of `east` for `west`; `logged` waits for a line of its log. */
function gatewayChild(conf: string): { readonly pid: number; logged(slug: string): Promise<Log> } {
  const args = [`${ROOT}slipway`, 'serve', 'gateway-child', '--', `--conf=${conf}`, '--peer=west', `--address=${WEST}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  ends.push(() => child.kill('SIGKILL'));
  let text = '';
  child.stderr.setEncoding('latin1').on('data', piece => {
    text += piece;
  });
  const found = (slug: string): Log | undefined => {
    const line = text.split('\n').find(each => each.includes(`"log":"${slug}"`));
    // A line of the log of a daemon.
    return line === undefined ? undefined : (JSON.parse(line) as Log);
  };
  return {
    pid: child.pid ?? 0,
    logged: async slug => {
      for (;;) {
        const line = found(slug);
        if (line !== undefined) return line;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the child has ended:\n${text}`);
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
  };
}

/** A lond by the letter, but for what it does with a request. */
async function fakeLond(port: number, request: (socket: Socket, line: string) => void): Promise<Server> {
  const dialogue = new Map([
    ['init', '12345'],
    ['12345', 'ok'],
    ['pong', 'west:?'],
    ['ekey', '48213AC7B9E0F0B29A7D51200000000'],
  ]);
  const server = createServer(socket => {
    socket.setEncoding('latin1').on('error', () => {});
    socket.on('data', piece => {
      for (const line of String(piece).split('\n').slice(0, -1)) {
        const answer = dialogue.get(line);
        if (answer === undefined) request(socket, line);
        else socket.write(`${answer}\n`);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(port, WEST, resolve));
  ends.push(() => server.close());
  return server;
}

/** Peak of the memory that a process had, in bytes. */
const peakOf = (pid: number): number => 1_024 * Number(/VmHWM:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);

test.skipIf(!LINUX)(
  'reply of 1 GB: cut off after REPLY_MAX, con_lost, and the memory of the child stays small',
  async () => {
    const port = await freePort();
    let flooding: Socket | undefined;
    await fakeLond(port, (socket, line) => {
      if (line !== 'odd') socket.write(`own ${line}\n`);
      else if (flooding === undefined) {
        flooding = socket;
        const goOn = (): void => {
          while (socket.writable && socket.bytesWritten < 1_000_000_000 && socket.write('x'.repeat(65_536)));
        };
        socket.on('drain', goOn);
        goOn();
      }
    });
    const child = gatewayChild(configure(port));
    await child.logged('online');
    const before = peakOf(child.pid);
    expect(await ask(`${home}/s/west`, 'odd')).toBe('con_lost');
    expect(await ask(`${home}/s/west`, 'next')).toBe('own next');
    expect(flooding?.bytesWritten).toBeGreaterThan(REPLY_MAX);
    expect(flooding?.bytesWritten).toBeLessThan(REPLY_MAX + SOCKETS);
    expect(peakOf(child.pid) - before).toBeLessThan(10 * REPLY_MAX);
  },
  LIMIT_MS,
);

test.skipIf(!LINUX)(
  'a socket path longer than the kernel takes: backs off, says so, and leaves no file',
  async () => {
    const port = await freePort();
    await fakeLond(port, () => {});
    const sockets = `${home}/${'x'.repeat(110 - home.length)}`;
    const child = gatewayChild(configure(port, sockets));
    expect((await child.logged('back-off')).text).toMatch(/^Can't make server socket \([0-9.]+ secs\): ENAMETOOLONG$/);
    expect(readdirSync(sockets)).toEqual(['delayed']);
  },
  LIMIT_MS,
);

test.skipIf(!LINUX)(
  'disk full while a message is kept: con_failed, and no file is left',
  async () => {
    // Nobody listens on this port, and the draft of the message is the device that is always full.
    const conf = configure(await freePort());
    const first = `ln -s /dev/full ${home}/s/delayed/.$$.1`;
    const { answers, ended } = await critical({ conf, peer: 'west', commands: ['put:dom:me:env:a=1', 'put:dom:me:env:a=2'], first });
    expect(answers).toEqual(['con_failed', 'con_delayed']);
    expect(ended.stderr).toContain('Could not keep a message for west: ENOSPC');
    expect(readdirSync(`${home}/s/delayed`).length).toBe(1);
    expect(readFileSync(`${home}/d/logs/lonnet.perm.log`, 'latin1').match(/:[DFS]:/g)).toEqual([':F:', ':D:']);
  },
  LIMIT_MS,
);
