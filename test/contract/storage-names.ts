/**
 * Storage: odd names, and the times of directories. What each call makes of them was asked of Linux.
 */
import { utf8 } from '../../src/host/bytes.ts';
import type { Host } from '../../src/host/host.ts';
import type { Instant } from '../../src/host/time.ts';
import { type ContractCase, contractCase, must, programsOf } from './case.ts';
import { listening, listenOutcome, outcome, pause, unixAt } from './kit.ts';
import { alone, contentOf, namesIn, put } from './storage.ts';
import type { Story } from './story.ts';

const SECTION = 'storage';
/** One byte more than a name may have. */
const TOO_LONG = 'n'.repeat(256);

/** `f`, `d/f` and the empty `d/e` and `e`. */
function furnish(host: Host): void {
  put(host, 'f', 'f');
  for (const path of ['d', 'd/e', 'e']) must(host.storage.makeDirectory(path));
  put(host, 'd/f', 'd/f');
}

const renamed = (host: Host, pairs: readonly (readonly [from: string, to: string])[]): readonly string[] =>
  pairs.map(([from, to]) => `${from} ${to}: ${outcome(host.storage.rename(from, to))}`.replaceAll(TOO_LONG, 'long'));

const made = (host: Host, paths: readonly string[]): readonly string[] =>
  paths.map(path => `${path}: ${outcome(host.storage.makeDirectory(path))}`);

/** A case of renames that all fail, and leave everything where it was. */
const refusals = (name: string, purpose: string, table: Readonly<Record<string, string>>): ContractCase =>
  alone(
    name,
    purpose,
    host => {
      furnish(host);
      const pairs = Object.keys(table).map((key): [string, string] => {
        const [from = '', to = ''] = key.replaceAll('long', TOO_LONG).split(' ');
        return [from, to];
      });
      return [...renamed(host, pairs), `${namesIn(host, '.')} ${namesIn(host, 'd')}`];
    },
    [...Object.entries(table).map(([pair, code]) => `${pair}: ${code}`), 'd,e,f e,f'],
  );

/** Whether the time of `path` is another after a call that is made a moment later. */
function* changes(host: Host, path: string, call: () => unknown): Story<string> {
  const before = must(host.storage.stat(path)).modified;
  yield* pause(host);
  call();
  return must(host.storage.stat(path)).modified > before ? 'later' : 'the same';
}

export const STORAGE_NAMES: readonly ContractCase[] = [
  refusals('rename-dots', 'A name that ends in `.` or `..` cannot be renamed or replaced, nor can the root: EBUSY.', {
    '. x': 'EBUSY',
    '.. x': 'EBUSY',
    'd/. x': 'EBUSY',
    'd/.. x': 'EBUSY',
    'd .': 'EBUSY',
    'd e/.': 'EBUSY',
    'd e/..': 'EBUSY',
    'missing .': 'EBUSY',
    '/ x': 'EBUSY',
    'f /': 'EBUSY',
  }),

  refusals('rename-file-with-slash', 'Slashes after the name of a file, old or new, are ENOTDIR, also where there is nothing yet.', {
    'f/ g': 'ENOTDIR',
    'f g/': 'ENOTDIR',
    'f f/': 'ENOTDIR',
    'f e/': 'ENOTDIR',
    'f/. g': 'ENOTDIR',
    'missing/ g': 'ENOENT',
  }),

  refusals(
    'rename-onto-what-it-is-in',
    'Nothing takes the place of a directory it lies in: ENOTEMPTY; nor does a directory go into itself: EINVAL.',
    {
      'd/f d': 'ENOTEMPTY',
      'd/e d': 'ENOTEMPTY',
      'd d/e': 'EINVAL',
      'd d/e/x': 'EINVAL',
      'd d/x/': 'EINVAL',
    },
  ),

  refusals('rename-order-of-errors', 'Both ways are gone before either last name is looked at.', {
    'missing f/x': 'ENOTDIR',
    'missing missing/x': 'ENOENT',
    'missing long': 'ENOENT',
    'f long': 'ENAMETOOLONG',
    'long x': 'ENAMETOOLONG',
    'long f/x': 'ENOTDIR',
    'f missing/long': 'ENOENT',
    'f f/long': 'ENOTDIR',
    'f long/x': 'ENAMETOOLONG',
  }),

  alone(
    'rename-directory-with-slash',
    'Slashes after the name of a directory mean nothing, old or new.',
    host => {
      furnish(host);
      return [
        ...renamed(host, [
          ['e/', 'new/'],
          ['new', 'd/e//'],
          ['d/', 'd'],
        ]),
        `${namesIn(host, '.')} ${namesIn(host, 'd')}`,
      ];
    },
    ['e/ new/: ok', 'new d/e//: ok', 'd/ d: ok', 'd,f e,f'],
  ),

  alone(
    'make-directory-odd',
    'Making what is there is EEXIST, however it is written; a slash behind the name of a file does not matter.',
    host => {
      furnish(host);
      return made(host, ['f/', '.', '..', '/', 'd/', 'd/.', 'd/..', 'f/.', 'new/', 'new//', 'missing/.', 'missing/x/', '']);
    },
    [
      'f/: EEXIST',
      '.: EEXIST',
      '..: EEXIST',
      '/: EEXIST',
      'd/: EEXIST',
      'd/.: EEXIST',
      'd/..: EEXIST',
      'f/.: ENOTDIR',
      'new/: ok',
      'new//: EEXIST',
      'missing/.: ENOENT',
      'missing/x/: ENOENT',
      ': ENOENT',
    ],
  ),

  alone(
    'file-with-slash',
    'A path that ends in a slash is a directory: to create or write it is EISDIR, whatever is there; to read a file so, ENOTDIR.',
    host => {
      furnish(host);
      const calls = (path: string): string =>
        `${put(host, path, 'x')} ${outcome(host.storage.append(path, utf8('x')))} ${contentOf(host, path)} ${outcome(host.storage.unlink(path))}`;
      return [...['f/', 'missing/', 'e/', 'f//', 'f/.', 'e/.', '.'].map(path => `${path} ${calls(path)}`), contentOf(host, 'f')];
    },
    [
      'f/ EISDIR EISDIR ENOTDIR ENOTDIR',
      'missing/ EISDIR EISDIR ENOENT ENOENT',
      'e/ EISDIR EISDIR EISDIR EISDIR',
      'f// EISDIR EISDIR ENOTDIR ENOTDIR',
      'f/. ENOTDIR ENOTDIR ENOTDIR ENOTDIR',
      'e/. EISDIR EISDIR EISDIR EISDIR',
      '. EISDIR EISDIR EISDIR EISDIR',
      '"f"',
    ],
  ),

  alone(
    'name-too-long-on-the-way',
    'A name is too long for the directory that it is looked up in: where there is none, that comes first.',
    host => {
      furnish(host);
      return [`missing/${TOO_LONG}`, `f/${TOO_LONG}`, `d/${TOO_LONG}`, `${TOO_LONG}/x`, `${TOO_LONG}/..`].map(path => {
        const { storage } = host;
        const results = [storage.read(path), storage.write(path, utf8('')), storage.stat(path), storage.unlink(path), storage.list(path)];
        return [...new Set(results.map(outcome))].join(' ');
      });
    },
    ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ENAMETOOLONG', 'ENAMETOOLONG'],
  ),

  contractCase(SECTION, {
    name: 'append-nothing',
    purpose:
      'To append nothing changes nothing, not even the time; it creates what is missing. An empty file that is truncated has a new time.',
    roles: {
      *main(host, { saw }) {
        const { storage } = host;
        put(host, 'f', 'x');
        saw(`appended nothing: ${yield* changes(host, 'f', () => storage.append('f', utf8('')))} ${contentOf(host, 'f')}`);
        saw(`created: ${outcome(storage.append('new', utf8('')))} ${contentOf(host, 'new')}`);
        saw(`truncated when empty: ${yield* changes(host, 'new', () => put(host, 'new', ''))}`);
        saw(`appended: ${yield* changes(host, 'f', () => storage.append('f', utf8('y')))} ${contentOf(host, 'f')}`);
      },
    },
    expect: { main: ['appended nothing: the same "x"', 'created: ok ""', 'truncated when empty: later', 'appended: later "xy"'] },
  }),

  contractCase(SECTION, {
    name: 'directory-time-new-names',
    purpose: 'A new name changes the time of its directory, whichever call made it; what happens below or to the content does not.',
    roles: {
      *main(host, { saw }) {
        const { storage } = host;
        must(storage.makeDirectory('d'));
        saw(`write: ${yield* changes(host, 'd', () => put(host, 'd/w', 'x'))}`);
        saw(`append: ${yield* changes(host, 'd', () => storage.append('d/a', utf8('')))}`);
        saw(`mkdir: ${yield* changes(host, 'd', () => storage.makeDirectory('d/e'))}`);
        saw(`written again: ${yield* changes(host, 'd', () => put(host, 'd/w', 'longer'))}`);
        saw(`below: ${yield* changes(host, 'd', () => put(host, 'd/e/f', ''))}`);
        saw(`refused: ${yield* changes(host, 'd', () => storage.makeDirectory('d/e'))}`);
        saw(`looked at: ${yield* changes(host, 'd', () => [storage.list('d'), storage.read('d/w'), storage.sync('d')])}`);
      },
    },
    expect: {
      main: [
        'write: later',
        'append: later',
        'mkdir: later',
        'written again: the same',
        'below: the same',
        'refused: the same',
        'looked at: the same',
      ],
    },
  }),

  contractCase(SECTION, {
    name: 'directory-time-names-gone',
    purpose: 'A name that goes changes the time of its directory; one that was not there does not.',
    roles: {
      *main(host, { saw }) {
        const { storage } = host;
        must(storage.makeDirectory('d'));
        put(host, 'd/f', '');
        saw(`unlink: ${yield* changes(host, 'd', () => storage.unlink('d/f'))}`);
        saw(`again: ${yield* changes(host, 'd', () => storage.unlink('d/f'))}`);
      },
    },
    expect: { main: ['unlink: later', 'again: the same'] },
  }),

  contractCase(SECTION, {
    name: 'directory-time-renames',
    purpose: 'A rename changes the times of both directories, and not that of what moves; one to itself changes none.',
    roles: {
      *main(host, { saw }) {
        const { storage } = host;
        for (const path of ['d', 'd/moves', 'e']) must(storage.makeDirectory(path));
        put(host, 'd/f', '');
        put(host, 'e/g', '');
        saw(`within: ${yield* changes(host, 'd', () => must(storage.rename('d/f', 'd/g')))}`);
        saw(`to itself: ${yield* changes(host, 'd', () => must(storage.rename('d/g', 'd/g')))}`);
        saw(`out of: ${yield* changes(host, 'd', () => must(storage.rename('d/g', 'h')))}`);
        saw(`into, over another: ${yield* changes(host, 'e', () => must(storage.rename('h', 'e/g')))}`);
        const there = must(storage.stat('d/moves')).modified;
        must(storage.rename('d/moves', 'e/moved'));
        saw(`what moved: ${must(storage.stat('e/moved')).modified === there ? 'the same' : 'later'}`);
      },
    },
    expect: {
      main: ['within: later', 'to itself: the same', 'out of: later', 'into, over another: later', 'what moved: the same'],
    },
  }),

  contractCase(SECTION, {
    name: 'directory-time-socket',
    purpose: 'The file of a Unix-domain socket changes the time of its directory when it is made, and not when binding fails.',
    roles: {
      *main(host, { saw }) {
        must(host.storage.makeDirectory('d'));
        const times: Instant[] = [must(host.storage.stat('d')).modified];
        yield* pause(host);
        yield* listening(host, unixAt('d/s'));
        times.push(must(host.storage.stat('d')).modified);
        yield* pause(host);
        saw(`again: ${yield* listenOutcome(host, unixAt('d/s'))}`);
        times.push(must(host.storage.stat('d')).modified);
        const [before = 0, bound = 0, refused = 0] = times;
        saw(`bound: ${bound > before ? 'later' : 'the same'}, refused: ${refused > bound ? 'later' : 'the same'}`);
      },
    },
    expect: { main: ['again: EADDRINUSE', 'bound: later, refused: the same'] },
  }),
];

export const programs = programsOf(STORAGE_NAMES);
