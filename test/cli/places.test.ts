/** Every path that a user names: what cannot be used ends the command at once, in one line, with 2, and nothing was tried. */
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, requireFolder, requireReadable, requireWritable, writtenWhole } from '../../cli/places.ts';
import { inProcess } from '../support/in-process.ts';
import { ROOT } from '../support/slipway.ts';

const SLIPWAY = `${ROOT}slipway`;
let at = '';
const here = (name: string): string => join(at, name);

beforeAll(() => {
  at = fs.mkdtempSync(join(tmpdir(), 'slipway-places-'));
  fs.writeFileSync(here('file'), 'text');
  fs.mkdirSync(here('folder'));
  fs.symlinkSync(here('nowhere'), here('dangling'));
  fs.symlinkSync('loop', here('loop'));
  fs.symlinkSync(here('file'), here('link'));
  execFileSync('mkfifo', [here('fifo')]);
});
afterAll(() => fs.rmSync(at, { recursive: true }));

const LONG = 'x'.repeat(300);
/** What cannot be a folder to write to, nor a file. */
const NEITHER = [
  ['', 'names no'],
  ['/proc/x', 'ENOENT: it cannot be made there'],
  ['/proc/x/y/z', 'ENOENT: it cannot be made there'],
  ['/sys/x', /EPERM|EACCES|EROFS|ENOENT/],
  ['{at}/file/below', 'ENOTDIR: a part of the path is a file'],
  ['{at}/loop', 'ELOOP'],
  ['{at}/loop/below', 'ELOOP'],
  [`{at}/${LONG}`, 'ENAMETOOLONG'],
  [`{at}/${'y/'.repeat(3_000)}z`, 'ENAMETOOLONG'],
  ['nul\0byte', 'names no'],
] as const;
const FOLDERS = [...NEITHER, ['{at}/file', 'EEXIST: a file is there'], ['{at}/fifo', 'EEXIST'], ['/proc/self', /ENOENT|EACCES/]] as const;
const FILES = [
  ...NEITHER,
  ['{at}/folder', 'EISDIR: it is a folder'],
  ['{at}/new/', 'names a folder'],
  ['{at}/dangling', 'a link to nothing'],
  ['{at}/fifo', 'a pipe or socket'],
] as const;
const filled = (path: string): string => path.replace('{at}', at);

describe('a place that cannot be used is named, with why', () => {
  test.each(FOLDERS)('folder %j', (path, why) => {
    expect(() => requireFolder('--report', filled(path))).toThrow(
      expect.objectContaining({ code: 2, message: expect.stringMatching(why) }),
    );
  });
  test.each(FILES)('file %j', (path, why) => {
    expect(() => requireWritable('--out', filled(path))).toThrow(expect.objectContaining({ code: 2, message: expect.stringMatching(why) }));
  });
  test.each([
    ['{at}/nothing', 'ENOENT'],
    ['{at}/folder', 'EISDIR'],
    ['{at}/fifo', 'may never end'],
    ['/dev/zero', 'may never end'],
    ['{at}/dangling', 'ENOENT'],
    ['{at}/loop', 'ELOOP'],
  ])('to read %j', (path, why) => {
    expect(() => requireReadable('--baseline', filled(path))).toThrow(
      expect.objectContaining({ code: 2, message: expect.stringMatching(why) }),
    );
  });
});

test('a place that can be used is as it was, but for the folders on the way', () => {
  requireWritable('--out', here('a/b/c.jsonl'));
  requireFolder('--report', here('d/e'));
  requireWritable('--out', here('file'));
  requireWritable('--out', here('link'));
  requireWritable('--out', '/dev/null');
  requireWritable('--out', '/dev/full');
  makeFolder(here('folder'));
  expect(fs.readdirSync(here('a/b'))).toEqual([]);
  expect(fs.readdirSync(here('d/e'))).toEqual([]);
  expect(fs.readFileSync(here('file'), 'utf8')).toBe('text');
});

test('a file is written whole, through a link as well, or is as it was', () => {
  writtenWhole(here('link'), path => fs.writeFileSync(path, 'new'));
  expect(fs.readFileSync(here('file'), 'utf8')).toBe('new');
  expect(fs.lstatSync(here('link')).isSymbolicLink()).toBe(true);
  const cut = (): void =>
    writtenWhole(here('file'), path => {
      fs.writeFileSync(path, 'half');
      throw new Error('cut');
    });
  expect(cut).toThrow('cut');
  expect(fs.readFileSync(here('file'), 'utf8')).toBe('new');
  expect(fs.readdirSync(at).filter(name => name.startsWith('.slipway'))).toEqual([]);
});

/** Each option that names a place, with a place that it cannot have. */
describe('the command', () => {
  const failing = fs.readdirSync(`${ROOT}traces/lonc`).find(name => name.endsWith('.jsonl')) ?? '';
  test.each([
    ['conform lifetime --sim --report /proc/x'],
    ['conform lifetime --sim --report {at}/file'],
    ['conform lifetime --sim --write-baseline {at}/folder'],
    ['conform lifetime --sim --baseline {at}/fifo'],
    ['conform lifetime --sim --claims-file {at}/fifo'],
    ['conform lifetime --sim --claims-file {at}/nothing'],
    ['conform lifetime --init /proc/x/claims.json --sim'],
    ['conform lifetime --exec true --cwd {at}/nothing'],
    ['conform lifetime --exec true --cwd {at}/file'],
    ['run lifetime/chaos --seed 0 --trace /proc/x/y'],
    ['run lifetime/chaos --seed 0 --trace {at}/fifo'],
    ['run lifetime/chaos --seed 0 --trace /dev/full'],
    [`view ${ROOT}traces/lonc/${failing} --out /dev/full`],
    [`export ${ROOT}traces/lonc/${failing} --as svg --out /dev/full`],
    [`case-from ${ROOT}examples/ikc-setup.pcap --as server --out /dev/full`],
    [`shrink ${ROOT}traces/lonc/${failing} --out {at}/folder`],
    ['replay {at}/fifo'],
    ['show {at}/fifo'],
    ['diff {at}/fifo {at}/fifo'],
    ['report {at}/fifo'],
    ['compare {at}/fifo {at}/folder'],
    ['matrix {at}/fifo'],
    [`report ${ROOT}docs/reports/rwhod-debian --format all --out /proc/x`],
    [`report ${ROOT}docs/reports/rwhod-debian --format all --out {at}/file`],
  ])('%s', async line => {
    const args = line.split(' ').map(filled);
    // What waits for a pipe would wait for ever in here.
    const failed = line.includes('fifo')
      ? await promisify(execFile)(SLIPWAY, args, { cwd: at, timeout: 240_000 }).catch((thrown: unknown) => thrown)
      : await inProcess(args);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringMatching(/^slipway: [^\n]+\n$/) });
  });
});
