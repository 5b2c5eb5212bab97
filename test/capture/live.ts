/**
 * Real daemons under real captures: ours are started as processes, tshark records the loopback, strace the calls of a family of processes.
 * Nothing waits for a length of time: tshark captures, and has captured all, once a datagram that was sent for that stands in its file.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const SLIPWAY = join(ROOT, 'slipway');
const POLL = 50;

export const isRoot = process.getuid?.() === 0;
export const CI = process.env['CI'] !== undefined;
const has = (program: string, ask: string): boolean => spawnSync(program, [ask]).status === 0;
export const canCapture = isRoot && has('tshark', '--version');
export const canTrace = isRoot && has('strace', '-V');

export const slipway = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [SLIPWAY, ...args], { encoding: 'utf8', cwd: ROOT, maxBuffer: 1 << 28, timeout: 240_000 });

export const ended = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.on('exit', () => resolve());
  });

/** What the pattern finds in the log of a daemon. */
export function logged(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      log += bytes.toString();
      const found = pattern.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', () => reject(new Error(`it has ended, and never said ${pattern}: ${log}`)));
  });
}

/** A daemon of ours, by `slipway serve`. */
export const serve = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [SLIPWAY, 'serve', ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });

/** Everything that goes through a port of the loopback while `talk` runs. */
export async function sniffed(file: string, port: number, talk: () => Promise<void>): Promise<void> {
  const tshark = spawn('tshark', ['-i', 'lo', '-w', file, '-f', `port ${port}`], { stdio: 'ignore' });
  try {
    await seen(file, port, 'the capture has begun');
    await talk();
    await seen(file, port, 'all is captured');
  } finally {
    tshark.kill('SIGINT');
    await ended(tshark);
  }
}

async function seen(file: string, port: number, mark: string): Promise<void> {
  const socket = createSocket('udp4');
  try {
    for (;;) {
      if (bytesOf(file).includes(mark)) return;
      socket.send(mark, port, '127.0.0.1');
      await after(POLL);
    }
  } finally {
    socket.close();
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** A command and all that it starts, in a log of strace. */
export const traced = (file: string, command: string, args: readonly string[]): ChildProcess =>
  spawn('strace', ['-f', '-ttt', '-xx', '-s', '1024', '-o', file, command, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
