/** The disk against a model of names and bytes, and what a power cut may and may not take. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, utf8 } from '../../src/host/bytes.ts';
import type { Instant } from '../../src/host/time.ts';
import { Prng } from '../../src/sim/core/prng.ts';
import { Content } from '../../src/sim/disk/content.ts';
import { Disk, normalize } from '../../src/sim/disk/disk.ts';
import { codeOf, must } from './kit.ts';

const NOW = 0 as Instant;

/** A few names, so that they meet. */
const path = fc.constantFrom('/a', '/b', '/d', '/d/a', '/d/b', '/e', '/e/a', '/d/e', '/d/e/a');
const text = fc.string({ maxLength: 12 });
type Command =
  | { readonly call: 'write' | 'append'; readonly path: string; readonly text: string }
  | { readonly call: 'unlink' | 'mkdir' | 'sync'; readonly path: string }
  | { readonly call: 'rename'; readonly path: string; readonly to: string };
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ call: fc.constantFrom('write' as const, 'append' as const), path, text }),
  fc.record({ call: fc.constantFrom('unlink' as const, 'mkdir' as const, 'mkdir' as const, 'sync' as const), path }),
  fc.record({ call: fc.constant('rename' as const), path, to: path }),
);

/** Names to content; `undefined` is a directory. */
type Model = Map<string, string | undefined>;

const parent = (name: string): string => name.slice(0, name.lastIndexOf('/')) || '/';
const isDirectory = (model: Model, name: string): boolean => model.has(name) && model.get(name) === undefined;
const childrenOf = (model: Model, name: string): readonly string[] =>
  [...model.keys()].filter(each => each !== '/' && parent(each) === name);

/** The error that stands in the way on the way to `name`. */
function wayTo(model: Model, name: string): 'ENOENT' | 'ENOTDIR' | undefined {
  if (name === '/') return undefined;
  const above = parent(name);
  const error = wayTo(model, above);
  if (error !== undefined) return error;
  if (!model.has(above)) return 'ENOENT';
  return isDirectory(model, above) ? undefined : 'ENOTDIR';
}

function perform(model: Model, command: Command): string {
  const error = wayTo(model, command.path);
  if (error !== undefined) return error;
  const here = model.has(command.path);
  switch (command.call) {
    case 'write':
    case 'append':
      if (isDirectory(model, command.path)) return 'EISDIR';
      model.set(command.path, (command.call === 'append' ? (model.get(command.path) ?? '') : '') + command.text);
      return 'ok';
    case 'unlink':
      if (!here) return 'ENOENT';
      if (isDirectory(model, command.path)) return 'EISDIR';
      model.delete(command.path);
      return 'ok';
    case 'mkdir':
      if (here) return 'EEXIST';
      model.set(command.path, undefined);
      return 'ok';
    case 'sync':
      return here ? 'ok' : 'ENOENT';
    case 'rename':
      return rename(model, command.path, command.to);
  }
}

function rename(model: Model, from: string, to: string): string {
  const error = wayTo(model, to);
  if (error !== undefined) return error;
  if (!model.has(from)) return 'ENOENT';
  if (from === to) return 'ok';
  const directory = isDirectory(model, from);
  if (directory && to.startsWith(`${from}/`)) return 'EINVAL';
  if (from.startsWith(`${to}/`)) return 'ENOTEMPTY';
  if (model.has(to)) {
    if (isDirectory(model, to) && !directory) return 'EISDIR';
    if (!isDirectory(model, to) && directory) return 'ENOTDIR';
    if (childrenOf(model, to).length > 0) return 'ENOTEMPTY';
  }
  for (const [name, content] of [...model]) {
    if (name !== from && !name.startsWith(`${from}/`)) continue;
    model.delete(name);
    model.set(to + name.slice(from.length), content);
  }
  return 'ok';
}

function act(disk: Disk, command: Command): string {
  switch (command.call) {
    case 'write':
      return codeOf(disk.write(command.path, utf8(command.text), NOW));
    case 'append':
      return codeOf(disk.append(command.path, utf8(command.text), NOW));
    case 'unlink':
      return codeOf(disk.unlink(command.path, NOW));
    case 'mkdir':
      return codeOf(disk.makeDirectory(command.path, NOW));
    case 'sync':
      return codeOf(disk.sync(command.path));
    case 'rename':
      return codeOf(disk.rename(command.path, command.to, NOW));
  }
}

/** All there is below a directory. */
function contents(disk: Disk, directory = '/'): Model {
  const found: Model = new Map();
  for (const name of must(disk.list(directory))) {
    const full = `${directory === '/' ? '' : directory}/${name}`;
    const isFile = must(disk.stat(full)).kind === 'file';
    found.set(full, isFile ? fromUtf8(must(disk.read(full))) : undefined);
    if (!isFile) for (const [below, content] of contents(disk, full)) found.set(below, content);
  }
  return found;
}

const sorted = (model: Model): readonly (readonly [string, string | undefined])[] =>
  [...model].filter(([name]) => name !== '/').sort(([left], [right]) => (left < right ? -1 : 1));

/** Long, and with directories from the beginning, so that most commands find something. */
const history: fc.Arbitrary<readonly Command[]> = fc
  .array(command, { maxLength: 60, size: 'max' })
  .map(list => [{ call: 'mkdir', path: '/d' }, { call: 'mkdir', path: '/e' }, ...list]);

function world(list: readonly Command[]): { readonly disk: Disk; readonly model: Model } {
  const disk = new Disk();
  const model: Model = new Map([['/', undefined]]);
  for (const each of list) expect(act(disk, each), JSON.stringify(each)).toBe(perform(model, each));
  return { disk, model };
}

describe('names and content', () => {
  it('are what the model says, after any history', () => {
    fc.assert(
      fc.property(history, list => {
        const { disk, model } = world(list);
        expect(sorted(contents(disk))).toEqual(sorted(model));
        for (const [name, content] of model) expect(must(disk.stat(name)).size).toBe(utf8(content ?? '').length);
      }),
      { numRuns: 500 },
    );
  });

  it('are kept by a power cut that keeps them', () => {
    fc.assert(
      fc.property(history, list => {
        const { disk, model } = world(list);
        disk.powerCut('kept', new Prng('x'));
        expect(sorted(contents(disk))).toEqual(sorted(model));
      }),
    );
  });

  it('are given out as copies', () => {
    const disk = new Disk();
    disk.write('/f', utf8('abc'), NOW);
    must(disk.read('/f')).fill(1);
    expect(fromUtf8(must(disk.read('/f')))).toBe('abc');
  });

  it.each([
    ['a', '/a'],
    ['./d//e/../a/', '/d/a'],
    ['../..', '/'],
    ['/', '/'],
  ])('%s is %s: a relative path starts at the root', (given, normal) => expect(normalize(given)).toBe(normal));

  it('are found by relative paths too', () => {
    const disk = new Disk();
    must(disk.makeDirectory('d', NOW));
    must(disk.write('d/../d/./f', utf8('x'), NOW));
    expect(fromUtf8(must(disk.read('/d/f')))).toBe('x');
    expect(codeOf(disk.read(''))).toBe('ENOENT');
  });

  it('survive an attempt to move the root', () => {
    const disk = new Disk();
    must(disk.makeDirectory('/d', NOW));
    expect(codeOf(disk.rename('/', '/d/x', NOW))).toBe('EBUSY');
    expect(codeOf(disk.rename('/d', '/', NOW))).toBe('EBUSY');
    expect(must(disk.list('/'))).toEqual(['d']);
  });
});

describe('a power cut', () => {
  const cut = fc.constantFrom('lost' as const, 'torn' as const);

  it('takes nothing of what was synced: file, its directory, and every directory above', () => {
    fc.assert(
      fc.property(history, history, path, text, cut, fc.string(), (before, later, name, content, how, seed) => {
        const { disk, model } = world(before);
        if (codeOf(disk.write(name, utf8(content), NOW)) !== 'ok') return;
        must(disk.sync(name));
        for (let above = parent(name); ; above = parent(above)) {
          must(disk.sync(above));
          if (above === '/') break;
        }
        // What comes later leaves the path to the file alone.
        const touches = (other: string): boolean => name === other || name.startsWith(`${other}/`);
        for (const each of later) if (!touches(each.path) && !(each.call === 'rename' && touches(each.to))) act(disk, each);
        disk.powerCut(how, new Prng(seed));
        expect(model.size).toBeGreaterThan(0);
        expect(fromUtf8(must(disk.read(name)))).toBe(content);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the names of a synced directory as they were, whatever had been renamed before', () => {
    fc.assert(
      fc.property(history, fc.constantFrom('/', '/d', '/e', '/d/e'), cut, fc.string(), (list, directory, how, seed) => {
        const { disk } = world(list);
        if (codeOf(disk.sync(directory)) !== 'ok' || codeOf(disk.list(directory)) !== 'ok') return;
        const before = [...must(disk.list(directory))].sort((left, right) => (left < right ? -1 : 1));
        disk.powerCut(how, new Prng(seed));
        expect([...must(disk.list(directory))].sort((left, right) => (left < right ? -1 : 1))).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a tree: every name has its directory', () => {
    fc.assert(
      fc.property(history, cut, fc.string(), history, (list, how, seed, later) => {
        const { disk } = world(list);
        disk.powerCut(how, new Prng(seed));
        const model = contents(disk).set('/', undefined);
        for (const each of later) expect(act(disk, each), JSON.stringify(each)).toBe(perform(model, each));
        expect(sorted(contents(disk))).toEqual(sorted(model));
      }),
      { numRuns: 300 },
    );
  });

  it('takes all that was not synced when it is `lost`', () => {
    const disk = new Disk();
    must(disk.write('/f', utf8('one'), NOW));
    must(disk.sync('/f'));
    must(disk.sync('/'));
    must(disk.append('/f', utf8(' two'), NOW));
    must(disk.write('/g', utf8('new'), NOW));
    must(disk.sync('/g'));
    must(disk.unlink('/f', NOW));
    disk.powerCut('lost', new Prng('x'));
    expect(sorted(contents(disk))).toEqual([['/f', 'one']]);
  });

  it('takes names of one directory when only another was synced', () => {
    const disk = new Disk();
    must(disk.makeDirectory('/d', NOW));
    must(disk.write('/d/lost', utf8('x'), NOW));
    must(disk.write('/kept', utf8('x'), NOW));
    must(disk.sync('/'));
    disk.powerCut('lost', new Prng('x'));
    expect(sorted(contents(disk)).map(([name]) => name)).toEqual(['/d', '/kept']);
  });

  it('leaves the old or the new file when one was renamed over the other, and both can be seen', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const disk = new Disk();
      must(disk.write('/f', utf8('old'), NOW));
      must(disk.sync('/f'));
      must(disk.sync('/'));
      must(disk.write('/t', utf8('new'), NOW));
      must(disk.sync('/t'));
      must(disk.rename('/t', '/f', NOW));
      disk.powerCut('torn', new Prng(String(seed)));
      seen.add(fromUtf8(must(disk.read('/f'))) ?? '?');
    }
    expect(seen).toEqual(new Set(['old', 'new']));
  });

  it('tears an unsynced write anywhere, and loses an earlier one before a later', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 300; seed++) {
      const disk = new Disk();
      must(disk.write('/f', utf8('-'), NOW));
      must(disk.sync('/f'));
      must(disk.sync('/'));
      must(disk.append('/f', utf8('ab'), NOW));
      must(disk.append('/f', utf8('cd'), NOW));
      disk.powerCut('torn', new Prng(String(seed)));
      seen.add(fromUtf8(must(disk.read('/f'))) ?? '?');
    }
    expect([...seen].sort((left, right) => (left < right ? -1 : 1))).toEqual([
      '-',
      '-\0\0',
      '-\0\0c',
      '-\0\0cd',
      '-a',
      '-ab',
      '-abc',
      '-abcd',
    ]);
  });

  it('takes all of a file that was never synced, however it was written', () => {
    for (const further of ['append', 'write', 'neither'] as const) {
      const disk = new Disk();
      must(disk.write('/f', utf8('first'), NOW));
      if (further !== 'neither') must(disk[further]('/f', utf8('second'), NOW));
      expect(must(disk.lookup('/f', '')).outstanding).toBe(further === 'neither' ? 1 : 2);
      must(disk.sync('/'));
      disk.powerCut('lost', new Prng('x'));
      expect(fromUtf8(must(disk.read('/f')))).toBe('');
    }
  });

  it('finds the disk of a daemon that never syncs bounded', () => {
    const disk = new Disk();
    for (let round = 0; round < 5_000; round++) {
      must(disk.write('/t', utf8(String(round)), NOW));
      must(disk.rename('/t', '/f', NOW));
      must(disk.append('/log', utf8('x'), NOW));
    }
    expect(must(disk.lookup('/log', '')).outstanding).toBeLessThanOrEqual(1_024);
    disk.powerCut('lost', new Prng('x'));
    // The kernel wrote back most of both, names and content; the content of the newest /f it had no reason to.
    expect(codeOf(disk.read('/f'))).toBe('ok');
    expect(must(disk.read('/log')).length).toBeGreaterThan(3_000);
  });
});

describe('a disk in trouble', () => {
  it('that is full has no room for bytes or names, and tells; it reads, renames and unlinks', () => {
    const disk = new Disk();
    let failures = 0;
    disk.onFailure = () => failures++;
    must(disk.write('/f', utf8('old'), NOW));
    disk.condition = 'full';
    expect(codeOf(disk.append('/f', utf8('x'), NOW))).toBe('ENOSPC');
    expect(codeOf(disk.write('/g', utf8('x'), NOW))).toBe('ENOSPC');
    expect(codeOf(disk.makeDirectory('/d', NOW))).toBe('ENOSPC');
    expect(failures).toBe(3);
    expect(fromUtf8(must(disk.read('/f')))).toBe('old');
    must(disk.rename('/f', '/g', NOW));
    // The truncation comes before the bytes: the old content is gone.
    expect(codeOf(disk.write('/g', utf8('new'), NOW))).toBe('ENOSPC');
    expect(must(disk.read('/g')).length).toBe(0);
    must(disk.unlink('/g', NOW));
    disk.condition = 'sound';
    must(disk.write('/h', utf8('x'), NOW));
    expect(failures).toBe(4);
  });

  it('that fails answers EIO to every access to content, and changes nothing', () => {
    const disk = new Disk();
    must(disk.write('/f', utf8('old'), NOW));
    disk.condition = 'error';
    expect([disk.read('/f'), disk.write('/f', utf8('x'), NOW), disk.append('/f', utf8('x'), NOW), disk.sync('/f')].map(codeOf)).toEqual([
      'EIO',
      'EIO',
      'EIO',
      'EIO',
    ]);
    expect(codeOf(disk.read('/missing'))).toBe('ENOENT');
    disk.condition = 'sound';
    expect(fromUtf8(must(disk.read('/f')))).toBe('old');
  });
});

describe('content', () => {
  it('stays what it was while others grow from it', () => {
    type Node = { readonly content: Content; readonly text: string };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(30), fc.constantFrom('append', 'cut', 'pad'), fc.string({ maxLength: 40 }), fc.nat(60)), {
          maxLength: 40,
        }),
        list => {
          const nodes: Node[] = [{ content: Content.EMPTY, text: '' }];
          for (const [which, how, more, length] of list) {
            const from = nodes[which % nodes.length] ?? { content: Content.EMPTY, text: '' };
            const ascii = more.replace(/[^ -~]/g, '.');
            if (how === 'append') nodes.push({ content: from.content.append(utf8(ascii)), text: from.text + ascii });
            else if (how === 'cut') nodes.push({ content: from.content.cut(length), text: from.text.slice(0, length) });
            else nodes.push({ content: from.content.padded(length), text: from.text.padEnd(length, '\0') });
          }
          for (const { content, text: expected } of nodes) {
            expect(fromUtf8(content.bytes())).toBe(expected);
            expect(content.length).toBe(expected.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('grows at a cost that does not depend on its length', () => {
    const perAppend = (count: number): number => {
      const disk = new Disk();
      const bytes = new Uint8Array(50);
      const start = process.cpuUsage();
      for (let index = 0; index < count; index++) {
        disk.append('/f', bytes, NOW);
        if (index % 64 === 0) disk.sync('/f');
      }
      const { user, system } = process.cpuUsage(start);
      return (user + system) / count;
    };
    perAppend(2_000);
    const best = (count: number): number => Math.min(...Array.from({ length: 5 }, () => perAppend(count)));
    // Copying the whole file each time makes this ratio 16; a constant cost makes it one.
    expect(best(32_000) / best(2_000)).toBeLessThan(12);
  });
});
