/**
 * A protocol of somebody else, as one file in a folder of theirs: every command works on it as on those of this package, and files
 * that bring none are told in a line.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { simArm } from '../../conformance/arms/sim.ts';
import { runSuite } from '../../conformance/run/runner.ts';
import { bundled } from '../../src/node/package.ts';
import { command, ROOT, type SlipwayOptions, slipway } from '../support/slipway.ts';
import config from './upper/slipway.config.ts';

const cwd = `${ROOT}test/outside/upper`;
const folder = mkdtempSync(join(tmpdir(), 'slipway-outside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);

async function run(line: string, options: SlipwayOptions = { cwd }): Promise<string> {
  const ended = await slipway(line.split(' '), options);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
}

describe('a protocol of a slipway.config.ts', () => {
  test('is listed and explained beside ours', async () => {
    expect(await run('list suites')).toMatch(/^upper {5}Lines in capital letters; roles server$.*^lifetime /ms);
    expect(await run('list daemons')).toContain('upper-client');
    expect(await run('explain upper.server.answers')).toContain('A server answers every line');
    const explained = await run('explain upper/exchange');
    expect(explained).toMatch(/corrected +holds$/m);
    expect(explained).toMatch(/forgets +fails is-answered: what was read of a line is forgotten$/m);
  });

  test('runs, in two processes as well', async () => {
    // Of its own, when none is named.
    expect(await run('run --seeds 0..99')).toContain('200 runs of 2 sweeps: all as expected');
    expect(await run('run upper --seeds 0..9 --check-determinism')).toContain('20 runs with the same fingerprint');
  });

  test('has a variant, which fails as it must, and is replayed', async () => {
    expect(await run('run upper --profile forgets --seeds 0..49')).toContain('fails as it must: is-answered in');
    const trace = inFolder('forgets.jsonl');
    const seed = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(each => `run upper/exchange --profile forgets --seed ${each} --trace ${trace}`);
    const codes = [];
    for (const line of seed) {
      codes.push((await slipway(line.split(' '), { cwd })).code);
      if (codes.at(-1) === 1) break;
    }
    expect(codes.at(-1)).toBe(1);
    expect(await run(`replay ${trace}`)).toContain('reproduced');
    expect(await slipway(['run', 'upper', '--profile', 'forgetful'], { cwd })).toMatchObject({
      code: 2,
      stderr: "slipway: --profile must be corrected, as-written, forgets or both, not 'forgetful'\n",
    });
  });

  test('is recorded, shown, and run again', async () => {
    const trace = inFolder('upper.jsonl');
    await run(`run upper/exchange --seed 1 --trace ${trace}`);
    expect(await run(`replay ${trace}`)).toContain('reproduced');
    const shown = await run(`show ${trace}`);
    expect(shown).toContain('upper/exchange');
    const word = /upper-client\S* +send .*\n +line text=(\w+) {2}\(bytes 0 to \d\)$/m.exec(shown)?.[1] ?? 'none';
    expect(shown).toMatch(new RegExp(`recv .*\\n +line text=${word.toUpperCase()} `));
    expect(await run(`diff ${trace} ${trace}`)).not.toBe('');
    const without = await slipway(['replay', trace], { cwd: folder });
    expect(without).toMatchObject({ code: 13 });
    expect(without.stdout).toContain('there is no scenario upper/exchange');
  });

  test('conforms, simulated and as a real process', async () => {
    expect(await run('conform upper --sim')).toContain('Conforms: 8 of 8 MUST cases pass.');
    const report = inFolder('report');
    expect(await run(`conform upper --report ${report}`)).toContain('Conforms: 8 of 8 MUST cases pass.');
    const traces = readdirSync(`${report}/traces`).map(name => `${report}/traces/${name}`);
    expect(await run(`replay ${traces.join(' ')}`)).toContain('8 traces of 8 reproduced');
    expect(await run(`matrix ${report} ${report}`)).toContain('upper.server.pieces');
    expect(await run(`report ${report} --format markdown`)).toContain('suite `upper`');
  });

  test('every mutant of it fails exactly what it must', async () => {
    const [protocol] = config.protocols;
    const suite = protocol?.suite;
    if (protocol === undefined || suite === undefined) throw new Error('it has a suite');
    for (const mutant of suite.mutants) {
      const played = await runSuite({
        suite,
        role: mutant.role,
        arm: simArm(protocol.programs ?? {}),
        implementation: mutant,
        claims: [],
        select: [],
      });
      const rows = played.outcome === 'ran' ? played.rows : [];
      expect({
        [mutant.name]: rows
          .filter(({ verdict }) => verdict.verdict === 'fail')
          .map(({ testCase }) => testCase.id)
          .toSorted(),
      }).toEqual({
        [mutant.name]: mutant.depends === undefined ? mutant.fails.toSorted() : expect.arrayContaining([...mutant.fails]),
      });
    }
  });

  // Pieces of which the second is written when the first was answered: whatever else the machine does, they are read one after the other.
  test('a mutant of it fails what it must for real as well', async () => {
    const mutant = `${process.execPath} ${bundled('src/node/main.ts')} ${cwd}/slipway.config.ts upper-forgets {options}`;
    const words = ['conform', 'upper', '--case', 'upper.server.pieces', '--exec', mutant];
    const { code, stdout } = await slipway(words, { cwd });
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('upper.server.pieces') });
    expect(stdout).toContain('Does not conform: 1 MUST failure');
  });

  test('serves, and is asked', async () => {
    const port = 20_000 + (process.pid % 10_000);
    const serve = `"$1" "${ROOT}slipway" serve`;
    const script = `${serve} upper -- ${port} & ${serve} upper-client -- ${port} ahoy; code=$?; kill $!; exit $code`;
    expect(await command('sh', ['-c', script, 'sh', process.execPath], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('a module that is named', () => {
  const config = `${cwd}/slipway.config.ts`;

  test('by --config or by --load, anywhere among the words', async () => {
    for (const line of [
      `--config ${config} list suites`,
      `list --load=${config} suites`,
      `list suites --config=${config} --load ${config}`,
    ])
      expect(await run(line, { cwd: folder })).toContain('upper');
  });

  test('stands in the commands that are shown', async () => {
    const { stdout } = await slipway(['--load', config, 'explain', 'upper.server.one'], { cwd: folder });
    expect(stdout).toContain(`slipway --load ${config} conform upper --role server --case upper.server.one`);
  });

  test.each([
    ['one that is not there', 'none.ts', undefined, /none\.ts: there is no such file$/],
    ['one that is broken', 'broken.ts', 'export default {', /broken\.ts: .*(Expected|Unexpected)/],
    ['one that throws', 'throws.mjs', "throw new Error('of its own')", /throws\.mjs: of its own$/],
    ['one without protocols', 'empty.mjs', 'export const x = 1;', /empty\.mjs: it exports no protocols: /],
    [
      'one whose protocol has no name',
      'nameless.mjs',
      'export default { protocols: [{ name: 3 }] };',
      /nameless\.mjs: the name of a protocol is a slug/,
    ],
    [
      'one that takes a name of ours',
      'taken.mjs',
      "export default { protocols: [{ name: 'rwho', daemons: {} }] };",
      /there are two protocols named rwho$/,
    ],
    [
      'one whose daemon is none',
      'daemon.mjs',
      "export default { protocols: [{ name: 'x', daemons: { x: 1 } }] };",
      /protocol x: the daemon x is not a function/,
    ],
    [
      'one whose decoder is none',
      'decoder.mjs',
      "export default { protocols: [{ name: 'x', daemons: {}, decoders: { tcp: 1 } }] };",
      /protocol x: decoders\.tcp is a function that makes a decoder$/,
    ],
    [
      'one that decodes what there is not',
      'carrier.mjs',
      "export default { protocols: [{ name: 'x', daemons: {}, decoders: { sctp: () => undefined } }] };",
      /protocol x: decoders are for tcp, unix, pipe, udp, not "sctp"$/,
    ],
  ])('%s is told in one line', async (_, name, text, told) => {
    if (text !== undefined) writeFileSync(inFolder(name), text);
    const { code, stdout, stderr } = await slipway(['--load', inFolder(name), 'list', 'suites'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(told);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('--config is given once, and needs a file', async () => {
    expect(await slipway(['--config', config, '--config', config, 'list', 'suites'])).toMatchObject({ code: 2 });
    expect(await slipway(['list', 'suites', '--load'])).toMatchObject({ code: 2, stderr: 'slipway: --load needs a file\n' });
  });
});
