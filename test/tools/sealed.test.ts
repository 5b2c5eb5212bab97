/** What the sealed layers may not name: each line below must be rejected, by the compiler or by the ban list. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Code of one line, and what it would reach. */
const BANNED_BY_LINT: readonly (readonly [code: string, what: string])[] = [
  ['export const now = Date.now();', 'the clock'],
  ['export const draw = Math.random();', 'chance'],
  ['export const list = [3, 1].sort();', 'a sort without comparator'],
  ['export const list = [3, 1].toSorted();', 'a sort without comparator'],
  ["export const order = 'a'.localeCompare('b');", 'the locale'],
  ['export const text = (1.5).toLocaleString();', 'the locale'],
  ['export const formatter = new Intl.NumberFormat();', 'the locale'],
  ['export const later = Promise.resolve(1);', 'promises'],
  ['export const later = async (): Promise<number> => 1;', 'promises'],
  ['export async function later(): Promise<void> {}', 'promises'],
  ['export class Later { async go(): Promise<void> {} }', 'promises'],
  ["export const later = import('./agenda.ts');", 'promises'],
  ['export const held = new WeakRef({});', 'garbage collection'],
  ["import fs from 'node:fs';\nexport const all = fs;", 'Node'],
  ["import { connect } from 'net';\nexport const all = connect;", 'Node'],
  ['export const all = globalThis;', 'what the list forbids'],
];

const UNKNOWN_TO_COMPILER: readonly string[] = [
  'setTimeout(() => {}, 1);',
  'setImmediate(() => {});',
  'queueMicrotask(() => {});',
  'console.log(1);',
  'process.exit(0);',
  'Buffer.alloc(1);',
  'performance.now();',
  'crypto.randomUUID();',
  "fetch('http://127.0.0.1/');",
  "new URL('a:b');",
  "require('node:fs');",
];

/** Findings of the linter for each file, in a folder of its own with the project's configuration. */
function lint(files: Readonly<Record<string, string>>): (path: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-lint-'));
  try {
    for (const part of ['biome.json', 'tools/sealed.grit']) {
      mkdirSync(dirname(join(folder, part)), { recursive: true });
      copyFileSync(join(ROOT, part), join(folder, part));
    }
    for (const [path, code] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${code}\n`);
    }
    const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/biome'), ['lint', '--reporter=github', '--max-diagnostics=none'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return path =>
      stdout
        .split('\n')
        .filter(line => line.includes(`${path},`))
        .join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const FINDING = /title=plugin|noRestrictedGlobals|noRestrictedImports/;
/** One of each kind: what judges, what a suite has, and what a report is made of. */
const SEALED_PLACES = [
  'src/impl/lifetime/planted.ts',
  'scenarios/lonc/planted.ts',
  'conformance/planted.ts',
  'conformance/judge/planted.ts',
  'conformance/play/planted.ts',
  'conformance/arms/planted.ts',
  'conformance/lonc/mutants/planted.ts',
  'conformance/report/planted.ts',
  'conformance/adapt/planted.ts',
];
const pathOf = (index: number): string => `src/sim/planted-${index}.ts`;

describe('the sealed layers', () => {
  const found = lint({
    ...Object.fromEntries(BANNED_BY_LINT.map(([code], index) => [pathOf(index), code])),
    'src/sim/good.ts': 'export const sorted = [3, 1].sort((left, right) => left - right);',
    'src/node/open.ts': 'export const now = Date.now();',
    ...Object.fromEntries(SEALED_PLACES.map(path => [path, 'export const chance = Date.now() + Math.random() + process.pid;'])),
    'conformance/arms/node/open.ts': 'export const now = Date.now();',
  });

  it.each(BANNED_BY_LINT.map(([code, what], index) => ({ code, what, index })))('lint rejects $code ($what)', ({ index }) => {
    expect(found(pathOf(index))).toMatch(FINDING);
  });

  it('lint accepts what is not banned, and what is outside', () => {
    expect(found('src/sim/good.ts')).not.toMatch(FINDING);
    expect(found('src/node/open.ts')).not.toMatch(FINDING);
    expect(found('conformance/arms/node/open.ts')).not.toMatch(FINDING);
  });

  it.each(SEALED_PLACES)('lint seals %s', path => {
    expect(found(path).match(/title=plugin|noRestrictedGlobals/g)).toHaveLength(3);
  });

  const folder = join(ROOT, 'out');
  mkdirSync(folder, { recursive: true });
  const planted = mkdtempSync(join(folder, 'planted-'));
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  const compile = (layer: string, code: string): string => {
    writeFileSync(join(planted, 'planted.ts'), `${code}\nexport {};\n`);
    const compilerOptions = { composite: false, declaration: true, noEmit: true, rootDir: '../..' };
    const files = ['planted.ts', '../../src/host/globals.d.ts'];
    const references = [{ path: '../../src/host' }];
    writeFileSync(
      join(planted, 'tsconfig.json'),
      JSON.stringify({ extends: `../../${layer}/tsconfig.json`, compilerOptions, files, include: [], references }),
    );
    try {
      execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', planted], { encoding: 'utf8' });
      return '';
    } catch (error) {
      return String((error as { stdout?: string }).stdout);
    }
  };

  it('the compiler does not know the platform', () => {
    const output = compile('src/sim', UNKNOWN_TO_COMPILER.join('\n'));
    UNKNOWN_TO_COMPILER.forEach((_, index) => {
      expect(output).toContain(`planted.ts(${index + 1},`);
    });
  });

  it('the compiler knows the two globals that are pure', () => {
    expect(compile('src/sim', 'new TextEncoder().encode(new TextDecoder().decode());')).toBe('');
  });
});
