/**
 * Traffic on the loopback as tshark records it, while somebody talks to a server of lines.
 * Lacks: anything but one connection.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** Capturing takes rights. */
export const able = spawnSync('tshark', ['--version']).status === 0 && process.getuid?.() === 0;

/** It says so a moment before it captures, and the kernel has still something to hand over at the end. */
const MOMENT_MS = 1_500;
const moment = (): Promise<void> => new Promise(resolve => setTimeout(resolve, MOMENT_MS));

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.on('listening', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What is said, and by which text its answer is over. */
export type Turn = readonly [said: string, until: string];

/** Starts the server, has the turns said to it one after the other, and writes what went over the loopback. */
export async function capture(file: string, port: number, server: ChildProcess, turns: readonly Turn[]): Promise<void> {
  const tshark = spawn('tshark', ['-i', 'lo', '-w', file, '-f', `tcp port ${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await new Promise<void>((resolve, reject) => {
      tshark.stderr.on('data', (bytes: Buffer) => bytes.toString().includes('Capturing') && resolve());
      tshark.on('exit', () => reject(new Error('tshark has ended')));
    });
    await moment();
    await talk(port, turns);
    await moment();
  } finally {
    for (const child of [tshark, server]) {
      const gone = new Promise(resolve => child.on('exit', resolve));
      child.kill('SIGINT');
      await gone;
    }
  }
}

async function talk(port: number, turns: readonly Turn[]): Promise<void> {
  const socket = await connected(port);
  let heard = '';
  let come = (): void => {};
  socket.on('data', bytes => {
    heard += bytes.toString();
    come();
  });
  for (const [said, until] of turns) {
    heard = '';
    socket.write(said);
    while (!heard.endsWith(until))
      await new Promise<void>(resolve => {
        come = resolve;
      });
  }
  const over = new Promise(resolve => socket.on('close', resolve));
  socket.end();
  await over;
}

/** It may not listen yet. */
async function connected(port: number): Promise<ReturnType<typeof connect>> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const there = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (there) return socket;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Each line of the types that the generated dissector shows, by tshark, which must complain of nothing. */
export function dissected(file: string, script: string, field: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync('tshark', ['-r', file, '-X', `lua_script:${script}`, '-T', 'fields', '-e', field], {
    encoding: 'utf8',
  });
  const complaint = stderr.replace(/^Running as user.*\n/m, '');
  if (status !== 0 || complaint !== '') throw new Error(complaint || `tshark ended with ${status}`);
  return stdout.split('\n').filter(line => line !== '');
}
