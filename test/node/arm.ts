/**
 * How the tests of the real Host start one: as an OS process, or as a guest of the test.
 * Children run TypeScript through tsx, so that no test needs a build of the tests; main.js itself is compiled.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { HostEvent } from '../../src/host/event.ts';
import type { Daemon } from '../../src/host/host.ts';
import type { ExitStatus } from '../../src/host/signal.ts';
import { createNodeHost, type NodeHost } from '../../src/node/host.ts';
import { programs } from './programs.ts';

export const MODULE = fileURLToPath(new URL('./programs.ts', import.meta.url));
export const ENTRY = fileURLToPath(new URL('../../dist/src/node/main.js', import.meta.url));
export const TSX: readonly string[] = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs main.js with a program and waits for its end. */
export function runMain(words: readonly string[], stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): Promise<Ended> {
  return ended(spawn(process.execPath, [...TSX, ENTRY, ...words], { stdio }));
}

export function ended(child: ChildProcess): Promise<Ended> {
  const texts = { output: '', errors: '' };
  child.stdout?.on('data', (bytes: Uint8Array) => (texts.output += String(bytes)));
  child.stderr?.on('data', (bytes: Uint8Array) => (texts.errors += String(bytes)));
  return new Promise(resolve => child.once('close', (code, signal) => resolve({ code, signal, ...texts })));
}

export interface Guest {
  readonly host: NodeHost;
  readonly events: HostEvent[];
  readonly logged: string[];
  /** What children wrote to their descriptors 1 and 2. */
  readonly output: () => string;
  readonly exited: Promise<ExitStatus>;
}

export function guest(daemon: Daemon): Guest {
  const events: HostEvent[] = [];
  const logged: string[] = [];
  let output = '';
  let exit: (status: ExitStatus) => void = () => {};
  const exited = new Promise<ExitStatus>(resolve => {
    exit = resolve;
  });
  const host = createNodeHost({
    programs,
    programsModule: MODULE,
    nodeOptions: TSX,
    program: 'tester',
    observer: event => events.push(event),
    log: (severity, event, fields) => logged.push(`${severity} ${event} ${JSON.stringify(fields ?? {})}`),
    output: (_pid, _descriptor, bytes) => {
      output += String(Buffer.from(bytes));
    },
    onExit: status => exit(status),
  });
  host.run(daemon);
  return { host, events, logged, output: () => output, exited };
}

/** Waits until something holds; fails by the limit of the test. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 10));
}

/** Runs; not a zombie nobody reaps, as orphans may be in a container. */
export function alive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
