/**
 * How the tests of the real Host start one: as an OS process, or as a guest of the test.
 * Children run compiled code, so the build has to come first.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { HostEvent } from '../../src/host/event.ts';
import type { Daemon } from '../../src/host/host.ts';
import type { ExitStatus } from '../../src/host/signal.ts';
import { createNodeHost, type NodeHost } from '../../src/node/host.ts';
import { programs } from './programs.ts';

export const MODULE: string = compiled('test/node/programs.js');
export const ENTRY: string = compiled('src/node/main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs main.js with a program and waits for its end. */
export function runMain(words: readonly string[]): Promise<Ended> {
  return run(process.execPath, [ENTRY, ...words]);
}

/** Runs anything and waits for its end; what takes too long is killed with all it started. */
export function run(file: string, words: readonly string[]): Promise<Ended> {
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = setTimeout(() => process.kill(-(child.pid ?? process.pid), 'SIGKILL'), RUN_LIMIT_MS);
  return ended(child).finally(() => clearTimeout(kill));
}

const RUN_LIMIT_MS = 120_000;

function ended(child: ChildProcess): Promise<Ended> {
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
    program: 'tester',
    observer: event => events.push(event),
    log: (severity, event, fields) => logged.push(`${severity} ${event} ${JSON.stringify(fields ?? {})}`),
    output: (_pid, _descriptor, bytes) => {
      output += String(Buffer.from(bytes));
    },
    onExit: status => exit(status),
  });
  onTestFinished(async () => void (await host.close()));
  host.run(daemon);
  return { host, events, logged, output: () => output, exited };
}

function compiled(name: string): string {
  const path = fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run build`);
  return path;
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
