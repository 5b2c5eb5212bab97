/** The same clients and requests through relay.ts: what two hops cost on this machine before anything of ours is done. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runClients, type Tally } from './clients.ts';
import { ADDRESSES, freePort } from './machines.ts';
import { echoed } from './requests.ts';

export interface BareOptions {
  readonly clients: number;
  readonly requests: number;
  readonly limitMs: number;
}

const RELAY = fileURLToPath(new URL('relay.js', import.meta.url));
const START_MS = 30_000;

export async function runBare(options: BareOptions): Promise<Tally> {
  const directory = mkdtempSync(`${tmpdir()}/slw-`);
  const path = `${directory}/relay`;
  const processes: ChildProcess[] = [];
  try {
    const port = String(await freePort());
    for (const args of [
      ['echo', ADDRESSES.west, port],
      ['relay', path, ADDRESSES.west, port],
    ]) {
      const child = spawn(process.execPath, [RELAY, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
      processes.push(child);
      await up(child);
    }
    return await runClients({ ...options, path, questions: echoed });
  } finally {
    for (const child of processes) child.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  }
}

function up(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`relay.js did not start within ${START_MS} ms`)), START_MS);
    child.on('exit', () => reject(new Error('relay.js ended')));
    child.stdout?.once('data', () => {
      clearTimeout(limit);
      resolve();
    });
  });
}
