/**
 * `slipway new`: what it makes works at once, whatever the name, and nothing that is there is touched. A bug that is planted in it is found
 * by its tests, and the line they show runs it again.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { create } from '../../cli/commands/new.ts';
import type { Context } from '../../cli/context.ts';
import { Screen } from '../../cli/screen.ts';
import { Catalogue } from '../../protocols/catalogue.ts';
import { able, capture, dissected, freePort } from '../support/loopback.ts';
import { command, type Ended, ROOT, slipway } from '../support/slipway.ts';

const cwd = mkdtempSync(join(tmpdir(), 'slipway-new-'));
mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
symlinkSync(ROOT, join(cwd, 'node_modules/slipway'));
symlinkSync('../slipway/slipway', join(cwd, 'node_modules/.bin/slipway'));
symlinkSync(join(ROOT, 'node_modules/vitest'), join(cwd, 'node_modules/vitest'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const vitest = (folder: string): Promise<Ended> =>
  command(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'], { cwd: folder, env: { NO_COLOR: '1' } });

describe.each(['tally', 'x2-by-3'])('%s', name => {
  const folder = join(cwd, name);

  test('is made, with its name in it', async () => {
    const { code, stdout } = await slipway(['new', name], { cwd });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`npx slipway conform ${name} --sim`) });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(each => each.isFile());
    expect(files.map(each => each.name)).toEqual(
      expect.arrayContaining(['package.json', 'tsconfig.json', '.gitignore', `${name}.test.ts`]),
    );
    for (const each of files) expect(readFileSync(join(each.parentPath, each.name), 'utf8')).not.toMatch(/my-protocol|myProtocol/);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name,
      devDependencies: { slipway: expect.stringMatching(/^\^\d+\.\d+\.\d+$/) },
    });
  });

  test('runs, and conforms', async () => {
    expect(await slipway(['run', '--jobs', '1'], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('200 runs of 1 sweep: all as expected'),
    });
    expect(await slipway(['conform', name, '--sim'], { cwd: folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Conforms: 5 of 5 MUST cases pass.'),
    });
  });
});

test('tests of its own pass', async () => {
  const { code, stdout } = await vitest(join(cwd, 'tally'));
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests {2}7 passed/) });
});

test.runIf(able || process.env['CI'] === 'true')(
  'what was captured of it is told as messages, dissected, done again, and made a test',
  async () => {
    const folder = join(cwd, 'tally');
    const inFolder = (name: string): string => join(folder, name);
    const [file, again, script] = [inFolder('site.pcapng'), inFolder('again.pcapng'), inFolder('tally.lua')];
    const port = await freePort();
    const server = spawn(process.execPath, [`${ROOT}slipway`, 'serve', 'tally', '--', String(port)], { cwd: folder, stdio: 'ignore' });
    await capture(file, port, server, [
      ['HELLO ann\n', 'WELCOME ann\n'],
      ['ADD 40\nADD 2\n', 'TOTAL 42\n'],
      ['BYE\n', 'BYE\n'],
    ]);
    const own = (...words: readonly string[]): Promise<Ended> => slipway(words, { cwd: folder });
    expect(await own('import', file)).toMatchObject({ code: 0, stdout: expect.stringMatching(/4 messages, \d+ bytes > {2}4 messages/) });
    const named = ['--protocol', 'tally', '--as', 'server'];
    expect(await own('replay', file, ...named)).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining('reproduced: tally does what was captured: 4 messages on 1 stream') },
    });
    expect(await own('case-from', file, ...named, '--out', 'site.case.json')).toMatchObject({ code: 0 });
    expect(await own('conform', 'tally', '--case-file', 'site.case.json')).toMatchObject({ code: 0 });
    const trace = inFolder('site.jsonl');
    expect(await own('import', file, '--protocol', 'tally', '--out', trace)).toMatchObject({ code: 0 });
    expect(await own('export', trace, '--as', 'lua', '--out', script)).toMatchObject({ code: 0 });
    expect(await own('export', trace, '--as', 'pcapng', '--out', again)).toMatchObject({ code: 0 });
    expect(
      dissected(again, script, 'slipway_tally.type')
        .flatMap(line => line.split(','))
        .filter(type => type === 'line'),
    ).toHaveLength(8);
    expect(await own('scenario-from', file, ...named, '--out', 'site.test.ts')).toMatchObject({ code: 0 });
    expect(await vitest(folder)).toMatchObject({ code: 0, stdout: expect.stringMatching(/Tests {2}8 passed/) });
  },
);

test('a bug that is planted in it fails its scenario alone, with a line that runs it again', async () => {
  const folder = join(cwd, 'x2-by-3');
  const file = join(folder, 'src/server.ts');
  const text = readFileSync(file, 'utf8');
  const [before, session, after] = text.split(/( *const session = newSession\(\);\n)/);
  writeFileSync(file, `${before?.replace('    host.network.listen', `${session}    host.network.listen`)}${after}`);
  const { code, stdout, stderr } = await vitest(folder);
  const told = stdout + stderr;
  expect(code).toBe(1);
  expect(told).toMatch(/Tests {2}1 failed \| 6 passed/);
  expect(told).toMatch(/SimulationFailure: x2-by-3\/exchange fails with seed \d+; made smaller/);
  expect(told).toContain('is-served: Whoever asks comes to an end.');
  expect(told).toContain('"ERROR HELLO was said\\n"');
  // Where the test stands, and not in here.
  expect(told).toMatch(/❯ x2-by-3\.test\.ts:\d+:1$/m);
  const [, line = ''] = /^again: (npx slipway replay .*)$/m.exec(told) ?? [];
  const replayed = await command('sh', ['-c', line], { cwd: folder });
  expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('reproduced: is-served fails again') });
});

test.each(['Tally', '2x', 'a--b', 'a-', '../out', 'a/b', '', 'x\u001b', 'x'.repeat(31), 'my protocol', 'slipway', 'vitest'])(
  'the name %j is refused before anything is made',
  name => {
    const context: Context = { screen: new Screen({ json: false }), catalogue: new Catalogue([]), modules: [] };
    expect(stopOf(() => create(name, context))).toMatchObject({ code: 2, message: expect.stringMatching(/^new: [^\p{Cc}]*$/u) });
  },
);

test.each([
  ['rwho', /^slipway: new: the name 'rwho' is taken/],
  ['there', /^slipway: new: there: something of that name is here already, and is left alone/],
  ['link', /^slipway: new: link: something of that name/],
])('%s is told in one line, and nothing is touched', async (name, told) => {
  mkdirSync(join(cwd, 'there'), { recursive: true });
  if (!readdirSync(cwd).includes('link')) symlinkSync('nowhere', join(cwd, 'link'));
  const before = readdirSync(cwd);
  const { code, stdout, stderr } = await slipway(['new', name], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(told);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect([readdirSync(cwd), readdirSync(join(cwd, 'there'))]).toEqual([before, []]);
});

function stopOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}
