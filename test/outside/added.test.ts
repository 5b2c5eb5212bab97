/**
 * A protocol that is added to this package: its own folders (added/) and one line of protocols/index.ts, in a copy of the sources. It
 * is built, every command works on it, the tests of all protocols hold it, and nothing else was touched.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended, ROOT } from '../support/slipway.ts';

const ADDED = `${ROOT}test/outside/added`;
/** What is made or brought; and the configuration of vitest, which would build everything. */
const NO_SOURCES = ['.git', 'node_modules', 'dist', 'out', 'vitest.config.ts'];
const SOURCES = readdirSync(ROOT).filter(name => !NO_SOURCES.includes(name));
const LIST = 'protocols/index.ts';
const LINE = "  parrot: async () => (await import('./parrot.ts')).parrot,\n";

const copy = mkdtempSync(join(tmpdir(), 'slipway-added-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Neither this test nor what is compiled of tests. */
const isCopied = (path: string): boolean => !/^(?:test\/outside|dist\/test)/.test(path);

/** Files, by their paths from there. */
const filesIn = (folder: string, parts: readonly string[]): readonly string[] =>
  parts.flatMap(part => {
    if (!statSync(join(folder, part)).isDirectory()) return [part];
    const names = readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' });
    return names.map(name => join(part, name)).filter(path => statSync(join(folder, path)).isFile() && isCopied(path));
  });
const textOf = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

const run = (program: string, ...args: readonly string[]): Promise<Ended> => command(program, args, { cwd: copy });
const slipway = (line: string): Promise<Ended> => run(process.execPath, join(copy, 'slipway'), ...line.split(' '));
async function said(line: string): Promise<string> {
  const ended = await slipway(line);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
}

/** Of vitest. */
interface Tested {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string; readonly failureMessages: readonly string[] }[];
}

/** What stood in the copy before anything was added, by path. */
let before: ReadonlyMap<string, string>;

beforeAll(() => {
  // With their times, so that only what is new is compiled.
  const filter = (path: string): boolean => isCopied(relative(ROOT, path));
  for (const part of [...SOURCES, 'dist'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true, preserveTimestamps: true, filter });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  before = new Map(filesIn(copy, SOURCES).map(path => [path, textOf(copy, path)]));
  cpSync(ADDED, copy, { recursive: true });
  const list = textOf(copy, LIST);
  const end = list.indexOf('};');
  writeFileSync(join(copy, LIST), list.slice(0, end) + LINE + list.slice(end));
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'cli'], { cwd: copy, stdio: 'inherit' });
  execFileSync(process.execPath, ['tools/bundle.js'], { cwd: copy, stdio: 'inherit' });
});

describe('every command works on it', () => {
  test('it is listed and explained beside the others', async () => {
    expect(await said('list suites')).toMatch(/^lifetime .*^parrot {4}Lines that are said back; roles server$/ms);
    expect(await said('explain PA-01')).toContain('keeps it until the line is over');
    expect(await said('explain server/shouts')).toContain('parrot.server.one');
  });

  test('it runs, and its trap shows', async () => {
    expect(await said('run parrot --seeds 0..49')).toContain('100 runs of 2 sweeps: all as expected');
  });

  test('it conforms, simulated and as a real process', async () => {
    expect(await said('conform parrot --sim --strict')).toContain('Conforms: 2 of 2 MUST cases pass.');
    expect(await said('conform parrot')).toContain('Conforms: 2 of 2 MUST cases pass.');
  });

  test('it serves, and is asked', async () => {
    const port = 20_000 + (process.pid % 10_000);
    const script = `node slipway serve parrot -- --port=${port} & node slipway serve parrot-client -- --port=${port}; code=$?; kill $!; exit $code`;
    expect(await run('sh', '-c', script)).toMatchObject({ code: 0 });
  });
});

test('the tests and the lint of all protocols hold it', async () => {
  const files = ['tools/arrows', 'conformance/suite-lints', 'conformance/catalogue', 'conformance/parrot', 'scenarios/registry'];
  const ofScenarios = ['scenarios/parrot/caught', 'scenarios/parrot/sweep'];
  const names = 'parrot|imports only|know nothing|the one list|ours passes|each mutant fails';
  // In one thread, which loads everything once.
  const how = ['--dir=test', '--reporter=json', '--no-isolate', '--no-file-parallelism', `--testNamePattern=${names}`];
  const vitest = join(ROOT, 'node_modules/.bin/vitest');
  const { stdout } = await run(vitest, 'run', ...how, ...[...files, ...ofScenarios].map(each => `test/${each}`));
  const { testResults } = JSON.parse(stdout) as { readonly testResults: readonly Tested[] };
  expect(testResults.length).toBe(files.length + ofScenarios.length);
  for (const { name, message, assertionResults } of testResults) {
    expect(assertionResults.filter(({ status }) => status === 'failed').map(each => [each.fullName, each.failureMessages])).toEqual([]);
    expect(
      assertionResults.some(({ status }) => status === 'passed'),
      `${name}: ${message}`,
    ).toBe(true);
  }
  const sealed = await run(
    join(ROOT, 'node_modules/.bin/biome'),
    'lint',
    '--error-on-warnings',
    'src',
    'scenarios',
    'conformance',
    'protocols',
  );
  expect(sealed.code, sealed.stdout + sealed.stderr).toBe(0);
});

test('nothing was touched but its own folders and the one list', () => {
  const after = filesIn(copy, SOURCES);
  const own = filesIn(ADDED, readdirSync(ADDED));
  expect(after.filter(path => !before.has(path)).toSorted()).toEqual(own.toSorted());
  expect([...before].filter(([path, text]) => !after.includes(path) || textOf(copy, path) !== text).map(([path]) => path)).toEqual([LIST]);
  expect(textOf(copy, LIST).replace(LINE, '')).toBe(before.get(LIST));
  expect(own.filter(path => !/\/parrot[./]/.test(path))).toEqual([]);
});
