/** What `npm pack` makes: what is in it, what its judges say of it, and that it works where nothing else of ours is. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, describe, expect, it, test } from 'vitest';
import { bundledFrom } from '../support/bundle.ts';
import { installed } from '../support/installed.ts';
import { command, type Ended, ROOT } from '../support/slipway.ts';
import { ENTRIES } from './entries.ts';

/** Of which the viewer, whose script is in every page that it writes, has 80 kB, what reads captures 110 kB, and Rover with its suite 500 kB. */
const UNPACKED_LIMIT = 4_600_000;
const packed = installed();
afterAll(() => packed.remove());

const inPackage = (path: string): string => join(packed.folder, 'node_modules/slipway', path);
const text = (path: string): string => readFileSync(inPackage(path), 'utf8');
/** As npx finds it. */
const run = (...words: readonly string[]): Promise<Ended> =>
  command(process.execPath, [inPackage('slipway'), ...words], { cwd: packed.folder });
const node = (script: string): Promise<Ended> => command(process.execPath, ['--input-type=module', '-e', script], { cwd: packed.folder });

describe('what is in it', () => {
  it(`is less than ${UNPACKED_LIMIT} bytes`, () => {
    expect(packed.unpackedSize).toBeLessThan(UNPACKED_LIMIT);
  });

  it('is nothing of tests, benchmarks, tools, build state or maps, but for the test that slipway new copies', () => {
    expect(
      packed.files.filter(
        path =>
          !path.startsWith('template/') &&
          /(^|\/)(test|bench|tools|traces|node_modules|\.build)\/|\.test\.|\.tsbuildinfo$|\.map$/.test(path),
      ),
    ).toEqual([]);
    const scripts = packed.files.filter(path => path.endsWith('.js'));
    expect(scripts.filter(path => text(path).includes('sourceMappingURL'))).toEqual([]);
  });

  it('is compiled from a source that there is', () => {
    const types = packed.files.filter(path => path.startsWith('dist/') && path.endsWith('.d.ts'));
    expect(types.length).toBeGreaterThan(100);
    const source = (path: string): string => `${ROOT}${path.slice('dist/'.length).replace(/\.d\.ts$/, '.ts')}`;
    expect(types.filter(path => !existsSync(source(path)))).toEqual([]);

    const scripts = packed.files.filter(path => path.startsWith('dist/bundle/'));
    const sources = scripts.flatMap(bundledFrom);
    expect(sources).toContain('src/sim/world.ts');
    expect(sources.filter(each => /^(test|bench|tools)\//.test(each))).toEqual([]);
  });

  it('is everything that the types of its entry points lead to, with what is said of it', () => {
    const types = ENTRIES.map(entry => entry.types.slice(ROOT.length));
    const seen = new Set<string>(types);
    const missing: string[] = [];
    for (const path of seen) {
      if (packed.files.includes(path)) {
        for (const [, from = ''] of text(path).matchAll(/(?:\bfrom |\bimport\()["'](\.[^"']+)["']/g))
          seen.add(join(dirname(path), from.replace(/\.[jt]s$/, '.d.ts')));
      } else missing.push(path);
    }
    expect(missing).toEqual([]);
    expect(text('dist/src/host/host.d.ts')).toContain('/**');
  });

  it('starts no build where it is installed', () => {
    const { scripts } = JSON.parse(text('package.json'));
    expect(Object.keys(scripts).filter(name => ['preinstall', 'install', 'postinstall'].includes(name))).toEqual([]);
  });
});

describe('what others say of it', () => {
  it('publint: nothing', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: readFileSync(packed.tarball).buffer }, strict: true });
    expect(messages.map(message => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('Are The Types Wrong: nothing, for who imports', async () => {
    const { buffer, byteOffset, length } = readFileSync(packed.tarball);
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(buffer, byteOffset, length)));
    if (result.types === false) throw new Error('it has no types');
    // It is for modules: who requires is told so by Node itself, and node10 knows no entry points.
    const told = result.problems.filter(each => !('resolutionKind' in each) || ['node16-esm', 'bundler'].includes(each.resolutionKind));
    expect(told).toEqual([]);
  });
});

/** Its peer is optional. */
const VITEST = 'slipway/vitest';

describe('in an empty folder', () => {
  test('each entry point is imported, and is what was built; that of vitest tells who has no vitest', async () => {
    const [vitest, ...others] = ENTRIES.toSorted((one, other) => Number(other.name === VITEST) - Number(one.name === VITEST));
    expect(await node(`await import('${vitest?.name}')`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Cannot find package 'vitest'"),
    });
    const names = others.map(entry => entry.name);
    const script = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).sort().join());`;
    const built = await Promise.all(
      others.map(
        async ({ name, module }) =>
          `${name} ${Object.keys(await import(module))
            .sort()
            .join()}\n`,
      ),
    );
    expect(await node(script)).toEqual({ code: 0, stderr: '', stdout: built.join('') });
  });

  test('nothing else can be reached', async () => {
    const paths = ['slipway/dist/api/index.js', 'slipway/dist/src/sim/world.js', 'slipway/api/index.ts', 'slipway/cli'];
    const script = `for (const path of ${JSON.stringify(paths)}) console.log(await import(path).catch(error => error.code));`;
    expect((await node(script)).stdout.trim().split('\n')).toEqual(paths.map(() => 'ERR_PACKAGE_PATH_NOT_EXPORTED'));
  });

  test('the command works', async () => {
    expect(await run('list')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('run', 'lifetime/healthy', '--seeds', '0..4')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('conform', 'lifetime', '--role', 'child', '--sim')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('tour')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('run', 'lifetime/healthy', '--seed', '0', '--trace', 'run.jsonl')).toMatchObject({ code: 0 });
    expect(await run('view', 'run.jsonl', '-o', 'run.html')).toMatchObject({ code: 0, stderr: '', stdout: 'run.html\n' });
    expect(readFileSync(join(packed.folder, 'run.html'), 'utf8')).toContain(text('dist/viewer/page/main.js').trimEnd());
  });
});
