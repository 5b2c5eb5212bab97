/**
 * Storage: files, directories and their errors.
 */
import { equalBytes, textOf, utf8 } from '../../src/host/bytes.ts';
import type { Host } from '../../src/host/host.ts';
import { type ContractCase, contractCase, must, programsOf, type Stage } from './case.ts';
import { pattern } from './end.ts';
import { outcome, pause, reaped } from './kit.ts';

const SECTION = 'storage';

export const contentOf = (host: Host, path: string): string => {
  const result = host.storage.read(path);
  return result.ok ? JSON.stringify(textOf(result.value)) : result.error.code;
};
export const put = (host: Host, path: string, text: string): string => outcome(host.storage.write(path, utf8(text)));
export const namesIn = (host: Host, path: string): string => {
  const result = host.storage.list(path);
  return result.ok ? [...result.value].sort((left, right) => (left < right ? -1 : 1)).join() || 'empty' : result.error.code;
};

/** A case of one process that calls, and tells what came of it. */
export function alone(name: string, purpose: string, calls: (host: Host) => readonly string[], expect: readonly string[]): ContractCase {
  const main = (host: Host, { saw }: Stage): void => {
    for (const line of calls(host)) saw(line);
    host.process.exit(0);
  };
  return contractCase(SECTION, { name, purpose, roles: { main }, expect: { main: expect } });
}

export const STORAGE: readonly ContractCase[] = [
  alone(
    'file-write-read',
    'A file reads as it was written; writing again truncates it.',
    host => [
      `missing: ${contentOf(host, 'f')}`,
      `${put(host, 'f', 'a longer text')} ${contentOf(host, 'f')}`,
      `${put(host, 'f', 'short')} ${contentOf(host, 'f')}`,
      `${put(host, 'f', '')} ${contentOf(host, 'f')}`,
    ],
    ['missing: ENOENT', 'ok "a longer text"', 'ok "short"', 'ok ""'],
  ),

  contractCase(SECTION, {
    name: 'file-of-a-socket',
    purpose: 'The file of a Unix-domain socket is no file to read, write, append to or sync: ENXIO, as open(2) says.',
    roles: {
      main: (host, { saw }) =>
        host.network.listen(
          { transport: 'unix', path: 's' },
          { backlog: 1 },
          {
            opened: () => {
              saw(
                `${contentOf(host, 's')} ${put(host, 's', 'x')} ${outcome(host.storage.append('s', utf8('x')))} ${outcome(host.storage.sync('s'))}`,
              );
              host.process.exit(0);
            },
            accept: () => ({ data: () => {} }),
          },
        ),
    },
    expect: { main: ['ENXIO ENXIO ENXIO ENXIO'] },
  }),

  alone(
    'file-large',
    'A file of some megabytes reads back whole.',
    host => {
      const bytes = pattern(3_000_000);
      must(host.storage.write('f', bytes));
      bytes.fill(0);
      const back = must(host.storage.read('f'));
      return [`${back.length}, intact ${equalBytes(back, pattern(3_000_000))}`];
    },
    ['3000000, intact true'],
  ),

  alone(
    'file-bytes-are-copied',
    "What `read` gave is the daemon's own: changing it changes no file.",
    host => {
      must(host.storage.write('f', utf8('abc')));
      must(host.storage.read('f')).fill(0x21);
      return [contentOf(host, 'f')];
    },
    ['"abc"'],
  ),

  contractCase(SECTION, {
    name: 'file-append',
    purpose: 'Append creates a file, and adds to it, from whichever process.',
    roles: {
      *main(host, stage) {
        must(host.storage.append('f', utf8('one ')));
        must(host.storage.append('f', utf8('two ')));
        stage.start('other');
        yield* reaped(host);
        must(host.storage.append('f', utf8('four')));
        stage.saw(contentOf(host, 'f'));
      },
      other(host) {
        must(host.storage.append('f', utf8('three ')));
        host.process.exit(0);
      },
    },
    expect: { main: ['"one two three four"'] },
  }),

  alone(
    'file-rename',
    'Rename takes the name away, and replaces what had the other.',
    host => {
      put(host, 'a', 'from a');
      put(host, 'b', 'from b');
      return [
        `over: ${outcome(host.storage.rename('a', 'b'))} ${contentOf(host, 'b')}, a: ${contentOf(host, 'a')}`,
        `to a new name: ${outcome(host.storage.rename('b', 'c'))} ${contentOf(host, 'c')}`,
        `to itself: ${outcome(host.storage.rename('c', 'c'))} ${contentOf(host, 'c')}`,
      ];
    },
    ['over: ok "from a", a: ENOENT', 'to a new name: ok "from a"', 'to itself: ok "from a"'],
  ),

  alone(
    'file-rename-errors',
    'Renaming what is missing, or into what is missing, is ENOENT; file and directory do not replace each other.',
    host => {
      put(host, 'f', '');
      must(host.storage.makeDirectory('d'));
      return [
        `missing: ${outcome(host.storage.rename('missing', 'x'))}`,
        `into a missing directory: ${outcome(host.storage.rename('f', 'missing/f'))}`,
        `file over directory: ${outcome(host.storage.rename('f', 'd'))}`,
        `directory over file: ${outcome(host.storage.rename('d', 'f'))}`,
        `directory into itself: ${outcome(host.storage.rename('d', 'd/e'))}`,
      ];
    },
    [
      'missing: ENOENT',
      'into a missing directory: ENOENT',
      'file over directory: EISDIR',
      'directory over file: ENOTDIR',
      'directory into itself: EINVAL',
    ],
  ),

  alone(
    'directory-rename',
    'A directory moves with what is in it; over an empty one it goes, over one with names in it ENOTEMPTY.',
    host => {
      for (const name of ['one', 'empty', 'full']) must(host.storage.makeDirectory(name));
      put(host, 'one/f', 'inside');
      put(host, 'full/g', '');
      return [
        `over full: ${outcome(host.storage.rename('one', 'full'))}`,
        `over empty: ${outcome(host.storage.rename('one', 'empty'))} ${contentOf(host, 'empty/f')}, one: ${namesIn(host, 'one')}`,
      ];
    },
    ['over full: ENOTEMPTY', 'over empty: ok "inside", one: ENOENT'],
  ),

  alone(
    'file-unlink',
    'Unlink takes a file away; a missing one is ENOENT, a directory EISDIR.',
    host => {
      put(host, 'f', 'x');
      must(host.storage.makeDirectory('d'));
      return [
        `${outcome(host.storage.unlink('f'))} ${contentOf(host, 'f')}`,
        `again: ${outcome(host.storage.unlink('f'))}`,
        `directory: ${outcome(host.storage.unlink('d'))}`,
      ];
    },
    ['ok ENOENT', 'again: ENOENT', 'directory: EISDIR'],
  ),

  alone(
    'directory-list',
    'A listing has the names in a directory, subdirectories too, and neither itself nor its parent.',
    host => {
      must(host.storage.makeDirectory('d'));
      const empty = namesIn(host, 'd');
      put(host, 'd/b', '');
      put(host, 'd/a', '');
      must(host.storage.makeDirectory('d/c'));
      put(host, 'd/c/deep', '');
      const full = namesIn(host, 'd');
      must(host.storage.unlink('d/a'));
      return [empty, full, namesIn(host, 'd')];
    },
    ['empty', 'a,b,c', 'b,c'],
  ),

  alone(
    'directory-list-errors',
    'Listing what is missing is ENOENT, what is a file ENOTDIR.',
    host => {
      put(host, 'f', '');
      return [`missing: ${namesIn(host, 'missing')}`, `file: ${namesIn(host, 'f')}`];
    },
    ['missing: ENOENT', 'file: ENOTDIR'],
  ),

  alone(
    'directory-make',
    'Making a directory where anything is is EEXIST, in a missing one ENOENT, below a file ENOTDIR.',
    host => {
      put(host, 'f', '');
      return [
        `new: ${outcome(host.storage.makeDirectory('d'))} ${must(host.storage.stat('d')).kind}`,
        `again: ${outcome(host.storage.makeDirectory('d'))}`,
        `file: ${outcome(host.storage.makeDirectory('f'))}`,
        `in a missing one: ${outcome(host.storage.makeDirectory('missing/d'))}`,
        `below a file: ${outcome(host.storage.makeDirectory('f/d'))}`,
        `below: ${outcome(host.storage.makeDirectory('d/e'))}`,
      ];
    },
    ['new: ok directory', 'again: EEXIST', 'file: EEXIST', 'in a missing one: ENOENT', 'below a file: ENOTDIR', 'below: ok'],
  ),

  alone(
    'directory-is-no-file',
    'Reading, writing or appending to a directory is EISDIR.',
    host => {
      must(host.storage.makeDirectory('d'));
      return [`read: ${contentOf(host, 'd')}`, `write: ${put(host, 'd', 'x')}`, `append: ${outcome(host.storage.append('d', utf8('x')))}`];
    },
    ['read: EISDIR', 'write: EISDIR', 'append: EISDIR'],
  ),

  alone(
    'path-missing-directory',
    'Anything in a missing directory is ENOENT.',
    host => [
      `read: ${contentOf(host, 'missing/f')}`,
      `write: ${put(host, 'missing/f', '')}`,
      `append: ${outcome(host.storage.append('missing/f', utf8('x')))}`,
      `stat: ${outcome(host.storage.stat('missing/f'))}`,
      `unlink: ${outcome(host.storage.unlink('missing/f'))}`,
      `sync: ${outcome(host.storage.sync('missing/f'))}`,
    ],
    ['read: ENOENT', 'write: ENOENT', 'append: ENOENT', 'stat: ENOENT', 'unlink: ENOENT', 'sync: ENOENT'],
  ),

  alone(
    'path-below-a-file',
    'A file as a component of a path is ENOTDIR.',
    host => {
      put(host, 'f', '');
      return [
        `read: ${contentOf(host, 'f/x')}`,
        `write: ${put(host, 'f/x', '')}`,
        `append: ${outcome(host.storage.append('f/x', utf8('x')))}`,
        `stat: ${outcome(host.storage.stat('f/x'))}`,
        `list: ${namesIn(host, 'f/x')}`,
        `unlink: ${outcome(host.storage.unlink('f/x'))}`,
        `rename: ${outcome(host.storage.rename('f/x', 'y'))} ${outcome(host.storage.rename('f', 'f/x'))}`,
      ];
    },
    ['read: ENOTDIR', 'write: ENOTDIR', 'append: ENOTDIR', 'stat: ENOTDIR', 'list: ENOTDIR', 'unlink: ENOTDIR', 'rename: ENOTDIR ENOTDIR'],
  ),

  alone(
    'path-forms',
    'The empty path is nothing; a name has at most 255 bytes; `.`, `..` and doubled slashes mean what they mean in POSIX.',
    host => {
      must(host.storage.makeDirectory('d'));
      put(host, 'd/f', 'found');
      const name = 'n'.repeat(255);
      return [
        `empty: ${contentOf(host, '')}`,
        `255: ${put(host, name, '')}, 256: ${put(host, `${name}n`, '')}`,
        `${contentOf(host, './d/f')} ${contentOf(host, 'd//f')} ${contentOf(host, 'd/../d/./f')} ${contentOf(host, 'missing/../d/f')}`,
        `trailing slash: ${contentOf(host, 'd/f/')}`,
      ];
    },
    ['empty: ENOENT', '255: ok, 256: ENAMETOOLONG', '"found" "found" "found" ENOENT', 'trailing slash: ENOTDIR'],
  ),

  contractCase(SECTION, {
    name: 'file-status',
    purpose: '`stat` tells kind and size; `modified` goes forward with each change of content, and not with a rename.',
    roles: {
      *main(host, { saw }) {
        const { storage } = host;
        must(storage.write('f', utf8('12345')));
        const first = must(storage.stat('f'));
        saw(`${first.kind} of ${first.size}, now: ${Math.abs(host.clock.wall() - first.modified) < 5_000_000}`);
        yield* pause(host);
        must(storage.append('f', utf8('678')));
        const second = must(storage.stat('f'));
        saw(`${second.size}, later: ${second.modified > first.modified}`);
        yield* pause(host);
        must(storage.rename('f', 'g'));
        const third = must(storage.stat('g'));
        saw(`renamed, the same: ${third.modified === second.modified}`);
        yield* pause(host);
        must(storage.write('g', utf8('')));
        const fourth = must(storage.stat('g'));
        saw(`${fourth.size}, later: ${fourth.modified > third.modified}`);
        must(storage.makeDirectory('d'));
        const directory = must(storage.stat('d'));
        saw(`${directory.kind} of ${directory.size}, missing: ${outcome(storage.stat('missing'))}`);
      },
    },
    expect: {
      main: ['file of 5, now: true', '8, later: true', 'renamed, the same: true', '0, later: true', 'directory of 0, missing: ENOENT'],
    },
  }),

  alone(
    'sync',
    'A file and a directory can be synced, what is missing cannot.',
    host => {
      must(host.storage.makeDirectory('d'));
      put(host, 'd/f', 'x');
      return [
        `file: ${outcome(host.storage.sync('d/f'))}`,
        `directory: ${outcome(host.storage.sync('d'))}`,
        `missing: ${outcome(host.storage.sync('d/missing'))}`,
        contentOf(host, 'd/f'),
      ];
    },
    ['file: ok', 'directory: ok', 'missing: ENOENT', '"x"'],
  ),

  contractCase(SECTION, {
    name: 'file-survives-kill',
    purpose: 'What a process wrote survives its death by SIGKILL, synced or not: only the machine could lose it.',
    roles: {
      *main(host, stage) {
        stage.start('writer');
        stage.saw((yield* reaped(host)).how);
        stage.saw(contentOf(host, 'f'));
      },
      *writer(host) {
        must(host.storage.write('f', utf8('not synced')));
        must(host.process.kill(host.process.pid, 'SIGKILL'));
        yield* pause(host);
      },
    },
    expect: { main: ['SIGKILL', '"not synced"'] },
  }),
];

export const programs = programsOf(STORAGE);
