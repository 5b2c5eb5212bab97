/** What paths mean, held against the kernel itself: every call with every odd path, and every rename of one to another. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textOf, utf8 } from '../../src/host/bytes.ts';
import type { Result } from '../../src/host/result.ts';
import type { Instant } from '../../src/host/time.ts';
import { Disk } from '../../src/sim/disk/disk.ts';
import { codeOf, must } from './kit.ts';

const SCRIPT = fileURLToPath(new URL('disk-kernel.py', import.meta.url));
const NOW = 0 as Instant;
const LONGEST = 'n'.repeat(255);
/** Of the directory that both begin in; what lies above it is not the same for both. */
const PATHS: readonly string[] = [
  ...['', '.', './', './.', 'f', 'f/', 'f/.', 'f/..', 'f/x', './f', 'f//', 's', 's/', 's/.', 's/x'],
  ...[
    'd',
    'd/',
    'd/.',
    'd/..',
    'd//',
    'd/./',
    'd/../d',
    'd/g',
    'd/g/',
    'd/sub',
    'd/sub/',
    'd/sub/..',
    'd/sub/../g',
    'd/sub/h',
    'd/sub/new',
  ],
  ...['e', 'e/', 'e/.', 'e/new', 'e/new/', 'd/../f', 'missing', 'missing/', 'missing/.', 'missing/..', 'missing/x', 'missing/../f'],
  ...[LONGEST, `${LONGEST}n`, `${LONGEST}n/`, `d/${LONGEST}n`, `${LONGEST}n/..`, `missing/${LONGEST}n`, `f/${LONGEST}n`],
  ...['a/'.repeat(2_100), `${'./'.repeat(2_047)}f`, './'.repeat(2_048)],
];
/** unix(7): a longer path cannot be asked about. */
const SOCKET_PATHS = PATHS.filter(path => path !== '' && path.length < 108);
const CALLS: readonly (readonly string[])[] = [
  ...['read', 'write', 'append', 'unlink', 'mkdir', 'list', 'stat', 'sync'].flatMap(call => PATHS.map(path => [call, path])),
  ...SOCKET_PATHS.map(path => ['bind', path]),
  ...PATHS.flatMap(from => PATHS.map(to => ['rename', from, to])),
];

function furnished(): Disk {
  const disk = new Disk();
  for (const path of ['d', 'd/sub', 'e']) must(disk.makeDirectory(path, NOW));
  for (const path of ['f', 'd/g', 'd/sub/h']) must(disk.write(path, utf8(path), NOW));
  must(disk.bindSocket('s', 'bind s', NOW));
  return disk;
}

function call(disk: Disk, verb: string, path: string, to: string): Result<unknown> {
  switch (verb) {
    case 'read':
      return disk.read(path);
    case 'write':
      return disk.write(path, utf8('X'), NOW);
    case 'append':
      return disk.append(path, utf8('X'), NOW);
    case 'rename':
      return disk.rename(path, to, NOW);
    case 'unlink':
      return disk.unlink(path, NOW);
    case 'mkdir':
      return disk.makeDirectory(path, NOW);
    case 'list':
      return disk.list(path);
    case 'stat':
      return disk.stat(path);
    case 'sync':
      return disk.sync(path);
    default:
      return disk.bindSocket(path, 'bind', NOW);
  }
}

function tree(disk: Disk, directory = ''): readonly string[] {
  const names = [...must(disk.list(directory === '' ? '/' : directory))].sort((one, other) => (one < other ? -1 : 1));
  return names.flatMap(name => {
    const path = directory + name;
    const { kind } = must(disk.stat(path));
    if (kind === 'directory') return [`${path}/`, ...tree(disk, `${path}/`)];
    return kind === 'socket' ? [path] : [`${path}=${textOf(must(disk.read(path)))}`];
  });
}

const short = (words: readonly string[]): string => words.join(' ').replaceAll(LONGEST, 'LONG').slice(0, 60);

describe.runIf(platform() === 'linux')('a disk', () => {
  it('makes of odd paths what the kernel makes of them', () => {
    const directory = mkdtempSync(join(tmpdir(), 'disk-'));
    const input = JSON.stringify(CALLS);
    const { stdout, stderr } = spawnSync('python3', [SCRIPT, directory], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
    rmSync(directory, { recursive: true });
    expect(stderr).toBe('');
    // The script's own form.
    const answers = JSON.parse(stdout) as readonly (readonly [string, string])[];
    expect(answers).toHaveLength(CALLS.length);
    const differing = CALLS.flatMap(([verb = '', path = '', to = ''], index) => {
      const disk = furnished();
      const said = [codeOf(call(disk, verb, path, to)), tree(disk).join(' ')];
      const kernel = answers[index] ?? [];
      return said.join(': ') === kernel.join(': ') ? [] : [{ call: short([verb, path, to]), said, kernel }];
    });
    expect(differing).toEqual([]);
  });
});
