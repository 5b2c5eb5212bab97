/**
 * Runs the real command against one hostile implementation, and looks at what is left: processes by a word on their command
 * line or in their environment, files, listening ports, and the most memory the tester ever had.
 * Lacks: verdicts about all this; the test has them.
 */

import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../conformance/report/report.ts';
import { hex } from '../../src/host/bytes.ts';
import { suiteNamed } from '../support/protocols.ts';
import { ROOT } from '../support/slipway.ts';
import type { Behaviour } from './behaviours.ts';
import { HOSTILE_TEXTS } from './texts.ts';

export interface Fought {
  readonly code: number | null;
  readonly signal: string | null;
  readonly millis: number;
  /** What it may take: the deadlines of its cases, and what starting and killing costs on a busy machine. */
  readonly limitMillis: number;
  readonly stdout: string;
  readonly stderr: string;
  /** VmHWM of the tester, in MB; none when it was killed. */
  readonly peakMegabytes: number | undefined;
  /** Command lines of processes that are left after a moment. */
  readonly left: readonly string[];
  /** What is left of the tester's temporary files; a tester that was killed cannot remove them. */
  readonly files: readonly string[];
  /** Somebody still listens where the implementation did. */
  readonly listening: boolean;
}

const OVERHEAD_MILLIS = 45_000;
/** What a deadline refutes is played so often. */
const ATTEMPTS = 3;
/** For a watchdog to do its work. */
const MOMENT_MILLIS = 5_000;

export interface FightOptions {
  /** Instead of --json. */
  readonly args?: readonly string[];
  /** Its folder, before it starts. */
  readonly prepare?: (folder: string) => void;
}

export async function fight(behaviour: Behaviour, options: FightOptions = {}): Promise<Fought> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-hostile-'));
  try {
    return await fightIn(folder, behaviour, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fightIn(folder: string, behaviour: Behaviour, { args = ['--json'], prepare }: FightOptions): Promise<Fought> {
  const program = join(folder, 'implementation');
  copyFileSync(fileURLToPath(new URL('hostile.py', SOURCE)), program);
  chmodSync(program, 0o700);
  writeFileSync(join(folder, 'texts'), HOSTILE_TEXTS.map(each => hex(each.bytes)).join('\n'));
  prepare?.(folder);
  const { suite, role, cases, patience, name, ruptime } = behaviour;
  const reader = ruptime === undefined ? [] : ['--reader', `ruptime=${program} ${ruptime} ${folder}`];
  const words = ['conform', suite, '--role', role, '--patience', String(patience), ...reader, ...args];
  const ids = Object.keys(cases).map(id => `${suite}.${role}.${id}`);
  const start = performance.now();
  const limitMillis = OVERHEAD_MILLIS + ATTEMPTS * patience * deadlines(suite, ids);
  const ended = await run(folder, [...words, '--case', ...ids, '--', program, name, folder, ...PLACES[suite]], limitMillis);
  const millis = performance.now() - start;
  const left = await nothing(() => processesWith(folder));
  const files = readdirSync(folder).filter(file => file.startsWith('slipway-'));
  return { ...ended, millis, limitMillis, peakMegabytes: peakIn(folder), left, files, listening: await listens(folder) };
}

/** What it is told of the case beside the options of the role. */
const PLACES: Readonly<Record<Behaviour['suite'], readonly string[]>> = {
  lifetime: [],
  lonc: [],
  rwho: ['{host}', '{port}', '{tester}', '{dir}'],
};

/** Not from dist: it is no module. */
const SOURCE = new URL('.', import.meta.url);

function deadlines(suite: string, ids: readonly string[]): number {
  const found = suiteNamed(suite)?.cases.filter(each => ids.includes(each.id)) ?? [];
  if (found.length !== ids.length) throw new Error(`no such cases: ${ids.join(' ')}`);
  return found.reduce((sum, each) => sum + each.deadline / 1_000, 0);
}

function run(
  folder: string,
  words: readonly string[],
  limitMillis: number,
): Promise<Pick<Fought, 'code' | 'signal' | 'stdout' | 'stderr'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', PEAK, `${ROOT}slipway`, ...words], {
      env: { ...process.env, TMPDIR: folder, SLIPWAY_PEAK: join(folder, 'peak') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text;
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), 2 * limitMillis);
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** Written by the tester itself when it exits: getrusage would count what it was forked from. */
const PEAK = `data:text/javascript,${encodeURIComponent(`
import fs from 'node:fs';
const { SLIPWAY_PEAK } = process.env;
delete process.env.SLIPWAY_PEAK;
process.on('exit', () => fs.writeFileSync(SLIPWAY_PEAK, fs.readFileSync('/proc/self/status')));
`)}`;

function peakIn(folder: string): number | undefined {
  const path = join(folder, 'peak');
  const kilobytes = existsSync(path) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1_024);
}

export const reportOf = ({ stdout, stderr }: Fought): Report => {
  try {
    // What the command prints with --json is a report.
    return JSON.parse(stdout) as Report;
  } catch {
    throw new Error(`no report: ${stdout.slice(0, 500)} ${stderr.slice(0, 500)}`);
  }
};

// ── what is left ────────────────────────────────────────────────────────────────────────────────────────────────────

async function nothing(find: () => readonly string[]): Promise<readonly string[]> {
  for (const end = performance.now() + MOMENT_MILLIS; ; ) {
    const found = find();
    if (found.length === 0 || performance.now() > end) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Processes of this machine that run and have the word on their command line or in their environment. */
export function processesWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter(pid => !/\) [ZX] /.test(proc(pid, 'stat')) && (proc(pid, 'cmdline') + proc(pid, 'environ')).includes(word))
    .map(pid => `${pid} ${proc(pid, 'cmdline').replaceAll('\0', ' ')}`);
}

function proc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return ''; // it ended meanwhile
  }
}

function listens(folder: string): Promise<boolean> {
  const path = join(folder, 'port');
  if (!existsSync(path)) return Promise.resolve(false);
  return new Promise(resolve => {
    const socket = connect(Number(readFileSync(path, 'utf8')), '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
