/**
 * Scripts in the laboratory (`lab/README.md`), for tests. Where this machine forbids namespaces, the tests are left out and say so; where
 * it only lacks a program they are left out as well, but in CI that is a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { ROOT } from '../support/slipway.ts';

export const ENTER: string = join(ROOT, 'lab/enter');
/** Of the packages rwhod, rwho, python3 and procps. */
const TOOLS = ['/usr/sbin/rwhod', '/usr/bin/ruptime', '/usr/bin/rwho', 'python3', 'pgrep', 'ps'];
/** Longer than any script of a test takes on a slow machine. */
const LIMIT_MS = 240_000;

interface Lack {
  readonly what: string;
  /** Nothing that could be installed would help. */
  readonly forbidden: boolean;
}

function lackOf(): Lack | undefined {
  const { status, stderr } = spawnSync(ENTER, ['bash', '-c', `type ${TOOLS.join(' ')} >/dev/null`], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const what = stderr.trim().replaceAll('\n', '; ');
  if (status !== 1 && status !== 77) throw new Error(`lab/enter ended with ${status}: ${what}`);
  return { what, forbidden: what.includes('namespaces are forbidden') };
}

const lack = lackOf();
if (lack !== undefined) {
  if (!lack.forbidden && process.env['CI'] !== undefined) throw new Error(lack.what);
  process.stderr.write(`test/lab is left out: ${lack.what}\n`);
}

/** `describe`, where there is a laboratory. */
export const inLab: typeof describe.skip = lack === undefined ? describe : describe.skip;
/** The same for tests that mostly wait: each has a laboratory of its own. */
export const inLabs: typeof describe.skip = lack === undefined ? describe.concurrent : describe.skip;

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A directory that is gone after the tests. */
export function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'lab-'));
  made.push(path);
  return path;
}

/** A directory with spools of these names in it. */
export function spools(...names: readonly string[]): string {
  const dir = directory();
  for (const name of names) mkdirSync(join(dir, name));
  return dir;
}

/** The files of a spool that are records; ours writes others on the way. */
export const records = (spool: string): readonly string[] =>
  readdirSync(spool)
    .filter(name => name.startsWith('whod.'))
    .sort();

/** What `post.js receive` wrote into the file: source and bytes of each datagram. */
export function heard(file: string): readonly (readonly [from: string, report: string])[] {
  const lines = readFileSync(file, 'latin1').trim().split('\n').slice(1);
  return lines.map(line => {
    const [from = '', report = ''] = line.split(' ');
    return [from, report];
  });
}

/** What scripts use: `post` sends and receives datagrams, `until_there` waits for files that are not empty, `until_lines` for so many. */
const PRELUDE = `
set -euo pipefail
post() { node dist/test/lab/post.js "$@"; }
until_there() {
  for file; do
    for _ in {1..1500}; do [ -s "$file" ] && continue 2; sleep 0.01; done
    echo "there is no $file" >&2
    ls "$(dirname "$file")" >&2
    exit 1
  done
}
until_lines() {
  for _ in {1..1500}; do [ "$(wc -l <"$1")" -ge "$2" ] && return; sleep 0.01; done
  echo "$1 has less than $2 lines" >&2
  exit 1
}
`;

/** Runs a script of bash on the first computer, in the project, with $dir a directory; its output. It has to end with 0, and before its test. */
export function script(dir: string, text: string, limitMs: number = LIMIT_MS): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(ENTER, ['bash', '-c', PRELUDE + text], {
      cwd: ROOT,
      env: { ...process.env, dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk;
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(limit);
      if (code === 0) resolve(output);
      else reject(new Error(`the script ended with ${code ?? signal}\n${output}\n${errors}`));
    });
  });
}
